"""The one door through which anything is written to a vendor.

Every write is three steps: the intent, committed to the disk; the call; the outcome, committed together with the
link it made. A call whose outcome is unknown is settled by looking, never by repeating. What the door raises
says what is certain: nothing was written, something else stands there, or it is still in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from typing import Protocol

import msgspec

from octowizard.octopus.bookings import BuySellBooking
from octowizard.octopus.client import Octopus
from octowizard.octopus.contract import max_calls_per_day
from octowizard.octopus.models import Relation
from octowizard.outbox import look
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import InvoicePayment, Money
from octowizard.transport.errors import Interrupted, LimitSpent, Refused, VendorError
from octowizard.transport.ledger import day_ends
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace

POST_BOOKING = "POST /dossiers/{dossierId}/buysellbookings"
PUT_RELATION = "PUT /dossiers/{dossierId}/relations"
NUMBER_REFUSED = -13  # ILLEGAL_DOCUMENT_SEQUENCE_NR

_encode = msgspec.json.Encoder(decimal_format="number").encode


class NotWritten(Exception):
    """The call failed, and a look showed that nothing was written. It may be tried again."""

    def __init__(self, cause: VendorError) -> None:
        self.cause = cause
        super().__init__(str(cause))


class NumberRefused(Exception):
    """Octopus wants another document number, or somebody else's booking stands at this one."""

    def __init__(self, cause: VendorError | None) -> None:
        self.cause = cause
        super().__init__(str(cause))


class StillInDoubt(Exception):
    """The call failed, and so did the look. The intent stays open; the next run settles it first."""

    def __init__(self, cause: VendorError) -> None:
        self.cause = cause
        super().__init__(str(cause))


class PaymentBody(msgspec.Struct, frozen=True):
    """What a payment intent remembers. `equal_before`: payments of this amount and day that stood there already."""

    key: str  # of the match in Octopus
    document: str
    number: str
    amount: Decimal
    currency: str
    paid_at: datetime
    equal_before: int


class Door(Protocol):
    """What the engine writes through: the real Outbox, or Paper in a preview."""

    async def relation(self, customer: str, relation: Relation, /) -> int | None:
        """Create (or merge into) the relation with this external number; its id, None on paper."""

    async def booking(self, document: str, kind: str, booking: BuySellBooking, /) -> bool:
        """Make the booking; True when it was found to stand there already."""

    async def payment(self, body: PaymentBody, /) -> None:
        """Register the payment in Teamleader."""


def equal_payments(payments: Iterable[InvoicePayment], body: PaymentBody) -> tuple[int, int]:
    """How many of an invoice's payments are exactly this one, and how many may be it if only its day were kept.

    Whether Teamleader keeps the time of day of a payment is not documented. Where it does, a payment of the same
    amount and day at another moment is another one: an octowizard elsewhere may have registered an equal match.
    """
    exactly = of_the_day = 0
    for payment in payments:
        moment = payment.paid_at
        if moment is None or payment.payment.amount != body.amount:
            continue
        exactly += moment == body.paid_at
        of_the_day += moment.date() == body.paid_at.date() and moment.time() == time()
    return exactly, of_the_day


