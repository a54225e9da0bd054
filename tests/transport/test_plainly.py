"""What a bookkeeper is told of a call that failed: what it was, where it has a name, and never the request."""

from __future__ import annotations

import pytest

from octowizard.locale.readings import call_name
from octowizard.transport.errors import (
    Failed,
    Forbidden,
    Interrupted,
    LimitReached,
    Refused,
    Unreadable,
    plainly,
)

NAMELESS = "customFieldDefinitions.list"
NAMED = "PUT /dossiers/{dossierId}/journals/V"


def test_every_kind_of_journal_is_a_journal() -> None:
    assert call_name(NAMED) == "writing journals"
    assert call_name("GET /dossiers/{dossierId}/bookyears/{bookyearId}/journals/F/{sequenceNumber}") == (
        "reading journals"
    )
    assert call_name(NAMELESS) == ""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("Octopus", NAMELESS, "[x] -12", status=400), "Octopus answered no."),
        (Refused("Octopus", NAMED, "[x] -12", status=400), "Octopus answered no: writing journals."),
        (
            Forbidden("Octopus", NAMELESS, status=403),
            "Octopus does not allow this user what was asked, or not now.",
        ),
        (LimitReached("Octopus", NAMELESS, status=429), "Octopus takes no more for now: try again later."),
        (Failed("Octopus", NAMELESS, status=500), "Octopus failed on its own side. Try again later."),
        (
            Failed("Octopus", NAMELESS, status=500, in_doubt=True),
            "Octopus failed on its own side. Whether it took effect is not known.",
        ),
        (
            Unreadable("Octopus", NAMELESS),
            "Octopus answered something that octowizard cannot read: try again later, and report it if it stays.",
        ),
    ],
)
def test_a_call_without_a_name_has_a_sentence_of_its_own(error: Refused, said: str) -> None:
    assert plainly(error) == said


def test_a_lost_connection_is_told_whole() -> None:
    assert "was lost" in plainly(Interrupted("Octopus", NAMELESS, "cut"))
