"""Settling payments that are in doubt: a look at the invoice, once Teamleader must have finished with the request."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from octowizard.outbox.door import PaymentBody, payment_link, payment_stands
from octowizard.outbox.doubts import Sides, Tell, Verdict, settles
from octowizard.teamleader.client import Teamleader
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace

# A request that was cut off may still be at work on the other side; after this many seconds it no longer is.
PAYMENT_SECONDS = 15.0


def seconds_to_wait(intent: intents.Intent) -> float:
    """How long until a look at this payment is conclusive; 0 when it is, and after a clock was set back."""
    age = time.time() - intent.made_at
    return max(PAYMENT_SECONDS - age, 0.0) if age >= 0 else 0.0


def payments_in_doubt(workspace: Workspace) -> list[intents.Intent]:
    """Payments whose outcome is unknown, and those parked for a person."""
    return [i for i in intents.in_state(workspace, "open", "parked") if i.kind == "payment"]


async def payment(workspace: Workspace, teamleader: Teamleader, intent: intents.Intent) -> Verdict:
    """Settle one payment; call it only when `seconds_to_wait` is 0."""
    body = msgspec.json.decode(intent.body, type=PaymentBody)
    if await payment_stands(teamleader, body):
        intents.close(workspace, intent.id, "done", "found", payment_link(body, "registered"))
        return Verdict("payment", body.number, "done")
    intents.close(workspace, intent.id, "not_done", "looked")
    return Verdict("payment", body.number, "not_done")


@settles("payment")
async def settle(sides: Sides, doubts: Sequence[intents.Intent], tell: Tell) -> None:
    """Those that a look can decide by now; the others stay open for whoever looks next."""
    for intent in doubts:
        if not seconds_to_wait(intent):
            tell(await payment(sides.workspace, sides.teamleader, intent))
