"""A practice company as the Snapshot that an audit reads: as the clients would read it, without the network.

Not a test. What the vendors would answer is decoded by their models; nothing here compares anything.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from octowizard.octopus import bookings as oc_bookings
from octowizard.octopus import models as oc
from octowizard.sandbox import control
from octowizard.sandbox.octopus.balancings import detail as balancing
from octowizard.sandbox.state import Dossier, World
from octowizard.snapshot import convert
from octowizard.snapshot.model import DocumentLines, ListedDocument, SalesBooking, Snapshot
from octowizard.sync.audit.audit import audit
from octowizard.sync.audit.model import Audit
from octowizard.teamleader import models as tl
from octowizard.workspace.profiles import Profile
from tests.build import PROFILE

OWN = "EUR"


def dossier_of(world: World) -> Dossier:
    """The dossier that is linked."""
    dossier = control.default_dossier(world)
    assert dossier is not None
    return dossier


def _shown(data: Any, shape: Any) -> Any:
    return msgspec.convert(data, shape)


def snapshot_of(world: World, *, lines: bool = True) -> Snapshot:
    """What an audit sees of a company. `lines`: whether the lines of all documents were read."""
    dossier, side = dossier_of(world), world.teamleader
    told = control.octopus_side(world, dossier)
    department = next(iter(side.departments))
    years = tuple(convert.fiscal_year(_shown(one, oc.Bookyear)) for one in told["bookyears"])
    journals = [convert.journal_state(_shown(one, oc.Journal)) for one in told["journals"]]
    invoices = [kept.data for kept in side.invoices.values() if kept.data["invoice_number"]]
    notes = [kept.data for kept in side.credit_notes.values()]
    listed = [convert.listed_invoice(_shown(one, tl.InvoiceListItem), OWN) for one in invoices]
    listed += [convert.listed_credit_note(_shown(one, tl.CreditNoteListItem), OWN) for one in notes]
    spread = {}
    for data, shape in ((invoices, tl.Invoice), (notes, tl.CreditNote)):
        for one in data if lines else ():
            detail = convert.document_detail(_shown(one, shape), OWN)
            spread[one["id"]] = msgspec.convert(detail, DocumentLines, from_attributes=True)
    sales = [_shown(one, oc_bookings.BuySellBooking) for one in told["bookings"]]
    matches = (
        convert.match(_shown(balancing(dossier, one), oc_bookings.BalancingDetail))
        for one in dossier.balancings
    )
    relations = (convert.relation(_shown(one, oc.Relation)) for one in told["relations"])
    accounts: dict[int, Any] = {year.id: {} for year in years}
    for (year, number), account in dossier.accounts.items():
        accounts[year][number] = convert.account(_shown(account.data, oc.Account))
    categories = [_shown(kept.data, tl.ProductCategory) for kept in side.product_categories.values()]
    rates = [convert.tax_rate(_shown(kept.data, tl.TaxRate)) for kept in side.tax_rates.values()]
    start = date.fromisoformat(world.start_date)
    return Snapshot(
        taken_at=world.clock.now(),
        start_date=start,
        own_currency=OWN,
        years=tuple(sorted(years, key=lambda year: year.start)),
        journals={(one.year_id, one.key): one for one in journals},
        accounts=accounts,
        vat_codes=convert.vat_codes(_shown(dossier.vat_codes, list[oc.VatCode])),
        currencies=frozenset(dossier.currencies),
        tax_rates={rate.id: rate for rate in rates},
        categories={one.id: convert.category(one, department) for one in categories},
        relations=tuple(one for one in relations if one is not None),
        pending=(),
        customers={},
        matches=tuple(one for one in matches if one is not None),
        in_sync=0,
        elsewhere=(),
        differing=(),
        lines=spread,
        returns=dict.fromkeys(accounts, "QUARTERLY"),
        listed=tuple(one for one in listed if isinstance(one, ListedDocument) and one.date >= start),
        sales=tuple(
            SalesBooking(convert.booking_head(one), convert.booking_detail(one))
            for one in sales
            if one.journal_key.startswith("V")
        ),
        sales_read=frozenset((one.year_id, one.key) for one in journals),
    )


def profile_of(world: World) -> Profile:
    """The profile of whoever connects with the company."""
    return msgspec.structs.replace(PROFILE, start_date=date.fromisoformat(world.start_date))


def audit_of(world: World, **span: Any) -> Audit:
    """The audit of a company on its practice day."""
    return audit(snapshot_of(world), profile_of(world), world.clock.now().date(), **span)
