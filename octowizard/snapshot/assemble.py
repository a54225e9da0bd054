"""From what is kept in the workspace to a Snapshot: offline, the same whether it was read now or last week."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import NamedTuple, TypeVar

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState, year_of
from octowizard.books.numbers import bare, sequence_of
from octowizard.locale import _
from octowizard.locale.formats import day as shown_day
from octowizard.matching.vat_numbers import vat_key
from octowizard.octopus import models as oc
from octowizard.snapshot import convert
from octowizard.snapshot.declared_parts import with_origins
from octowizard.snapshot.details import kept_detail
from octowizard.snapshot.matching_bookings import (
    MARK,
    booking_key,
    document_key,
    imported_twice,
    is_still,
    recognise,
)
from octowizard.snapshot.model import (
    AccountFacts,
    Booked,
    BookingHead,
    CustomerFacts,
    DepartmentFacts,
    DocumentDetail,
    DocumentHead,
    DossierFacts,
    Linked,
    Match,
    PaymentMade,
    RelationFacts,
    Snapshot,
)
from octowizard.snapshot.parts import Cursor, Look, journals_read
from octowizard.teamleader import models as tl
from octowizard.workspace import declared, exclusions, intents, kept, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile

EURO = "EUR"
CUSTOMERS_ASKED = "tl/customers_asked"  # the kept reading of the ids that Teamleader was asked for
_AT_ONCE = 500
_UNREAD = 0  # what is known of a place whose booking was never read
_SHARED = (
    *("customer_id", "customer_type", "customer_name", "currency"),
    *("date", "due_on", "stamp", "rate_to_own"),
)

_SHARED_BY_CUSTOMERS = ("type", "postcode", "city", "country", "language", "currency", "term_type")

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class Triage(NamedTuple):
    """Where each kept document stands. `elsewhere` and `differing` as in `recognise`."""

    pending: list[DocumentHead]
    in_sync: int
    elsewhere: list[tuple[DocumentHead, BookingHead]]
    differing: list[tuple[DocumentHead, BookingHead]]
    excluded: Sequence[DocumentHead] = ()


class Records(NamedTuple):
    """What is kept one by one, beside documents and bookings. `customers`: by id."""

    relations: tuple[RelationFacts, ...]
    customers: Mapping[str, CustomerFacts]
    matches: tuple[Match, ...]


def triage(
    workspace: Workspace,
    start: date,
    *,
    observing: bool = False,
    documents: Iterable[DocumentHead] | None = None,
    bookings: Iterable[BookingHead] | None = None,
) -> Triage:
    """Tell documents that are booked from those that wait; what octowizard booked earlier is linked again.

    `documents`, `bookings`: all that are kept, where somebody holds them; else they are read one by one.

    A document whose booking is another one by now is `differing`: it is neither booked again nor paid. `observing`:
    somebody else books, and what is recognised of that is linked as well; for a profile that books itself it is
    `elsewhere` all the same, until the user has said that nobody else does.
    """
    linked: dict[str, links.BookingPlace] = {}
    watched: set[str] = set()
    for link in links.each_document(workspace):
        linked[link.document] = link.place
        if link.how == "watched" and not observing:
            watched.add(link.document)
    elsewhere: list[tuple[DocumentHead, BookingHead]] = []
    standing = dict.fromkeys(linked.values(), _UNREAD)
    own = _own_bookings(kept_bookings(workspace) if bookings is None else bookings, standing)
    in_sync = 0
    candidates: list[DocumentHead] = []
    replaced: list[tuple[DocumentHead, BookingHead]] = []
    again: list[links.DocumentLink] = []
    for head in _all_documents(workspace) if documents is None else documents:
        if head.date < start:
            continue
        if place := linked.get(head.id):
            booking = _changed(workspace, place, head, standing)
            if booking is not None:
                replaced.append((head, booking))
            elif head.id in watched and (there := booking_at(workspace, place)) is not None:
                elsewhere.append((head, there))
            else:
                in_sync += 1
        elif own and (place := own.pop(document_key(head), None)):
            # The many that octowizard booked, after a workspace was lost, are never held all at once.
            in_sync += 1
            standing[place] = _UNREAD
            again.append(links.DocumentLink(head.id, head.kind, *place, "recognised"))
            if len(again) >= _AT_ONCE:
                links.keep(workspace, *again)
                again.clear()
        else:
            candidates.append(head)
    links.keep(workspace, *again)
    every = kept_bookings(workspace) if bookings is None else bookings
    unknown = (b for b in every if b.place not in standing)
    sorted_out = recognise(
        candidates, unknown, _relations_of(workspace, linked) if observing and candidates else None
    )
    pairs = {"recognised": sorted_out.ours, "watched": sorted_out.elsewhere if observing else []}
    links.keep(
        workspace,
        *(
            links.DocumentLink(h.id, h.kind, b.bookyear, b.journal, b.number, how)
            for how, recognised in pairs.items()
            for h, b in recognised
        ),
    )
    settled = {h.id for h, _ in chain(sorted_out.ours, sorted_out.elsewhere)}
    if not observing:
        elsewhere += sorted_out.elsewhere
    kept_out = exclusions.excluded(workspace)
    waiting = [head for head, _booking in replaced]
    waiting += [head for head in candidates if head.id not in settled]
    excluded = [head for head in waiting if head.id in kept_out or bare(head.number) in kept_out]
    pending = [head for head in waiting if head not in excluded] if excluded else waiting
    pending.sort(key=lambda h: (h.kind == "credit_note", h.date, sequence_of(h.number) or 0, h.number))
    in_sync += sum(map(len, pairs.values()))
    return Triage(pending, in_sync, elsewhere, [*replaced, *sorted_out.differing], excluded)


def _relations_of(
    workspace: Workspace, linked: Mapping[str, links.BookingPlace]
) -> Callable[[DocumentHead], Container[int]]:
    """The relations that the customer of a document may be: by link or name, or by what else is booked on them."""
    of_name: dict[str, set[int]] = defaultdict(set)
    of_customer: dict[str, set[int]] = defaultdict(set)
    for relation in relations(workspace):
        of_name[relation.name.casefold()].add(relation.id)
    for link in links.customers(workspace).values():
        of_customer[link.customer].add(link.relation)
    booked = {booking.place: booking.relation for booking in kept_bookings(workspace)}
    for head in _all_documents(workspace):
        if (place := linked.get(head.id)) in booked:
            of_customer[head.customer_id].add(booked[place])
    return lambda head: of_customer[head.customer_id] | of_name[head.customer_name.casefold()]


def _own_bookings(
    bookings: Iterable[BookingHead], standing: dict[links.BookingPlace, int]
) -> dict[str, links.BookingPlace]:
    """Where bookings of octowizard stand that no link remembers, by `booking_key`, of two alike the first.

    `standing`: the places that a link does remember; what stands there is noted by its digest.
    """
    unknown: dict[str, links.BookingPlace] = {}
    for booking in bookings:
        place = booking.place
        if place in standing:
            standing[place] = _digest(booking.amount, booking.date)
        elif key := booking_key(booking):
            unknown.setdefault(key, (place[0], sys.intern(place[1]), place[2]))
    return unknown


def _digest(amount: Decimal, day: date) -> int:
    """By which an amount and a day are known again: of twenty thousand bookings the records are too much to hold."""
    return hash((amount, day)) or 1


def _changed(
    workspace: Workspace,
    place: links.BookingPlace,
    head: DocumentHead,
    standing: Mapping[links.BookingPlace, int],
) -> BookingHead | None:
    """The booking at a document's place where it is another one by now; None where it stands, or was never read."""
    if standing[place] in (_UNREAD, _digest(head.booked_amount, head.date)):
        return None
    booking = booking_at(workspace, place)
    return booking if booking is not None and not is_still(booking, head) else None


