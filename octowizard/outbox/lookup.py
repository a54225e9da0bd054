"""Looking up what a write left behind: the only way to settle a doubt. And from when on a look is final.

Octopus lets a single booking be read ten times a day, its feeds 48 times: so one feed call answers for all
doubts at once, and the narrower calls are kept for when the feeds are spent.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

from octowizard.octopus.bookings import BuySellBooking
from octowizard.octopus.client import ALL_BOOKYEARS, Octopus
from octowizard.octopus.models import JOURNAL_TYPES, Relation
from octowizard.outbox.door import Doubt, Look
from octowizard.transport.errors import LimitReached, LimitSpent
from octowizard.workspace.db import Workspace
from octowizard.workspace.intents import Intent
from octowizard.workspace.links import BookingPlace

# The zone of Octopus' time stamps is not documented; see snapshot.part_reader.
OVERLAP = timedelta(hours=3)
# A request that was cut off may still be at work in Teamleader, and a new record takes a second to be listed (seen
# by a client); so many seconds after the call ended neither holds any more.
SETTLING_SECONDS = 15.0
# A call leaves at most so long after its intent (a sign-in to renew, a turn to wait for).
LEAVES_WITHIN = 75.0

_BEGAN = time.time()

C = TypeVar("C")
B = TypeVar("B")
R = TypeVar("R")


def seconds_to_wait(intent: Intent) -> float:
    """How long until a look in Teamleader is final; 0 when it is, and after a clock was set back.

    Where the end of the call is not known: it left before this process began, or soon after its intent.
    """
    now = time.time()
    if now < intent.made_at:
        return 0.0
    ended = intent.closed_at
    if ended is None:
        ended = intent.made_at + LEAVES_WITHIN
        if intent.made_at < _BEGAN:
            ended = min(ended, _BEGAN)
    return max(ended + SETTLING_SECONDS - now, 0.0)


def each(look: Callable[[C, B, datetime], Awaitable[R | None]]) -> Look[C, B, R]:
    """A look-up of many doubts out of that of one, which takes the body and the moment of the call."""

    async def look_up(client: C, _workspace: Workspace, doubts: Sequence[Doubt[B]]) -> dict[int, R]:
        records: dict[int, R] = {}
        for doubt in doubts:
            record = await look(client, doubt.body, doubt.since)
            if record is not None:
                records[doubt.intent] = record
        return records

    return look_up


class Standing(NamedTuple):
    """What stands at a document number. `amount` is None where the look-up does not show it."""

    comment: str
    reference: str
    day: date | None
    amount: Decimal | None

    def is_same(self, booking: BuySellBooking) -> bool:
        """Whether this is that booking: comment (document number and our mark), date and amount."""
        return (
            self.comment == booking.comment
            and self.day == booking.document_date
            and self.amount in (None, booking.amount)
        )


async def bookings_at(
    octopus: Octopus, places: Collection[BookingPlace], since: datetime
) -> dict[BookingPlace, Standing]:
    """What stands at these places, of what was written since then (vendor's clock). A free place is absent.

    Raises LimitSpent when every way of looking is spent for today, and what the calls raise.
    """
    try:
        bookings = await octopus.modified_bookings(ALL_BOOKYEARS, None, since - OVERLAP)
        return {place: _standing(b) for b in bookings if (place := place_of(b)) in places}
    except (LimitSpent, LimitReached):
        pass
    try:
        rows = await octopus.booking_lines(ALL_BOOKYEARS, -1, since - OVERLAP)
    except (LimitSpent, LimitReached):
        singly = {place: await octopus.booking(*place) for place in places}
        return {place: _standing(booking) for place, booking in singly.items() if booking is not None}
    letters = {number: letter for letter, number in JOURNAL_TYPES.items()}
    standing: dict[BookingPlace, Standing] = {}
    for row in rows.modified_bookings:
        journal = f"{letters.get(row.journal_type, '?')}{row.journal_nr}"
        place = (row.bookyear_key.id, journal, row.document_sequence_nr)
        if place in places:
            standing[place] = Standing(row.comment, row.reference, row.document_date, None)
    return standing


def place_of(booking: BuySellBooking) -> BookingPlace:
    """Where a booking stands, or is to stand."""
    return booking.bookyear_key.id, booking.journal_key, booking.document_sequence_nr


def _standing(booking: BuySellBooking) -> Standing:
    return Standing(booking.comment, booking.reference, booking.document_date, booking.amount)


async def relation_with(octopus: Octopus, external_number: int, since: datetime) -> Relation | None:
    """The relation that bears this external number, or None."""
    try:
        relations = await octopus.find_relations(external_id=external_number)
    except (LimitSpent, LimitReached):
        relations = list((await octopus.modified_relations(since - OVERLAP)).modified)
    for relation in relations:
        identity = relation.relation_identification_service_data
        if identity.external_relation_id == external_number and identity.relation_key is not None:
            return relation
    return None
