"""How many calls of Octopus an hour of watching takes, while Teamleader's own integration books beside it.

    python -m tests.bench watch

On a clock of its own, the practice company's with it, so that hours pass at once: three documents every ten minutes,
one in four of which fails. A watch without an end, which looks the more seldom the fewer looks the day leaves.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from octowizard.progress import Stop
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import events
from tests.benchmarks.figure import Figure
from tests.sync.inside import Inside, inside
from tests.sync.watching import Hours, Native, observing, watched

AN_HOUR = 3600.0
EVERY, DOCUMENTS = 600.0, 3


def _until(stop: Stop, hours: int, native: Native) -> Callable[[float], None]:
    def between(at: float) -> None:
        native(at)
        if at >= hours * AN_HOUR:
            stop.request()

    return between


async def _watched(home: Path, hours: int) -> events.WatchFinished:
    world = SCENARIOS["healthy"].build(1, 120, 200)
    assert isinstance(world, World)
    async with inside(home, world) as company:
        await observing(company)
        return await _one(company, world, hours)


async def _one(company: Inside, world: World, hours: int) -> events.WatchFinished:
    stop = Stop()
    native = Native(world, every=EVERY, count=DOCUMENTS, arguments={"errors": "yes"})
    told = await watched(company, Hours(world, _until(stop, hours, native)), None, stop)
    ended = told[-1]
    assert isinstance(ended, events.WatchFinished)
    return ended


def figures() -> Iterator[Figure]:
    """Each once: calls are the same in every run."""
    for hours, name in ((1, "watching, the first hour"), (8, "watching, eight hours")):
        with tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home:
            ended = asyncio.run(_watched(Path(home), hours))
        arrived = f"{ended.looks} looks, {ended.calls} calls, {ended.arrived} documents arrived"
        yield Figure(f"{name}: calls of Octopus an hour", "calls", (ended.calls / hours,), beside=arrived)