def booking_at(workspace: Workspace, place: links.BookingPlace) -> BookingHead | None:
    """The booking at a place, as it was last read; None where none was."""
    body = kept.record(workspace, "booking", "/".join(map(str, place)))
    return msgspec.json.decode(body, type=BookingHead) if body is not None else None


def years(workspace: Workspace) -> tuple[FiscalYear, ...]:
    """The fiscal years as last read, in order."""
    fiscal_years = map(convert.fiscal_year, _reading(workspace, "oc/bookyears", list[oc.Bookyear]))
    return tuple(sorted(fiscal_years, key=lambda y: y.start))


def journals(workspace: Workspace, year: int) -> tuple[JournalState, ...]:
    """The journals of a fiscal year as last read."""
    return tuple(map(convert.journal_state, _reading(workspace, f"oc/journals/{year}", list[oc.Journal])))


def relations(workspace: Workspace) -> tuple[RelationFacts, ...]:
    """The relations as last read."""
    return tuple(_records(workspace, "relation", RelationFacts, "country", "currency"))


def matches(workspace: Workspace) -> tuple[Match, ...]:
    """The matches as last read."""
    return tuple(each_match(workspace))


def each_match(workspace: Workspace) -> Iterator[Match]:
    """The same, one by one."""
    return _records(workspace, "match", Match, "journal", "counter_journal", "counter_date", "counter_text")


