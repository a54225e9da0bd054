"""Names and messages from outside on Set up, Mapping and the practice desk: letter for letter, and never acting.

OCTOWIZARD_LONG=1 tries every hostile text instead of the worst.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.mapping import MappingScreen
from octowizard.app.screens.practice import PracticeScreen
from octowizard.app.screens.setup import SetupScreen
from octowizard.onboarding.model import Declaration
from octowizard.presentation.visible import plain
from tests.app.books import books
from tests.app.stage import staged, text, until
from tests.app.staged import StagedSession
from tests.app.staged_desk import StagedDesk
from tests.app.staged_setup import StagedSetUp
from tests.app.test_hostile import HOSTILE


def everywhere(said: str, root: Path) -> tuple[OctowizardApp, StagedSetUp]:
    """The app with `said` wherever text from outside can stand on the three screens."""
    session, setup = StagedSession(), StagedSetUp(said)
    setup.steps = [
        msgspec.structs.replace(
            step,
            title=said,
            what=said,
            why=said,
            # An open question comes before a change: it would be asked instead.
            declarations=(Declaration(key="booster", question=said, answer=True if step.changes else None),),
        )
        for step in setup.steps
    ]
    setup.loss = said or "-"
    session.setup, session.books, session.desk = setup, books(said), StagedDesk(said)
    return staged(root, session), setup


LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
TRIED = HOSTILE if LONG else (" ".join((*HOSTILE[:4], HOSTILE[9], HOSTILE[12])), "")
SHORT = [one for one in HOSTILE if 0 < len(one) < 40] if LONG else ["Foo [BE] bvba", "[@click=app.quit]x[/]"]


@pytest.mark.parametrize("said", TRIED, ids=range(len(TRIED)))
async def test_no_text_breaks_the_new_screens_or_acts(tmp_path: Path, said: str) -> None:
    app, setup = everywhere(said, tmp_path)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "Scenario A" in text(app))
        for _step in setup.steps:
            await pilot.press("e", "escape", "down")
        await pilot.press("home", "down", "down", "down", "d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("pagedown", "y")
        await until(pilot, lambda: bool(setup.made) and "esc stop" not in text(app))
        await pilot.press("home", "down", "down", "p")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("n", "s", "escape", "end", "f", "c", "escape", "5")
        await until(pilot, lambda: isinstance(app.screen, MappingScreen) and "lead nowhere" in text(app))
        await pilot.press("down", "enter", *"[/]", "escape", "enter", "enter", "s", "escape", "A")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("n", "end", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press("escape", "0")
        await until(pilot, lambda: isinstance(app.screen, PracticeScreen) and "e what is wrong" in text(app))
        await pilot.press("e", "enter")
        await until(pilot, lambda: "✔ Cured" in text(app))
        await pilot.press("e", "home", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*"[/x]", "enter", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, PracticeScreen) and "✔ Set Secured" in text(app))
        assert app.is_running


@pytest.mark.parametrize("said", SHORT, ids=str.__len__)
async def test_a_text_stands_on_the_new_screens_letter_for_letter(tmp_path: Path, said: str) -> None:
    app, _setup = everywhere(said, tmp_path)
    shown = plain(said.splitlines()[0]).rstrip("␍")
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and text(app).count(shown) > 5)
        await pilot.press("home", "down", "down", "down", "d")
        await until(
            pilot, lambda: isinstance(app.screen, ConfirmScreen) and f"Create journal {shown}" in text(app)
        )
        await pilot.press("n", "5")
        await until(pilot, lambda: isinstance(app.screen, MappingScreen) and text(app).count(shown) > 3)
        await pilot.press("0")
        await until(pilot, lambda: "e what is wrong" in text(app))
        await pilot.press("e")
        await until(pilot, lambda: f"2025 / 1, {shown}" in text(app))
