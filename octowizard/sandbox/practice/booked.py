"""Finding a sales booking by the names users write: V1/41, or the number of the Teamleader document."""

from __future__ import annotations

import re

from octowizard.sandbox.practice.action import BadArguments, dossier_of, teamleader_document, today
from octowizard.sandbox.state import Kept, World
from octowizard.sandbox.worlds.bookings import SalesKey
from octowizard.sandbox.worlds.books import year_of
from octowizard.sandbox.worlds.document_fields import number_of

BY_HAND = "Factuur "  # how the comment of a document begins that the accountant enters
_IN_OCTOPUS = re.compile(r"([AV]\d+)\s*[/ ]\s*(\d{1,10})", re.ASCII | re.IGNORECASE)


def display(key: SalesKey) -> str:
    """`V1/41`."""
    return f"{key[1]}/{key[2]}"


def key_named(world: World, written: str) -> SalesKey:
    """The booking meant: `V1/41` of the year of the practice day, else of the latest year that has it;
    or the booking of the Teamleader document `2026 / 15`. Raises BadArguments."""
    dossier = dossier_of(world)
    found = _IN_OCTOPUS.fullmatch(written.strip())
    if found is None:
        key = key_of(world, teamleader_document(world, written))
        if key is None:
            raise BadArguments(f"{written} is not booked in Octopus.")
        return key
    journal, number = found[1].upper(), int(found[2])
    now = year_of(dossier, today(world))
    years = sorted(
        dossier.bookyears, key=lambda year: (now is not None and year == now.id, year), reverse=True
    )
    for year in years:
        if (year, journal, number) in dossier.bookings:
            return (year, journal, number)
    raise BadArguments(f"There is no booking {journal}/{number} in Octopus.")


def key_of(world: World, document: Kept) -> SalesKey | None:
    """Where a Teamleader document is booked: by the number that opens the comment (of the connector, or of the
    accountant who enters it by hand), or by the reference."""
    number, payment = number_of(document), document.data.get("payment_reference")
    dossier = dossier_of(world)
    for key, booking in dossier.bookings.items():
        if not key[1].startswith("V"):
            continue
        comment, reference = booking.data.get("comment") or "", booking.data.get("reference")
        if comment in (number, f"{BY_HAND}{number}") or comment.startswith(f"{number} ·"):
            return key
        if reference is not None and reference in (number, payment):
            return key
    return None
