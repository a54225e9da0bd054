"""`octowizard check` looks ahead: what is wrong is found by its name, cured at the practice desk, and gone."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.sandbox import control
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session import practice_company

RETURN = "GET /dossiers/{dossierId}/bookyears/{bookyearId}"


@contextmanager
def served(home: Path, scenario: str) -> Iterator[World]:
    """A small practice company in a thread, kept as the profile `p`."""
    company = new_company(SCENARIOS[scenario].build(1, 20, 8))
    ready, over = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with serving(company) as there:
            told = practice_company.decoded(json.dumps(there.connection()).encode())
            practice_company.add(home, "p", told)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(60)
    try:
        yield company.world
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("OCTOWIZARD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
    return tmp_path


class Say:
    """Commands in this process, and what they printed."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        self._capfd.readouterr()
        code = main.run(list(words))
        return code, [json.loads(line) for line in self._capfd.readouterr().out.splitlines()]

    def findings(self, *more: str) -> list[dict[str, Any]]:
        _code, (body,) = self("check", "--fresh", "--json", *more)
        return list(body["findings"])


@pytest.fixture
def say(home: Path, capfd: pytest.CaptureFixture[str]) -> Say:
    return Say(capfd)


def _own(world: World, count: int) -> list[str]:
    """Numbers of the last invoices: those that a scenario makes itself."""
    numbers = [kept.number for kept in world.teamleader.invoices.values() if kept.number]
    return [str(number) for number in numbers[-count:]]


@pytest.mark.parametrize(
    ("scenario", "own"),
    [
        ("communication-wrong", 2),
        ("communication-missing", 2),
        ("peppol-refused", 3),
        ("rounding-difference", 2),
    ],
)
def test_documents_that_would_fail_later_are_named_and_cured_before_they_are_booked(
    home: Path, say: Say, scenario: str, own: int
) -> None:
    with served(home, scenario) as world:
        (finding,) = say.findings()
        assert (finding["problem"], finding["severity"]) == (scenario, "warning")
        named = [record["label"] for record in finding["records"]]
        assert sorted(named) == sorted(_own(world, own))
        assert finding["fix"]
        steps = control.scenario(world)["cure"] or [
            {"action": "teamleader-join-lines", "invoice": number} for number in named
        ]
        assert len(steps) == own
        for step in steps:
            control.do_action(world, step)
        assert say.findings() == []


def test_customers_and_bookings_are_named_and_cured(home: Path, say: Say) -> None:
    with served(home, "no-enterprise-number") as world:
        (finding,) = say.findings()
        assert finding["problem"] == "no-enterprise-number"
        firms = list(world.teamleader.companies.values())[-2:]
        assert [record["id"] for record in finding["records"]] == [kept.data["id"] for kept in firms]
        for step in control.scenario(world)["cure"]:
            control.do_action(world, step)
        assert say.findings() == []


def test_a_sale_that_came_in_by_its_ubl_is_named_as_that_until_it_is_voided(home: Path, say: Say) -> None:
    with served(home, "imported-twice") as world:
        (finding,) = say.findings()
        assert finding["problem"] == "imported-twice", "and not as booked twice by a person"
        dossier = next(iter(world.octopus.dossiers.values()))
        made = [f"{key[1]}/{key[2]}" for key, booking in dossier.bookings.items()
                if booking.data["comment"].startswith("UBL ")]  # fmt: skip
        assert sorted(record["label"] for record in finding["records"]) == sorted(made)
        for step in control.scenario(world)["cure"]:
            control.do_action(world, step)
        assert say.findings() == []


def test_after_a_sync_the_ubl_of_the_practice_desk_is_found(home: Path, say: Say) -> None:
    with served(home, "healthy") as world:
        assert say("sync", "--yes", "--json")[0] == 0
        (number,) = _own(world, 4)[:1]
        done = control.do_action(world, {"action": "import-ubl", "document": number, "journal": "V1"})
        (finding,) = say.findings()
        assert finding["problem"] == "imported-twice"
        assert finding["evidence"][0].startswith(f"{number}: booked by octowizard as V1/")
        booking = done["result"]["booking"] if "result" in done else done["booking"]
        control.do_action(world, {"action": "void-booking", "booking": booking})
        assert say.findings() == []


def test_a_return_that_is_due_names_its_documents_until_they_are_booked(home: Path, say: Say) -> None:
    with served(home, "period-soon-secured") as world:
        (finding,) = say.findings()
        assert (finding["problem"], finding["severity"]) == ("period-soon-secured", "warning")
        october = [
            kept.number for kept in world.teamleader.documents if kept.number and "2026-10" in kept.date
        ]
        waiting = {record["label"] for record in finding["records"]}
        assert set(_own(world, 2)) <= waiting <= set(october)
        assert say.findings() != []
        assert world.octopus_calls[RETURN] == 1, "the rhythm is asked once a day"
        assert say("check", "--return-warning", "91", "--json")[0] == 2
        assert say("sync", "--yes", "--json")[0] == 0
        assert say.findings() == []
        assert world.octopus_calls[RETURN] == 1


def test_a_return_warns_from_as_many_days_before_as_the_profile_says(home: Path, say: Say) -> None:
    with served(home, "healthy") as world:
        assert say.findings() == []
        control.do_action(world, {"action": "set-vat-return", "rhythm": "quarterly"})
        (finding,) = say.findings("--return-warning", "70")
        assert finding["title"].startswith("The VAT return of quarter 4 of 2026 is due on 25/01/2027")
        assert len(say.findings()) == 1, "the number of days is kept"
        assert say.findings("--return-warning", "0") == []


def test_an_electronic_invoice_that_fails_on_its_way_is_seen_although_the_document_stays_as_it_was(
    home: Path, say: Say
) -> None:
    with served(home, "healthy") as world:
        number = _own(world, 5)[0]
        step = {"action": "teamleader-set-peppol-status", "document": number}
        control.do_action(world, {**step, "status": "sending"})
        assert say.findings() == []
        control.do_action(world, {**step, "status": "sending_failed"})
        (finding,) = say.findings()
        assert finding["problem"] == "peppol-refused"
        assert [record["label"] for record in finding["records"]] == [number]
