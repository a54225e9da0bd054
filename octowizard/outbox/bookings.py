"""Bookings of documents: known again by what stands at their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from octowizard.octopus.bookings import BuySellBooking
from octowizard.octopus.client import Octopus
from octowizard.outbox import lookup
from octowizard.outbox.door import Doubt, not_written
from octowizard.transport.errors import VendorError
from octowizard.workspace import links
from octowizard.workspace.db import Workspace
from octowizard.workspace.intents import Intent

_NUMBER_REFUSED = -13  # ILLEGAL_DOCUMENT_SEQUENCE_NR


class DocumentBooking(NamedTuple):
    """The booking of a document (Teamleader id) of a kind (invoice, credit_note)."""

    document: str
    kind: str
    booking: BuySellBooking

    @property
    def place(self) -> links.BookingPlace:
        """Where it is to stand."""
        return lookup.place_of(self.booking)


class NumberRefused(Exception):
    """Octopus wants another document number, or somebody else's booking stands at this one."""

    def __init__(self, cause: VendorError) -> None:
        self.cause = cause
        super().__init__(str(cause))


def restored(intent: Intent) -> DocumentBooking:
    """The body of an intent."""
    return DocumentBooking(intent.subject, *msgspec.json.decode(intent.body, type=tuple[str, BuySellBooking]))


async def send(octopus: Octopus, body: DocumentBooking) -> None:
    """Make the booking."""
    await octopus.post_booking(body.booking)


async def look(
    octopus: Octopus, _workspace: Workspace, doubts: Sequence[Doubt[DocumentBooking]]
) -> dict[int, lookup.Standing]:
    """What stands at the numbers: one look at the feed answers for all of them."""
    places = {doubt.intent: doubt.body.place for doubt in doubts}
    standing = await lookup.bookings_at(octopus, set(places.values()), min(doubt.since for doubt in doubts))
    return {intent: standing[place] for intent, place in places.items() if place in standing}


def is_number_refused(error: VendorError) -> bool:
    """-13: perhaps our own booking has the number."""
    return error.vendor == "Octopus" and error.code == _NUMBER_REFUSED


def failed(failure: VendorError, standing: lookup.Standing | None) -> Exception:
    """What a booking that does not stand at its number ends with."""
    if standing is not None or is_number_refused(failure):
        return NumberRefused(failure)
    return not_written(failure, standing)


def links_of(body: DocumentBooking, _standing: object) -> tuple[links.Link, ...]:
    """The link that a booking makes."""
    return (links.DocumentLink(body.document, body.kind, *body.place, "booked"),)
