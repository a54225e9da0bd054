"""What checks look at beyond what a sync needs: details, links, bookings that stand twice, both sides' names.

Reads go through `take.Taking`; the rest comes from what is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

import msgspec

from octowizard.books.numbers import bare
from octowizard.locale import _
from octowizard.matching.keys import vat_key
from octowizard.octopus import models as oc
from octowizard.octopus.client import Octopus
from octowizard.snapshot import facts
from octowizard.snapshot.model import (
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
    Snapshot,
    Trouble,
)
from octowizard.snapshot.recognise import MARK
from octowizard.snapshot.take import (
    CLOCK_JITTER,
    TWICE_A_DAY,
    WHOLE_AGAIN,
    Taking,
    kept_bookings,
    kept_documents,
)
from octowizard.teamleader import models as tl
from octowizard.teamleader.client import Teamleader
from octowizard.workspace import declared, intents, kept, links
from octowizard.workspace.db import Workspace

DOSSIERS, DEPARTMENTS, LOOK = "oc/dossiers", "tl/departments", "check/look"
CLOCK = "clock"
IMPORTED, IMPORT_TAG = "tl/imported", "Octopus Import"  # the tag is Teamleader's own

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Afresh(Taking):
    """A taking for whoever has just mended something: all is asked again that the limits allow, once."""

    def __init__(self, workspace: Workspace, octopus: Octopus, teamleader: Teamleader, **how: Any) -> None:
        super().__init__(workspace, octopus, teamleader, resumed=False, **how)
        now = octopus.clock.now()
        # The vendor's clock is known to the second only: what was read a moment ago may seem to lie ahead.
        # What lies further ahead was stamped by another clock (this computer's), and says nothing about this one.
        newest = workspace.read(
            tuple[datetime | None],
            "SELECT max(taken_at) FROM reading WHERE taken_at <= ?",
            (now + CLOCK_JITTER).astimezone(UTC).isoformat(),
        )
        latest = next(newest)[0] or now
        ahead = timedelta(0) <= latest - now <= CLOCK_JITTER
        self._began = latest + timedelta(microseconds=1) if ahead else now

    def _now(self) -> datetime:
        """The vendors' clock; never before this taking began."""
        return max(super()._now(), self._began)

    def _is_young(self, taken_at: datetime, now: datetime, limit: timedelta | None = None) -> bool:
        """Read by this taking; for what is given twice a day its own age counts."""
        if limit in (TWICE_A_DAY, WHOLE_AGAIN):
            return super()._is_young(taken_at, now, limit)
        if limit is not None and limit < timedelta(0):
            return False
        return self._began <= taken_at <= now


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How the last look at both sides went; kept, so that looking at it offline tells the same."""

    taken_at: datetime
    clock_offset: float = 0.0  # seconds that this computer's clock lacks
    unread: dict[str, str] = {}
    partial: dict[str, str] = {}
    missing_details: dict[str, str] = {}
    troubles: tuple[Trouble, ...] = ()
    bookings_left: int | None = None
    kept: tuple[tuple[str, datetime], ...] = ()


def keep_look(workspace: Workspace, look: Look) -> None:
    """Remember it."""
    kept.keep_reading(workspace, LOOK, _encode(look), look.taken_at)
    keep_clock(workspace, timedelta(seconds=look.clock_offset), look.taken_at)


def keep_clock(workspace: Workspace, offset: timedelta, now: datetime) -> None:
    """Remember what this computer's clock lacks; `now` by the vendors' clock."""
    kept.keep_reading(workspace, CLOCK, _encode(offset.total_seconds()), now)


def clock_offset(workspace: Workspace) -> timedelta:
    """What this computer's clock lacked when a vendor last answered; zero before."""
    found = kept.reading(workspace, CLOCK)
    return timedelta(seconds=msgspec.json.decode(found.body, type=float) if found else 0.0)


def last_look(workspace: Workspace) -> Look | None:
    """The last look, or None when there was none."""
    found = kept.reading(workspace, LOOK)
    return msgspec.json.decode(found.body, type=Look) if found else None


# By what it shows that a part was ever read.
_SHOWN_BY: dict[str, str] = {
    "years": "oc/bookyears",
    "journals": "oc/journals/",
    "accounts": "oc/accounts/",
    "vat_codes": "oc/vat_codes",
    "currencies": "oc/currencies",
    "relations": "cursor/relation",
    "bookings": "cursor/booking/",
    "matches": "cursor/match",
    "documents": "cursor/invoice",
    "settings": "tl/tax_rates",
    "sides": DOSSIERS,
}


def look_of_what_is_kept(workspace: Workspace) -> Look | None:
    """Where nothing was ever checked: what Home, a preview or a sync has read; None when none of them has."""
    documents = kept.reading(workspace, _SHOWN_BY["documents"])
    if documents is None:
        return None
    why = _("not looked at yet: a check does")
    unread = {part: why for part, name in _SHOWN_BY.items() if not kept.readings(workspace, name)}
    if "bookings" in unread and "years" not in unread:
        # They are read of the years in which documents wait; in none, none is wanted.
        del unread["bookings"]
    if "journals" in unread and "years" not in unread:
        del unread["journals"]
    return Look(taken_at=documents.taken_at, unread=unread)


