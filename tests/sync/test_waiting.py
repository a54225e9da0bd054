"""A run that waits for Teamleader's minute says so, counts the pause, and ends at once when it is stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from octowizard.progress import Stop
from octowizard.sync import events
from octowizard.sync.run import SyncOptions, run_sync
from octowizard.workspace.db import Workspace
from octowizard.workspace.ledgers import TakenTurns
from tests.scenarios.practising import practice


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_wait_for_the_minute_is_told_with_a_count_down_and_stop_ends_it_at_once(
    tmp_path: Path, dry_run: bool
) -> None:
    async with practice(tmp_path, "healthy") as company:
        profile = company.profile
        company.world.switches.rate_limit_per_minute = 200
        stop, seen = Stop(), list[events.Event]()
        ended = asyncio.Event()

        def emit(event: events.Event) -> None:
            seen.append(event)
            if isinstance(event, events.Waiting) and event.seconds:
                stop.request()

        import time

        with Workspace.open(tmp_path, profile.name) as workspace:
            turns = TakenTurns(workspace)
            for _call in range(200):
                turns.take(f"teamleader/{profile.teamleader_client_id}", time.time())
        async with asyncio.timeout(30):
            finished = await run_sync(tmp_path, profile, SyncOptions(dry_run=dry_run), emit, stop)
        ended.set()
        assert finished.outcome == "cancelled"
        waits = [event for event in seen if isinstance(event, events.Waiting)]
        assert (waits[0].vendor, waits[0].why, waits[0].limit) == ("Teamleader", "window", 200)
        assert 30 < waits[0].seconds <= 62
        assert waits[-1].seconds == 0  # whoever shows it knows that it is over
