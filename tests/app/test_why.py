"""v on a document, wherever one is under the cursor: the same page, on 80 by 24 without scrolling."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.calendar import CalendarScreen
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.help import HelpScreen
from octowizard.app.screens.history import HistoryScreen, StoryScreen
from octowizard.app.screens.records import RecordsScreen
from octowizard.cli.wanted import Wanted
from tests.app.practising import company
from tests.app.stage import over, text, until, words


async def page_of_a_document(pilot: Pilot[None], app: OctowizardApp, *keys: str) -> str:
    """Press the keys; the page that they open, closed again."""
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "What to do" in text(app))
    body = app.screen.query_one("#detail-body", VerticalScroll)
    assert body.max_scroll_y == 0, text(app)
    shown = words(app)
    assert "Next sync" in shown
    await pilot.press("escape")
    await until(pilot, lambda: not isinstance(app.screen, DetailScreen))
    return shown


async def test_the_same_key_tells_why_on_every_screen_that_shows_documents() -> None:
    with company(Wanted(scenario="closed-period")) as session:
        app = OctowizardApp(session.root, session)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: "read just now" in text(app), seconds=60)
            await pilot.press("3")
            await until(pilot, lambda: isinstance(app.screen, ChecksScreen) and "v why" in text(app))
            await pilot.press("v")  # several documents: one is chosen from the list
            await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and "v why" in text(app))
            assert "is closed in V1" in await page_of_a_document(pilot, app, "v")
            await pilot.press("escape", "4")
            await until(pilot, lambda: isinstance(app.screen, CalendarScreen) and "v why" in text(app))
            await pilot.press("v")
            await until(pilot, lambda: isinstance(app.screen, RecordsScreen | DetailScreen))
            if isinstance(app.screen, RecordsScreen):
                assert "is closed in V1" in await page_of_a_document(pilot, app, "v")
            await pilot.press("escape", "7", "p")
            await over(pilot, app)
            await pilot.press("down")
            assert "v why" in text(app)
            assert "is closed in V1" in await page_of_a_document(pilot, app, "v")
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            while "All about this document" not in words(app):
                await pilot.press("pagedown")
            await pilot.press("escape", "9")
            await until(pilot, lambda: isinstance(app.screen, HistoryScreen) and "preview" in text(app))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, StoryScreen) and "would be booked" in text(app))
            while "v why" not in text(app):
                await pilot.press("down")
            await page_of_a_document(pilot, app, "v")
            await pilot.press("escape", "1", "ctrl+p", *"why 2026 / 4")
            await until(pilot, lambda: "Why 2026 / 4" in text(app))
            await page_of_a_document(pilot, app, "enter")
