"""Pictures of every screen, to look at: `python screenshots/make.py --all FOLDER`

Each screen at 80×24 and 160×50, by night and by day, in four states: empty (Octopus has nothing yet), full (all is
booked, both sides compared), running (a sync goes on) and failed (what a sync left, with its cures). The names say it:
`failed-sync-160x50-day.svg`. With `--png FOLDER` the same as PNG, made in a process beside. `--only STATE`,
`--size 80x24` and `--light day`: not all.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Collection, Coroutine, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import cast

from make import SECONDS, booked, checked, control, do, over, read, until
from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.runner import VENDORS
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.duplicates import DuplicatesScreen
from octowizard.cli.console import Console
from octowizard.cli.practice import company
from octowizard.cli.wanted import Wanted
from octowizard.session.session import Session

SIZES = ((80, 24), (160, 50))
THEMES = {"night": "octowizard-night", "day": "octowizard-day"}
# So that a sync is still on when it has been seen from everywhere.
SLOW = {"operation": "POST /dossiers/{dossierId}/buysellbookings", "kind": "latency", "milliseconds": 1500}
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


class Prints:
    """Where the pictures go. `kilns`: processes that make PNGs of them in `png`, beside the app."""

    def __init__(
        self,
        folder: Path,
        png: Path | None,
        kilns: Executor | None,
        sizes: Collection[str] = (),
        lights: Collection[str] = (),
    ) -> None:
        self._folder, self._png, self._kilns = folder, png, kilns
        self.sizes = [size for size in SIZES if not sizes or "{}x{}".format(*size) in sizes]
        self.lights = {light: theme for light, theme in THEMES.items() if not lights or light in lights}
        self._made: list[Future[None]] = []

    def keep(self, name: str, svg: str) -> None:
        """Write one picture."""
        (self._folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        if self._kilns is not None and self._png is not None:
            self._made.append(self._kilns.submit(fired, svg, self._png / f"{name}.png"))

    def end(self) -> None:
        """Wait for the PNGs, and raise what went wrong with one of them."""
        for one in self._made:
            one.result()


def fired(svg: str, file: Path) -> None:
    """Draw an SVG as a PNG."""
    import cairosvg

    cairosvg.svg2png(bytestring=svg.replace("Fira Code", "DejaVu Sans Mono").encode(), write_to=str(file))


async def settled(pilot: Pilot[None]) -> None:
    """Wait until what the screen asked for has come and is drawn; while a sync runs, not for what waits for it."""
    for _tick in range(SECONDS * 50):
        await pilot.pause()
        runner = cast("OctowizardApp", pilot.app).runner
        beside = runner is not None and runner.running
        if all(worker.is_finished or (beside and worker.group == VENDORS) for worker in pilot.app.workers):
            break
        await pilot.pause(0.02)
    await pilot.pause(0.05)


class Gallery:
    """Takes the screen that is shown in every size and by every light that is wanted."""

    def __init__(self, pilot: Pilot[None], state: str, prints: Prints) -> None:
        self._pilot, self._state, self._prints = pilot, state, prints

    async def take(self, name: str) -> None:
        app = self._pilot.app
        await settled(self._pilot)
        for width, height in self._prints.sizes:
            await self._pilot.resize_terminal(width, height)
            await settled(self._pilot)
            for light, theme in self._prints.lights.items():
                app.theme = theme
                await self._pilot.pause()
                svg = app.export_screenshot(title="octowizard", simplify=True)
                self._prints.keep(f"{self._state}-{name}-{width}x{height}-{light}", svg)

    async def places(self, places: Sequence[str]) -> None:
        """Go to each of these and take it."""
        app = self._pilot.app
        for place in places:
            assert isinstance(app, OctowizardApp)
            app.go_to(place)
            await self.take(place)

    async def opened(self, name: str, *keys: str) -> None:
        """Press the keys, take what they open, and leave it."""
        await self._pilot.press(*keys)
        await self.take(name)
        await self._pilot.press("escape")


async def empty(accounts: Session, prints: Prints) -> None:
    """An Octopus without anything, and an app without accounts."""
    app = OctowizardApp(accounts.root, accounts)
    async with app.run_test(size=SIZES[0]) as pilot:
        await read(pilot)
        gallery = Gallery(pilot, "empty", prints)
        await gallery.places(PLACES)
        await gallery.opened("search", "0", "slash", *"nothing of it")
    app = OctowizardApp(accounts.root / "nobody", None)
    async with app.run_test(size=SIZES[0]) as pilot:
        gallery = Gallery(pilot, "empty", prints)
        await gallery.take("welcome")
        await gallery.opened("profiles", "f4")
        await gallery.opened("connect", "c")


async def full(accounts: Session, prints: Prints) -> None:
    """All is booked; customers were there twice."""
    do(accounts, "import-companies-from-octopus")
    app = OctowizardApp(accounts.root, accounts)
    async with app.run_test(size=SIZES[0]) as pilot:
        await read(pilot)
        gallery = Gallery(pilot, "full", prints)
        await pilot.press("6", "r")
        await until(
            pilot, lambda app: isinstance(app.screen, DuplicatesScreen) and app.screen.case is not None
        )
        await gallery.take("pairs")
        app.go_to("sync")
        await pilot.press("p")
        await over(pilot)
        await pilot.press("s", "y")
        await over(pilot)
        await pilot.press("3", "a")
        await until(pilot, lambda app: isinstance(app.screen, ChecksScreen))
        await checked(pilot)
        await gallery.places(PLACES)
        for name, key in (
            ("help", "question_mark"), ("commands", "ctrl+p"), ("settings", "f10"), ("doctor", "f8"),
            ("profiles", "f4"), ("audit", "f6"), ("jump", "f9"),
        ):  # fmt: skip
            await gallery.opened(name, key)


async def failed(accounts: Session, prints: Prints) -> None:
    """While a sync runs, and what it left."""
    do(accounts, "set-secured-period", journal="V2", period="202610")
    app = OctowizardApp(accounts.root, accounts)
    async with app.run_test(size=SIZES[0]) as pilot:
        await read(pilot)
        gallery = Gallery(pilot, "running", prints)
        await pilot.press("7", "p")
        await over(pilot)
        await gallery.take("preview")
        await pilot.press("s")
        await gallery.take("question")
        control(accounts, "faults", SLOW)
        await pilot.press("y")
        await booked(pilot, 4)
        await gallery.places(("sync", "home", "history", "checks"))
        control(accounts, "faults", {"clear": True})
        app.go_to("sync")
        await over(pilot)
        gallery = Gallery(pilot, "failed", prints)
        await pilot.press("3", "a")
        await until(pilot, lambda app: isinstance(app.screen, ChecksScreen))
        await checked(pilot)
        await gallery.places(PLACES)
        app.go_to("checks")
        await gallery.opened("records", "enter")
        await gallery.opened("explanation", "e")
        await pilot.press("v")  # of several documents a list comes first
        await gallery.opened("why", "enter")
        await pilot.press("escape")
        await gallery.opened("letter", "m")
        app.go_to("troubleshoot")
        await settled(pilot)
        await pilot.press(*"period closed", "enter")
        await gallery.take("answer")


STATES: dict[str, tuple[Wanted, Callable[[Session, Prints], Coroutine[None, None, None]]]] = {
    "empty": (Wanted(scenario="a"), empty),
    "failed": (Wanted(scenario="healthy", watched=True), failed),
    "full": (Wanted(scenario="c"), full),
}


def make_all(
    folder: Path,
    png: Path | None,
    only: Collection[str] = (),
    sizes: Collection[str] = (),
    lights: Collection[str] = (),
) -> None:
    """All of them, or those of some states; `failed` makes those of a running sync too."""
    for each in (folder, png):
        if each is not None:
            each.mkdir(parents=True, exist_ok=True)
    spawned = multiprocessing.get_context("spawn")
    with nullcontext() if png is None else ProcessPoolExecutor(os.cpu_count(), spawned) as kilns:
        prints = Prints(folder, png, kilns, sizes, lights)
        for state, (wanted, take) in STATES.items():
            if not only or state in only:
                with company(wanted, Console()) as accounts:
                    asyncio.run(take(accounts, prints))
        prints.end()
