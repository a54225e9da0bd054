"""From what is kept in the workspace to a Snapshot: offline, the same whether it was read now or last week."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple, TypeVar

import msgspec

from octowizard.books.fiscal import FiscalYear
from octowizard.books.numbers import bare, sequence_of
from octowizard.octopus import models as oc
from octowizard.snapshot import facts
from octowizard.snapshot.model import (
    AccountFacts,
    BookingHead,
    CustomerFacts,
    DocumentHead,
    Match,
    RelationFacts,
    Snapshot,
)
from octowizard.snapshot.recognise import booking_key, document_key, recognise
from octowizard.snapshot.take import kept_bookings, kept_documents
from octowizard.teamleader import models as tl
from octowizard.workspace import exclusions, kept, links
from octowizard.workspace.db import Workspace

EURO = "EUR"
_AT_ONCE = 500

T = TypeVar("T")


class Triage(NamedTuple):
    """Where each kept document stands. `elsewhere` and `differing` as in `recognise`."""

    pending: list[DocumentHead]
    in_sync: int
    elsewhere: list[tuple[DocumentHead, BookingHead]]
    differing: list[tuple[DocumentHead, BookingHead]]
    excluded: Sequence[DocumentHead] = ()


def triage(workspace: Workspace, start: date) -> Triage:
    """Tell documents that are booked from those that wait; what octowizard booked earlier is linked again."""
    remembered = links.documents(workspace)
    known = {(link.bookyear, link.journal, link.number) for link in remembered.values()}
    linked = set(remembered)
    del remembered
    own = _own_bookings(workspace, known)
    in_sync = 0
    candidates: list[DocumentHead] = []
    again: list[links.DocumentLink] = []
    for head in chain(kept_documents(workspace, "invoice"), kept_documents(workspace, "credit_note")):
        if head.date < start:
            continue
        if head.id in linked:
            in_sync += 1
        elif own and (place := own.pop(document_key(head), None)):
            # The many that octowizard booked, after a workspace was lost, are never held all at once.
            in_sync += 1
            known.add(place)
            again.append(links.DocumentLink(head.id, head.kind, *place, "recognised"))
            if len(again) >= _AT_ONCE:
                links.keep(workspace, *again)
                again.clear()
        else:
            candidates.append(head)
    links.keep(workspace, *again)
    unknown = (b for b in kept_bookings(workspace) if (b.bookyear, b.journal, b.number) not in known)
    found = recognise(candidates, unknown)
    links.keep(
        workspace,
        *(
            links.DocumentLink(h.id, h.kind, b.bookyear, b.journal, b.number, "recognised")
            for h, b in found.ours
        ),
    )
    settled = {h.id for h, _ in chain(found.ours, found.elsewhere)}
    kept_out = exclusions.excluded(workspace)
    waiting = [head for head in candidates if head.id not in settled]
    excluded = [head for head in waiting if head.id in kept_out or bare(head.number) in kept_out]
    pending = [head for head in waiting if head not in excluded] if excluded else waiting
    pending.sort(key=lambda h: (h.kind == "credit_note", h.date, sequence_of(h.number) or 0, h.number))
    return Triage(pending, in_sync + len(found.ours), found.elsewhere, found.differing, excluded)


def _own_bookings(
    workspace: Workspace, known: Container[tuple[int, str, int]]
) -> dict[str, tuple[int, str, int]]:
    """Where bookings of octowizard stand that no link remembers, by `booking_key`; of two alike the first."""
    found: dict[str, tuple[int, str, int]] = {}
    for booking in kept_bookings(workspace):
        place = (booking.bookyear, sys.intern(booking.journal), booking.number)
        if place not in known and (key := booking_key(booking)):
            found.setdefault(key, place)
    return found


def years(workspace: Workspace) -> tuple[FiscalYear, ...]:
    """The fiscal years as last read, in order."""
    found = map(facts.fiscal_year, _reading(workspace, "oc/bookyears", list[oc.Bookyear]))
    return tuple(sorted(found, key=lambda y: y.start))


def relations(workspace: Workspace) -> tuple[RelationFacts, ...]:
    """The relations as last read."""
    return tuple(_records(workspace, "relation", RelationFacts))


def matches(workspace: Workspace) -> tuple[Match, ...]:
    """The matches as last read."""
    return tuple(_records(workspace, "match", Match))


def build(
    workspace: Workspace,
    *,
    taken_at: datetime,
    start: date,
    department_id: str,
    own_currency: str,
    sorted_out: Triage,
) -> Snapshot:
    """The Snapshot of all that is kept."""
    known_years = years(workspace)
    journals = {
        (state.year_id, state.key): state
        for year in known_years
        for state in map(facts.journal_state, _reading(workspace, f"oc/journals/{year.id}", list[oc.Journal]))
    }
    charts: dict[int, dict[int, AccountFacts]] = {}
    for year in known_years:
        if kept.reading(workspace, f"oc/accounts/{year.id}") is not None:
            records = _reading(workspace, f"oc/accounts/{year.id}", list[oc.Account])
            charts[year.id] = {a.account_key.id: facts.account(a) for a in records}
    rates = map(facts.tax_rate, _reading(workspace, "tl/tax_rates", list[tl.TaxRate]))
    categories = _reading(workspace, "tl/categories", list[tl.ProductCategory])
    return Snapshot(
        taken_at=taken_at,
        start_date=start,
        own_currency=own_currency,
        years=known_years,
        journals=journals,
        journal_years=frozenset(
            y.id for y in known_years if kept.reading(workspace, f"oc/journals/{y.id}") is not None
        ),
        accounts=charts,
        vat_codes=facts.vat_codes(_reading(workspace, "oc/vat_codes", list[oc.VatCode])),
        currencies=frozenset(_reading(workspace, "oc/currencies", list[str])),
        tax_rates={rate.id: rate for rate in rates},
        categories={c.id: facts.category(c, department_id) for c in categories},
        relations=relations(workspace),
        pending=tuple(sorted_out.pending),
        customers={c.id: c for c in _records(workspace, "customer", CustomerFacts)},
        matches=matches(workspace),
        in_sync=sorted_out.in_sync,
        elsewhere=tuple(sorted_out.elsewhere),
        differing=tuple(sorted_out.differing),
        excluded=tuple(sorted_out.excluded),
    )


def _reading(workspace: Workspace, name: str, kind: type[list[T]]) -> list[T]:
    found = kept.reading(workspace, name)
    return msgspec.json.decode(found.body, type=kind) if found else []


def _records(workspace: Workspace, name: str, kind: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(kind)
    return (decoder.decode(body) for body in kept.records(workspace, name))
