"""Fiscal years, their periods, and what bars a booking."""

from datetime import date, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.books.fiscal import Barrier, FiscalYear, JournalState, Period, barrier, gap_around, year_of


def periods(prefix: int, *starts: date, end: date) -> tuple[Period, ...]:
    """Periods numbered prefix01, prefix02, ... from their first days."""
    ends = [following - timedelta(days=1) for following in starts[1:]] + [end]
    return tuple(
        Period(prefix * 100 + n, a, b) for n, (a, b) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def year_with(made: tuple[Period, ...], *, id: int = 1, closed: bool = False) -> FiscalYear:
    return FiscalYear(id, str(made[0].start.year), made[0].start, made[-1].end, closed, made)


MONTHLY = year_with(periods(2026, *(date(2026, m, 1) for m in range(1, 13)), end=date(2026, 12, 31)))
QUARTERLY = year_with(periods(2026, *(date(2026, m, 1) for m in (1, 4, 7, 10)), end=date(2026, 12, 31)))
YEARLY = year_with(periods(2026, date(2026, 1, 1), end=date(2026, 12, 31)))
BROKEN = year_with(
    periods(
        2025,
        *(date(2025, m, 1) for m in range(7, 13)),
        *(date(2026, m, 1) for m in range(1, 7)),
        end=date(2026, 6, 30),
    )
)
LONG = year_with(
    periods(
        2025,
        *(date(2025, m, 1) for m in range(9, 13)),
        *(date(2026, m, 1) for m in range(1, 13)),
        end=date(2026, 12, 31),
    )
)
JOURNAL = JournalState(1, "V1", "Sales", False, 0, 0, True, 40)


@pytest.mark.parametrize(
    ("year", "day", "number"),
    [
        (MONTHLY, date(2026, 2, 28), 202602),
        (MONTHLY, date(2026, 12, 31), 202612),
        (QUARTERLY, date(2026, 2, 28), 202601),
        (QUARTERLY, date(2026, 4, 1), 202602),  # 202602 is February elsewhere
        (QUARTERLY, date(2026, 6, 30), 202602),
        (YEARLY, date(2026, 1, 1), 202601),
        (YEARLY, date(2026, 12, 31), 202601),
        (BROKEN, date(2025, 7, 1), 202501),
        (BROKEN, date(2025, 12, 31), 202506),
        (BROKEN, date(2026, 1, 1), 202507),  # its number still says 2025
        (BROKEN, date(2026, 6, 30), 202512),
        (LONG, date(2025, 9, 1), 202501),
        (LONG, date(2026, 12, 31), 202516),
    ],
)
def test_an_invoice_lands_in_the_period_whose_dates_hold_it(year: FiscalYear, day: date, number: int) -> None:
    period = year.period_of(day)
    assert period is not None
    assert period.number == number


@given(
    year=st.sampled_from([MONTHLY, QUARTERLY, YEARLY, BROKEN, LONG]),
    day=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
)
def test_every_day_of_a_year_has_one_period_and_no_other_day_has_any(year: FiscalYear, day: date) -> None:
    period = year.period_of(day)
    assert (period is not None) == (year.start <= day <= year.end)
    if period is not None:
        assert period.start <= day <= period.end
    assert all(one.end + timedelta(days=1) == following.start for one, following in pairwise(year.periods))


def test_a_day_in_a_hole_of_the_list_of_periods_has_no_period() -> None:
    without_march = msgspec.structs.replace(MONTHLY, periods=MONTHLY.periods[:2] + MONTHLY.periods[3:])
    assert without_march.period_of(date(2026, 3, 15)) is None


def test_the_first_and_the_last_day_belong_to_their_fiscal_year() -> None:
    years = (
        msgspec.structs.replace(BROKEN, id=7),
        year_with(periods(2026, date(2026, 7, 1), end=date(2027, 6, 30))),
    )
    assert year_of(years, date(2025, 6, 30)) is None
    assert year_of(years, date(2025, 7, 1)) is years[0]
    assert year_of(years, date(2026, 6, 30)) is years[0]
    assert year_of(years, date(2026, 7, 1)) is years[1]
    assert year_of(years, date(2027, 7, 1)) is None


FEBRUARY = MONTHLY.periods[1]


@pytest.mark.parametrize(
    ("field", "wall"), [("protected_period", Barrier.SECURED), ("closed_period", Barrier.CLOSED)]
)
@pytest.mark.parametrize(("until", "barred"), [(0, False), (202601, False), (202602, True), (202603, True)])
def test_a_period_is_barred_up_to_and_including_the_one_named(
    field: str, wall: Barrier, until: int, barred: bool
) -> None:
    journal = msgspec.structs.replace(JOURNAL, **{field: until})
    assert barrier(MONTHLY, FEBRUARY, journal) is (wall if barred else None)


CLOSED_YEAR = msgspec.structs.replace(MONTHLY, closed=True)
BAD = msgspec.structs.replace(
    JOURNAL, takes_bookings=False, closed=True, closed_period=202612, protected_period=202612
)


@pytest.mark.parametrize(
    ("year", "period", "journal", "wall"),
    [
        (None, None, None, Barrier.NO_YEAR),
        (None, FEBRUARY, JOURNAL, Barrier.NO_YEAR),
        (CLOSED_YEAR, None, None, Barrier.YEAR_CLOSED),
        (CLOSED_YEAR, FEBRUARY, BAD, Barrier.YEAR_CLOSED),
        (MONTHLY, None, BAD, Barrier.NO_PERIOD),
        (MONTHLY, FEBRUARY, None, Barrier.NO_JOURNAL),
        (MONTHLY, FEBRUARY, BAD, Barrier.WRONG_TYPE),
        (MONTHLY, FEBRUARY, msgspec.structs.replace(BAD, takes_bookings=True), Barrier.JOURNAL_CLOSED),
        (MONTHLY, FEBRUARY, msgspec.structs.replace(BAD, takes_bookings=True, closed=False), Barrier.CLOSED),
        (MONTHLY, FEBRUARY, msgspec.structs.replace(JOURNAL, protected_period=202612), Barrier.SECURED),
        (MONTHLY, FEBRUARY, JOURNAL, None),
    ],
)
def test_of_several_obstacles_the_widest_is_named_first(
    year: FiscalYear | None, period: Period | None, journal: JournalState | None, wall: Barrier | None
) -> None:
    assert barrier(year, period, journal) is wall


def test_no_two_obstacles_share_an_explanation() -> None:
    assert len({wall.value for wall in Barrier}) == len(Barrier) == 8


@given(
    secured=st.integers(0, 13).map(lambda n: 202600 + n if n else 0),
    closed=st.integers(0, 13).map(lambda n: 202600 + n if n else 0),
    journal_closed=st.booleans(),
    year_closed=st.booleans(),
    month=st.integers(1, 12),
)
def test_a_booking_is_possible_exactly_when_year_and_journal_are_open_and_the_period_lies_beyond_both(
    secured: int, closed: int, journal_closed: bool, year_closed: bool, month: int
) -> None:
    journal = msgspec.structs.replace(
        JOURNAL, protected_period=secured, closed_period=closed, closed=journal_closed
    )
    year = msgspec.structs.replace(MONTHLY, closed=year_closed)
    period = MONTHLY.periods[month - 1]
    possible = not year_closed and not journal_closed and period.number > secured and period.number > closed
    assert (barrier(year, period, journal) is None) == possible


def test_a_day_between_two_years_is_told_from_one_before_or_after_all_of_them() -> None:
    one = FiscalYear(1, "2025", date(2025, 1, 1), date(2025, 10, 31), False, ())
    other = FiscalYear(2, "2026", date(2026, 1, 1), date(2026, 12, 31), False, ())
    assert gap_around((one, other), date(2025, 11, 5)) == (one, other)
    assert gap_around((other, one), date(2025, 12, 31)) == (one, other)
    for day in (date(2024, 12, 31), date(2025, 10, 31), date(2026, 1, 1), date(2027, 1, 1)):
        assert gap_around((one, other), day) is None
