"""One document: found by what people call it, where it stands on both sides, and what becomes of it.

Nothing is written. `kept` answers from what was read; `read` first looks again, as far as what is kept is too old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.books.numbers import bare, is_id
from octowizard.planning.obstacles import Obstacles
from octowizard.planning.payments import MatchStanding, PlannedPayment
from octowizard.planning.plan import Outcome, PlannedDocument
from octowizard.snapshot.model import BookingHead, DocumentHead, Snapshot
from octowizard.sync.events import AnyEvent

if TYPE_CHECKING:
    from octowizard.progress import Report
    from octowizard.session.profile_session import ProfileSession
    from octowizard.workspace.db import Workspace
    from octowizard.workspace.intents import State

NEAR = 3  # documents that are named where none has the number that was asked for
LIKE = 60.0  # of 100: how much a number must be like the one asked for
_PLACE = re.compile(r"([a-z][a-z0-9]{0,4})/([0-9]{1,9})", re.IGNORECASE)
_VENDOR_NUMBER = re.compile(r"\s*/\s*")


class NoDocument(Exception):
    """No single document is meant by `text`.

    `several`: each of these can be; `near`: those whose numbers are most like it, where none can. `unread`: why the
    documents were never read, so that nothing can be told; else "".
    """

    def __init__(
        self,
        text: str,
        start: date,
        *,
        several: Iterable[DocumentHead] = (),
        near: Iterable[DocumentHead] = (),
        unread: str = "",
    ) -> None:
        self.text, self.start, self.unread = text, start, unread
        self.several, self.near = tuple(several), tuple(near)
        super().__init__(text)


class Happened(msgspec.Struct, frozen=True):
    """What happened to a document in a run that began at `at`; in a `dry_run` it was only foreseen."""

    run: int
    at: datetime
    dry_run: bool
    event: AnyEvent


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one document. `alike`: those whose numbers differ from its own by blanks only.

    `outcome`: of the Plan; *before-start*: dated before the start date, so that no sync looks at it; *unread*: it is in
    Teamleader and came after the last look. `booking`: the one that bears its number without being it. `since`: how
    and since when its booking is known. `number`: the one it is to get, 0 where none. `relation`: number of its
    relation, 0 for one that is to be made, None where that is not known. `matches` and `payments`: of its booking.
    `in_doubt`: kinds of writes whose outcome the next sync looks up; `parked`: those that a person must look at.
    """

    head: DocumentHead
    alike: tuple[DocumentHead, ...] = ()
    outcome: Outcome | Literal["before-start", "unread"]
    snapshot: Snapshot
    planned: PlannedDocument | None = None
    booking: BookingHead | None = None
    since: tuple[str, datetime] | None = None
    obstacles: Obstacles = Obstacles()
    number: int = 0
    relation: int | None = None
    matches: tuple[MatchStanding, ...] = ()
    payments: tuple[PlannedPayment, ...] = ()
    in_doubt: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()
    history: tuple[Happened, ...] = ()


def find(snapshot: Snapshot, text: str) -> DocumentHead:
    """The document with this number, id or booking (`V1/12`). NoDocument where none or several are meant."""
    wanted = bare(text).casefold()
    exact: list[DocumentHead] = []
    loose: list[DocumentHead] = []
    for head in snapshot.documents:
        if head.id == wanted:
            return head
        if head.number == text:
            exact.append(head)
        elif bare(head.number).casefold() == wanted:
            loose.append(head)
    matches = exact or loose or _at(snapshot, wanted)
    if len(matches) == 1:
        return matches[0]
    raise NoDocument(
        text,
        snapshot.start_date,
        several=matches,
        near=() if matches else _near(snapshot, wanted),
        unread=snapshot.unread.get("documents", "") if not any(True for _any in snapshot.documents) else "",
    )


def _at(snapshot: Snapshot, wanted: str) -> list[DocumentHead]:
    """The documents booked at `v1/12`, in any year, also where the booking has another content by now."""
    place = _PLACE.fullmatch(wanted)
    if place is None:
        return []
    bookings = [(one.head, one.journal, one.number) for one in snapshot.booked]
    bookings += [(head, one.journal, one.number) for head, one in snapshot.differing]
    wanted_place = (place[1].upper(), int(place[2]))
    return [head for head, journal, number in bookings if (journal.upper(), number) == wanted_place]


def _near(snapshot: Snapshot, wanted: str) -> list[DocumentHead]:
    from rapidfuzz import fuzz, process

    heads = {head.id: head for head in snapshot.documents}
    numbers = {key: bare(head.number).casefold() for key, head in heads.items()}
    near = process.extract(wanted, numbers, scorer=fuzz.ratio, limit=NEAR, score_cutoff=LIKE)
    return [heads[key] for _number, _score, key in near]


