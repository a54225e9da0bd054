"""A run that waits for Teamleader's minute says so, counts the pause, and ends at once when it is stopped."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from octowizard.locale.labels import Languages
from octowizard.problems.card_text import Screens
from octowizard.progress import Stop
from octowizard.sandbox.practice import perform
from octowizard.sync import events
from octowizard.sync.progress import RunProgress
from octowizard.sync.run import SyncOptions, run_sync
from octowizard.transport.window import SlidingWindow
from octowizard.workspace.db import Workspace
from octowizard.workspace.ledgers import TakenTurns
from tests.scenarios.practising import practice
from tests.sync.inside import inside
from tests.sync.test_bad_input import world_of


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_wait_for_the_minute_is_told_with_a_count_down_and_stop_ends_it_at_once(
    tmp_path: Path, dry_run: bool
) -> None:
    async with practice(tmp_path, "healthy") as company:
        profile = company.profile
        company.world.switches.rate_limit_per_minute = 200
        stop, seen = Stop(), list[events.Event]()

        def emit(event: events.Event) -> None:
            seen.append(event)
            if isinstance(event, events.Waiting) and event.seconds:
                stop.request()

        with Workspace.open(tmp_path, profile.name) as workspace:
            turns = TakenTurns(workspace)
            for _call in range(200):
                turns.take(f"teamleader/{profile.teamleader_client_id}", time.time())
        async with asyncio.timeout(30):
            finished = await run_sync(tmp_path, profile, SyncOptions(dry_run=dry_run), emit, stop)
        assert finished.outcome == "cancelled"
        waits = [event for event in seen if isinstance(event, events.Waiting)]
        assert (waits[0].vendor, waits[0].why, waits[0].limit) == ("Teamleader", "window", 200)
        assert 30 < waits[0].seconds <= 62
        assert waits[-1].seconds == 0  # whoever shows it knows that it is over


async def test_stop_ends_the_wait_of_a_payment_before_anything_is_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        await company.sync()
        perform(world, "pay", {"count": "3"})
        stop = Stop()

        async def never(_window: SlidingWindow) -> None:
            stop.request()
            await asyncio.Event().wait()

        monkeypatch.setattr(SlidingWindow, "reserve", never)
        async with asyncio.timeout(30):
            told = await company.sync(stop)
        finished = told[-1]
        assert isinstance(finished, events.RunFinished)
        assert (finished.outcome, finished.payments_registered) == ("cancelled", 0)
        monkeypatch.undo()
        finished = (await company.sync())[-1]
        assert isinstance(finished, events.RunFinished)
        assert (finished.outcome, finished.payments_registered) == ("complete", 3)


def test_the_time_left_counts_the_pauses_that_the_pace_so_far_does_not_know() -> None:
    told: list[events.Event] = []
    asked: list[tuple[int, int]] = []

    def pauses(done: int, left: int) -> float:
        asked.append((done, left))
        return 115.0

    progress = RunProgress(
        told.append, Stop(), lambda: (None, None, 0), Screens(Languages("nl"), booster=False), pauses
    )
    progress.expects(3, 0)
    progress.gauge()
    assert told[0] == events.Gauge(teamleader_left=0, seconds_left=115)  # no pace is known yet
    told.clear()
    asked.clear()
    progress._handled.extend((time.monotonic() - 2, time.monotonic() - 1))  # a fast pace until now
    progress.gauge()
    (gauge,) = [event for event in told if isinstance(event, events.Gauge)]
    assert gauge.seconds_left == 115
    assert asked == [(0, 3)]
