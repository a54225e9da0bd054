"""Stop ends a sync while it reads: no further call is made, and it ends as cancelled."""

import asyncio
from pathlib import Path

import pytest

from octowizard.progress import Stop
from octowizard.sandbox.faults import Fault
from octowizard.sync import events
from octowizard.sync.run import SyncOptions, run_sync
from tests.scenarios.practising import practice
from tests.sync.inside import inside
from tests.sync.test_bad_input import world_of


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


async def test_a_sync_stopped_while_a_document_is_read_does_not_wait_for_the_answer(tmp_path: Path) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        company.faults.add(Fault("invoices.info", "latency", milliseconds=600_000))
        stop = Stop()
        run = asyncio.create_task(
            run_sync(tmp_path, company.profile, SyncOptions(), lambda _event: None, stop)
        )
        while not world.teamleader_calls.get("invoices.info"):  # noqa: ASYNC110 - the stand-in only counts
            await asyncio.sleep(0.005)
        stop.request()
        async with asyncio.timeout(60):
            finished = await run
        assert (finished.outcome, finished.booked) == ("cancelled", 0)
        assert finished.left_for_later == 8