class Outbox:
    """The real door. `run` names the run in the intents."""

    def __init__(self, workspace: Workspace, octopus: Octopus, teamleader: Teamleader, run: int) -> None:
        self._workspace = workspace
        self._octopus = octopus
        self._teamleader = teamleader
        self._run = run

    async def booking(self, document: str, kind: str, booking: BuySellBooking) -> bool:
        """Raises NotWritten, NumberRefused, StillInDoubt, Refused (a business rule), LimitSpent."""
        place = (booking.bookyear_key.id, booking.journal_key, booking.document_sequence_nr)
        asked = self._octopus.clock.now()
        intent = intents.open_intent(
            self._workspace,
            run=self._run,
            kind="booking",
            subject=document,
            natural_key="/".join(map(str, place)),
            body=_encode((kind, booking)),
            vendor_time=asked,
        )
        link = links.DocumentLink(document, kind, *place, "booked")
        try:
            await self._octopus.post_booking(booking)
        except VendorError as error:
            if not error.in_doubt and not _is_number(error):
                self._close_failed(intent, error)
                raise
            standing = await self._look_at(place, asked, error)
            if standing is not None and standing.is_same(booking):
                intents.close(self._workspace, intent, "done", "found", link)
                return True
            intents.close(self._workspace, intent, "not_done", str(error))
            if standing is not None or _is_number(error):
                raise NumberRefused(error) from error
            raise NotWritten(error) from error
        intents.close(self._workspace, intent, "done", "", link)
        return False

    async def _look_at(self, place: look.Place, since: datetime, error: VendorError) -> look.Standing | None:
        try:
            return (await look.bookings_at(self._octopus, [place], since)).get(place)
        except VendorError as trouble:
            raise StillInDoubt(trouble) from error

    async def relation(self, customer: str, relation: Relation) -> int | None:
        """Raises NotWritten, StillInDoubt, Refused, LimitSpent."""
        number = relation.relation_identification_service_data.external_relation_id or 0
        asked = self._octopus.clock.now()
        intent = intents.open_intent(
            self._workspace,
            run=self._run,
            kind="relation",
            subject=customer,
            natural_key=str(number),
            body=_encode(relation),
            vendor_time=asked,
        )
        failure: VendorError | None = None
        made: Relation | None = None
        try:
            made = await self._octopus.put_relation(relation)
        except VendorError as error:
            if not error.in_doubt:
                self._close_failed(intent, error)
                raise
            failure = error
        if made is None:
            # An unknown outcome, or Octopus merged it into a relation with this number and did not say which.
            try:
                made = await look.relation_with(self._octopus, number, asked)
            except VendorError as trouble:
                raise StillInDoubt(trouble) from failure
        key = made.relation_identification_service_data.relation_key if made else None
        if key is None:
            cause = failure or Interrupted("Octopus", PUT_RELATION, in_doubt=False)
            intents.close(self._workspace, intent, "not_done", str(cause))
            raise NotWritten(cause) from failure
        link = links.CustomerLink(customer, key.id, number, "created")
        intents.close(self._workspace, intent, "done", "found" if failure else "", link)
        return key.id

    async def payment(self, body: PaymentBody) -> None:
        """Raises NotWritten, StillInDoubt, Refused. The caller has read the invoice's payments just before."""
        intent = intents.open_intent(
            self._workspace,
            run=self._run,
            kind="payment",
            subject=body.document,
            natural_key=body.key,
            body=_encode(body),
            vendor_time=self._teamleader.clock.now(),
        )
        link = payment_link(body, "registered")
        try:
            await self._teamleader.register_payment(
                body.document, Money(body.amount, body.currency), body.paid_at
            )
        except VendorError as error:
            if not error.in_doubt:
                self._close_failed(intent, error)
                raise
            try:
                done = await payment_stands(self._teamleader, body)
            except VendorError as trouble:
                raise StillInDoubt(trouble) from error
            if done:
                intents.close(self._workspace, intent, "done", "found", link)
                return
            if isinstance(error, Interrupted):
                # No answer came: Teamleader may still be at it. Looked at again when it must have finished.
                raise StillInDoubt(error) from error
            intents.close(self._workspace, intent, "not_done", str(error))
            raise NotWritten(error) from error
        intents.close(self._workspace, intent, "done", "", link)

    def _close_failed(self, intent: int, error: VendorError) -> None:
        state: intents.State = "refused" if isinstance(error, Refused) else "not_done"
        intents.close(self._workspace, intent, state, str(error))


def payment_link(body: PaymentBody, how: str) -> links.PaymentLink:
    """The link a registered payment makes."""
    return links.PaymentLink(body.key, body.document, body.amount, body.paid_at.date().isoformat(), how)


async def payment_stands(teamleader: Teamleader, body: PaymentBody) -> bool:
    """Whether the payment is on the invoice: its very moment, or one more of its amount with just its day."""
    exactly, of_the_day = equal_payments((await teamleader.invoice(body.document)).payments, body)
    return exactly > 0 or of_the_day > body.equal_before


def _is_number(error: VendorError) -> bool:
    return error.vendor == "Octopus" and error.code == NUMBER_REFUSED


class Paper:
    """The door of a preview: nothing is written; the limits of the day are counted as if it were."""

    def __init__(self, octopus: Octopus, *, limits: bool) -> None:
        self._octopus = octopus
        self._left: dict[str, int | None] = {
            operation: octopus.remaining(operation) if limits else None
            for operation in (POST_BOOKING, PUT_RELATION)
        }
        self._counted: set[tuple[str, str]] = set()

    def _spend(self, operation: str, subject: str) -> None:
        """Count one write for `subject`; the same relation is made once, however many documents want it."""
        left = self._left[operation]
        if left is None or (operation, subject) in self._counted:
            return
        if left <= 0:
            now = self._octopus.clock.now()
            raise LimitSpent(
                "Octopus", operation, limit=max_calls_per_day(operation) or 0, until=day_ends(now)
            )
        self._counted.add((operation, subject))
        self._left[operation] = left - 1

    async def relation(self, customer: str, _relation: Relation) -> int | None:
        """Counts one relation."""
        self._spend(PUT_RELATION, customer)
        return None

    async def booking(self, document: str, _kind: str, _booking: BuySellBooking) -> bool:
        """Counts one booking."""
        self._spend(POST_BOOKING, document)
        return False

    async def payment(self, _body: PaymentBody) -> None:
        """Nothing to count: Teamleader has no limit a day."""
