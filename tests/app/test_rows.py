"""On every screen: nothing is cut beside blanks of its own row, and no text touches the line of what stands beside it.

The approved pictures are looked through, and a practice company with long names is walked over all screens.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from octowizard import locale
from octowizard.app.app import OctowizardApp
from octowizard.app.screens.duplicates import DuplicatesScreen
from octowizard.cli.wanted import Wanted
from tests.app.practising import company
from tests.app.stage import PICTURES, home_read, over, settled, staged, text, until
from tests.app.staged import StagedSession

SIZES = ((80, 24), (160, 50))
BLANKS = 12  # so many beside something that is cut are a fault
_CUT = re.compile(r"\S…")
_OWN = re.compile(r"\w+…")
_PANES = re.compile(r"[│┃║╭╮╰╯]")
_TOUCHES = re.compile(r"[\w.,;)]│")


def faults(shown: str, width: int) -> list[str]:
    """The rows of a screen in which something is cut beside blanks, or touches what stands beside it."""
    own = {word for said in locale.said for word in _OWN.findall(said)}
    found = []
    for row in shown.split("\n"):
        panes = [pane.lstrip() for pane in _PANES.split(row.ljust(width))]
        cut = any(_CUT.search(_without(pane, own)) and " " * BLANKS in pane for pane in panes)
        if cut or _TOUCHES.search(row):
            found.append(row)
    return found


def _without(pane: str, own: set[str]) -> str:
    """What stands there without words of ours that end in three points: something goes on."""
    return _OWN.sub(lambda word: "" if word.group() in own else word.group(), pane)


def test_the_fault_is_seen() -> None:
    long = "› ✔ 2026 / 41  Becker Malerbetrieb Berli…      3.442,31                          "
    assert faults(long, 80) == [long]
    assert faults("  ✖ 2026 / 41   Becker   3.442,31│  Evidence", 80)
    assert not faults("  ✖ 2026 / 41   Becker Malerbetrieb Berl…   3.442,31 │  Evidence", 58)
    assert not faults("  46 invoices     V1/33 … V1/80    238.483,93                             ", 80)


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda side: str(side))
def test_no_approved_picture_has_it(width: int, height: int) -> None:
    pictures = sorted(PICTURES.glob(f"*-{width}x{height}.txt"))
    assert len(pictures) > 60
    for picture in pictures:
        shown = picture.read_text(encoding="utf-8")
        modal = "╭" in shown  # what lies under a dialog is cut by its edge
        assert modal or not faults(shown, width), picture.name


async def looked_at(pilot: Pilot[None], app: OctowizardApp, name: str) -> None:
    """The screen in both sizes."""
    for width, height in SIZES:
        await pilot.resize_terminal(width, height)
        shown = await settled(pilot, app)
        assert not faults(shown, width), f"{name} at {width}:\n{shown}"


async def test_no_screen_of_a_company_with_long_names_has_it() -> None:
    with company(Wanted(scenario="tour")) as accounts:
        app = OctowizardApp(accounts.root, accounts)
        async with app.run_test(size=SIZES[0]) as pilot:
            await until(pilot, lambda: "✖ Journal V2" in text(app))
            await pilot.press("7", "p")
            await over(pilot, app)
            await looked_at(pilot, app, "preview")
            await pilot.press("6", "r")
            await until(
                pilot, lambda: isinstance(app.screen, DuplicatesScreen) and app.screen.case is not None
            )
            await pilot.press("3", "a")
            await until(pilot, lambda: "blocking" in text(app) and "⟳ idle" in text(app))
            for place in app.places:
                app.go_to(place.mode)
                await looked_at(pilot, app, place.mode)
            for key, opens in (("3", "enter"), ("3", "v"), ("9", "enter"), ("9", "p")):
                await pilot.press("escape", key, opens)
                await looked_at(pilot, app, f"{key} {opens}")
                await pilot.press("escape")
            for key in ("ctrl+p", "f4", "f6", "f8", "f10", "f12"):
                await pilot.press("1", key)
                await until(pilot, lambda: "⟳ idle" in text(app) or app.screen.is_modal)
                await looked_at(pilot, app, key)
                if key == "f6":
                    await pilot.press("down", "down", "enter")
                    await looked_at(pilot, app, "a table of the audit")
                    await pilot.press("enter")
                    await looked_at(pilot, app, "the documents of a row")
                    await pilot.press("escape", "escape")
                await pilot.press("escape")
            await pilot.press("7", "s", "y")
            await over(pilot, app)
            await looked_at(pilot, app, "result")


@pytest.mark.parametrize("key", ["1", "3", "7"])
async def test_a_screen_under_a_question_is_laid_out_anew_when_the_window_grows(
    tmp_path: Path, key: str
) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press(key)
        await settled(pilot, app)
        below = app.screen
        await pilot.press("question_mark")
        await until(pilot, lambda: app.screen.is_modal)
        await pilot.resize_terminal(160, 50)
        await settled(pilot, app)

        def shown() -> list[str]:
            return ["".join(part.text for part in line) for line in below._compositor.render_strips()]

        await until(pilot, lambda: len(shown()) == 50 and "practice · EN" in shown()[0][140:])
        await pilot.pause()
        meanwhile = shown()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is below)
        await settled(pilot, app)
        assert shown() == meanwhile
