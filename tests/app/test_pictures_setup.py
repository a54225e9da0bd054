"""Set up, Mapping and the practice desk at two sizes, as somebody looked at them; and in windows too small."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.form import FormScreen
from tests.app.stage import same_picture, staged, text, until, words
from tests.app.staged import StagedSession
from tests.app.staged_desk import StagedDesk
from tests.app.staged_setup import StagedSetUp

SIZES = ((80, 24), (160, 50))


def whole(root: Path) -> tuple[OctowizardApp, StagedSetUp]:
    """The app with everything scripted, the practice desk too."""
    session, setup = StagedSession(), StagedSetUp()
    session.setup, session.desk = setup, StagedDesk()
    return staged(root, session), setup


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
async def test_the_set_up_looks_as_it_was_approved(tmp_path: Path, width: int, height: int) -> None:
    app, setup = whole(tmp_path)
    size = f"{width}x{height}"
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "›● Which" in text(app))
        await pilot.press("home")
        for number, step in enumerate(setup.steps, 1):
            await same_picture(pilot, app, f"setup-{number}-{step.id}-{size}")
            await pilot.press("down")
        await pilot.press("home", "down", "down", "down", "d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await same_picture(pilot, app, f"setup-change-{size}")
        await pilot.press("n", "k")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and "Skip" in text(app))
        await same_picture(pilot, app, f"setup-skip-{size}")
        await pilot.press("n", "c")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "detected" in text(app))
        await same_picture(pilot, app, f"setup-scenario-{size}")
        setup.loss = "This workspace belongs to another dossier"
        await pilot.press("escape", "up", "p")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "Maes [Holding]" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and setup.loss in words(app))
        await same_picture(pilot, app, f"setup-loss-{size}")
        setup.loss = ""
        await pilot.press("n", "end", "up", "up", "p")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and "Link and import?" in text(app))
        await same_picture(pilot, app, f"setup-import-{size}")


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
async def test_mapping_and_practice_desk_look_as_they_were_approved(
    tmp_path: Path, width: int, height: int
) -> None:
    app, _setup = whole(tmp_path)
    size = f"{width}x{height}"
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "›✖ Webwinkel" in text(app))
        await same_picture(pilot, app, f"mapping-{size}")
        await pilot.press("enter", *"di")
        await until(pilot, lambda: "›⏎ 700100" in text(app))
        await same_picture(pilot, app, f"mapping-choose-{size}")
        await pilot.press("escape", "A")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen) and "2 proposals" in text(app))
        await same_picture(pilot, app, f"mapping-accept-{size}")
        await pilot.press("n", "0")
        await until(pilot, lambda: "›  Open a closed fiscal year" in text(app))
        await same_picture(pilot, app, f"practice-{size}")
        await pilot.press("e")
        await until(pilot, lambda: "goes Foo" in words(app))
        await same_picture(pilot, app, f"practice-wrong-{size}")
        await pilot.press("e", "home", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and "Verkopen" in text(app))
        await same_picture(pilot, app, f"practice-form-{size}")


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 12), (59, 19)], ids=str)
async def test_a_window_that_is_too_small_never_ends_the_new_screens(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app, _setup = whole(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "›● Which" in text(app))
        await pilot.resize_terminal(*size)
        await pilot.press(
            "down", "down", "down", "d", "n", "e", "escape", "c", "escape", "pagedown", "s", "escape"
        )
        await pilot.press("5", "down", "enter", "x", "escape", "a", "n", "s", "escape")
        await pilot.press("0", "e", "down", "enter", "escape", "slash", "x", "escape", "2")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Scenario A" in text(app))
