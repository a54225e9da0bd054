"""What no check can find is met by the way that does show it, and named there."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from octowizard.problems.catalogue import cards
from octowizard.problems.explain import explain
from octowizard.problems.recognition import recognise
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import events, look
from tests.scenarios.exceptions import ALSO_CALLED, UNSEEN
from tests.scenarios.practising import Practice, practice


def test_there_is_a_practice_company_for_every_card() -> None:
    assert {scenario.breaks for scenario in SCENARIOS.values() if scenario.breaks} == set(cards())


@pytest.mark.parametrize("name", sorted(UNSEEN.keys() - {"no-changes", "daily-limit"}))
async def test_what_only_a_write_shows_is_named_when_octopus_refuses_it(tmp_path: Path, name: str) -> None:
    async with practice(tmp_path, name) as company:
        assert not await company.check()
        ended = await company.sync()
        assert ended.problems
        assert ended.problems <= {name} | ALSO_CALLED.get(name, set())
        assert company.world.octopus_refused, "it was Octopus that said no"
        explained = explain(ended.problems.pop())
        assert explained.fix
        assert any(cause.state == "open" for cause in explained.causes)


async def test_calls_that_another_program_has_spent_end_the_sync_and_it_goes_on_tomorrow(
    tmp_path: Path,
) -> None:
    async with practice(tmp_path, "daily-limit") as company:
        assert not await company.check()
        ended = await company.sync()
        assert ended.last.outcome == "limit"
        assert ended.last.left_for_later == len(company.not_booked()) > 0
        assert any(isinstance(event, events.LimitReached) for event in ended.told)


async def test_where_nothing_has_changed_octopus_says_so_with_a_404_that_is_no_error(tmp_path: Path) -> None:
    async with practice(tmp_path, "no-changes") as company:
        said = await _said_of_changes(company)
        recognition = recognise(f"Octopus: {said}")
        assert recognition.problem == "no-changes"
        assert explain("no-changes").severity == "info"
        assert not await company.check()
        ended = await company.sync()
        assert (ended.last.outcome, ended.last.booked, ended.last.payments_registered) == ("complete", 0, 0)
        assert not ended.problems


async def _said_of_changes(company: Practice) -> str:
    """Octopus' own words when it is asked for the bookings of this year, of which there are none."""
    octopus, dossier = company.world.octopus, company.profile.dossier_id
    async with httpx.AsyncClient(base_url=company.profile.octopus_url, trust_env=False) as http:
        signed = await http.post(
            "/authentication",
            headers={"softwareHouseUuid": octopus.software_house},
            json={"user": octopus.user, "password": octopus.password},
        )
        token = signed.json()["token"]
        opened = await http.post("/dossiers", params={"dossierId": dossier}, headers={"Token": token})
        answer = await http.get(
            f"/dossiers/{dossier}/buysellbookings/modified",
            params={"bookyearId": 5, "modifiedTimeStamp": "1980-01-01 00:00:00.000"},
            headers={"dossierToken": opened.json()["Dossiertoken"]},
        )
    assert answer.status_code == 404, answer.text
    return f"{answer.status_code} {answer.json()['technicalInfo']}"


@pytest.mark.parametrize("file", ["bedrijven.xlsx", "bedrijven.csv"])
async def test_what_an_export_declares_is_explained_by_that_file_and_its_day(
    tmp_path: Path, file: str
) -> None:
    async with practice(tmp_path, "external-id-mismatch") as company:
        assert company.export(file) == len(company.world.teamleader.companies)
        (finding,) = await company.check()
        assert len(finding.records) == 2
        explained = explain("external-id-mismatch", look.offline(tmp_path, company.profile), company.profile)
        (cause,) = explained.confirmed
        assert any(line.startswith(f"Declared by {file}, read on 20/11/2026") for line in cause.evidence)
