"""The door for payments that are mirrored to Octopus: a receipt and its match, each with its intent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import msgspec

from octowizard.octopus.bookings import Balancing, BalancingKey, FinancialDiversBooking
from octowizard.octopus.client import ALL_BOOKYEARS, Octopus
from octowizard.octopus.models import Key
from octowizard.outbox import look
from octowizard.outbox.door import NotWritten, StillInDoubt
from octowizard.outbox.doubts import Outcome, Sides, Tell, Verdict, settles
from octowizard.transport.errors import VendorError
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace

_encode = msgspec.json.Encoder(decimal_format="number").encode


class MirrorBody(msgspec.Struct, frozen=True):
    """What both intents of a mirrored payment remember. `sale` and `receipt`: bookyear id, journal, number."""

    document: str
    number: str
    amount: Decimal
    paid_on: date
    sale: look.Place
    receipt: look.Place

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
    def link(self) -> links.PaymentLink:
        """The link that a mirrored payment makes: so its match is never brought back as a new payment."""
        return links.PaymentLink(
            self.match_key, self.document, self.amount, self.paid_on.isoformat(), "mirrored"
        )


class MirrorDoor(Protocol):
    """What mirroring writes through."""

    async def receipt(self, body: MirrorBody, receipt: FinancialDiversBooking, /) -> None:
        """Book the receipt."""

    async def match(self, body: MirrorBody, /) -> None:
        """Match it with the invoice."""

    async def settle(self, tell: Callable[[str, Outcome], None], /) -> None:
        """Settle what an earlier run left in doubt or half done."""


class MirrorPaper:
    """The door of a preview."""

    async def receipt(self, _body: MirrorBody, _receipt: FinancialDiversBooking) -> None:
        """Nothing is written."""

    async def match(self, _body: MirrorBody) -> None:
        """Nothing is written."""

    async def settle(self, _tell: Callable[[str, Outcome], None]) -> None:
        """Nothing is settled."""


class MirrorOutbox:
    """The real door. Raises NotWritten, StillInDoubt, and what the calls raise."""

    def __init__(self, workspace: Workspace, octopus: Octopus, run: int) -> None:
        self._workspace = workspace
        self._octopus = octopus
        self._run = run

    async def receipt(self, body: MirrorBody, receipt: FinancialDiversBooking) -> None:
        """Book the receipt; a doubt is settled by what stands at its number."""
        asked = self._octopus.clock.now()
        intent = self._open("mirror_booking", body, asked)
        try:
            await self._octopus.post_financial_booking(receipt)
        except VendorError as error:
            if not error.in_doubt:
                intents.close(self._workspace, intent, "refused", str(error))
                raise
            try:
                stands = await _receipt_stands(self._octopus, body, asked)
            except VendorError as trouble:
                raise StillInDoubt(trouble) from error
            if not stands:
                intents.close(self._workspace, intent, "not_done", str(error))
                raise NotWritten(error) from error
        intents.close(self._workspace, intent, "done")

    async def match(self, body: MirrorBody) -> None:
        """Match receipt and invoice; a doubt is settled by the feed of matches."""
        asked = self._octopus.clock.now()
        intent = self._open("mirror_match", body, asked)
        try:
            await self._octopus.post_balancing(body.balancing)
        except VendorError as error:
            if not error.in_doubt:
                intents.close(self._workspace, intent, "refused", str(error))
                raise
            try:
                stands = await _match_stands(self._octopus, body, asked)
            except VendorError as trouble:
                raise StillInDoubt(trouble) from error
            if not stands:
                intents.close(self._workspace, intent, "not_done", str(error))
                raise NotWritten(error) from error
        intents.close(self._workspace, intent, "done", "", body.link)

    async def settle(self, tell: Callable[[str, Outcome], None]) -> None:
        """Look up both kinds of doubt; a receipt without its match is matched now."""
        open_ones = intents.in_state(self._workspace, "open")
        mirrored = [intent for intent in open_ones if intent.kind in ("mirror_booking", "mirror_match")]
        for verdict in await _settled(self._workspace, self._octopus, mirrored):
            tell(verdict.label, verdict.outcome)
        for body in half_done(self._workspace):
            await self.match(body)

    def _open(self, kind: intents.Kind, body: MirrorBody, asked: datetime) -> int:
        return intents.open_intent(
            self._workspace,
            run=self._run,
            kind=kind,
            subject=body.document,
            natural_key=body.match_key,
            body=_encode(body),
            vendor_time=asked,
        )


async def _receipt_stands(octopus: Octopus, body: MirrorBody, since: datetime) -> bool:
    found = await octopus.modified_financial_bookings(ALL_BOOKYEARS, None, since - look.OVERLAP)
    for booking in found:
        place = (booking.bookyear_key.id, booking.journal_key, booking.document_sequence_nr)
        if place == body.receipt:
            return any(
                line.reference == body.number and line.amount == body.amount for line in booking.booking_lines
            )
    return False


async def _match_stands(octopus: Octopus, body: MirrorBody, since: datetime) -> bool:
    changes = await octopus.modified_balancings(since - look.OVERLAP)
    return any(record.key == body.match_key for record in changes.modified_balancings)


@settles("mirror_booking", "mirror_match")
async def settle(sides: Sides, doubts: Sequence[intents.Intent], tell: Tell) -> None:
    """What stands at the receipt's number, and what the feed of matches shows; nothing is written."""
    for verdict in await _settled(sides.workspace, sides.octopus, doubts):
        tell(verdict)


async def _settled(workspace: Workspace, octopus: Octopus, doubts: Sequence[intents.Intent]) -> list[Verdict]:
    verdicts = []
    for intent in doubts:
        body = msgspec.json.decode(intent.body, type=MirrorBody)
        look_up = _receipt_stands if intent.kind == "mirror_booking" else _match_stands
        done = await look_up(octopus, body, intent.vendor_time)
        made = (body.link,) if done and intent.kind == "mirror_match" else ()
        intents.close(workspace, intent.id, "done" if done else "not_done", "looked", *made)
        verdicts.append(Verdict(intent.kind, body.number, "done" if done else "not_done"))
    return verdicts


def half_done(workspace: Workspace) -> list[MirrorBody]:
    """Receipts that were booked and whose match was never made."""
    matched = set(links.payments(workspace))
    rows = workspace.rows("SELECT body FROM intent WHERE kind = 'mirror_booking' AND state = 'done'")
    bodies = [msgspec.json.decode(body, type=MirrorBody) for (body,) in rows]
    return [body for body in bodies if body.match_key not in matched]