def build(
    workspace: Workspace,
    profile: Profile,
    taken_at: datetime,
    sorted_out: Triage,
    *,
    start: date | None = None,
    records: Records | None = None,
) -> Snapshot:
    """The Snapshot of all that is kept. `start`: the first day, where it is not the profile's.

    `records`: where somebody holds them; else they are read here.
    """
    known_years = years(workspace)
    known = records or Records(
        relations(workspace),
        {c.id: c for c in _records(workspace, "customer", CustomerFacts, *_SHARED_BY_CUSTOMERS)},
        matches(workspace),
    )
    charts: dict[int, dict[int, AccountFacts]] = {}
    for year in known_years:
        if kept.reading(workspace, f"oc/accounts/{year.id}") is not None:
            chart = _reading(workspace, f"oc/accounts/{year.id}", list[oc.Account])
            charts[year.id] = {a.account_key.id: convert.account(a) for a in chart}
    rates = map(convert.tax_rate, _reading(workspace, "tl/tax_rates", list[tl.TaxRate]))
    categories = _reading(workspace, "tl/categories", list[tl.ProductCategory])
    return Snapshot(
        taken_at=taken_at,
        start_date=start or profile.start_date,
        own_currency=EURO,
        years=known_years,
        journals={(s.year_id, s.key): s for year in known_years for s in journals(workspace, year.id)},
        journal_years=frozenset(
            y.id for y in known_years if kept.reading(workspace, f"oc/journals/{y.id}") is not None
        ),
        accounts=charts,
        vat_codes=convert.vat_codes(_reading(workspace, "oc/vat_codes", list[oc.VatCode])),
        currencies=frozenset(_reading(workspace, "oc/currencies", list[str])),
        tax_rates={rate.id: rate for rate in rates},
        categories={c.id: convert.category(c, profile.department_id) for c in categories},
        relations=known.relations,
        pending=tuple(sorted_out.pending),
        customers=known.customers,
        matches=known.matches,
        in_sync=sorted_out.in_sync,
        elsewhere=tuple(sorted_out.elsewhere),
        differing=tuple(sorted_out.differing),
        excluded=tuple(sorted_out.excluded),
    )


def _reading(workspace: Workspace, name: str, kind: type[list[T]]) -> list[T]:
    reading = kept.reading(workspace, name)
    return msgspec.json.decode(reading.body, type=kind) if reading else []


def _records(workspace: Workspace, name: str, kind: type[S], *shared: str) -> Iterator[S]:
    """The records of a kind; what many of them have in common in the members `shared` is held once."""
    decode = msgspec.json.Decoder(kind).decode
    held: dict[object, object] = {}
    for body in kept.records(workspace, name):
        record = decode(body)
        _share(record, shared, held)
        yield record


# --- what is kept, record by record -------------------------------------------------------------------------


def kept_bookings(workspace: Workspace) -> Iterable[BookingHead]:
    """The kept sales bookings, one by one."""
    decoder = msgspec.json.Decoder(BookingHead)
    return (decoder.decode(body) for body in kept.records(workspace, "booking"))


def _all_documents(workspace: Workspace) -> Iterable[DocumentHead]:
    return chain(kept_documents(workspace, "invoice"), kept_documents(workspace, "credit_note"))


def kept_documents(workspace: Workspace, kind: str) -> Iterable[DocumentHead]:
    """The kept document heads of a kind, one by one.

    What many of them share (customer, dates, currency) is held once: twenty thousand may wait at the same time.
    """
    decoder = msgspec.json.Decoder(DocumentHead)
    shared: dict[object, object] = {}
    for body in kept.records(workspace, kind):
        head = decoder.decode(body)
        _share(head, _SHARED, shared)
        if head.open_amount == head.amount:
            msgspec.structs.force_setattr(head, "open_amount", head.amount)
        yield head


