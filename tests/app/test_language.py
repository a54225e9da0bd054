"""Another language while the app is open: every screen speaks it at once, and goes on where it was."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from octowizard import locale
from octowizard.app.app import OctowizardApp
from octowizard.app.speaking import made_anew
from octowizard.app.widgets.line_list import LineList
from octowizard.app.widgets.pieces import PieceLine
from octowizard.cli.wanted import Wanted
from tests.app.practising import company
from tests.app.stage import home_read, over, staged, text, until
from tests.app.staged import StagedSession
from tests.locale.speech import MARK, Longer, english_in

WALK = ("question_mark", "2", "3", "4", "5", "6", "7", "p", "8", "9", "0", "f8", "f10", "f6", "1")


async def test_the_key_changes_the_language_of_every_screen_and_keeps_it(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7", "p")
        await over(pilot, app)
        await pilot.press("1", "L")
        await until(pilot, lambda: "Volgende" in text(app) and "zonet gelezen" in text(app))
        await pilot.press("7")
        await over(pilot, app)
        assert "Voorbeeld" in text(app)
        await pilot.press("f10")
        await until(pilot, lambda: "Instellingen" in text(app))
        await pilot.press("L")
        await until(pilot, lambda: "Réglages" in text(app))
        assert locale.spoken() == "fr"
    assert json.loads((tmp_path / "settings.json").read_text())["language"] == "fr"


async def rests(pilot: Pilot[None], app: OctowizardApp) -> None:
    """All that was begun has ended, and the screen stands still."""
    before = ""
    while True:
        await until(
            pilot,
            lambda: app.live() is None and all(one.is_finished for one in app.workers),
            seconds=90,
        )
        await pilot.pause(0.05)
        if (shown := text(app)) == before:
            return
        before = shown


async def walked(pilot: Pilot[None], app: OctowizardApp) -> AsyncIterator[str]:
    """Every screen, by its key, when it stands still."""
    for key in WALK:
        await pilot.press(key)
        await rests(pilot, app)
        yield key
        if key == "8":  # its field takes what is typed
            await pilot.press("escape")
        if len(app.screen_stack) > 1:
            await pilot.press("escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)


def lost(app: OctowizardApp) -> Iterator[str]:
    """What stands on the screen in part only, without a sign that there is more and a way to see it."""
    for line in (one for one in app.screen.query(PieceLine) if one.display and one.size.width):
        told = "".join(piece.text for piece in line.pieces(line.size.width)).rstrip()
        if cell_len(told) > line.size.width:
            yield f"{line.id}: {told}"
    for lines in app.screen.query(LineList):
        width = lines.size.width
        for index, one in enumerate(lines.lines if lines.display and width else ()):
            if sum(cell_len(part) for part, _tone in lines.cells(one, width)) > width:
                yield f"{lines.NAME}: {lines.text(index)}"
    for part in app.screen.query(Static):
        if part.display and part.size.width and not scrolls(part):
            wanted = part.get_content_height(part.size, part.size, part.content_size.width)
            if wanted > part.content_size.height:
                yield f"{part.id}: {part.render()}"


def scrolls(widget: Widget) -> bool:
    """Does it stand in something that can be scrolled?"""
    return any(isinstance(one, VerticalScroll) for one in widget.ancestors)


async def test_no_screen_speaks_another_language_or_loses_a_text_that_is_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))  # where the app keeps the language that was chosen
    wrong: list[str] = []
    with company(Wanted(scenario="tour")) as session:
        app = OctowizardApp(session.root, session)
        async with app.run_test(size=(80, 24)) as pilot:
            await rests(pilot, app)
            assert list(english_in(text(app), "nl"))
            for language in ("nl", "fr"):
                await pilot.press("L")
                await until(pilot, lambda wanted=language: locale.spoken() == wanted)  # type: ignore[misc]
                async for place in walked(pilot, app):
                    wrong += [f"{language} {place}: {said}" for said in english_in(text(app), language)]
            monkeypatch.setattr(locale, "_catalogue", Longer())
            await made_anew(app)
            async for place in walked(pilot, app):
                assert MARK in text(app), place
                wrong += [f"longer {place}: {what}" for what in lost(app)]
    assert not wrong, "\n".join(wrong)
