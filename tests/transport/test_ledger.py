"""The day of a limit, and the count."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.transport.errors import LimitSpent
from octowizard.transport.ledger import BRUSSELS, MemoryCallLedger, day_began, day_ends

_FROM, _TO = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2027-12-31")  # naive, as asked
MOMENTS = st.datetimes(_FROM, _TO).map(lambda at: at.replace(tzinfo=UTC))


@given(made=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_call_counts_until_both_days_have_passed(made: datetime, later: timedelta) -> None:
    at = made + later
    same_day = made.date() == at.date() or made.astimezone(BRUSSELS).date() == at.astimezone(BRUSSELS).date()
    assert (made >= day_began(at)) == same_day == (at < day_ends(made))


def test_the_third_call_of_a_limit_of_two_is_not_made_and_says_when_it_can_be() -> None:
    ledger, at = MemoryCallLedger(), datetime(2026, 11, 20, 8, tzinfo=UTC)
    ledger.spend("octopus/1", "GET /x", 2, at)
    ledger.spend("octopus/1", "GET /x", 2, at)
    with pytest.raises(LimitSpent) as caught:
        ledger.spend("octopus/1", "GET /x", 2, at)
    assert caught.value.until == datetime(2026, 11, 21, tzinfo=UTC)
    assert caught.value.vendor == "Octopus"
    assert "2 calls a day" in str(caught.value)
    assert ledger.spent("octopus/1", "GET /x", at) == 2
    ledger.spend("octopus/1", "GET /x", 2, caught.value.until)


@given(made=st.lists(MOMENTS, min_size=3, max_size=12))
def test_the_moment_promised_is_the_first_at_which_the_call_is_free(made: list[datetime]) -> None:
    ledger, refused = MemoryCallLedger(), None
    for at in sorted(made):
        try:
            ledger.spend("octopus/1", "GET /x", 2, at)
        except LimitSpent as spent:
            refused = spent
            break
    if refused is not None:
        assert ledger.spent("octopus/1", "GET /x", refused.until - timedelta(seconds=1)) >= 2
        assert ledger.spent("octopus/1", "GET /x", refused.until) < 2


def test_other_dossiers_and_operations_have_their_own_count() -> None:
    ledger, at = MemoryCallLedger(), datetime(2026, 11, 20, 8, tzinfo=UTC)
    ledger.spend("octopus/1", "GET /x", 1, at)
    ledger.spend("octopus/2", "GET /x", 1, at)
    ledger.spend("octopus/1", "GET /y", 1, at)
    assert ledger.spent("octopus/1", "GET /x", at) == 1


def test_calls_stamped_by_a_clock_that_was_far_ahead_do_not_lock_the_user_out() -> None:
    ledger, at = MemoryCallLedger(), datetime(2026, 11, 20, 8, tzinfo=UTC)
    ledger.spend("octopus/1", "GET /x", 1, at + timedelta(days=400))
    ledger.spend("octopus/1", "GET /x", 1, at)
    assert ledger.spent("octopus/1", "GET /x", at) == 1
