"""Fiscal years, periods, and when a journal takes a booking.

A period is found by its dates in the fiscal year's own list, never computed from its number or from the month:
202602 is February in one dossier and the second quarter in another, and broken years number as they please.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec

BRUSSELS = ZoneInfo("Europe/Brussels")  # whose days the books go by


class Period(msgspec.Struct, frozen=True):
    """One period of a fiscal year; both dates inclusive."""

    number: int
    start: date
    end: date


class FiscalYear(msgspec.Struct, frozen=True):
    """A fiscal year as the accounting package keeps it; both dates inclusive."""

    id: int
    name: str
    start: date
    end: date
    closed: bool
    periods: tuple[Period, ...]

    def period_of(self, day: date) -> Period | None:
        """The period whose dates hold `day`."""
        return next((p for p in self.periods if p.start <= day <= p.end), None)


class JournalState(msgspec.Struct, frozen=True):
    """What decides whether a journal of one fiscal year takes a booking.

    `protected_period` and `closed_period`: period numbers, 0 = none; bookings go only into later ones.
    `takes_bookings`: entry type *Sales bookings*, not *Invoices*.
    """

    year_id: int
    key: str
    name: str
    closed: bool
    protected_period: int
    closed_period: int
    takes_bookings: bool
    last_number: int


class Barrier(Enum):
    """Why a booking cannot be made there. The value is the id of the problem."""

    NO_YEAR = "missing-year"
    YEAR_CLOSED = "closed-year"
    NO_PERIOD = "missing-period"
    NO_JOURNAL = "missing-journal"
    WRONG_TYPE = "wrong-journal-type"
    JOURNAL_CLOSED = "closed-journal"
    SECURED = "secured-period"
    CLOSED = "closed-period"


def year_of(years: tuple[FiscalYear, ...], day: date) -> FiscalYear | None:
    """The fiscal year that holds `day`."""
    return next((y for y in years if y.start <= day <= y.end), None)


def years_between(years: Iterable[FiscalYear], first: date, last: date) -> list[int]:
    """Ids of the fiscal years, open or closed, that have a day from `first` to `last`, both inclusive."""
    return [y.id for y in years if y.start <= last and first <= y.end]


def gap_around(years: tuple[FiscalYear, ...], day: date) -> tuple[FiscalYear, FiscalYear] | None:
    """The fiscal years before and after `day`, where it lies between two of them and in none."""
    before = [y for y in years if y.end < day]
    after = [y for y in years if y.start > day]
    if not before or not after or year_of(years, day) is not None:
        return None
    return max(before, key=lambda y: y.end), min(after, key=lambda y: y.start)


def barrier(year: FiscalYear | None, period: Period | None, journal: JournalState | None) -> Barrier | None:
    """What stands in the way of a booking, the widest first; None when it can be made.

    Bookable exactly when the year is open, the journal is open, and the period lies beyond both the secured and
    the closed one (strictly: vendor's manual on journals).
    """
    return next(barriers(year, period, journal), None)


def barriers(
    year: FiscalYear | None, period: Period | None, journal: JournalState | None
) -> Iterator[Barrier]:
    """All that stands in the way of a booking, the widest first; what one of them hides is left out."""
    if year is None:
        yield Barrier.NO_YEAR
        return
    if year.closed:
        yield Barrier.YEAR_CLOSED
    if period is None:
        yield Barrier.NO_PERIOD
        return
    if journal is None:
        yield Barrier.NO_JOURNAL
        return
    if not journal.takes_bookings:
        yield Barrier.WRONG_TYPE
    if journal.closed:
        yield Barrier.JOURNAL_CLOSED
    if period.number <= journal.closed_period:
        yield Barrier.CLOSED
    if period.number <= journal.protected_period:
        yield Barrier.SECURED


def open_years_of(years: tuple[FiscalYear, ...], days: Iterable[date]) -> tuple[int, ...]:
    """Ids of the open fiscal years that hold any of the days, oldest first."""
    wanted = set(days)
    return tuple(
        year.id for year in years if not year.closed and any(year.start <= day <= year.end for day in wanted)
    )
