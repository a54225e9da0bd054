"""`octowizard calendar` as a user or a script has it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import octowizard
from tests.cli.test_practice_company import served

SMALL = ("--customers", "12", "--documents", "10")


def grid(tmp_path: Path, scenario: str) -> tuple[int, Any]:
    ended = octowizard(tmp_path, "--sandbox", scenario, *SMALL, "calendar", "--json")
    (line,) = ended.out.splitlines()
    return ended.code, json.loads(line)


def cells(body: Any) -> list[tuple[int, Any]]:
    return [
        (period["number"], cell)
        for year in body["years"]
        for period in year["periods"]
        for cell in period["cells"]
    ]


def test_every_waiting_document_is_in_one_cell_of_the_json(tmp_path: Path) -> None:
    code, body = grid(tmp_path, "healthy")
    assert code == 0
    assert list(body) == [
        "schema",
        "command",
        "profile",
        "taken_at",
        "journals",
        "years",
        "not_read",
        "rests_on",
        "refused",
    ]
    assert (body["schema"], body["command"], body["journals"]) == (1, "calendar", ["V1", "V2"])
    stands = [identity for _number, cell in cells(body) for identity in cell["documents"]]
    assert len(stands) == len(set(stands)) == 10
    assert {cell["state"] for _number, cell in cells(body)} == {"open", "future", "secured"}
    assert body["not_read"] == {}


@pytest.mark.parametrize(
    ("scenario", "state", "problem"),
    [
        ("secured-period", "secured", "secured-period"),
        ("closed-period", "closed", "closed-period"),
        ("wrong-journal-type", "wrong-type", "wrong-journal-type"),
        ("missing-journal", "missing", "missing-journal"),
        ("missing-year", "missing", "missing-year"),
        ("closed-year", "closed", "closed-year"),
    ],
)
def test_a_place_that_takes_no_bookings_says_why(
    tmp_path: Path, scenario: str, state: str, problem: str
) -> None:
    code, body = grid(tmp_path, scenario)
    assert code == 1
    assert (state, problem) in {
        (cell["state"], cell["problem"]) for _n, cell in cells(body) if cell["waiting"]
    }


def test_people_see_years_periods_and_a_legend_and_the_next_time_without_a_call(tmp_path: Path) -> None:
    with served(tmp_path, "--scenario", "healthy", *SMALL) as company:
        assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", company.url).code == 0
        first = octowizard(tmp_path, "calendar")
        assert first.code == 0, first.err
        assert "Boekjaar 2026" in first.out
        assert "202610" in first.out
        assert "· open  – later  ▒ secured  █ closed  _ missing  ! wrong type" in first.out
        before = company.world()["octopus"]["calls"]
        again = octowizard(tmp_path, "calendar")
        assert again.out == first.out
        assert company.world()["octopus"]["calls"] == before
        octowizard(tmp_path, "calendar", "--refresh")
        assert company.world()["octopus"]["calls"] != before


def test_what_could_not_be_read_is_not_an_empty_calendar(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "--sandbox", "sign-in-refused", *SMALL, "calendar", "--json")
    assert ended.code == 3
    assert {"years", "journals"} <= json.loads(ended.out)["not_read"].keys()
