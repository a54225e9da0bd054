"""What every broken practice company promises: one thing is wrong, and it says which documents that concerns.

OCTOWIZARD_LONG=1 builds each from more seeds.
"""

from __future__ import annotations

import os

import httpx
import pytest

from octowizard.sandbox import practice
from octowizard.sandbox.control import scenario
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS

BROKEN = [name for name, one in SCENARIOS.items() if one.breaks]
SEEDS = range(1, 11) if os.environ.get("OCTOWIZARD_LONG") else (1, 4, 9)


def numbers(world: World) -> set[str]:
    side = world.teamleader
    found = (kept.number for kept in (*side.invoices.values(), *side.credit_notes.values()))
    return {number for number in found if number}


@pytest.mark.parametrize("name", BROKEN)
def test_its_name_says_what_is_wrong_and_its_documents_are_there(name: str) -> None:
    for seed in SEEDS:
        world = SCENARIOS[name].build(seed)
        (plant,) = world.plants
        assert plant.problem == name == world.scenario
        assert set(plant.affected) <= numbers(world)
        assert len(set(plant.affected)) == len(plant.affected) != 1


@pytest.mark.parametrize("name", BROKEN)
def test_every_step_of_its_cure_can_be_done(name: str) -> None:
    world = SCENARIOS[name].build(2)
    for action, arguments in world.plants[0].cure:
        assert set(arguments) <= set(practice.ACTIONS[action].arguments)
        if (name, action) != ("number-taken", "delete-last-booking"):
            assert practice.perform(world, action, dict(arguments))


@pytest.mark.parametrize("name", BROKEN)
def test_it_can_be_made_of_any_size(name: str) -> None:
    for customers, documents in ((1, 1), (5, 5), (20, 0), (0, 0), (40, 100)):
        world = SCENARIOS[name].build(1, customers, documents)
        assert len(set(world.plants[0].affected)) <= documents, (customers, documents)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_invoice_of_a_customer_that_is_there_twice_bears_the_name_and_number_of_its_card(
    seed: int,
) -> None:
    world = SCENARIOS["duplicate-customer"].build(seed)
    ((_action, merge),) = world.plants[0].cure
    for identity in (merge["survivor"], merge["loser"]):
        card = world.teamleader.companies[identity].data
        borne = [
            (kept.data["invoicee"]["name"], kept.data["invoicee"]["vat_number"])
            for kept in world.teamleader.invoices.values()
            if kept.data["invoicee"]["customer"]["id"] == identity
        ]
        assert borne == [(card["name"], card["vat_number"])]


def test_a_broken_company_is_healthy_but_for_that() -> None:
    """The three payments that wait in every company still wait, and next year is there."""
    world = SCENARIOS["closed-journal"].build(3)
    dossier = next(iter(world.octopus.dossiers.values()))
    assert [year.data["closed"] for year in dossier.bookyears.values()] == [True, False, False]
    assert {key: journal.closed for (year, key), journal in dossier.journals.items() if year == 5} == {
        "A1": False,
        "D1": False,
        "F1": False,
        "V1": False,
        "V2": True,
        **{
            key: False
            for (year, key) in dossier.journals
            if year == 5 and key not in ["A1", "D1", "F1", "V1", "V2"]
        },
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tour_holds_one_of_each_documented_error(seed: int) -> None:
    world = SCENARIOS["tour"].build(seed)
    planted = [plant.problem for plant in world.plants]
    assert sorted(planted) == sorted(set(planted))
    assert {
        "closed-year",
        "closed-period",
        "secured-period",
        "wrong-journal-type",
        "journals-not-synchronised",
        "missing-account",
        "contractor",
        "duplicate-customer",
        "open-journal",
        "paid-drift",
        "unmatched-drift",
    } <= set(planted)
    assert all(plant.cure for plant in world.plants)
    affected = {number for plant in world.plants for number in plant.affected}
    assert affected <= numbers(world)
    assert len(affected) < 40


async def test_the_control_address_says_what_is_wrong_and_takes_each_step_as_it_stands() -> None:
    async with (
        serving(new_company(SCENARIOS["secured-period"].build(1))) as served,
        httpx.AsyncClient(base_url=served.connection()["control_url"], trust_env=False) as http,
    ):
        told = (await http.get("/scenario")).json()
        assert (told["name"], told["breaks"]) == ("secured-period", "secured-period")
        assert told["affected"]
        (step,) = told["cure"]
        assert (await http.post("/do", json=step)).status_code == 200
        assert served.company.world.octopus.dossiers[9045119].journals[5, "V1"].protected_period == 202609


def test_a_healthy_company_has_nothing_to_cure() -> None:
    told = scenario(SCENARIOS["healthy"].build(1, 5, 5))
    assert (told["breaks"], told["affected"], told["cure"], told["plants"]) == (None, [], [], [])


async def test_who_has_lost_its_rights_in_teamleader_is_told_so_and_gets_them_back() -> None:
    world = SCENARIOS["teamleader-rights"].build(1)
    world.teamleader.access_tokens["good"] = world.clock.now().replace(year=2030)
    async with (
        serving(new_company(world)) as served,
        httpx.AsyncClient(trust_env=False, headers={"Authorization": "Bearer good"}) as http,
    ):
        url = served.connection()["teamleader_url"]
        refused = await http.post(f"{url}/invoices.list", json={})
        assert (refused.status_code, refused.json()["errors"][0]["status"]) == (403, 403)
        assert refused.json()["errors"][0]["title"].startswith("No access to")
        assert (await http.post(f"{url}/companies.list", json={})).status_code == 200
        practice.perform(world, "teamleader-restore-rights", {})
        assert (await http.post(f"{url}/invoices.list", json={})).status_code == 200
