"""Settling bookings that are in doubt: one look at Octopus' feed answers for all of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from octowizard.octopus.bookings import BuySellBooking
from octowizard.outbox import look
from octowizard.outbox.doubts import Sides, Tell, Verdict, settles
from octowizard.workspace import intents, links


@settles("booking")
async def settle(sides: Sides, doubts: Sequence[intents.Intent], tell: Tell) -> None:
    """What stands at the number of each booking decides whether it was made."""
    places = {intent.id: _place(intent) for intent in doubts}
    since = min(intent.vendor_time for intent in doubts)
    standing = await look.bookings_at(sides.octopus, set(places.values()), since)
    for intent in doubts:
        kind, booking = msgspec.json.decode(intent.body, type=tuple[str, BuySellBooking])
        place = places[intent.id]
        there = standing.get(place)
        label = f"{booking.comment} → {place[1]}/{place[2]}"
        if there is not None and there.is_same(booking):
            link = links.DocumentLink(intent.subject, kind, *place, "booked")
            intents.close(sides.workspace, intent.id, "done", "found", link)
            tell(Verdict("booking", label, "done"))
        else:
            intents.close(sides.workspace, intent.id, "not_done", "looked")
            tell(Verdict("booking", label, "not_done"))


def _place(intent: intents.Intent) -> look.Place:
    bookyear, journal, number = intent.natural_key.split("/")
    return int(bookyear), journal, int(number)
