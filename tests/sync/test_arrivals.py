"""When a watch looks again: never more often than the calls of the day allow, and never in vain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.sync.arrivals import AN_HOUR, LEAST, next_look

HOURS = st.floats(0.1, 24).map(lambda hours: hours * 3600)


def looks(left: int, ends_in: float | None, watched: float, renewed_in: float) -> int:
    """How many looks a watch of so many seconds makes while nothing comes."""
    reserve = None if ends_in is None else left // 2
    at, made = 0.0, 0
    while at < watched and left > 0:
        made, left = made + 1, left - 1
        to_end = None if ends_in is None else max(ends_in - at, 0.0)
        at += next_look(left, reserve, max(renewed_in - at, 1.0), to_end, at)
    return made


@given(left=st.integers(2, 48), ends_in=HOURS, renewed_in=HOURS)
def test_a_watch_with_an_end_leaves_half_of_the_calls(left: int, ends_in: float, renewed_in: float) -> None:
    if ends_in < renewed_in:
        assert looks(left, ends_in, ends_in, renewed_in) <= (left + 1) // 2 + 1


@given(left=st.integers(2, 48), watched=HOURS)
def test_a_watch_without_an_end_never_uses_up_the_calls_in_a_day(left: int, watched: float) -> None:
    assert looks(left, None, watched, 48 * 3600.0) < max(left, 2)


@given(
    left=st.integers(0, 48),
    reserve=st.none() | st.integers(0, 48),
    renewed_in=HOURS,
    ends_in=st.none() | HOURS,
    quiet_for=HOURS,
)
def test_no_look_comes_sooner_than_something_can_have_arrived(
    left: int, reserve: int | None, renewed_in: float, ends_in: float | None, quiet_for: float
) -> None:
    pause = next_look(left, reserve, renewed_in, ends_in, quiet_for)
    assert LEAST <= pause <= max(LEAST, renewed_in)


@pytest.mark.parametrize(("left", "seconds"), [(48, 150), (24, 300), (12, 600), (3, 1800)])
def test_without_an_end_half_of_what_is_left_is_spread_over_an_hour(left: int, seconds: int) -> None:
    assert next_look(left, None, 12 * AN_HOUR, None) == seconds


def test_half_an_hour_on_a_fresh_day_is_watched_every_75_seconds() -> None:
    assert next_look(48, 24, 12 * AN_HOUR, 1800.0) == 75


@pytest.mark.parametrize("left", [0, 1])
def test_with_nothing_to_spare_it_waits_until_the_calls_are_given_anew(left: int) -> None:
    assert next_look(left, None, 5 * AN_HOUR, None) == 5 * AN_HOUR
