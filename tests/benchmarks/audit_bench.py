"""How long the audit of `large` takes from kept data, and what it holds in memory; how fast its screen opens.

    python -m tests.bench audit

Reads the practice company once with the lines of all 20,000 documents, without the vendors' limits, and keeps it. Then
`octowizard audit --offline --json` runs as a program, and the screen is opened in an app that has just started. Reading
takes some minutes; measuring wants the machine for itself. Linux and macOS.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.audit import AuditScreen
from octowizard.session.session import Session
from octowizard.workspace import profiles
from octowizard.workspace.profiles import Profile
from tests.benchmarks.figure import Figure
from tests.benchmarks.launched import launch
from tests.benchmarks.loop_watch import Watch
from tests.benchmarks.screens_bench import Offline, met
from tests.sync.company import PROFILE, company

WHOLE, MEGABYTES, OPEN, PAUSE = 3.0, 300, 0.3, 0.05  # seconds, MB, seconds, seconds
TRIES = 3


def _silent(_what: str, _count: int) -> None:
    """Nobody listens."""


def keep(folder: Path) -> None:
    """A home with the practice company as it was read for an audit."""
    with company(folder, "--scenario", "large", "--limits", "off"):
        session = Session(folder, profiles.load(folder, PROFILE))
        asyncio.run(session.audit.read(_silent, all_lines=True))


def as_a_program(home: Path) -> tuple[float, float, float]:
    """Seconds on the wall and of the processor, and the most memory in MB, of one audit."""
    environment = {**os.environ, "OCTOWIZARD_HOME": str(home), "OCTOWIZARD_LANGUAGE": "en"}
    words = ["-m", "octowizard", "--profile", PROFILE, "audit", "--offline", "--json"]
    took = launch(words, Path(os.devnull), environment)
    assert took.code in (0, 1, 3), took.code
    return took.wall, took.processor, took.megabytes


async def opened(root: Path, profile: Profile) -> tuple[float, float, float]:
    """Seconds until the screen stands, until the audit is on it, and the longest pause of the loop."""
    app = OctowizardApp(root, Offline(root, profile))
    async with app.run_test(size=(120, 40)) as pilot:
        runner = app.runner
        assert runner is not None
        await met(lambda: runner.checked is not None)
        await pilot.pause()
        watch = Watch()
        watch.start()
        began = time.perf_counter()
        app.simulate_key("f6")
        await met(lambda: isinstance(app.screen, AuditScreen) and bool(app.screen.query("#pane")))
        stands = time.perf_counter() - began
        screen = app.screen
        assert isinstance(screen, AuditScreen)
        await met(lambda: screen.audit is not None)
        await asyncio.sleep(0.3)  # what it still draws counts as well
        shown = time.perf_counter() - began - 0.3
        await watch.end()
    return stands, shown, watch.longest


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """`folder`: the home that `keep` has made."""
    programs = [as_a_program(folder) for _run in range(runs)]
    wall, processor, memory = (tuple(float(one[part]) for one in programs) for part in range(3))
    yield Figure("audit of 20,000 documents, from kept data", "s", wall, WHOLE)
    yield Figure("audit, its own processor time", "s", processor)
    yield Figure("audit, memory", "MB", memory, MEGABYTES)
    profile = profiles.load(folder, PROFILE)
    screens = [asyncio.run(opened(folder, profile)) for _run in range(runs)]
    stands, shown, pause = (tuple(one[part] * 1000 for one in screens) for part in range(3))
    yield Figure("Audit: the screen stands after", "ms", stands, OPEN * 1000)
    yield Figure("Audit: what it proves is shown after", "ms", shown)
    yield Figure("Audit: longest pause of the loop", "ms", pause, PAUSE * 1000)
