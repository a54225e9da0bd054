"""The tour: each planted error is found, cured by itself, and gone; at the end check and sync are clean."""

from __future__ import annotations

from pathlib import Path

from octowizard.sandbox import control
from tests.scenarios.exceptions import DECLARED, FOUND_AS
from tests.scenarios.practising import documents, practice

# Behind the wrong type of its journal: no check sees a lock, and a sync does not write there.
HIDDEN = {"open-journal"}


def shown_as(problem: str) -> str:
    """What a check calls it."""
    (name,) = FOUND_AS.get(problem, {problem})
    return name


async def test_the_check_finds_all_that_is_planted_in_the_tour_and_nothing_besides(tmp_path: Path) -> None:
    async with practice(tmp_path, "tour") as company:
        planted = {plant.problem for plant in company.world.plants}
        seen = {shown_as(problem) for problem in planted - HIDDEN}
        assert {finding.problem for finding in await company.check()} == seen - DECLARED.keys()
        company.export()
        found = await company.check()
        assert {finding.problem for finding in found} == seen
        assert "contractor" in seen
        stopping = [finding for finding in found if finding.severity == "blocking"]
        assert (await company.sync()).failed == documents(stopping)


async def test_each_error_of_the_tour_is_found_cured_and_gone_up_to_a_clean_sync(tmp_path: Path) -> None:
    async with practice(tmp_path, "tour") as company:
        company.export()
        found = {finding.problem for finding in await company.check()}
        for plant in control.scenario(company.world)["plants"]:
            problem = plant["problem"]
            assert problem in HIDDEN or shown_as(problem) in found
            for step in plant["cure"]:
                company.do(step)
            company.wait()
            if problem in DECLARED:
                company.export()
            if problem not in HIDDEN:
                assert not await company.check_again(shown_as(problem)), problem
        ended = await company.sync()
        assert ended.last.outcome == "complete", ended.last.message
        assert company.not_booked() == []
        company.wait()
        assert not await company.check()


async def test_each_cure_of_the_tour_lets_its_own_documents_through(tmp_path: Path) -> None:
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
        assert {plant.problem for plant in company.world.plants if plant.affected} - ended.problems == HIDDEN
