"""Each cause is told of its own records: where two hold for different ones, neither borrows the other's names."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.planning.problems import RECORDS
from octowizard.problems import explain as explaining
from octowizard.problems.catalogue import Cause, cards
from octowizard.problems.evidence import Seen
from octowizard.problems.explain import CauseFound, explain
from tests.build import PROFILE, SNAPSHOT
from tests.checks.practice import practice

SEVERAL = [card.id for card in cards().values() if sum(bool(cause.confirmed_by) for cause in card.causes) > 1]


def words(found: CauseFound) -> str:
    """Everything that is said of a cause and of its cure."""
    return " ".join((found.text, found.what, *found.fix, *found.never, found.who, found.fixed_when))


@pytest.mark.parametrize("problem", SEVERAL)
def test_two_causes_that_are_confirmed_for_different_records_are_each_told_of_their_own(
    problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = cards()[problem]
    seen = [cause.id for cause in card.causes if cause.confirmed_by]

    def own(cause: str) -> dict[str, str]:
        return {name: f"<{name} {seen.index(cause)}>" for name in RECORDS}

    def at(_look: object, cause: Cause) -> explaining._Standing:
        if cause.id not in seen:
            return explaining._Standing("open")
        evidence = (f"evidence {seen.index(cause.id)}",)
        return explaining._Standing("confirmed", evidence, cause.confirmed_by[0], own(cause.id))

    monkeypatch.setattr(explaining._Look, "at", at)
    # Each is confirmed by a finding of its own, so none is set aside as fitting what another rests on already.
    monkeypatch.setattr(explaining, "_first_of_each", lambda _card, looked: looked)
    found = explain(problem, SNAPSHOT, PROFILE)
    assert {cause.cause for cause in found.confirmed} == set(seen)
    for cause in found.confirmed:
        others = [value for other in seen if other != cause.cause for value in own(other).values()]
        assert not [value for value in others if value in words(cause)]
        assert cause.fix
        assert cause.who
    first = found.confirmed[0].cause
    others = [value for other in seen if other != first for value in own(other).values()]
    assert not [value for value in others if value in f"{found.title} {found.summary}"]


def test_what_several_places_confirm_is_told_of_none_of_them_alone() -> None:
    standing = explaining._standing(
        "closed-journal",
        [
            Seen(True, "V1 is closed.", {"journal": "V1", "year": "2026"}),
            Seen(True, "V2 is closed.", {"journal": "V2", "year": "2026"}),
        ],
    )
    assert standing.names == {"year": "2026"}


async def test_error_15_in_a_company_with_a_closed_year_and_a_secured_period_mixes_neither(
    tmp_path: Path,
) -> None:
    async with practice(tmp_path, scenario="tour", customers=None, documents=None) as company:
        snapshot, _findings, _not_checked = await company.check()
        found = explain("secured-period", snapshot, company.profile)
    years = {cause.cause: words(cause) for cause in found.confirmed}
    assert set(years) == {"secured-period", "closed-period", "closed-year"}
    assert "fiscal year 2025" in years["closed-year"]
    assert "2026" not in years["closed-year"]
    assert "202609" in years["secured-period"]
    assert "202608" not in years["secured-period"]
    assert "period 202608" in years["closed-period"]
    assert "202609" not in years["closed-period"]
