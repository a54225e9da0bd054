"""A turn of the window that is taken ahead of its call: counted once, used by the next call, given back unused."""

from __future__ import annotations

import asyncio

import pytest

from octowizard.transport.clock import VendorClock
from octowizard.transport.ledger import SIZE, MemoryWindowLedger
from octowizard.transport.window import SlidingWindow


def window() -> SlidingWindow:
    """A window that nobody has used yet."""
    return SlidingWindow(MemoryWindowLedger(), "teamleader/x", VendorClock())


async def test_a_reserved_turn_is_the_turn_of_the_next_call_and_counts_once() -> None:
    there = window()
    await there.reserve()
    assert there.remaining == SIZE - 1
    await there.turn()
    assert there.remaining == SIZE - 1
    there.learn()
    await there.turn()
    assert there.remaining == SIZE - 2


async def test_a_reservation_that_is_given_back_leaves_room_for_another() -> None:
    there = window()
    await there.reserve()
    there.release()
    assert there.remaining == SIZE
    there.release()  # there is none left to give back
    assert there.remaining == SIZE


async def test_whoever_stops_waiting_for_a_turn_takes_none() -> None:
    there = window()
    for _call in range(SIZE):
        await there.turn()
    waiting = asyncio.create_task(there.reserve())
    while there.waiting_until is None:  # noqa: ASYNC110 - the window tells nobody
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    there.learn()
    assert there.remaining == 0
