"""Makes the pictures in this folder from the real app on the practice company: `python screenshots/make.py`

The company is mostly `healthy`, with one difference made in it as a person would: the credit notes' journal is
secured, so that there is something to explain; the set-up starts from `a`. With `--png FOLDER` it also writes PNG
files (needs cairosvg), to look at. `--language nl` (or fr) makes them in that language, in the folder of that name.
`--all FOLDER`: instead, every screen in every size and light, of the states in `--only` where there are any (`--size`
and `--light` too), see gallery.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import cast

from textual.events import Paste
from textual.pilot import Pilot

from octowizard import locale
from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.duplicates import DuplicatesScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.list_reading import ListReadingScreen
from octowizard.app.screens.mapping import MappingScreen
from octowizard.app.screens.setup import SetupScreen
from octowizard.app.screens.sync import SyncScreen
from octowizard.app.screens.troubleshoot import TroubleshootScreen
from octowizard.app.widgets.action_list import ActionList
from octowizard.app.widgets.mapping_list import MappingList
from octowizard.cli.console import Console
from octowizard.cli.practice import company
from octowizard.cli.wanted import Wanted
from octowizard.session.session import Session

HERE = Path(__file__).parent
SIZE = (104, 32)
SECONDS = 120
MESSAGE = "Dag,\n\nEr ging iets mis:\n\n> Periode 202610 is beveiligd in dagboek V2\n\nGroeten"


def do(accounts: Session, action: str, **arguments: str) -> None:
    """A practice action: what a person would do in the vendor's own screens."""
    control(accounts, "do", {"action": action, **arguments})


def control(accounts: Session, path: str, body: object) -> None:
    """Tell the practice company something at its control address."""
    address = f"{accounts.profile.control_url}/{path}"
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


async def over(pilot: Pilot[None]) -> None:
    """Wait until the run that is on has ended."""
    for _tick in range(SECONDS * 20):
        await pilot.pause(0.05)
        screen = pilot.app.screen
        if isinstance(screen, SyncScreen) and screen.stage == "over":
            return
    raise TimeoutError("the run did not end")


async def booked(pilot: Pilot[None], count: int) -> None:
    """Wait until so many documents are booked in the run that is on."""
    for _tick in range(SECONDS * 20):
        await pilot.pause(0.05)
        screen = pilot.app.screen
        if isinstance(screen, SyncScreen) and screen.state is not None:
            done = sum(row.state == "booked" for row in screen.state.rows.values())
            if done >= count or screen.stage == "over":
                return
    raise TimeoutError("nothing was booked")


async def read(pilot: Pilot[None]) -> None:
    """Wait until Home has read both sides."""
    for _tick in range(SECONDS * 20):
        await pilot.pause(0.05)
        if not getattr(pilot.app.screen, "reading", True):
            return
    raise TimeoutError("both sides were not read")


async def checked(pilot: Pilot[None]) -> None:
    """Wait until both sides were checked and the finding under the cursor is explained."""
    for _tick in range(SECONDS * 20):
        await pilot.pause(0.05)
        screen = pilot.app.screen
        known = screen.checked if isinstance(screen, ChecksScreen) and screen.job is None else None
        if known is not None and known.taken_at is not None:
            await pilot.pause(1.0)
            return
    raise TimeoutError("the check did not end")


