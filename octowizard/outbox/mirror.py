"""Payments that are mirrored to Octopus: a receipt and its match with the invoice, each a write of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from octowizard.books.money import ZERO
from octowizard.octopus.bookings import (
    Balancing,
    BalancingKey,
    FinancialDiversBooking,
    FinancialDiversBookingLine,
)
from octowizard.octopus.client import ALL_BOOKYEARS, Octopus
from octowizard.octopus.models import Key
from octowizard.outbox.door import Doubt
from octowizard.outbox.lookup import OVERLAP
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace

MATCHES = "GET /dossiers/{dossierId}/balancings/modified"
RESERVE = 24  # calls of it, half a day's, that are left to the reading of matches


class MirrorBody(msgspec.Struct, frozen=True):
    """What both intents of a mirrored payment remember. `sale` and `receipt`: bookyear id, journal, number.

    `relation`, `period` and `account` are those of the receipt; `account` only where it needs a second line.
    """

    document: str
    number: str
    amount: Decimal
    paid_on: date
    sale: links.BookingPlace
    receipt: links.BookingPlace
    relation: int = 0
    period: int = 0
    account: int = 0

    @property
    def match_key(self) -> str:
        """The key under which the feed of matches will show it."""
        return f"{self.balancing.debet_key.text}|{self.balancing.credit_key.text}"

    @property
    def balancing(self) -> Balancing:
        """The match of the receipt's first line with the invoice as a whole (line -1, recorded)."""
        return Balancing(
            debet_key=BalancingKey(Key(self.sale[0]), self.sale[1], self.sale[2], -1),
            credit_key=BalancingKey(Key(self.receipt[0]), self.receipt[1], self.receipt[2], 1),
            balance_amount=self.amount,
        )

    @property
    def booking(self) -> FinancialDiversBooking:
        """The receipt. In a financial journal it moves that journal's own account; else a second line names it."""
        line = FinancialDiversBookingLine
        lines = [line(type="C", amount=self.amount, relation_id=self.relation, reference=self.number)]
        if not self.receipt[1].startswith("F"):
            lines.append(line(type="A", amount=-self.amount, account_key=self.account, reference=self.number))
        return FinancialDiversBooking(
            bookyear_key=Key(self.receipt[0]),
            journal_key=self.receipt[1],
            document_sequence_nr=self.receipt[2],
            bookyear_periode_nr=self.period,
            document_date=self.paid_on,
            exchange_rate=Decimal(1),
            booking_lines=tuple(lines),
        )

    @property
    def link(self) -> links.PaymentLink:
        """The link that a mirrored payment makes: so its match is never brought back as a new payment."""
        day = self.paid_on.isoformat()
        return links.PaymentLink(self.match_key, self.document, self.amount, day, "mirrored")


async def send_receipt(octopus: Octopus, body: MirrorBody) -> None:
    """Book the receipt."""
    await octopus.post_financial_booking(body.booking)


async def look_receipts(
    octopus: Octopus, _workspace: Workspace, receipts: Sequence[Doubt[MirrorBody]]
) -> dict[int, FinancialDiversBooking]:
    """What stands at the receipts' numbers, by intent; one call for all."""
    since = min(receipt.since for receipt in receipts) - OVERLAP
    bookings = {
        (booking.bookyear_key.id, booking.journal_key, booking.document_sequence_nr): booking
        for booking in await octopus.modified_financial_bookings(ALL_BOOKYEARS, None, since)
    }
    return {r.intent: bookings[r.body.receipt] for r in receipts if r.body.receipt in bookings}


def is_receipt(body: MirrorBody, booking: FinancialDiversBooking) -> bool:
    """Whether that is the receipt: a line bears the document's number and the amount."""
    return any(line.reference == body.number and line.amount == body.amount for line in booking.booking_lines)


async def send_match(octopus: Octopus, body: MirrorBody) -> None:
    """Match receipt and invoice."""
    await octopus.post_balancing(body.balancing)


async def look_match(octopus: Octopus, body: MirrorBody, since: datetime) -> str | None:
    """The key of the match, when the feed of matches shows it."""
    changes = await octopus.modified_balancings(since - OVERLAP)
    return next((match.key for match in changes.modified_balancings if match.key == body.match_key), None)


async def spent_receipts(
    octopus: Octopus, receipts: Sequence[Doubt[MirrorBody]]
) -> defaultdict[str, Decimal]:
    """What of the receipts is matched, with an invoice or a refund, by the text of their key.

    0 for what is not matched, and for all where the day's calls are scarce.
    """
    spent: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    left = octopus.remaining(MATCHES)
    if left is None or left > RESERVE:
        changes = await octopus.modified_balancings(min(receipt.since for receipt in receipts) - OVERLAP)
        for match in changes.modified_balancings:
            spent[match.credit_document.balancing_key.text] += match.matched
    return spent


def unmatched_receipts(workspace: Workspace) -> list[Doubt[MirrorBody]]:
    """Receipts that were booked and whose match was never made."""
    matched = set(links.payments(workspace))
    booked = intents.in_state(workspace, "done", kind="mirror_booking")
    receipts = [Doubt(i.id, msgspec.json.decode(i.body, type=MirrorBody), i.vendor_time) for i in booked]
    return [receipt for receipt in receipts if receipt.body.match_key not in matched]
