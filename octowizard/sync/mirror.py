"""Paid in Teamleader, mirrored to Octopus: only through the journal and account that the user named.

Two writes per payment, each with its intent: a receipt in the named journal, and its match with the invoice. Both
are guarded by what Octopus itself refuses to have twice: a document number, and more than what is open.
A receipt in a financial journal moves that journal's own account; in a various journal a second line books it on
the named account (line types as in the contract; the sign of the second line is inferred).

Before the first receipt in a journal, what others have matched and received is read *after* its last number: a
receipt of the same document, amount and day that stands there (another octowizard's, or ours before an older copy of
the workspace was put back) is taken over and matched, and none is booked beside it.

Somebody may match a receipt of his own between our receipt and its match. What is matched by then shows it: ours is
named for a person, its match is not sent, and the payment is not mirrored a second time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from octowizard.books.fiscal import Barrier, JournalState, year_of
from octowizard.locale import _
from octowizard.locale.formats import amount as shown_amount
from octowizard.octopus.client import Octopus
from octowizard.outbox import recovery
from octowizard.outbox.door import Door, Doubt, NotWritten, StillInDoubt, WriteKind
from octowizard.outbox.kinds import MIRROR_MATCH, MIRROR_RECEIPT
from octowizard.outbox.mirror import MirrorBody, is_receipt, spent_receipts, unmatched_receipts
from octowizard.planning.booking import Place, barred, place_of
from octowizard.planning.payments import matched_amounts, receipt_fate
from octowizard.snapshot import assemble
from octowizard.snapshot.assemble import kept_bookings
from octowizard.snapshot.convert import journal_state
from octowizard.snapshot.details import kept_invoice
from octowizard.snapshot.model import DocumentHead, Match, Snapshot
from octowizard.sync import events
from octowizard.sync.progress import RunProgress, document
from octowizard.transport.errors import Refused, SignInRefused, VendorError
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
        self._receipts: dict[tuple[str, Decimal, date], list[links.BookingPlace]] = defaultdict(list)
        self._own: dict[str, links.PaymentLink] = {}  # receipts that were booked before and stand unmatched
        self._replaced = {head.id for head, _booking in snapshot.differing}
        self._note_matches(snapshot.matches)

    async def run(self) -> None:
        """Mirror all payments that only Teamleader knows of."""
        if not self._door.paper:
            await self._settle()
        await self._match_receipts()
        for link in links.documents(self._workspace).values():
            if link.kind != "invoice" or link.document in self._replaced or self._progress.stop.requested:
                continue
            head = kept_invoice(self._workspace, link.document)
            if head is None or head.open_amount is None or head.open_amount >= head.amount:
                continue
            await self._invoice(head, link)

    async def _settle(self) -> None:
        """Look up what an earlier run left in doubt, and tell what is certain by that."""
        kinds: tuple[WriteKind[Octopus, MirrorBody, Any], ...] = (MIRROR_RECEIPT, MIRROR_MATCH)
        for kind in kinds:
            doubts = intents.in_state(self._workspace, "open", kind=kind.name)
            for verdict in await recovery.look_and_close(kind, self._workspace, self._octopus, doubts):
                # What becomes of a receipt whose match is missing is told when that is decided.
                if kind is MIRROR_RECEIPT or verdict.outcome == "done":
                    self._progress.settled("payment", verdict.label, verdict.outcome)

    async def _match_receipts(self) -> None:
        """Match the receipts that an earlier run booked and did not match; name those that are too much."""
        receipts = unmatched_receipts(self._workspace)
        if not receipts:
            return
        standing = await MIRROR_RECEIPT.look(self._octopus, self._workspace, receipts)
        spent = await spent_receipts(self._octopus, receipts)
        for receipt in receipts:
            booking = standing.get(receipt.intent)
            stands = booking is not None and is_receipt(receipt.body, booking)
            key = receipt.body.balancing.credit_key.text
            await self._match_receipt(receipt, stands=stands, spent=spent[key])

    async def _match_receipt(self, receipt: Doubt[MirrorBody], *, stands: bool, spent: Decimal) -> None:
        body, head = receipt.body, kept_invoice(self._workspace, receipt.body.document)
        known = self._known_of(body.document)
        self._own[body.match_key] = body.link
        if head is None or head.id in self._replaced or self._progress.stop.requested:
            return
        try:
            invoice = await self._door.teamleader.invoice(head.id)
        except VendorError as error:
            self._progress.payment_failed(head, body.amount, error)
            return
        fate = receipt_fate(
            body.amount,
            self._still_open(body.sale, head.amount),
            stands=stands,
            spent=spent,
            paid=sum(
                p.payment.amount == body.amount and p.paid_at is not None and p.paid_at.date() == body.paid_on
                for p in invoice.payments
            ),
            known=known[body.amount, body.link.paid_on],
        )
        if fate == "removed":
            del self._own[body.match_key]
            if not self._door.paper:
                intents.close(self._workspace, receipt.intent, "not_done", "removed")
        elif fate == "spent" or body.match_key in self._matched:
            self._door.keep(body.link)
        elif fate == "surplus":
            self._name_surplus(head, body)
        else:
            await self._match(head, body)

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
        known = self._known()
        places = self._receipts[body.number, body.amount, body.paid_on]
        while places:
            taken = msgspec.structs.replace(body, receipt=places.pop(0))
            if taken.match_key not in known:
                return taken
        return None

    def _known(self) -> dict[str, links.PaymentLink]:
        """The payments that octowizard remembers or has a receipt of, by the key of their match."""
        return self._own | links.payments(self._workspace)

    def _known_of(self, document: str) -> Counter[tuple[Decimal, str]]:
        """Amount and day of those of one document."""
        return Counter((p.amount, p.paid_on) for p in self._known().values() if p.document == document)

    def _still_open(self, sale: links.BookingPlace, total: Decimal) -> Decimal:
        """What is still open in Octopus, by the matches that were read."""
        return total - self._settled[sale]

    async def _invoice(self, head: DocumentHead, link: links.DocumentLink) -> None:
        still_open = self._still_open(link.place, head.amount)
        if still_open <= 0 or head.currency != self._snapshot.own_currency:
            return
        try:
            invoice = await self._door.teamleader.invoice(head.id)
        except VendorError as error:
            self._progress.payment_failed(head, still_open, error)
            return
        known = self._known_of(head.id)
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
            sale=link.place,
            receipt=(place.year.id, place.journal, self._next[place.year.id]),
            relation=customer.relation if customer else self._relation_of(link),
            period=place.period.number,
            account=self._mirror.account,
        )
        if there := self._receipt_there(body):
            return await self._take_over(head, there)
        if amount > self._still_open(body.sale, head.amount):
            return False  # settled in Octopus meanwhile: brought back, not mirrored
        return await self._write(head, body)

    async def _take_over(self, head: DocumentHead, body: MirrorBody) -> bool:
        """Take over a receipt that stands already: only make its match, where that is missing."""
        if body.match_key not in self._matched:
            return await self._match(head, body)
        self._door.keep(body.link)
        return True

    async def _write(self, head: DocumentHead, body: MirrorBody) -> bool:
        try:
            await self._door.write(MIRROR_RECEIPT, body)
        except (NotWritten, StillInDoubt, VendorError) as error:
            self._progress.payment_failed(head, body.amount, error)
            return False
        self._next[body.receipt[0]] += 1
        return await self._match(head, body)

    def _name_surplus(self, head: DocumentHead, body: MirrorBody) -> None:
        """Tell a person of a receipt of ours beside which another settles the invoice."""
        question = _(
            "Receipt {receipt} of {amount} for {document} stands in Octopus beside the one that was matched by hand: "
            "remove it or refund it."
        ).format(
            receipt=f"{body.receipt[1]}/{body.receipt[2]}",
            amount=shown_amount(body.amount, head.currency),
            document=head.number,
        )
        self._progress.tell(
            events.PaymentParked(document=document(head), amount=body.amount, question=question)
        )

    async def _match(self, head: DocumentHead, body: MirrorBody) -> bool:
        """Match a receipt that stands with its invoice; where that cannot be, tell why. True when it is matched."""
        try:
            await self._door.write(MIRROR_MATCH, body)
        except (NotWritten, StillInDoubt, VendorError) as error:
            if isinstance(error, Refused) and await self._is_settled_meanwhile(head, body):
                self._name_surplus(head, body)
            else:
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

    async def _is_settled_meanwhile(self, head: DocumentHead, body: MirrorBody) -> bool:
        """Whether the matches, read again after a refusal, show that another receipt settles the invoice."""
        try:
            await self._matches_again()
        except SignInRefused:
            raise
        except VendorError:
            return False  # the refusal itself is told
        self._note_matches(assemble.matches(self._workspace))
        return receipt_fate(body.amount, self._still_open(body.sale, head.amount)) == "surplus"

    def _relation_of(self, link: links.DocumentLink) -> int:
        return next((b.relation for b in kept_bookings(self._workspace) if b.place == link.place), 0)

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
