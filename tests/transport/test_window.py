"""The sliding window, by simulated time."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard.progress import Wait, waits_told_to
from octowizard.transport.clock import VendorClock
from octowizard.transport.ledger import MemoryWindowLedger, WindowLedger, turns_shared, with_others
from octowizard.transport.window import SlidingWindow
from tests.transport.simulation import START, SimulatedTime, Vendor


def window(time: SimulatedTime, ledger: WindowLedger | None = None, **changed: Any) -> SlidingWindow:
    return SlidingWindow(
        ledger or MemoryWindowLedger(),
        "teamleader/1",
        VendorClock(time.now),
        time=changed.get("time", time.time),
        monotonic=time.monotonic,
        sleep=time.sleep,
    )


async def caller(
    time: SimulatedTime,
    kept: SlidingWindow,
    vendor: Vendor,
    chance: random.Random,
    slowest: float,
    headers: bool = True,
) -> None:
    while True:
        await kept.turn()
        there, back = chance.uniform(0, slowest), chance.uniform(0, slowest)
        await time.sleep(there)
        before = vendor.refused
        answer = vendor.take()
        refused = vendor.refused > before
        await time.sleep(back)
        kept.learn(answer if headers else {}, refused=refused)


@given(
    callers=st.integers(1, 60),
    limit=st.integers(3, 60),
    slowest=st.sampled_from([0.01, 0.15, 1.0, 8.0]),
    headers=st.booleans(),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=25, deadline=None)
async def test_the_vendor_never_has_to_refuse_a_call(
    callers: int, limit: int, slowest: float, headers: bool, seed: int
) -> None:
    time = SimulatedTime()
    vendor, kept, chance = Vendor(time, limit), window(time), random.Random(seed)
    kept.size = limit
    await time.run(*(caller(time, kept, vendor, chance, slowest, headers) for _ in range(callers)), until=200)
    assert vendor.refused == 0
    assert vendor.taken >= min(limit, callers)


async def test_a_long_run_uses_nearly_all_that_is_allowed() -> None:
    time = SimulatedTime()
    vendor, kept, chance = Vendor(time), window(time), random.Random(1)
    await time.run(*(caller(time, kept, vendor, chance, 0.075) for _ in range(8)), until=600)
    assert vendor.refused == 0
    assert vendor.taken >= 0.97 * 200 * 10


@pytest.mark.parametrize("refused_count", [False, True])
async def test_two_computers_on_one_integration_do_not_keep_each_other_out(refused_count: bool) -> None:
    """They know nothing of each other; where refused calls count too, asking at each Reset would starve both."""
    time = SimulatedTime()
    vendor, chance = Vendor(time, refused_count=refused_count), random.Random(1)
    several = [window(time) for _ in range(2)]
    await time.run(
        *(caller(time, kept, vendor, chance, 0.075) for kept in several for _ in range(8)), until=600
    )
    assert vendor.taken >= 0.75 * 200 * 10


async def test_a_restart_does_not_forget_the_calls_of_the_last_minute() -> None:
    time, ledger = SimulatedTime(), MemoryWindowLedger()
    vendor, chance = Vendor(time), random.Random(2)
    for until in (20, 40, 90):
        kept = window(time, ledger)
        await time.run(*(caller(time, kept, vendor, chance, 0.2, False) for _ in range(20)), until=until)
    assert vendor.refused == 0
    assert vendor.taken > 200


async def test_calls_made_elsewhere_are_respected_as_the_headers_tell() -> None:
    time = SimulatedTime()
    vendor, kept = Vendor(time), window(time)
    for _ in range(199):
        vendor.take()
    await kept.turn()
    kept.learn(vendor.take())
    assert kept.remaining == 0
    made: list[float] = []

    async def one_more() -> None:
        await kept.turn()
        made.append(time.elapsed)
        kept.learn(vendor.take())

    await time.run(one_more())
    assert 59 <= made[0] <= 61
    assert vendor.refused == 0


async def test_a_practice_company_without_a_window_is_not_slowed_down() -> None:
    time = SimulatedTime()
    vendor, kept = Vendor(time, 1_000_000), window(time)
    for _ in range(1_000):
        await kept.turn()
        kept.learn(vendor.take())
    assert time.elapsed == 0


async def test_one_waits_for_the_moment_that_the_window_shows() -> None:
    time = SimulatedTime()
    kept = window(time)
    kept.size = 1
    await kept.turn()
    kept.learn({})
    seen: list[float] = []

    async def look() -> None:
        await time.sleep(1)
        assert kept.waiting_until is not None
        seen.append(kept.waiting_until.timestamp() - START)

    await time.run(kept.turn(), look())
    assert 60 <= seen[0] <= 62
    assert kept.waiting_until is None


async def test_a_clock_set_back_does_not_stop_all_calls() -> None:
    time = SimulatedTime()
    ledger = MemoryWindowLedger()
    for _ in range(200):
        ledger.take("teamleader/1", START + 3600)
    kept = window(time, ledger)
    await kept.turn()
    assert time.elapsed == 0


async def test_retry_after_is_obeyed_where_a_vendor_sends_it() -> None:
    time = SimulatedTime()
    kept = window(time)
    await kept.turn()
    kept.learn({"Retry-After": "7"})
    await time.run(kept.turn())
    assert time.elapsed >= 7


@given(limit=st.integers(1, 50), before=st.integers(0, 50), calls=st.integers(0, 200))
@settings(max_examples=30, deadline=None)
async def test_the_seconds_that_calls_will_take_are_told_beforehand(
    limit: int, before: int, calls: int
) -> None:
    time = SimulatedTime()
    kept = window(time)
    kept.size = limit

    async def call(number: int) -> None:
        for _call in range(number):
            await kept.turn()
            kept.learn({})
            await time.sleep(0.01)

    await time.run(call(min(before, limit)))
    foreseen, began = kept.seconds_for(calls), time.elapsed
    await time.run(call(calls))
    assert abs(time.elapsed - began - foreseen) <= 3 + 0.02 * calls + calls / limit * 2


async def test_whoever_listens_hears_of_a_wait_once_and_of_its_end() -> None:
    time = SimulatedTime()
    kept = window(time)
    kept.size = 1
    heard: list[Wait | None] = []
    with waits_told_to(heard.append):
        await kept.turn()
        kept.learn({})
        await time.run(kept.turn())
    assert [wait and (wait.vendor, wait.why, wait.limit) for wait in heard] == [
        ("Teamleader", "window", 1),
        None,
    ]
    assert heard[0] is not None
    assert 50 < heard[0].seconds <= 62


async def test_accounts_of_one_integration_share_its_minute_and_those_of_another_do_not() -> None:
    time, limit = SimulatedTime(), 20
    vendor, other, chance = Vendor(time, limit), Vendor(time, limit), random.Random(1)
    with turns_shared():
        ledgers = [with_others(MemoryWindowLedger(), "one") for _account in range(5)]
        apart = window(time, with_others(MemoryWindowLedger(), "another"))
    for kept in (windows := [window(time, ledger) for ledger in ledgers]) + [apart]:
        kept.size = limit
    callers = (caller(time, kept, vendor, chance, 0.4, headers=False) for kept in windows)
    await time.run(*callers, caller(time, apart, other, chance, 0.4, headers=False), until=300)
    assert (vendor.refused, other.refused) == (0, 0)
    assert 4 * limit <= vendor.taken <= 5 * limit
    assert 4 * limit <= other.taken <= 5 * limit


def test_outside_of_a_fleet_an_account_counts_its_own_turns_only() -> None:
    own = MemoryWindowLedger()
    assert with_others(own, "one") is own