class _Dated(msgspec.Struct):
    """What is asked of a DocumentHead again and again."""

    id: str
    date: date


def document_days(workspace: Workspace) -> Iterator[tuple[str, date]]:
    """The id and day of each kept document."""
    decode = msgspec.json.Decoder(_Dated).decode
    for kind in ("invoice", "credit_note"):
        for body in kept.records(workspace, kind):
            dated = decode(body)
            yield dated.id, dated.date


def _share(record: msgspec.Struct, names: Iterable[str], shared: dict[object, object]) -> None:
    """Hold what many records have in common once. The record is not frozen yet: nobody else has it."""
    for name in names:
        value = getattr(record, name)
        msgspec.structs.force_setattr(record, name, shared.setdefault(value, value))


# --- what only the checks look at --------------------------------------------------------------------------


def for_checks(workspace: Workspace, profile: Profile, look: Look) -> Snapshot:
    """The Snapshot of all that is kept, with what only the checks look at; `look`: how reading it went."""
    # All of them are in the Snapshot, in one place or another: each is decoded once.
    documents, bookings = tuple(_all_documents(workspace)), tuple(kept_bookings(workspace))
    sorted_out = triage(
        workspace,
        profile.start_date,
        observing=profile.mode == "observer",
        documents=documents,
        bookings=bookings,
    )
    if "bookings" in look.partial:
        sorted_out = sorted_out._replace(pending=_of_journals_read(workspace, profile, sorted_out.pending))
    snapshot = build(workspace, profile, look.taken_at, sorted_out)
    completed = _completed(workspace, snapshot, look, profile.department_id, documents, bookings)
    return _raised(workspace, with_origins(workspace, profile, completed))


def _of_journals_read(
    workspace: Workspace, profile: Profile, pending: Iterable[DocumentHead]
) -> list[DocumentHead]:
    """The documents of journals whose bookings were read: nobody knows yet whether the others wait."""
    known = years(workspace)
    journals = {"invoice": profile.invoice_journal, "credit_note": profile.credit_note_journal}
    read = journals_read(workspace)
    return [
        head
        for head in pending
        if (year := year_of(known, head.date)) is None or (year.id, journals[head.kind]) in read
    ]


def _raised(workspace: Workspace, snapshot: Snapshot) -> Snapshot:
    """Journals whose next number counts what this profile has booked since they were read."""
    highest = links.highest_numbers(workspace)
    journals = {
        place: msgspec.structs.replace(journal, last_number=max(journal.last_number, highest.get(place, 0)))
        for place, journal in snapshot.journals.items()
    }
    return msgspec.structs.replace(snapshot, journals=journals)


def _completed(
    workspace: Workspace,
    snapshot: Snapshot,
    look: Look,
    department_id: str,
    documents: Iterable[DocumentHead],
    bookings: Sequence[BookingHead],
) -> Snapshot:
    details, missing = _details(workspace, snapshot.pending)
    unread = dict(look.unread)
    declaration = declared.declaration(workspace)
    rows = declaration.customers if declaration else ()
    for part, why in (
        ("declared", _("Teamleader's API shows no VAT type: it takes an export of its companies to tell")),
        ("declared_numbers", _("Teamleader's API shows no customer number: it takes an export to tell")),
    ):
        column = (one.vat_type if part == "declared" else one.external for one in rows)
        if any(value is not None for value in column):
            unread.pop(part, None)
        else:
            unread[part] = why
    linked = {
        key: Linked(link.relation, link.external_number) for key, link in links.customers(workspace).items()
    }
    twins = tuple(imported_twice(bookings))
    imported = {booking.place for _ours, booking in twins}
    return msgspec.structs.replace(
        snapshot,
        ages=look.at,
        details=details,
        unread=unread,
        partial={**look.partial, **_from_later_on(workspace, snapshot.start_date)},
        missing_details={**dict.fromkeys(missing, ""), **look.missing_details},
        linked=linked,
        customers_asked=frozenset(_reading(workspace, CUSTOMERS_ASKED, list[str])),
        booked=tuple(_booked(workspace, snapshot, documents)),
        payments={
            key: PaymentMade(link.document, link.amount, link.paid_on, link.how)
            for key, link in links.payments(workspace).items()
        },
        undone=tuple(_undone(workspace)),
        parked=tuple(intent.natural_key for intent in intents.in_state(workspace, "parked")),
        twice=tuple(_twice(booking for booking in bookings if booking.place not in imported)),
        imported_twice=twins,
        returns=returns(workspace, snapshot.years),
        earlier=tuple(_earlier(bookings, snapshot.start_date)),
        imported=_imported(workspace),
        dossiers=tuple(_dossiers(workspace)),
        department=_department(workspace, department_id),
        declared={one.customer: one for one in rows},
        declared_at=declaration.read_at if declaration else None,
        troubles=look.troubles,
        bookings_left=look.bookings_left,
        kept=look.kept,
    )


