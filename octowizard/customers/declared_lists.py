"""Lists in files that stand for a side nobody signed in to: relations, companies, invoices and credit notes.

They are kept as if the vendor had given them (`snapshot/declared_parts.py` does so for years and journals). Not here:
the reading of the files (`declaring.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec

from octowizard.customers import directory, relation_store
from octowizard.matching.record import Customer
from octowizard.octopus import models as oc
from octowizard.snapshot import convert, declared_parts
from octowizard.snapshot.model import CustomerFacts, DocumentHead, Kind
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.workspace import kept
from octowizard.workspace.broken import damaged
from octowizard.workspace.db import UNREADABLE, Workspace
from octowizard.workspace.declarations import Declared
from octowizard.workspace.profiles import Profile

_encode = msgspec.json.Encoder(decimal_format="number").encode
_customers = msgspec.json.Decoder(tuple[Customer, ...]).decode


class ListedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list of invoices or credit notes. `amount` with VAT, positive; "" and None where not told.

    `id`: Teamleader's, where the list has it; `customer`: the name, `external`: the customer number in Octopus.
    """

    number: str
    date: dt.date
    amount: Decimal
    customer: str
    id: str = ""
    external: str = ""
    due_on: dt.date | None = None
    open_amount: Decimal | None = None
    currency: str = "EUR"
    communication: str | None = None


_documents = msgspec.json.Decoder(tuple[ListedDocument, ...]).decode


def listed_customers(declared: Declared) -> tuple[Customer, ...]:
    """The rows of a list of relations or companies."""
    return _customers(declared.body)


def listed_documents(declared: Declared) -> tuple[ListedDocument, ...]:
    """The rows of a list of invoices or credit notes."""
    return _documents(declared.body)


def bring(workspace: Workspace, profile: Profile) -> None:
    """Keep all that is declared of sides that are not connected as if it had been read. WorkspaceDamaged."""
    if not profile.unconnected:
        return
    declared_parts.bring(workspace, profile)
    declared = declared_parts.of_unconnected(workspace, profile)
    relations, companies = declared.get("relations"), declared.get("companies")
    fresh = [each for each in declared.values() if not declared_parts.is_brought(workspace, each)]
    try:
        for each in fresh:
            if each is relations:
                _keep_relations(workspace, _customers(each.body), each.at)
            elif each is companies:
                _keep_companies(workspace, _customers(each.body), each.at)
        # A document names its customer: whose list came since may tell which one that is.
        if any(declared_parts.vendor_of(each.what) == "Teamleader" for each in fresh):
            known = _customers(companies.body) if companies else ()
            _keep_documents(workspace, declared.get("invoices"), declared.get("credit_notes"), known)
    except UNREADABLE as error:
        raise damaged(workspace.path, str(error)) from error
    for each in fresh:
        declared_parts.brought(workspace, each)


def _keep_relations(workspace: Workspace, rows: Iterable[Customer], at: datetime) -> None:
    cards = [(int(row.key), _relation(row)) for row in rows]
    facts = (fact for _key, card in cards if (fact := convert.relation(card)))
    kept.drop_kind(workspace, "relation")
    kept.keep_records(workspace, "relation", (kept.Record(str(fact.id), _encode(fact)) for fact in facts))
    relation_store.keep_whole(workspace, cards, at)


def _relation(row: Customer) -> oc.Relation:
    """A row of Octopus' list as its card: what the list does not show is as on a card where nobody filled it in."""
    return oc.Relation(
        relation_identification_service_data=oc.RelationIdentification(
            relation_key=oc.Key(int(row.key)),
            # Where the list shows both numbers, `external` is the one of the relation itself.
            external_relation_id=int(row.external)
            if row.external.isdecimal() and row.external != row.key
            else None,
        ),
        currency_code="EUR",
        name=row.name,
        client=True,
        street_and_nr=f"{row.street} {row.number}".strip(),
        postal_code=row.postcode,
        city=row.city,
        country=row.country,
        vat_nr=row.vat,
        email=next(iter(row.emails), ""),
        telephone=next(iter(row.phones), ""),
        iban_account_nr=next(iter(row.ibans), ""),
        active=True,
    )


def _keep_companies(workspace: Workspace, rows: tuple[Customer, ...], at: datetime) -> None:
    listed = (row if row.kind else msgspec.structs.replace(row, kind="company") for row in rows)
    directory.keep_listed(workspace, listed, at)
    imported = [company(row) for row in rows if IMPORT_TAG in row.tags]
    kept.keep_reading(workspace, "tl/imported", _encode(imported), at)
    kept.drop_readings(workspace, "setup/customers")  # they are counted anew


def company(row: Customer) -> CustomerFacts:
    """A row of Teamleader's export as a customer."""
    return CustomerFacts(
        id=row.key,
        type="contact" if row.kind == "person" else "company",
        name=row.name,
        vat_number=row.vat or None,
        street=f"{row.street} {row.number}".strip() or None,
        postcode=row.postcode or None,
        city=row.city or None,
        country=row.country or None,
        email=next(iter(row.emails), None),
        telephone=next(iter(row.phones), None),
        website=row.website or None,
        iban=next(iter(row.ibans), None),
    )


def _keep_documents(
    workspace: Workspace,
    invoices: Declared | None,
    credit_notes: Declared | None,
    companies: tuple[Customer, ...],
) -> None:
    names = Counter(row.name for row in companies)
    by_name = {row.name: row for row in companies if names[row.name] == 1}
    by_number = {row.external: row for row in companies if row.external}
    customers = {row.key: company(row) for row in companies}
    listed: tuple[tuple[Kind, Declared | None], ...] = (("invoice", invoices), ("credit_note", credit_notes))
    for kind, declared in listed:
        heads = []
        for row in _documents(declared.body) if declared is not None else ():
            customer = by_number.get(row.external) or by_name.get(row.customer)
            key = customer.key if customer is not None else f"name/{row.customer}"
            heads.append(_head(row, kind, key, customers.get(key)))
        kept.drop_kind(workspace, kind)
        kept.keep_records(workspace, kind, (kept.Record(head.id, _encode(head)) for head in heads))
    kept.drop_kind(workspace, "customer")
    kept.keep_records(
        workspace, "customer", (kept.Record(each.id, _encode(each)) for each in customers.values())
    )


def _head(row: ListedDocument, kind: Kind, customer_id: str, customer: CustomerFacts | None) -> DocumentHead:
    return DocumentHead(
        id=row.id or f"{kind}/{row.number}",
        kind=kind,
        number=row.number,
        date=row.date,
        due_on=row.due_on,
        customer_id=customer_id,
        customer_type=customer.type if customer is not None else "company",
        customer_name=row.customer,
        amount=row.amount,
        currency=row.currency,
        open_amount=row.open_amount if kind == "invoice" else None,
        communication=row.communication,
        stamp="",
    )
