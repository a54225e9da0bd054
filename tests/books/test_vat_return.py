"""When a VAT return is due, and which one a document goes into."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.books.vat_return import RHYTHMS, Rhythm, easter, is_holiday, next_return, return_of

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "rhythm", "start", "end", "due"),
    [
        # Monthly: the 20th of the next month, moved by weekends and holidays.
        ("2026-10-01", "MONTHLY", "2026-10-01", "2026-10-31", "2026-11-20"),
        ("2026-11-30", "MONTHLY", "2026-11-01", "2026-11-30", "2026-12-21"),  # the 20th is a Sunday
        ("2026-12-31", "MONTHLY", "2026-12-01", "2026-12-31", "2027-01-20"),
        ("2026-05-31", "MONTHLY", "2026-05-01", "2026-05-31", "2026-06-22"),  # a Saturday
        ("2024-02-29", "MONTHLY", "2024-02-01", "2024-02-29", "2024-03-20"),
        (
            "2025-03-15",
            "MONTHLY",
            "2025-03-01",
            "2025-03-31",
            "2025-04-22",
        ),  # Easter, and the Monday after it
        ("2024-04-30", "MONTHLY", "2024-04-01", "2024-04-30", "2024-05-21"),  # Whit Monday
        (
            "2030-06-01",
            "MONTHLY",
            "2030-06-01",
            "2030-06-30",
            "2030-07-22",
        ),  # a Saturday, then the national day
        # Quarterly: the 25th since 2025, and no longer moved since May 2026.
        ("2024-09-30", "QUARTERLY", "2024-07-01", "2024-09-30", "2024-10-21"),
        ("2025-01-01", "QUARTERLY", "2025-01-01", "2025-03-31", "2025-04-25"),
        ("2025-12-31", "QUARTERLY", "2025-10-01", "2025-12-31", "2026-01-26"),  # a Sunday in the transition
        ("2026-02-10", "QUARTERLY", "2026-01-01", "2026-03-31", "2026-04-27"),  # a Saturday in the transition
        ("2026-06-30", "QUARTERLY", "2026-04-01", "2026-06-30", "2026-07-25"),  # a Saturday after it
        ("2026-09-01", "QUARTERLY", "2026-07-01", "2026-09-30", "2026-10-25"),  # a Sunday after it
        ("2026-10-01", "QUARTERLY", "2026-10-01", "2026-12-31", "2027-01-25"),
    ],
)
def test_the_day_on_which_a_return_is_due(day: str, rhythm: Rhythm, start: str, end: str, due: str) -> None:
    found = return_of(date.fromisoformat(day), rhythm)
    assert [one.isoformat() for one in (found.start, found.end, found.due)] == [start, end, due]


@pytest.mark.parametrize(
    ("today", "days", "near", "past"),
    [
        ("2026-11-09", 10, False, False),
        ("2026-11-10", 10, True, False),
        ("2026-11-20", 10, True, False),  # the day itself
        ("2026-11-21", 10, False, True),  # what comes now goes into the next return
        ("2026-11-19", 0, False, False),
        ("2026-11-20", 0, True, False),
        ("2026-11-01", 30, True, False),
    ],
)
def test_a_return_is_near_from_so_many_days_before_until_it_is_due(
    today: str, days: int, near: bool, past: bool
) -> None:
    october, day = return_of(date(2026, 10, 31), "MONTHLY"), date.fromisoformat(today)
    assert (october.is_near(day, days), october.is_past(day)) == (near, past)


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter_falls_where_the_calendar_has_it(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == date(year, *sunday)


def test_legal_holidays_are_known() -> None:
    assert all(map(is_holiday, (date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 21))))
    assert not any(map(is_holiday, (date(2026, 4, 5), date(2026, 11, 2), date(2026, 7, 11))))


@given(DAYS, st.sampled_from(RHYTHMS))
def test_every_day_lies_in_its_return_which_is_due_afterwards_on_no_day_before_the_twentieth(
    day: date, rhythm: Rhythm
) -> None:
    found = return_of(day, rhythm)
    assert found.start <= day <= found.end < found.due
    assert 20 <= (found.due - found.end).days <= 27
    assert return_of(found.start, rhythm) == return_of(found.end, rhythm) == found


@given(day=DAYS, rhythm=st.sampled_from(RHYTHMS))
def test_the_next_return_is_the_first_that_can_still_be_filed(day: date, rhythm: Rhythm) -> None:
    due = next_return(day, rhythm)
    assert not due.is_past(day)
    assert return_of(due.start - timedelta(days=1), rhythm).is_past(day)
