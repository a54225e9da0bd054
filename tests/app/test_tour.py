"""The tour by keys: a planted error found in Checks, cured at the Practice desk, looked at again, and gone.

One of each kind of way is gone by keys; OCTOWIZARD_LONG=1 goes them all (ten minutes). That each cure of the tour
works by itself, tests/scenarios/test_tour.py shows.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.list_reading import ListReadingScreen
from octowizard.app.screens.practice import PracticeScreen
from octowizard.app.widgets.action_list import ActionList
from octowizard.app.widgets.finding_list import FindingList
from octowizard.cli.wanted import Wanted
from octowizard.problems import card_text
from octowizard.session.practice_desk import Plant
from tests.app.practising import company
from tests.app.stage import over, text, told, until, words
from tests.scenarios.test_tour import HIDDEN, shown_as

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
# One that octowizard could mend too, one that no check sees, and the one that only an export shows.
BY_KEYS = ("wrong-journal-type", "open-journal", "contractor")


def titles(app: OctowizardApp, problem: str) -> list[str]:
    """The findings of a problem on Checks, as the list shows them."""
    runner = app.runner
    assert runner is not None
    assert runner.checked is not None
    return [finding.title for finding in runner.checked.findings if finding.problem == problem]


async def put_cursor(pilot: Pilot[None], app: OctowizardApp, problem: str) -> None:
    """Go to the finding by the arrow keys."""
    runner = app.runner
    assert runner is not None
    assert runner.checked is not None
    place = next(n for n, found in enumerate(runner.checked.findings) if found.problem == problem)
    await pilot.press("home", *["down"] * place)
    await until(pilot, lambda: app.screen.query_one(FindingList).cursor == place)


def revealed(app: OctowizardApp) -> bool:
    """Does the desk begin with what is wrong?"""
    return isinstance(app.screen.query_one(ActionList).chosen, Plant)


async def export_and_read(pilot: Pilot[None], app: OctowizardApp, file: Path) -> None:
    """Export Teamleader's companies at the desk, and read the file in Checks."""
    await pilot.press("0")
    await until(pilot, lambda: isinstance(app.screen, PracticeScreen))
    if revealed(app):
        await pilot.press("e")
    await pilot.press("slash", *"export-companies", "enter")
    await until(pilot, lambda: "› " in text(app) and "Export the companies" in text(app))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, FormScreen))
    await pilot.press(*str(file), "enter", "enter")
    await until(pilot, lambda: isinstance(app.screen, PracticeScreen) and file.exists())
    await until(pilot, lambda: "✔ " in text(app))
    before = told(app).count("✔ Read: ")
    await pilot.press("escape", "3")
    await until(pilot, lambda: isinstance(app.screen, ChecksScreen) and app.screen.is_enabled("declare"))
    await pilot.press("i")
    await until(pilot, lambda: isinstance(app.screen, FormScreen))
    await pilot.press(*str(file), "enter", "enter")
    await until(pilot, lambda: isinstance(app.screen, ListReadingScreen) and "was read as" in words(app))
    await pilot.press("enter")
    await until(pilot, lambda: told(app).count("✔ Read: ") > before)


async def cure(pilot: Pilot[None], app: OctowizardApp, place: int, problem: str) -> None:
    """Do at the desk what a person would do."""
    await pilot.press("0")
    await until(pilot, lambda: isinstance(app.screen, PracticeScreen))
    if not revealed(app):
        await pilot.press("e")
        await until(pilot, lambda: revealed(app))
    await pilot.press("home", *["down"] * place, "enter")
    await until(pilot, lambda: f"Cured: {card_text.title(problem)}." in words(app))


async def test_the_tour_leads_by_its_keys_from_home_over_every_finding_to_a_clean_sync() -> None:
    with company(Wanted(scenario="tour")) as accounts:
        session = accounts
        app = OctowizardApp(accounts.root, session)
        assert session.desk is not None
        plants = session.desk.planted().plants
        assert LONG or set(BY_KEYS) <= {plant.problem for plant in plants}
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: "✖ Journal V2 has the wrong type" in text(app), seconds=60)
            assert "frees 12" in words(app)
            await pilot.press("down", "enter")
            await until(pilot, lambda: "›✖ Journal V2 has the wrong type" in text(app))
            await pilot.press("a")
            await until(pilot, lambda: "6 blocking" in text(app), seconds=60)
            assert not titles(app, "contractor")
            await export_and_read(pilot, app, accounts.root / "files" / "before.xlsx")
            for place, plant in enumerate(plants):
                problem = plant.problem
                shown = shown_as(problem)
                if not LONG and problem not in BY_KEYS:
                    for action in plant.cure:
                        arguments = {name: value for name, value in action.items() if name != "action"}
                        await asyncio.to_thread(session.desk.do, str(action["action"]), arguments)
                    continue
                assert bool(titles(app, shown)) == (problem not in HIDDEN), problem
                await cure(pilot, app, place, problem)
                if problem == "contractor":
                    await export_and_read(pilot, app, accounts.root / "files" / "after.xlsx")
                elif problem not in HIDDEN:
                    await pilot.press("3")
                    await until(pilot, lambda: isinstance(app.screen, ChecksScreen))
                    await put_cursor(pilot, app, shown)
                    title = titles(app, shown)[0]
                    await pilot.press("r")
                    await until(pilot, lambda said=title: f"✔ Fixed: {said}" in told(app), seconds=60)  # type: ignore[misc] # bound now
                assert not titles(app, shown), problem
            await pilot.press("7", "p")
            await until(pilot, lambda: "s start the sync" in text(app), seconds=60)
            await pilot.press("s")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("enter")
            await over(pilot, app)
            assert "✔ Sync: complete" in words(app)
            await pilot.press("3", "a")
            await until(pilot, lambda: "Nothing stands in the way" in text(app), seconds=60)
