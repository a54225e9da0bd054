"""Finding a sales booking by the names users write: V1/41, or the number of the Teamleader document."""

from __future__ import annotations

import re

from octowizard.sandbox.practice.action import BadArguments, Task
from octowizard.sandbox.state import DocumentKey, Kept
from octowizard.sandbox.worlds.books import year_of

BY_HAND = "Factuur "  # how the comment of a document begins that the accountant enters
_IN_OCTOPUS = re.compile(r"([AV]\d+)\s*[/ ]\s*(\d{1,10})", re.ASCII | re.IGNORECASE)


def display(key: DocumentKey) -> str:
    """`V1/41`."""
    return f"{key[1]}/{key[2]}"


def key_named(task: Task) -> DocumentKey:
    """The booking that `document` names: `V1/41` of the year of the practice day, else of the latest year that has it;
    or the booking of the Teamleader document `2026 / 15`. Raises BadArguments."""
    dossier, written = task.dossier, task.text("document")
    in_octopus = _IN_OCTOPUS.fullmatch(written)
    if in_octopus is None:
        key = key_of(task, task.document())
        if key is None:
            raise BadArguments(f"{written} is not booked in Octopus.")
        return key
    journal, number = in_octopus[1].upper(), int(in_octopus[2])
    now = year_of(dossier, task.today)
    for year in sorted(
        dossier.bookyears, key=lambda id_: (now is not None and id_ == now.id, id_), reverse=True
    ):
        if (year, journal, number) in dossier.bookings:
            return (year, journal, number)
    raise BadArguments(f"There is no booking {journal}/{number} in Octopus.")


def key_of(task: Task, document: Kept) -> DocumentKey | None:
    """Where a Teamleader document is booked: by the number that opens the comment (of the connector, or of the
    accountant who enters it by hand), or by the reference."""
    number, payment = document.number, document.data.get("payment_reference")
    for key, booking in task.dossier.bookings.items():
        if not key[1].startswith("V"):
            continue
        comment, reference = booking.data.get("comment") or "", booking.data.get("reference")
        if comment in (number, f"{BY_HAND}{number}") or comment.startswith(f"{number} ·"):
            return key
        if reference is not None and reference in (number, payment):
            return key
    return None