def _from_later_on(workspace: Workspace, start: date) -> dict[str, str]:
    """That documents were read from a later day on than the start date, which was changed since."""
    for kind in ("invoice", "credit_note"):
        reading = kept.reading(workspace, f"cursor/{kind}")
        since = msgspec.json.decode(reading.body, type=Cursor).start if reading is not None else None
        if since is not None and since > start:
            return {"documents": _("those before {day} were not read").format(day=shown_day(since))}
    return {}


def _details(
    workspace: Workspace, pending: Iterable[DocumentHead]
) -> tuple[dict[str, DocumentDetail], list[str]]:
    by_id: dict[str, DocumentDetail] = {}
    missing: list[str] = []
    for head in pending:
        detail = kept_detail(workspace, head)
        if detail is None:
            missing.append(head.id)
        else:
            by_id[head.id] = detail
    return by_id, missing


def _booked(workspace: Workspace, snapshot: Snapshot, documents: Iterable[DocumentHead]) -> Iterable[Booked]:
    linked = links.documents(workspace)
    replaced = {head.id for head, _booking in snapshot.differing}
    for head in documents:
        link = linked.get(head.id)
        if link is not None and head.id not in replaced:
            yield Booked(head, link.bookyear, link.journal, link.number)
    for head, booking in snapshot.elsewhere:
        if head.id not in linked:
            yield Booked(head, booking.bookyear, booking.journal, booking.number)


def _undone(workspace: Workspace) -> Iterable[Match]:
    decoder = msgspec.json.Decoder(Match)
    return (decoder.decode(body) for body in kept.records(workspace, "undone"))


def _twice(bookings: Iterable[BookingHead]) -> Iterable[tuple[BookingHead, ...]]:
    """Bookings with the same document number as their comment or reference, and the same date and amount."""
    groups: dict[tuple[object, ...], list[BookingHead]] = defaultdict(list)
    for booking in bookings:
        text = booking.comment.removesuffix(MARK) or booking.reference
        if "/" in text:
            groups[bare(text), booking.date, booking.amount].append(booking)
    return (tuple(same) for same in groups.values() if len(same) > 1)


def returns(workspace: Workspace, of: Iterable[FiscalYear]) -> dict[int, str]:
    """By year id, how often VAT returns are filed: of the years of which that was read."""
    return {year.id: rhythm for year in of if (rhythm := _rhythm(workspace, year.id)) is not None}


def _rhythm(workspace: Workspace, year: int) -> str | None:
    """How often VAT returns are filed in a fiscal year, in Octopus' words; "" where it has none, None not read."""
    known = _reading(workspace, f"oc/returns/{year}", list[oc.BookyearDetail])
    return next((one.declarant_type or "" for one in known), None)


def _earlier(bookings: Iterable[BookingHead], start: date) -> Iterable[BookingHead]:
    return (booking for booking in bookings if booking.date < start and booking.comment.endswith(MARK))


def _imported(workspace: Workspace) -> tuple[CustomerFacts, ...]:
    reading = kept.reading(workspace, "tl/imported")
    return msgspec.json.decode(reading.body, type=tuple[CustomerFacts, ...]) if reading else ()


def _dossiers(workspace: Workspace) -> Iterable[DossierFacts]:
    reading = kept.reading(workspace, "oc/dossiers")
    for record in msgspec.json.decode(reading.body, type=list[oc.Dossier]) if reading else ():
        yield DossierFacts(record.dossier_key.id, record.dossier_description, vat_key(record.vat_nr))


def _department(workspace: Workspace, department_id: str) -> DepartmentFacts | None:
    reading = kept.reading(workspace, "tl/departments")
    for record in msgspec.json.decode(reading.body, type=list[tl.Department]) if reading else ():
        if record.id == department_id:
            key = vat_key(record.vat_number)
            return DepartmentFacts(record.id, record.name, key, record.status in (None, "active"))
    return None
