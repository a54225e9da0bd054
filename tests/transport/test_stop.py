"""A request to stop ends a read and all its waits at once; a write is left alone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from octowizard.progress import Stop, Stopped, reads_end_on
from octowizard.transport.errors import LimitReached
from octowizard.transport.retry import read


async def test_a_read_that_hangs_ends_when_stop_is_requested_from_another_thread() -> None:
    stop, begun = Stop(), asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    with reads_end_on(stop):
        reading = asyncio.create_task(read(hang))
    await begun.wait()
    await asyncio.to_thread(stop.request)
    with pytest.raises(Stopped):
        await asyncio.wait_for(reading, 5)


async def test_the_wait_for_a_spent_window_ends_when_stop_is_requested() -> None:
    stop, refused = Stop(), asyncio.Event()

    async def spent() -> None:
        refused.set()
        raise LimitReached("Teamleader", "invoices.list", until=datetime.now(UTC) + timedelta(seconds=60))

    with reads_end_on(stop):
        reading = asyncio.create_task(read(spent))
    await refused.wait()
    stop.request()
    with pytest.raises(Stopped):
        await asyncio.wait_for(reading, 5)


async def test_nothing_is_read_once_stop_was_requested() -> None:
    stop, calls = Stop(), []
    stop.request()

    async def call() -> None:
        calls.append(1)

    with reads_end_on(stop), pytest.raises(Stopped):
        await read(call)
    assert not calls
    await read(call)
    assert calls


async def test_a_cancellation_by_somebody_else_stays_a_cancellation() -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    with reads_end_on(Stop()):
        reading = asyncio.create_task(read(hang))
    await begun.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
