"""Payments registered in Teamleader, which have no id: known again by moment and amount on their invoice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from typing import Literal

import msgspec

from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import InvoicePayment, Money
from octowizard.workspace import links


class PaymentBody(msgspec.Struct, frozen=True):
    """What a payment intent remembers. `equal_before`: payments of this amount and day that stood there already."""

    key: str  # of the match in Octopus
    document: str
    number: str
    amount: Decimal
    currency: str
    paid_at: datetime
    equal_before: int

    def link(self, how: str) -> links.PaymentLink:
        """The link that a payment makes: registered by us, or found."""
        day = self.paid_at.date().isoformat()
        return links.PaymentLink(self.key, self.document, self.amount, day, how)


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


async def send(teamleader: Teamleader, body: PaymentBody) -> None:
    """Register it. The caller has read the invoice's payments just before."""
    await teamleader.register_payment(body.document, Money(body.amount, body.currency), body.paid_at)


async def look(teamleader: Teamleader, body: PaymentBody, _since: datetime) -> Literal[True] | None:
    """Whether it is on the invoice: its very moment, or one more of its amount with just its day."""
    exactly, of_the_day = equal_payments((await teamleader.invoice(body.document)).payments, body)
    return True if exactly > 0 or of_the_day > body.equal_before else None
