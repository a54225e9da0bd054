"""Pictures of every screen, to look at: `python screenshots/make.py --all FOLDER`

Each screen at 80×24 and 160×50, by night and by day, in four states: empty (Octopus has nothing yet), full (all is
booked, both sides compared), running (a sync goes on) and failed (what a sync left, with its cures). The names say it:
`failed-sync-160x50-day.svg`. With `--png FOLDER` the same as PNG.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from make import booked, checked, do, over, read, until
from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.duplicates import DuplicatesScreen
from octowizard.cli.console import Console
from octowizard.cli.practice import company
from octowizard.cli.wanted import Wanted
from octowizard.session.session import Session

SIZES = ((80, 24), (160, 50))
THEMES = {"night": "octowizard-night", "day": "octowizard-day"}
PLACES = [
    "home",
    "setup",
    "checks",
    "calendar",
    "mapping",
    "duplicates",
    "sync",
    "troubleshoot",
    "history",
    "practice",
]
SETTLE = 0.4  # seconds that a screen gets to settle before its picture is taken


class Gallery:
    """Takes the screen that is shown in every size and by every light."""

    def __init__(self, pilot: Pilot[None], state: str, folder: Path, png: Path | None) -> None:
        self._pilot, self._state, self._folder, self._png = pilot, state, folder, png

    async def take(self, name: str) -> None:
        app = self._pilot.app
        for width, height in SIZES:
            await self._pilot.resize_terminal(width, height)
            for light, theme in THEMES.items():
                app.theme = theme
                await self._pilot.pause(SETTLE)
                svg = app.export_screenshot(title="octowizard", simplify=True)
                file = f"{self._state}-{name}-{width}x{height}-{light}"
                (self._folder / f"{file}.svg").write_text(svg, encoding="utf-8")
                if self._png is not None:
                    import cairosvg

                    looks = svg.replace("Fira Code", "DejaVu Sans Mono")
                    cairosvg.svg2png(bytestring=looks.encode(), write_to=str(self._png / f"{file}.png"))

    async def places(self, places: Sequence[str]) -> None:
        """Go to each of these and take it."""
        app = self._pilot.app
        for place in places:
            assert isinstance(app, OctowizardApp)
            app.go_to(place)
            await self._pilot.pause(SETTLE)
            await self.take(place)

    async def opened(self, name: str, *keys: str) -> None:
        """Press the keys, take what they open, and leave it."""
        await self._pilot.press(*keys)
        await self._pilot.pause(SETTLE)
        await self.take(name)
        await self._pilot.press("escape")
        await self._pilot.pause(SETTLE)


async def empty(accounts: Session, folder: Path, png: Path | None) -> None:
    """An Octopus without anything, and an app without accounts."""
    app = OctowizardApp(accounts.root, accounts)
    async with app.run_test(size=SIZES[0]) as pilot:
        await read(pilot)
        gallery = Gallery(pilot, "empty", folder, png)
        await gallery.places(PLACES)
        await gallery.opened("search", "0", "slash", *"nothing of it")
    app = OctowizardApp(accounts.root / "nobody", None)
    async with app.run_test(size=SIZES[0]) as pilot:
        gallery = Gallery(pilot, "empty", folder, png)
        await gallery.take("welcome")
        await gallery.opened("profiles", "f4")
        await gallery.opened("connect", "c")


async def full(accounts: Session, folder: Path, png: Path | None) -> None:
    """All is booked; customers are there twice."""
    do(accounts, "import-companies-from-octopus")
    app = OctowizardApp(accounts.root, accounts)
    async with app.run_test(size=SIZES[0]) as pilot:
        await read(pilot)
        gallery = Gallery(pilot, "full", folder, png)
        await pilot.press("6", "r")
        await until(
            pilot, lambda app: isinstance(app.screen, DuplicatesScreen) and app.screen.case is not None
        )
        await gallery.places(PLACES)
        for name, key in (
            ("help", "question_mark"), ("commands", "ctrl+p"), ("settings", "f10"), ("doctor", "f8"),
            ("profiles", "f4"), ("audit", "f6"), ("jump", "f9"),
        ):  # fmt: skip
            await gallery.opened(name, key)


async def failed(accounts: Session, folder: Path, png: Path | None) -> None:
    """While a sync runs, and what it left."""
    do(accounts, "set-secured-period", journal="V2", period="202610")
    app = OctowizardApp(accounts.root, accounts)
    async with app.run_test(size=SIZES[0]) as pilot:
        await read(pilot)
        gallery = Gallery(pilot, "running", folder, png)
        await pilot.press("7", "p")
        await over(pilot)
        await gallery.take("preview")
        await pilot.press("s")
        await pilot.pause(SETTLE)
        await gallery.take("question")
        await pilot.press("y")
        await booked(pilot, 4)
        await gallery.places(("sync", "home", "history", "checks"))
        app.go_to("sync")
        await over(pilot)
        gallery = Gallery(pilot, "failed", folder, png)
        await pilot.press("3", "a")
        await until(pilot, lambda app: isinstance(app.screen, ChecksScreen))
        await checked(pilot)
        await gallery.places(PLACES)
        app.go_to("checks")
        await gallery.opened("records", "enter")
        await gallery.opened("explanation", "e")
        await gallery.opened("why", "v")
        await gallery.opened("letter", "m")
        app.go_to("troubleshoot")
        await pilot.pause(SETTLE)
        await pilot.press(*"period closed", "enter")
        await pilot.pause(2.0)
        await gallery.take("answer")


def make_all(folder: Path, png: Path | None) -> None:
    """All of them."""
    for each in (folder, png):
        if each is not None:
            each.mkdir(parents=True, exist_ok=True)
    with company(Wanted(scenario="a"), Console()) as accounts:
        asyncio.run(empty(accounts, folder, png))
    with company(Wanted(scenario="healthy", watched=True), Console()) as accounts:
        asyncio.run(failed(accounts, folder, png))
    with company(Wanted(scenario="c"), Console()) as accounts:
        asyncio.run(full(accounts, folder, png))
