"""For every broken practice company: a sync books all but what is affected, and after the cure the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from octowizard.sandbox import control
from octowizard.sandbox.worlds import SCENARIOS
from tests.scenarios.practising import practice

BROKEN = [name for name, scenario in SCENARIOS.items() if scenario.breaks]
SEEDS = range(1, 6) if os.environ.get("OCTOWIZARD_LONG") else (1,)

# What a sync calls a problem that it cannot tell from another: it sees only how a document fares.
ALSO_CALLED = {
    "journals-not-synchronised": {"missing-journal"},
    "no-write-right": {"dossier-refused"},
    "same-booking-number": {"number-taken"},
    "two-dossiers": {"set-up-missing", "missing-journal"},
    "vat-code-wrong-type": {"unmapped-vat"},
    "year-gap": {"missing-year"},
}
# Everything goes through, and yet a person is asked something.
ASKED = {"payment-parked"}
# There is nothing to be cured.
HARMLESS = {"rounding-difference"}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", BROKEN)
async def test_exactly_what_is_affected_stays_behind_until_it_is_cured(
    tmp_path: Path, name: str, seed: int
) -> None:
    async with practice(tmp_path, name, seed) as company:
        told = control.scenario(company.world)
        assert (told["name"], told["breaks"]) == (name, name)
        assert bool(told["cure"]) == (name not in HARMLESS)
        assert len(told["affected"]) != 1, "one document alone would not show that causes are grouped"

        before = await company.sync()
        assert company.not_booked() == sorted(told["affected"])
        assert before.problems <= {name} | ALSO_CALLED.get(name, set())
        whole = not told["affected"] and name not in ASKED
        assert (before.last.outcome == "complete") == whole
        if before.last.outcome == "attention" and told["affected"]:
            assert before.problems, "documents failed without a word"

        company.cure()
        after = await company.sync()
        assert after.last.outcome == "complete", after.last.message
        assert (after.last.failing, after.last.left_for_later, after.last.payments_parked) == (0, 0, 0)
        assert company.not_booked() == []
        assert company.booked_again() == []


async def test_the_planted_errors_of_the_tour_are_cured_one_after_the_other_to_a_clean_sync(
    tmp_path: Path,
) -> None:
    async with practice(tmp_path, "tour") as company:
        plants = control.scenario(company.world)["plants"]
        for place, plant in enumerate(plants):
            behind = {number for later in plants[place:] for number in later["affected"]}
            ended = await company.sync()
            assert (ended.last.outcome == "attention") == bool(behind)
            assert set(company.not_booked()) == behind, plant["problem"]
            for step in plant["cure"]:
                company.do(step)
            company.wait()
        ended = await company.sync()
        assert ended.last.outcome == "complete", ended.last.message
        assert company.not_booked() == []


async def test_most_of_the_tour_syncs_before_anything_is_cured(tmp_path: Path) -> None:
    async with practice(tmp_path, "tour") as company:
        ended = await company.sync()
        assert ended.last.booked > 2 * ended.last.failing > 0
        assert {plant.problem for plant in company.world.plants if plant.affected} - ended.problems == {
            "open-journal"  # behind the wrong type: a sync does not write there
        }
