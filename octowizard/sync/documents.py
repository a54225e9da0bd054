"""The booking phases of a sync: details fetched ahead, relations made in time, one writer per journal.

Teamleader gives one `invoices.info` per document, Octopus takes the bookings of a journal one after the other:
so they overlap, and V1 and V2 run side by side. What is ahead is bounded: memory does not grow with the number
of documents. A document that fails never stops another, except where numbers must follow Teamleader's.

Others may book in these journals at any moment. What keeps a document from being booked twice then: the next number
only ever passes a number that is our own booking, or one that a look *after* it was read has seen (`_look_around`).
So whatever was booked since the last look makes Octopus refuse our number; then we look before we go on.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from octowizard.books.numbers import sequence_of
from octowizard.outbox.bookings import DocumentBooking, NumberRefused
from octowizard.outbox.door import Door, NotWritten, StillInDoubt
from octowizard.outbox.kinds import BOOKING
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Draft, Planner, Unread
from octowizard.planning.plan import PlannedDocument, at_head, at_lines, number_blocker
from octowizard.progress import Stopped, reads_end_on
from octowizard.snapshot.details import Details
from octowizard.snapshot.model import DocumentHead
from octowizard.sync import events
from octowizard.sync.progress import Left, RunProgress, Withheld, document
from octowizard.sync.reading import Looked, Meanwhile
from octowizard.sync.relations import CustomerRelations
from octowizard.transport.errors import Forbidden, SignInRefused, Unreachable, VendorError

AHEAD = 12  # documents prepared ahead of each journal's writer
TRIES = 3  # a write that was looked up and is not there is sent again at most this often
TROUBLES = 3  # documents in a row that a vendor could not take: then it is the vendor, and the run ends


@dataclass(slots=True)
class Prepared:
    """A document with its booking, or why there is none. `relation`: what becomes of its relation meanwhile."""

    head: DocumentHead
    result: Draft | Blocker | Left
    relation: asyncio.Future[int | None] | None = None


class Gate(NamedTuple):
    """Serialises documents of duplicate customers: wait for `before`, then set `mine`."""

    before: asyncio.Event
    mine: asyncio.Event


def _gates(heads: Iterable[DocumentHead], firms: Mapping[str, str]) -> dict[str, Gate]:
    """Order the documents of each firm: the first gets the relation, whichever answer comes first. By document id."""
    last: dict[str, asyncio.Event] = {}
    gates: dict[str, Gate] = {}
    for head in heads:
        if (firm := firms.get(head.customer_id)) is None:
            continue
        before = last.get(firm)
        if before is None:
            before = asyncio.Event()
            before.set()
        last[firm] = asyncio.Event()
        gates[head.id] = Gate(before, last[firm])
    return gates


class Documents:
    """Books the pending documents of one Snapshot through one Door."""

    def __init__(
        self,
        door: Door,
        progress: RunProgress,
        looked: Looked,
        relations: CustomerRelations,
        *,
        follow: bool,
        in_turn: bool,
    ) -> None:
        self._door = door
        self._progress = progress
        self._looked = looked
        self._relations = relations
        # A preview keeps what it reads, for the run.
        currency = looked.snapshot.own_currency
        self._details = Details(door.workspace, door.teamleader, currency, keep=door.paper)
        self._follow = follow
        self._in_turn = in_turn
        self._next = {place: journal.last_number + 1 for place, journal in looked.snapshot.journals.items()}
        self._blocked: dict[tuple[int, str], str] = {}
        self._troubles = 0
        self._ended: Left | None = None
        self._gates: dict[str, Gate] = {}
        self._meanwhile = Meanwhile(lambda _document: None, {})

    def end(self, why: Left) -> None:
        """Leave every document, for this reason."""
        self._ended = why

    def raise_next(self, bookyear: int, journal: str, number: int) -> None:
        """Move a journal's next number beyond a booking that is known to stand at `number`."""
        place = (bookyear, journal)
        if place in self._next:
            self._next[place] = max(self._next[place], number + 1)

    async def run(self, heads: list[DocumentHead]) -> None:
        """Book all of them; one writer per journal, invoices before credit notes within one. `heads` is emptied."""
        by_journal: dict[str, deque[DocumentHead]] = defaultdict(deque)
        if self._follow:
            heads.sort(key=lambda h: (h.date.year, sequence_of(h.number) or 0))
        for head in heads:
            by_journal[self._planner.journal_of(head)].append(head)
        heads.clear()
        self._gates = _gates(chain.from_iterable(by_journal.values()), self._relations.firms)
        if self._in_turn:
            for mine in by_journal.values():
                await self._write_all(mine)
            return
        async with asyncio.TaskGroup() as writers:
            for journal, mine in by_journal.items():
                writers.create_task(self._write_all(mine), name=f"writer {journal}")

    # --- one journal -----------------------------------------------------------------------------------

    async def _write_all(self, heads: deque[DocumentHead]) -> None:
        left = len(heads)
        async for prepared in self._prepared(heads):
            left -= 1
            await self._write(prepared, left)

    async def _prepared(self, heads: deque[DocumentHead]) -> AsyncIterator[Prepared]:
        ahead: deque[asyncio.Task[Prepared]] = deque()
        try:
            while heads:
                ahead.append(asyncio.create_task(self._prepare(heads.popleft())))
                if len(ahead) > AHEAD:
                    yield await ahead.popleft()
            while ahead:
                yield await ahead.popleft()
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _prepare(self, head: DocumentHead) -> Prepared:
        gate = self._gates.get(head.id)
        try:
            prepared = await self._planned(head)
            if gate is not None:
                await gate.before.wait()
            if isinstance(prepared.result, Draft) and not self._in_turn:
                prepared.relation = self._relations.ensure(head)
            return prepared
        finally:
            if gate is not None:
                gate.mine.set()

    async def _planned(self, head: DocumentHead) -> Prepared:
        if why := self._why_ended():
            return Prepared(head, why)
        try:
            with reads_end_on(self._progress.stop):  # nothing of this document is being written yet
                planned = await self._looked_at(head)
        except Stopped:
            return Prepared(head, "cancelled")
        except Unread:
            return Prepared(head, "limit")
        except Withheld as withheld:  # by the look for what others booked
            return Prepared(head, withheld.why)
        except SignInRefused:
            raise
        except VendorError as error:
            return Prepared(head, self._trouble(error))
        result = planned.draft or planned.blocker
        assert result is not None  # what this run could not read was raised
        return Prepared(head, result)

    async def _looked_at(self, head: DocumentHead) -> PlannedDocument:
        planner = self._planner
        planned = await self._plan(head, planner)
        if planned.blocker is None or (fresh := await self._looked.again(planned.blocker)) is planner:
            return planned
        await self._take_over()
        return await self._plan(head, fresh)

    @property
    def _planner(self) -> Planner:
        return self._looked.planner

    async def _plan(self, head: DocumentHead, planner: Planner) -> PlannedDocument:
        planned = at_head(planner, head)
        if planned.blocker is not None:
            return planned
        detail = await self._details.of(head)
        planned = at_lines(planner, planned, detail)
        if planned.draft is not None:  # an audit compares these lines with what is booked
            self._details.remember(head, detail)
        return planned

    async def _take_over(self) -> None:
        """Take over the last numbers of journals that were read again; a known journal keeps the higher one."""
        last = {place: journal.last_number for place, journal in self._looked.snapshot.journals.items()}
        if any(number >= self._next.get(place, 1) for place, number in last.items()):
            # Perhaps our own booking under way; perhaps somebody else's, of a document of ours. The numbers count
            # only when that was looked at: the writer goes on meanwhile.
            await self._look_around(last)
        for place, number in last.items():
            self._next[place] = max(self._next.get(place, 0), number + 1)

    def _why_ended(self) -> Left | None:
        return "cancelled" if self._progress.stop.requested else self._ended

    def _trouble(self, error: VendorError) -> Blocker | Left:
        """Map an error while reading a document to what becomes of it."""
        if isinstance(error, Unreachable):
            self._ended = "unreachable"
            return "unreachable"
        if error.vendor == "Teamleader" and error.status == 404:
            return blockers.customer_missing("")
        return blockers.refused_by_vendor(error)

    async def _write(self, prepared: Prepared, left: int) -> None:
        """Book one document, and tell what became of it. `left`: how many of its journal come after it."""
        head = prepared.head
        result = await self._as_read_last(prepared)
        place = self._planner.place(head).series
        try:
            if why := self._why_ended():
                raise Withheld(why)
            if not isinstance(result, Draft):
                raise Withheld(result)
            if waits_for := self._blocked.get(place):
                self._progress.tell(events.DocumentBlocked(document=document(head), waits_for=waits_for))
                return
            relation = await (prepared.relation or self._relations.ensure(head))
            if why := self._why_ended():
                raise Withheld(why)
            await self._book(result, place, relation)
        except Withheld as withheld:
            if isinstance(withheld.why, Blocker):
                blocks = left if self._follow and place not in self._blocked else 0
                reason = self._progress.explained(withheld.why)
                self._progress.tell(
                    events.DocumentFailed(document=document(head), explanation=reason, blocks=blocks)
                )
            else:
                self._progress.tell(events.DocumentLeft(document=document(head), reason=withheld.why))
            if self._follow:
                self._blocked.setdefault(place, head.number)

    async def _as_read_last(self, prepared: Prepared) -> Draft | Blocker | Left:
        """What becomes of it, planned again while fiscal years or journals were read again since and bar its place.

        Ends: a part is read again once a run at most.
        """
        result = prepared.result
        while isinstance(result, Draft):
            if self._planner.place(prepared.head).series == (result.year.id, result.journal):
                break
            result = (await self._planned(prepared.head)).result
        return result

    # --- one booking -----------------------------------------------------------------------------------

    async def _book(self, draft: Draft, place: tuple[int, str], relation: int | None) -> None:
        """Book it under the next number of its journal. Raises Withheld."""
        head = draft.head
        renumbered = False
        for attempt in range(1, TRIES + 1):
            if self._stands(draft):
                return
            number = self._next[place]
            if self._follow and (reason := number_blocker(head, place[1], number)):
                raise Withheld(reason)
            booking = DocumentBooking(head.id, head.kind, draft.booking(number, relation or 0))
            try:
                written = await self._door.write(BOOKING, booking)
            except NumberRefused as refused:
                self._relations.others_at_work()
                fresh = None if renumbered else await self._read_next(place)
                await self._look_around({place: fresh - 1} if fresh is not None else {})
                if self._stands(draft):
                    return
                if fresh is None or fresh == number:
                    raise Withheld(blockers.refused_by_vendor(refused.cause)) from refused
                moved = self._next[place] if self._next[place] != number else 0  # by another look meanwhile
                self._next[place] = max(fresh, moved)
                renumbered = True
            except NotWritten as absent:
                if attempt == TRIES or self._progress.stop.requested:
                    self._note_trouble()
                    raise self._progress.withheld(absent) from absent
            except (StillInDoubt, VendorError) as error:
                raise self._withheld(error, place[1]) from error
            else:
                self._troubles = 0
                self._next[place] = number + 1
                self._booked(draft, *place, number, found=written.found)
                return
        number = self._next[place]
        raise Withheld(blockers.number_taken(number, place[1], number))

    def _withheld(self, error: StillInDoubt | VendorError, journal: str) -> Withheld:
        """Map an error while booking to what becomes of the document; a limit, silence or a doubt ends the run.

        After a doubt its number may be taken: nothing more goes into this journal before it is settled. A 403 without
        a code is taken for a journal that cannot be written (inferred).
        """
        if isinstance(error, Forbidden) and error.code is None:
            return Withheld(blockers.forbidden_journal(error, journal))
        withheld = self._progress.withheld(error)
        if not isinstance(withheld.why, Blocker):
            self._ended = withheld.why
        return withheld

    def _booked(self, draft: Draft, bookyear: int, journal: str, number: int, *, found: bool) -> None:
        self._progress.tell(
            events.DocumentBooked(
                document=document(draft.head),
                bookyear=bookyear,
                journal=journal,
                number=number,
                period=draft.period.number,
                found=found,
            )
        )

    async def _look_around(self, last: Mapping[tuple[int, str], int]) -> None:
        """Read what others booked in these journals since, so that it is not booked again. Raises Withheld.

        `last`: last numbers of journals as they were read before this look.
        """
        try:
            meanwhile = await self._looked.booked_meanwhile(last)
        except SignInRefused:
            raise
        except VendorError as error:
            self._ended = "unreachable"
            raise Withheld("unreachable") from error
        if meanwhile is None:
            self._ended = "limit"
            raise Withheld("limit")
        self._meanwhile = meanwhile
        self._relations.others_at_work()

    def _stands(self, draft: Draft) -> bool:
        """Whether we booked the document meanwhile; then tell so. Raises Withheld when somebody else did."""
        if link := self._meanwhile.ours(draft.head.id):
            self._booked(draft, link.bookyear, link.journal, link.number, found=True)
        elif booking := self._meanwhile.others.get(draft.head.id):
            raise Withheld(blockers.booked_by_others(f"{booking.journal}/{booking.number}"))
        return link is not None

    def _note_trouble(self) -> None:
        self._troubles += 1
        if self._troubles >= TROUBLES:
            self._ended = "unreachable"

    async def _read_next(self, place: tuple[int, str]) -> int | None:
        """Read a journal's next number again; None when it cannot be read."""
        year, journal = place
        try:
            if journal[1:].isdigit() and journal.startswith("V"):
                fresh = await self._door.octopus.sales_journal(year, int(journal[1:]))
                return fresh.common_journal_service_data.next_document_number
            for state in await self._door.octopus.journals(year):
                if state.journal_key == journal:
                    return state.last_booked_document_nr + 1
        except VendorError:
            pass
        return None
