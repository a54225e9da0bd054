"""What decides the meaning of a text is read with few calls, also where nothing was ever read."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.problems.explain import Explained
from octowizard.session.explanations import needed_first
from octowizard.session.session import Session
from tests.checks.practice import practice

SAID = {
    "closed-journal": "V1 is closed in Octopus",
    "closed-period": "Book year period is closed",
    "closed-year": "Fiscal year is closed",
    "secured-period": "BOOKYEAR_PERIOD_NR_PROTECTED",
    "wrong-journal-type": "'Journal V1' in Octopus has the wrong type. This should be 'Sales bookings' but is 'Invoices' instead.",
    "missing-journal": "BOOKYEAR_JOURNAL_NOT_FOUND",
}


def _standing(explained: Explained | None) -> list[tuple[str, str]]:
    assert explained is not None
    return [(cause.cause, cause.problem) for cause in explained.confirmed]


@pytest.mark.parametrize("scenario", sorted(SAID))
async def test_a_problem_of_a_place_is_confirmed_by_three_calls_where_nothing_was_read(
    tmp_path: Path, scenario: str
) -> None:
    text = SAID[scenario]
    assert needed_first(text)
    async with practice(tmp_path, scenario=scenario) as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(text, lambda _what, _count: None)
        calls = company.octopus_calls()
        calls.pop("GET /about/version", None)  # without a limit of the day
        assert 1 <= sum(calls.values()) <= 3, calls
        quick = session.explanations.diagnosed(text)
        assert _standing(quick.explained)

        # The next look is still a whole one, and tells the same of it.
        assert (await session.look()).not_checked == []
        assert _standing(session.explanations.diagnosed(text).explained) == _standing(quick.explained)


async def test_what_that_does_not_confirm_is_looked_for_in_all(tmp_path: Path) -> None:
    text = "Book year period is closed"
    async with practice(tmp_path, scenario="missing-account") as company:
        session = Session(company.root, company.profile)
        snapshot = await session.explanations.read(text, lambda _what, _count: None)
        assert snapshot is not None
        assert "bookings" not in snapshot.unread
        found = session.explanations.diagnosed(text)
        assert "missing-account" in {one.problem for one in found.likely}
