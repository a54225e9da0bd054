"""How fast Checks and Calendar open on `large` (10,000 customers, 20,000 documents), without a pause of the loop.

    python -m tests.bench screens

Reads the practice company once and keeps it, then opens both screens in an app that has just started, with nothing
read by it. Reading takes some minutes; measuring wants the machine for itself.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checked import CheckedScreen
from octowizard.cli.console import Console
from octowizard.cli.practice import NAME, company
from octowizard.cli.wanted import Wanted
from octowizard.progress import Report
from octowizard.session.profile_session import Checked
from octowizard.session.session import Session
from octowizard.sync import look
from octowizard.workspace import profiles
from octowizard.workspace.profiles import Profile
from tests.benchmarks.figure import Figure
from tests.benchmarks.loop_watch import Watch

OPEN, PAUSE = 0.3, 0.05  # seconds
TRIES = 3


def keep(folder: Path) -> None:
    """A home with the practice company as it was read once."""
    with company(Wanted(scenario="large"), Console()) as accounts:
        asyncio.run(look.look(accounts.root, accounts.profile, freshness="fresh"))
        shutil.copytree(accounts.root, folder, dirs_exist_ok=True)


class Offline(Session):
    """The real engine, with Home's look left out: its vendors are gone."""

    async def look(self, *, fresh: bool = False, report: Report = lambda _what, _count: None) -> Checked:
        del fresh, report
        return self.kept_checks()


async def met(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until it is so, looking often."""
    for _look in range(int(seconds * 500)):
        if condition():
            return
        await asyncio.sleep(0.002)
    raise TimeoutError("the screen never came")


async def opened(root: Path, profile: Profile, key: str) -> tuple[float, float, float]:
    """Seconds until the screen stands, until what is kept is on it, and the longest pause of the loop."""
    app = OctowizardApp(root, Offline(root, profile))
    async with app.run_test(size=(120, 40)) as pilot:
        runner = app.runner
        assert runner is not None
        await met(lambda: runner.checked is not None)  # Home counts too; what follows is a screen by itself
        runner.checked = None
        runner.session = Offline(root, profile)
        await pilot.pause()
        watch = Watch()
        watch.start()
        began = time.perf_counter()
        app.simulate_key(key)
        await met(lambda: isinstance(app.screen, CheckedScreen) and bool(app.screen.query("#pane")))
        stands = time.perf_counter() - began
        screen = app.screen
        assert isinstance(screen, CheckedScreen)
        await met(lambda: screen.checked is not None)
        await asyncio.sleep(0.3)  # what it still draws counts as well
        shown = time.perf_counter() - began - 0.3
        await watch.end()
    return stands, shown, watch.longest


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """`folder`: the home that `keep` has made."""
    profile = profiles.load(folder, NAME)
    for key, name in (("3", "Checks"), ("4", "Calendar")):
        tries = [asyncio.run(opened(folder, profile, key)) for _run in range(runs)]
        stands, shown, pause = (tuple(one[part] * 1000 for one in tries) for part in range(3))
        yield Figure(f"{name}: the screen stands after", "ms", stands, OPEN * 1000)
        yield Figure(f"{name}: what was kept is shown after", "ms", shown)
        yield Figure(f"{name}: longest pause of the loop", "ms", pause, PAUSE * 1000)