class Camera:
    """Keeps pictures of the app as SVG, and as PNG when there is a folder for them."""

    def __init__(self, app: OctowizardApp, png: Path | None) -> None:
        self._app = app
        self._png = png
        self._folder = HERE if locale.spoken() == "en" else HERE / locale.spoken()

    def take(self, name: str) -> None:
        svg = self._app.export_screenshot(title="octowizard", simplify=True)
        (self._folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        if self._png is not None:
            import cairosvg

            looks = svg.replace("Fira Code", "DejaVu Sans Mono")
            cairosvg.svg2png(bytestring=looks.encode(), write_to=str(self._png / f"{name}.png"))


async def walk(accounts: Session, png: Path | None) -> None:
    """Every screen, in the order in which a first-time user meets them."""
    app = OctowizardApp(accounts.root, accounts)
    camera = Camera(app, png)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await read(pilot)
        await pilot.pause(0.3)
        camera.take("home")
        await pilot.press("p")
        await over(pilot)
        await pilot.press("down")
        await pilot.pause(0.3)
        camera.take("sync-preview")
        await pilot.press("enter")
        await pilot.pause(0.3)
        camera.take("explanation")
        await pilot.press("escape", "s")
        await pilot.pause(0.3)
        camera.take("sync-confirm")
        await pilot.press("y")
        await booked(pilot, 22)
        camera.take("sync-live")
        await over(pilot)
        await pilot.pause(0.3)
        camera.take("sync-result")
        await pilot.press("question_mark")
        await pilot.pause(0.3)
        camera.take("help")
        await pilot.press("escape", "3", "a")
        await checked(pilot)
        camera.take("checks")
        await pilot.press("enter")
        await pilot.pause(0.5)
        camera.take("records")
        await pilot.press("escape", "4")
        await pilot.pause(1.0)
        camera.take("calendar")
        await pilot.press("9")
        await pilot.pause(0.5)
        camera.take("history")
        await pilot.press("enter")
        await pilot.pause(0.5)
        camera.take("history-run")
        await pilot.press("escape", "1", "t")
        await pilot.pause(0.5)
        camera.take("home-light")
        await pilot.press("ctrl+p")
        await pilot.pause(0.8)
        camera.take("commands")
        await pilot.press("escape", "t", "8")  # the last: what is pressed there is typed
        await pilot.pause(0.5)
        camera.take("troubleshoot")
        app.post_message(Paste(MESSAGE))
        await until(pilot, explained)
        camera.take("troubleshoot-answer")


async def until(pilot: Pilot[None], met: Callable[[OctowizardApp], bool]) -> None:
    """Wait until it is so, and drawn."""
    for _tick in range(SECONDS * 20):
        await pilot.pause(0.05)
        if met(cast("OctowizardApp", pilot.app)):
            await pilot.pause(0.3)
            return
    raise TimeoutError("it never happened")


def at(step: str) -> Callable[[OctowizardApp], bool]:
    """The cursor of Set up is on this step, and nothing goes on."""

    def there(app: OctowizardApp) -> bool:
        screen = app.screen
        return (
            isinstance(screen, SetupScreen)
            and screen.job is None
            and screen.guide is not None
            and screen.guide.current == step
        )

    return there


def answers(number: int) -> Callable[[OctowizardApp], bool]:
    """So many of the questions of the set-up are answered, and nothing goes on."""

    def given(app: OctowizardApp) -> bool:
        screen = app.screen
        if not isinstance(screen, SetupScreen) or screen.guide is None or screen.job is not None:
            return False
        questions = [one for step in screen.guide.steps for one in step.declarations]
        return sum(one.answer is not None for one in questions) >= number

    return given


def explained(app: OctowizardApp) -> bool:
    """The message has its answer, and its causes were looked at."""
    screen = app.screen
    return isinstance(screen, TroubleshootScreen) and screen.answer is not None and screen.job is None


def asked(app: OctowizardApp) -> bool:
    """A question is on the screen."""
    return isinstance(app.screen, ConfirmScreen)


def read_as(app: OctowizardApp) -> bool:
    """How the list was read is on the screen, to go on with."""
    return isinstance(app.screen, ListReadingScreen) and app.screen.shown


async def set_up(accounts: Session, png: Path | None) -> None:
    """Scenario A, from an empty Octopus on."""
    app = OctowizardApp(accounts.root, accounts)
    camera = Camera(app, png)
    async with app.run_test(size=SIZE) as pilot:
        await read(pilot)
        await pilot.press("2")
        await until(pilot, at("choose-connector"))
        await pilot.press("n")
        await until(pilot, at("create-fiscal-year"))
        camera.take("set-up")
        for number in (2, 3):  # two questions before the fiscal year; one was answered above
            await pilot.press("y")
            await until(pilot, answers(number))
        await pilot.press("d")
        await until(pilot, asked)
        camera.take("set-up-confirm")
        await pilot.press("y")  # the fiscal years and their journals
        await until(pilot, at("check-accounts"))
        camera.take("set-up-accounts")


async def practise(accounts: Session, png: Path | None) -> None:
    """What only needs something wrong: the mapping, and the practice desk."""
    app = OctowizardApp(accounts.root, accounts)
    camera = Camera(app, png)
    async with app.run_test(size=SIZE) as pilot:
        await read(pilot)
        await pilot.press("5")
        await until(pilot, lambda app: isinstance(app.screen, MappingScreen) and app.screen.job is None)
        await until(pilot, lambda app: app.screen.query_one(MappingList).length > 0)
        camera.take("mapping")
        await pilot.press("enter", *"dienst")
        await pilot.pause(0.3)
        camera.take("mapping-choose")
        await pilot.press("escape", "0")
        await until(pilot, lambda app: app.screen.query_one(ActionList).length > 0)
        camera.take("practice")
        await pilot.press("e")
        await pilot.pause(1.0)
        camera.take("practice-wrong")


async def duplicates(accounts: Session, segment: Path, png: Path | None) -> None:
    """Scenario C, after Teamleader's own import has made doubles."""
    do(accounts, "import-companies-from-octopus")
    do(accounts, "export-companies", file=str(segment), tag="Octopus Import")
    app = OctowizardApp(accounts.root, accounts)
    camera = Camera(app, png)
    async with app.run_test(size=SIZE) as pilot:
        await read(pilot)
        await pilot.press("6", "r")
        await until(
            pilot, lambda app: isinstance(app.screen, DuplicatesScreen) and app.screen.case is not None
        )
        await pilot.press("y", "down", "down")
        await pilot.pause(0.3)
        camera.take("duplicates")
        await pilot.press("s")
        await until(pilot, lambda app: isinstance(app.screen, FormScreen))
        await pilot.press(*str(segment), "enter", "enter", "enter")
        await until(pilot, read_as)
        await pilot.press("enter")
        await until(pilot, lambda app: isinstance(app.screen, DetailScreen))
        camera.take("duplicates-foretold")
        await pilot.press("escape", "m")
        await until(pilot, asked)
        camera.take("duplicates-merge")


async def welcome(root: Path, png: Path | None) -> None:
    """The first start, without any account."""
    app = OctowizardApp(root / "nobody", None)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        Camera(app, png).take("welcome")


def main() -> None:
    """Make all of them."""
    parser = argparse.ArgumentParser(description="Make the pictures of every screen.")
    parser.add_argument("--png", type=Path, default=None)
    parser.add_argument("--all", type=Path, default=None, metavar="FOLDER")
    parser.add_argument("--only", action="append", default=[], metavar="STATE")
    parser.add_argument("--size", action="append", default=[], choices=("80x24", "160x50"))
    parser.add_argument("--light", action="append", default=[], choices=("night", "day"))
    parser.add_argument("--language", choices=locale.available(), default="en")
    arguments = parser.parse_args()
    locale.choose(arguments.language)
    png: Path | None = arguments.png
    if arguments.all is not None:
        from gallery import make_all

        make_all(arguments.all, png, arguments.only, arguments.size, arguments.light)
        return
    with company(Wanted(scenario="a"), Console()) as accounts:
        asyncio.run(set_up(accounts, png))
    with company(Wanted(scenario="c"), Console()) as accounts:
        asyncio.run(duplicates(accounts, accounts.root / "files" / "segment.xlsx", png))
    with company(Wanted(scenario="unmapped-category"), Console()) as accounts:
        asyncio.run(practise(accounts, png))
    with company(Wanted(scenario="healthy", watched=True), Console()) as accounts:
        do(accounts, "set-secured-period", journal="V2", period="202610")
        asyncio.run(walk(accounts, png))
        asyncio.run(welcome(accounts.root, png))


if __name__ == "__main__":
    main()