class Documents:
    """The documents of one profile. `read` talks to the vendors, the rest blocks."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    def kept(self, text: str) -> Standing:
        """How the document stands by what is kept; no vendor is asked. NoDocument."""
        snapshot = self._session.snapshot()
        return self._standing(snapshot, find(snapshot, text))

    async def read(self, text: str, report: Report, *, fresh: bool = False) -> Standing:
        """The same once both sides were read as far as what is kept is not young enough. NoDocument.

        `fresh`: also what is young is read again. Of a document that no sync looks at, Teamleader is asked.
        """
        from octowizard.sync.look import LINES_FOR_HOME

        snapshot = await self._session.read("", report, fresh=fresh, lines=LINES_FOR_HOME)
        if "Teamleader" in snapshot.unconnected:
            return self._standing(snapshot, find(snapshot, text))
        try:
            head = find(snapshot, text)
        except NoDocument as unknown:
            asked = [] if unknown.unread else await self._asked(text)
            if len(asked) != 1:
                raise
            return self._standing(snapshot, asked[0])
        if any(head.id == one.id for one in snapshot.pending) and head.id not in snapshot.details:
            snapshot = await self._with_lines(snapshot, head)
        return self._standing(snapshot, head)

    async def _with_lines(self, snapshot: Snapshot, head: DocumentHead) -> Snapshot:
        """Read the lines of this document too; what a vendor refuses leaves it as it was."""
        from octowizard.snapshot.assemble import EURO
        from octowizard.snapshot.details import Details
        from octowizard.transport.errors import VendorError

        with suppress(VendorError):
            async with self._session.open(looking=True) as (workspace, accounts):
                await Details(workspace, accounts.teamleader, EURO, keep=True).of(head)
            self._session.forget()
            return self._session.snapshot()
        return snapshot

    async def _asked(self, text: str) -> list[DocumentHead]:
        """The documents that Teamleader has by this id, or by this number among the invoices."""
        from octowizard.snapshot.convert import credit_note_head, invoice_head
        from octowizard.transport.errors import VendorError

        heads: list[DocumentHead | None] = []
        with suppress(VendorError):
            async with self._session.open(looking=True) as (_workspace, accounts):
                teamleader = accounts.teamleader
                if is_id(text):
                    try:
                        heads.append(invoice_head(await teamleader.invoice(text.lower())))
                    except VendorError:
                        heads.append(credit_note_head(await teamleader.credit_note(text.lower())))
                else:
                    number = _VENDOR_NUMBER.sub(" / ", text.strip())  # as Teamleader writes it
                    department = self._session.profile.department_id
                    async for page in teamleader.invoices(department_id=department, number=number):
                        heads += [invoice_head(record) for record in page.records]
        wanted = bare(text).casefold()
        return [
            head for head in heads if head is not None and wanted in (head.id, bare(head.number).casefold())
        ]

    # --- what is known of one -------------------------------------------------------------------------------

    def _standing(self, snapshot: Snapshot, head: DocumentHead) -> Standing:
        from octowizard.planning import obstacles
        from octowizard.planning.customers import (
            AlreadyLinked,
            ExistingRelation,
            NewRelation,
            RelationPlanner,
        )
        from octowizard.planning.payments import standings
        from octowizard.planning.plan import Book, plan
        from octowizard.snapshot.assemble import kept_bookings
        from octowizard.snapshot.matching_bookings import recognise

        profile = self._session.profile
        whole = plan(snapshot, profile)
        planned = whole.of(head.id)
        differing = {one.id: booking for one, booking in snapshot.differing}
        booked = next((one for one in snapshot.booked if one.head.id == head.id), None)
        with self._session.workspace() as workspace:
            known = Standing(
                head=head,
                alike=tuple(
                    one
                    for one in snapshot.documents
                    if one.id != head.id and bare(one.number) == bare(head.number)
                ),
                outcome="unread" if head.date >= snapshot.start_date else "before-start",
                snapshot=snapshot,
                since=_since(workspace, head.id),
                booking=differing.get(head.id),
                in_doubt=_kinds(workspace, head.id, "open"),
                parked=_kinds(workspace, head.id, "parked"),
                history=tuple(_history(workspace, head.id)),
            )
            if planned is None:
                there = recognise([head], kept_bookings(workspace))
                first = next((booking for _head, booking in (*there.ours, *there.elsewhere)), None)
                return msgspec.structs.replace(known, booking=first)
        number, relation = 0, RelationPlanner(snapshot).foresee(head.customer_id, head.customer_name)
        if isinstance(planned.outcome, Book):
            number = obstacles.number_to_come(snapshot, profile, whole, planned)
        payments = tuple(one for one in whole.payments if one.booked.head.id == head.id)
        matches = tuple(standings(snapshot, booked, whole.payments)) if booked is not None else ()
        met = Obstacles()
        if any(one.head.id == head.id for one in whole.documents):
            met = obstacles.obstacles(snapshot, profile, whole, planned)
        elif any(one.standing in ("register", "unsure") for one in matches):
            met = Obstacles(obstacles.of_run(snapshot, profile))
        return msgspec.structs.replace(
            known,
            outcome=planned.outcome,
            planned=planned,
            obstacles=met,
            number=number,
            relation=relation.relation
            if isinstance(relation, AlreadyLinked | ExistingRelation)
            else 0
            if isinstance(relation, NewRelation)
            else None,
            matches=matches,
            payments=payments,
        )


def _kinds(workspace: Workspace, document: str, state: State) -> tuple[str, ...]:
    """The kinds of writes for this document that are in this state."""
    from octowizard.workspace import intents

    return tuple(intent.kind for intent in intents.in_state(workspace, state) if intent.subject == document)


def _since(workspace: Workspace, document: str) -> tuple[str, datetime] | None:
    """How and since when its booking is known, by the vendors' clock."""
    from octowizard.snapshot.parts import at_the_vendors
    from octowizard.workspace import links

    known = links.document_since(workspace, document)
    return (known[0], at_the_vendors(workspace)(known[1])) if known is not None else None


def _history(workspace: Workspace, document: str) -> Iterator[Happened]:
    from octowizard.snapshot.parts import at_the_vendors
    from octowizard.sync.events import kept_event
    from octowizard.workspace.forget import first_run
    from octowizard.workspace.runs import document_history

    first, there = first_run(workspace), at_the_vendors(workspace)
    for kept in document_history(workspace, document):
        if kept.run >= first:
            yield Happened(
                kept.run, there(kept.started), bool(kept.dry_run), kept_event(workspace, kept.line)
            )
