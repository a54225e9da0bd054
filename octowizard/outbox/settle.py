"""Settling what an earlier process left in doubt: by looking at the vendors, before anything new is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec

from octowizard.octopus.bookings import BuySellBooking
from octowizard.octopus.client import Octopus
from octowizard.octopus.models import Relation
from octowizard.outbox import look
from octowizard.outbox.door import PaymentBody, payment_link, payment_stands
from octowizard.teamleader.client import Teamleader
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace

# A request that was cut off may still be at work on the other side; after this many seconds it no longer is.
PAYMENT_SECONDS = 15.0


class Verdict(NamedTuple):
    """What a doubt turned out to be. `label` names the record for people."""

    kind: Literal["booking", "relation", "payment"]
    label: str
    outcome: Literal["done", "not_done", "parked"]


Tell = Callable[[Verdict], None]


async def writes(workspace: Workspace, octopus: Octopus, tell: Tell) -> None:
    """Settle bookings and relations. Raises what looking raises: then nothing new may be written."""
    doubts = intents.in_state(workspace, "open")
    bookings = [intent for intent in doubts if intent.kind == "booking"]
    if bookings:
        places = {intent.id: _place(intent) for intent in bookings}
        since = min(intent.vendor_time for intent in bookings)
        standing = await look.bookings_at(octopus, set(places.values()), since)
        for intent in bookings:
            kind, booking = msgspec.json.decode(intent.body, type=tuple[str, BuySellBooking])
            place = places[intent.id]
            there = standing.get(place)
            label = f"{booking.comment} → {place[1]}/{place[2]}"
            if there is not None and there.is_same(booking):
                link = links.DocumentLink(intent.subject, kind, *place, "booked")
                intents.close(workspace, intent.id, "done", "found", link)
                tell(Verdict("booking", label, "done"))
            else:
                intents.close(workspace, intent.id, "not_done", "looked")
                tell(Verdict("booking", label, "not_done"))
    for intent in doubts:
        if intent.kind != "relation":
            continue
        wanted = msgspec.json.decode(intent.body, type=Relation)
        number = int(intent.natural_key)
        made = await look.relation_with(octopus, number, intent.vendor_time)
        key = made.relation_identification_service_data.relation_key if made else None
        if key is not None:
            made_link = links.CustomerLink(intent.subject, key.id, number, "created")
            intents.close(workspace, intent.id, "done", "found", made_link)
            tell(Verdict("relation", wanted.name, "done"))
        else:
            intents.close(workspace, intent.id, "not_done", "looked")
            tell(Verdict("relation", wanted.name, "not_done"))


def _place(intent: intents.Intent) -> look.Place:
    bookyear, journal, number = intent.natural_key.split("/")
    return int(bookyear), journal, int(number)


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
