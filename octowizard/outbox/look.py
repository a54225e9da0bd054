"""Looking up what a write left behind: the only way to settle a doubt.

Octopus lets a single booking be read ten times a day, its feeds 48 times: so one feed call answers for all
doubts at once, and the narrower calls are kept for when the feeds are spent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from octowizard.octopus.bookings import BuySellBooking
from octowizard.octopus.client import ALL_BOOKYEARS, Octopus
from octowizard.octopus.models import JOURNAL_TYPES, Relation
from octowizard.transport.errors import LimitReached, LimitSpent

# The zone of Octopus' time stamps is not documented; see snapshot.take.
OVERLAP = timedelta(hours=3)

Place = tuple[int, str, int]  # bookyear id, journal key, document number


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


async def bookings_at(octopus: Octopus, places: Collection[Place], since: datetime) -> dict[Place, Standing]:
    """What stands at these places, of what was written since then (vendor's clock). A free place is absent.

    Raises LimitSpent when every way of looking is spent for today, and what the calls raise.
    """
    try:
        found = await octopus.modified_bookings(ALL_BOOKYEARS, None, since - OVERLAP)
        return {place: _standing(b) for b in found if (place := _place(b)) in places}
    except (LimitSpent, LimitReached):
        pass
    try:
        rows = await octopus.booking_lines(ALL_BOOKYEARS, -1, since - OVERLAP)
    except (LimitSpent, LimitReached):
        return await _one_by_one(octopus, places)
    letters = {number: letter for letter, number in JOURNAL_TYPES.items()}
    standing: dict[Place, Standing] = {}
    for row in rows.modified_bookings:
        journal = f"{letters.get(row.journal_type, '?')}{row.journal_nr}"
        place = (row.bookyear_key.id, journal, row.document_sequence_nr)
        if place in places:
            standing[place] = Standing(row.comment, row.reference, row.document_date, None)
    return standing


async def _one_by_one(octopus: Octopus, places: Collection[Place]) -> dict[Place, Standing]:
    found = {place: await octopus.booking(*place) for place in places}
    return {place: _standing(booking) for place, booking in found.items() if booking is not None}


def _place(booking: BuySellBooking) -> Place:
    return booking.bookyear_key.id, booking.journal_key, booking.document_sequence_nr


def _standing(booking: BuySellBooking) -> Standing:
    return Standing(booking.comment, booking.reference, booking.document_date, booking.amount)


async def relation_with(octopus: Octopus, external_number: int, since: datetime) -> Relation | None:
    """The relation that bears this external number, or None."""
    try:
        found = await octopus.find_relations(external_id=external_number)
    except (LimitSpent, LimitReached):
        found = list((await octopus.modified_relations(since - OVERLAP)).modified)
    for relation in found:
        identity = relation.relation_identification_service_data
        if identity.external_relation_id == external_number and identity.relation_key is not None:
            return relation
    return None
