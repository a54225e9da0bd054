"""Every screen at four sizes, line by line as somebody looked at it. OCTOWIZARD_UPDATE=1 keeps new pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.help import HelpScreen
from octowizard.app.screens.history import StoryScreen
from octowizard.app.screens.records import RecordsScreen
from tests.app.stage import home_read, over, same_picture, staged, text, until, words
from tests.app.staged import StagedSession
from tests.app.staged_checks import checked, explained

SIZES = ((60, 20), (80, 24), (120, 40), (160, 50))


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda side: str(side))
async def test_every_screen_looks_as_it_was_approved(tmp_path: Path, width: int, height: int) -> None:
    session = StagedSession()
    app = staged(tmp_path, session)
    size = f"{width}x{height}"
    async with app.run_test(size=(width, height)) as pilot:
        await home_read(pilot, app)
        await same_picture(pilot, app, f"home-{size}")
        await pilot.press("7")
        await until(pilot, lambda: "Preview first" in text(app))
        await same_picture(pilot, app, f"sync-idle-{size}")
        await pilot.press("p")
        await over(pilot, app)
        await until(pilot, lambda: "⟳ idle" in text(app))  # the title has heard of it
        await same_picture(pilot, app, f"sync-preview-{size}")
        session.hold_after = 40
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await same_picture(pilot, app, f"sync-confirm-{size}")
        await pilot.press("y")
        await until(pilot, lambda: session.held.is_set() and "361" in text(app))
        await until(pilot, lambda: "● syncing 33 % · 2 min" in text(app).splitlines()[0])
        await same_picture(pilot, app, f"sync-live-{size}")
        session.release()
        await over(pilot, app)
        await until(pilot, lambda: "⟳ idle" in text(app))  # the title has heard of it
        await same_picture(pilot, app, f"sync-result-{size}")
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "What to do" in text(app))
        await same_picture(pilot, app, f"detail-{size}")
        await pilot.press("escape", "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "Keys" in text(app))
        await same_picture(pilot, app, f"help-{size}")
        await pilot.press("escape", "9")
        await until(pilot, lambda: "not finished" in text(app))
        await same_picture(pilot, app, f"history-{size}")
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen) and "2026 / 144" in text(app))
        await same_picture(pilot, app, f"story-{size}")


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda side: str(side))
async def test_every_screen_of_the_checks_looks_as_it_was_approved(
    tmp_path: Path, width: int, height: int
) -> None:
    session = StagedSession()
    session.checked = checked()
    session.explained["secured-period"] = explained()
    app = staged(tmp_path, session)
    size = f"{width}x{height}"
    async with app.run_test(size=(width, height)) as pilot:
        await home_read(pilot, app)
        await until(pilot, lambda: "Period 202603" in text(app))
        await same_picture(pilot, app, f"home-findings-{size}")
        await pilot.press("3")
        await until(pilot, lambda: "Who" in text(app) or "Beheer" in text(app))
        await same_picture(pilot, app, f"checks-{size}")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and "2026 / 146" in text(app))
        await same_picture(pilot, app, f"records-{size}")
        await pilot.press("escape", "4")
        await until(pilot, lambda: "7✖" in text(app) and "What to do" in text(app))
        await same_picture(pilot, app, f"calendar-{size}")
        await pilot.press("8")
        await until(pilot, lambda: "The journal is closed" in text(app))
        await same_picture(pilot, app, f"troubleshoot-{size}")
        app.post_message(events.Paste("Periode 202603 is beveiligd in V1"))
        await until(pilot, lambda: "Very probably" in text(app))
        await same_picture(pilot, app, f"answer-{size}")
        app.post_message(events.Paste("The flux capacitor of the period journal is out of plutonium"))
        await until(pilot, lambda: "does not know this message" in words(app))
        await same_picture(pilot, app, f"unknown-{size}")


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda side: str(side))
async def test_the_welcome_screen_looks_as_it_was_approved(tmp_path: Path, width: int, height: int) -> None:
    app = staged(tmp_path, StagedSession(), None)
    async with app.run_test(size=(width, height)) as pilot:
        await until(pilot, lambda: "practice company" in text(app))
        await same_picture(pilot, app, f"welcome-{width}x{height}")


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 12), (59, 19)])
async def test_a_window_that_is_too_small_never_ends_the_app(tmp_path: Path, size: tuple[int, int]) -> None:
    session = StagedSession()
    session.checked = checked()
    app = staged(tmp_path, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.resize_terminal(*size)
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("down", "enter", "escape", "question_mark", "escape", "9", "enter", "escape", "1")
        await pilot.press(
            "3", "down", "e", "escape", "enter", "escape", "4", "right", "end", "e", "escape", "8"
        )
        await pilot.press("slash", "x", "enter", "escape", "escape", "1")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Needs attention" in text(app))


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda side: str(side))
async def test_the_duplicates_look_as_they_were_approved(tmp_path: Path, width: int, height: int) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(width, height)) as pilot:
        await home_read(pilot, app)
        await pilot.press("6")
        await until(
            pilot, lambda: "1 of 4" in text(app) and "MAES" in text(app) and "● comparing" not in text(app)
        )
        await same_picture(pilot, app, f"duplicates-{width}x{height}")
