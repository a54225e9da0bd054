"""Paid in Teamleader, mirrored to Octopus: only through the journal and account that the user named.

Two writes per payment, each with its intent: a receipt in the named journal, and its match with the invoice. Both
are guarded by what Octopus itself refuses to have twice: a document number, and more than what is open.
A receipt in a financial journal moves that journal's own account; in a various journal a second line books it on
the named account (line types as in the contract; the sign of the second line is inferred).

Before the first receipt in a journal, what others have matched and received is read *after* its last number: a
receipt of the same document, amount and day that stands there (another octowizard's, or ours before an older copy of
the workspace was put back) is taken over and matched, and none is booked beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from octowizard.books.fiscal import Barrier, JournalState, year_of
from octowizard.octopus.client import Octopus
from octowizard.outbox import lookup, recovery
from octowizard.outbox.door import Door, NotWritten, StillInDoubt, WriteKind
from octowizard.outbox.kinds import MIRROR_MATCH, MIRROR_RECEIPT
from octowizard.outbox.mirror import MirrorBody, unmatched_receipts
from octowizard.planning.booking import Place, barred, place_of
from octowizard.planning.payments import matched_amounts
from octowizard.snapshot import assemble
from octowizard.snapshot.assemble import kept_bookings
from octowizard.snapshot.convert import journal_state
from octowizard.snapshot.details import kept_invoice
from octowizard.snapshot.model import DocumentHead, Match, Snapshot
from octowizard.sync import events
from octowizard.sync.progress import RunProgress, document
from octowizard.transport.errors import VendorError
from octowizard.workspace import intents, links
from octowizard.workspace.profiles import Mirror


class Mirroring:
    """Mirrors the payments of linked invoices, one after the other: the journal has one writer."""

    def __init__(
        self,
        door: Door,
        progress: RunProgress,
        snapshot: Snapshot,
        mirror: Mirror,
        matches_again: Callable[[], Awaitable[None]],
    ) -> None:
        self._door = door
        self._workspace = door.workspace
        self._octopus = door.octopus
        self._progress = progress
        self._snapshot = snapshot
        self._mirror = mirror
        self._next: dict[int, int] = {}  # by year: the journal's next number
        self._journals: dict[tuple[int, str], JournalState] = {}
        self._matches_again = matches_again
        self._receipts: dict[tuple[str, Decimal, date], list[lookup.Place]] = defaultdict(list)
        self._replaced = {head.id for head, _booking in snapshot.differing}
        self._note_matches(snapshot.matches)

    async def run(self) -> None:
        """Mirror all payments that only Teamleader knows of."""
        if not self._door.paper:
            await self._settle()
        for link in links.documents(self._workspace).values():
            if link.kind != "invoice" or link.document in self._replaced or self._progress.stop.requested:
                continue
            head = kept_invoice(self._workspace, link.document)
            if head is None or head.open_amount is None or head.open_amount >= head.amount:
                continue
            await self._invoice(head, link)

    async def _settle(self) -> None:
        """Look up what an earlier run left in doubt; a receipt without its match is matched now."""
        kinds: tuple[WriteKind[Octopus, MirrorBody, Any], ...] = (MIRROR_RECEIPT, MIRROR_MATCH)
        for kind in kinds:
            doubts = intents.in_state(self._workspace, "open", kind=kind.name)
            for verdict in await recovery.look_and_close(kind, self._workspace, self._octopus, doubts):
                self._progress.settled("payment", verdict.label, verdict.outcome)
        for body in unmatched_receipts(self._workspace):
            await self._door.write(MIRROR_MATCH, body)

    def _note_matches(self, matches: Collection[Match]) -> None:
        """Sum up what is matched of each document, and note the keys of the matches."""
        self._settled = matched_amounts(matches)
        self._matched = {match.key for match in matches}

    async def _read_receipts(self, year: int) -> None:
        """Read what was matched and received up to now; the journal's last number was read before."""
        await self._matches_again()
        self._note_matches(assemble.matches(self._workspace))
        for booking in await self._octopus.modified_financial_bookings(year, self._mirror.journal, None):
            place = (booking.bookyear_key.id, booking.journal_key, booking.document_sequence_nr)
            line = next(iter(booking.booking_lines), None)
            if line is not None and booking.document_date is not None and line.type == "C" and line.reference:
                self._receipts[line.reference, line.amount, booking.document_date].append(place)

    def _receipt_there(self, body: MirrorBody) -> MirrorBody | None:
        """The body with a receipt that stands in Octopus already and is no other payment's; None when there is none."""
        known = links.payments(self._workspace)
        places = self._receipts[body.number, body.amount, body.paid_on]
        while places:
            taken = msgspec.structs.replace(body, receipt=places.pop(0))
            if taken.match_key not in known:
                return taken
        return None

    def _unmatched(self, link: links.DocumentLink, total: Decimal) -> Decimal:
        """What is still open in Octopus, by the matches that were read."""
        return total - self._settled[link.bookyear, link.journal, link.number]

    async def _invoice(self, head: DocumentHead, link: links.DocumentLink) -> None:
        still_open = self._unmatched(link, head.amount)
        if still_open <= 0 or head.currency != self._snapshot.own_currency:
            return
        try:
            invoice = await self._door.teamleader.invoice(head.id)
        except VendorError as error:
            self._progress.payment_failed(head, still_open, error)
            return
        known = Counter(
            (p.amount, p.paid_on) for p in links.payments(self._workspace).values() if p.document == head.id
        )
        # A match in Octopus that is not linked yet is a payment to bring back, not one to mirror.
        for payment in invoice.payments:
            if payment.paid_at is None:
                continue
            day = payment.paid_at.date()
            if known[payment.payment.amount, day.isoformat()] > 0:
                known[payment.payment.amount, day.isoformat()] -= 1
                continue
            amount = min(payment.payment.amount, still_open)
            if amount <= 0:
                return
            if await self._mirror_payment(head, link, amount, day):
                still_open -= amount

    async def _mirror_payment(
        self, head: DocumentHead, link: links.DocumentLink, amount: Decimal, day: date
    ) -> bool:
        place = await self._place(day)
        if place.year is None or place.period is None or place.wall is not None:
            why = barred(self._snapshot.years, place, place.wall or Barrier.NO_PERIOD, day, payment=True)
            self._progress.payment_failed(head, amount, why)
            return False
        customer = links.customers(self._workspace).get(head.customer_id)
        body = MirrorBody(
            document=head.id,
            number=head.number,
            amount=amount,
            paid_on=day,
            sale=(link.bookyear, link.journal, link.number),
            receipt=(place.year.id, place.journal, self._next[place.year.id]),
            relation=customer.relation if customer else self._relation_of(link),
            period=place.period.number,
            account=self._mirror.account,
        )
        if there := self._receipt_there(body):
            return await self._take_over(head, there)
        if amount > self._unmatched(link, head.amount):
            return False  # settled in Octopus meanwhile: brought back, not mirrored
        return await self._write(head, body)

    async def _take_over(self, head: DocumentHead, body: MirrorBody) -> bool:
        """Take over a receipt that stands already: only make its match, where that is missing."""
        if body.match_key not in self._matched:
            return await self._write(head, body, booked=True)
        self._door.keep(body.link)
        return True

    async def _write(self, head: DocumentHead, body: MirrorBody, *, booked: bool = False) -> bool:
        try:
            if not booked:
                await self._door.write(MIRROR_RECEIPT, body)
                self._next[body.receipt[0]] += 1
            await self._door.write(MIRROR_MATCH, body)
        except (NotWritten, StillInDoubt, VendorError) as error:
            self._progress.payment_failed(head, body.amount, error)
            return False
        self._settled[body.sale] += body.amount
        self._progress.tell(
            events.PaymentMirrored(
                document=document(head),
                amount=body.amount,
                paid_on=body.paid_on,
                journal=body.receipt[1],
                number=body.receipt[2],
            )
        )
        return True

    def _relation_of(self, link: links.DocumentLink) -> int:
        place = (link.bookyear, link.journal, link.number)
        return next(
            (
                b.relation
                for b in kept_bookings(self._workspace)
                if (b.bookyear, b.journal, b.number) == place
            ),
            0,
        )

    async def _place(self, day: date) -> Place:
        """Where the receipt of that day is booked; the journal of a year is read, with its next number, once a run."""
        year = year_of(self._snapshot.years, day)
        if year is not None and not year.closed and year.id not in self._next:
            for journal in await self._octopus.journals(year.id):
                if journal.journal_key == self._mirror.journal:
                    self._journals[year.id, journal.journal_key] = journal_state(journal)
                    await self._read_receipts(year.id)
                    self._next[year.id] = journal.last_booked_document_nr + 1
        return place_of(self._snapshot.years, self._journals, day, self._mirror.journal)
