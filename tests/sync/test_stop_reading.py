"""Stop ends a sync while it reads: no further call is made, and it ends as cancelled."""

from pathlib import Path

import pytest

from octowizard.progress import Stop
from octowizard.sync import events
from octowizard.sync.run import SyncOptions, run_sync
from tests.scenarios.practising import practice


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_sync_stopped_while_it_reads_asks_nothing_more(tmp_path: Path, dry_run: bool) -> None:
    async with practice(tmp_path, "healthy") as company:
        stop = Stop()
        calls: list[int] = []

        def emit(event: events.Event) -> None:
            if isinstance(event, events.Reading) and not stop.requested:
                stop.request()
                calls.append(sum(company.world.octopus_calls.values()))

        finished = await run_sync(tmp_path, company.profile, SyncOptions(dry_run=dry_run), emit, stop)
        assert finished.outcome == "cancelled"
        assert [sum(company.world.octopus_calls.values())] == calls