async def read_sides(workspace: Workspace, octopus: Octopus, teamleader: Teamleader, now: datetime) -> None:
    """The dossiers that the login sees and the departments; names, so that once a day is plenty."""

    def old(name: str) -> bool:
        found = kept.reading(workspace, name)
        return found is None or not -CLOCK_JITTER <= now - found.taken_at <= WHOLE_AGAIN

    if old(DOSSIERS):
        kept.keep_reading(workspace, DOSSIERS, _encode(await octopus.dossiers()), now)
    if old(DEPARTMENTS):
        kept.keep_reading(workspace, DEPARTMENTS, _encode(await teamleader.departments()), now)


async def read_imported(workspace: Workspace, teamleader: Teamleader, now: datetime) -> None:
    """The companies that Teamleader's import of Octopus' relations has made, by the tag it gives them."""
    found = [
        facts.company(record)
        async for page in teamleader.companies(tags=[IMPORT_TAG])
        for record in page.records
    ]
    kept.keep_reading(workspace, IMPORTED, _encode(found), now)


def completed(workspace: Workspace, snapshot: Snapshot, look: Look, *, department_id: str) -> Snapshot:
    """The Snapshot with all that checks need besides, from what is kept."""
    details, missing = _details(workspace, snapshot.pending)
    unread = dict(look.unread)
    told = declared.declaration(workspace)
    rows = told.customers if told else ()
    for part, why in (
        ("declared", _("Teamleader's API shows no VAT type: it takes an export of its companies to tell")),
        ("declared_numbers", _("Teamleader's API shows no customer number: it takes an export to tell")),
    ):
        column = (one.vat_type if part == "declared" else one.external for one in rows)
        if any(value is not None for value in column):
            unread.pop(part, None)
        else:
            unread[part] = why
    if kept.reading(workspace, IMPORTED) is None:
        unread.setdefault("imported", _("not read yet"))
    linked = {
        key: Linked(link.relation, link.external_number) for key, link in links.customers(workspace).items()
    }
    bookings = tuple(kept_bookings(workspace))
    return msgspec.structs.replace(
        snapshot,
        taken_at=look.taken_at,
        details=details,
        unread=unread,
        partial=look.partial,
        missing_details={**dict.fromkeys(missing, ""), **look.missing_details},
        linked=linked,
        booked=tuple(_booked(workspace, snapshot)),
        payments={
            key: PaymentMade(link.document, link.amount, link.paid_on, link.how)
            for key, link in links.payments(workspace).items()
        },
        undone=tuple(_undone(workspace)),
        parked=tuple(intent.natural_key for intent in intents.in_state(workspace, "parked")),
        twice=tuple(_twice(bookings)),
        earlier=tuple(_earlier(bookings, snapshot.start_date)),
        imported=_imported(workspace),
        dossiers=tuple(_dossiers(workspace)),
        department=_department(workspace, department_id),
        declared={one.customer: one for one in rows},
        declared_at=told.read_at if told else None,
        troubles=look.troubles,
        bookings_left=look.bookings_left,
        kept=look.kept,
    )


def _details(
    workspace: Workspace, pending: Iterable[DocumentHead]
) -> tuple[dict[str, DocumentDetail], list[str]]:
    decode = msgspec.json.Decoder(DocumentDetail).decode
    found: dict[str, DocumentDetail] = {}
    missing: list[str] = []
    for head in pending:
        body = kept.detail(workspace, head.kind, head.id, head.stamp) if head.stamp else None
        if body is None:
            missing.append(head.id)
        else:
            found[head.id] = decode(body)
    return found, missing


def _booked(workspace: Workspace, snapshot: Snapshot) -> Iterable[Booked]:
    linked = links.documents(workspace)
    for head in chain(kept_documents(workspace, "invoice"), kept_documents(workspace, "credit_note")):
        link = linked.get(head.id)
        if link is not None:
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


def _earlier(bookings: Iterable[BookingHead], start: date) -> Iterable[BookingHead]:
    return (booking for booking in bookings if booking.date < start and booking.comment.endswith(MARK))


def _imported(workspace: Workspace) -> tuple[CustomerFacts, ...]:
    found = kept.reading(workspace, IMPORTED)
    return msgspec.json.decode(found.body, type=tuple[CustomerFacts, ...]) if found else ()


def _dossiers(workspace: Workspace) -> Iterable[DossierFacts]:
    found = kept.reading(workspace, DOSSIERS)
    for record in msgspec.json.decode(found.body, type=list[oc.Dossier]) if found else ():
        yield DossierFacts(record.dossier_key.id, record.dossier_description, vat_key(record.vat_nr))


def _department(workspace: Workspace, department_id: str) -> DepartmentFacts | None:
    found = kept.reading(workspace, DEPARTMENTS)
    for record in msgspec.json.decode(found.body, type=list[tl.Department]) if found else ():
        if record.id == department_id:
            key = vat_key(record.vat_number)
            return DepartmentFacts(record.id, record.name, key, record.status in (None, "active"))
    return None
