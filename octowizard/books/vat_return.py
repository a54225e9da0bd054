"""Belgian VAT returns: which one a document goes into, until when it can be filed, and when that is near. Pure.

VAT goes by calendar months and quarters whatever the fiscal year is. The days on which a return is due are those of
the tax administration (VAT chain, law of 12 March 2023, in force since 1 January 2025); how long a quarterly one
moved with a weekend is inferred. Relief in summer is for filing only, differs by year, and is not counted on.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

Rhythm = Literal["MONTHLY", "QUARTERLY"]
RHYTHMS: tuple[Rhythm, ...] = ("MONTHLY", "QUARTERLY")

_CHAIN = date(2025, 1, 1)  # since then a quarterly return is due on the 25th
_TRANSITION_ENDS = date(2026, 4, 30)  # until then a quarterly return too moved to the next working day
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)})


class VatReturn(NamedTuple):
    """One return: the first and last day that it is about, and the last day to file it; all inclusive."""

    rhythm: Rhythm
    start: date
    end: date
    due: date

    @property
    def quarter(self) -> int:
        """The quarter that it is about or lies in, 1-4."""
        return (self.start.month + 2) // 3

    def is_near(self, today: date, days: int) -> bool:
        """Whether it is still to be filed, and due within so many days."""
        return today <= self.due <= today + timedelta(days=days)

    def is_past(self, today: date) -> bool:
        """Whether it can no longer be filed or corrected: what comes later goes into the next one."""
        return today > self.due


def return_of(day: date, rhythm: Rhythm) -> VatReturn:
    """The return that a document of this day goes into."""
    first = day.month if rhythm == "MONTHLY" else 3 * ((day.month - 1) // 3) + 1
    index = first - 1 + (1 if rhythm == "MONTHLY" else 3)
    following = date(day.year + index // 12, index % 12 + 1, 1)
    return VatReturn(
        rhythm, date(day.year, first, 1), following - timedelta(days=1), _due_in(following, rhythm)
    )


def next_return(today: date, rhythm: Rhythm) -> VatReturn:
    """The first return that can still be filed: that of the time before this one, or this one."""
    present = return_of(today, rhythm)
    before = return_of(present.start - timedelta(days=1), rhythm)
    return present if before.is_past(today) else before


def _due_in(month: date, rhythm: Rhythm) -> date:
    """The day of this month on which the return is due."""
    quarterly = rhythm == "QUARTERLY"
    due = month.replace(day=25 if quarterly and month >= _CHAIN else 20)
    return due if quarterly and due > _TRANSITION_ENDS else next_working_day(due)


def next_working_day(day: date) -> date:
    """The day itself, or the first one after it that is no weekend and no legal holiday of Belgium."""
    while day.weekday() >= 5 or is_holiday(day):
        day += timedelta(days=1)
    return day


def is_holiday(day: date) -> bool:
    """Whether it is a legal holiday of Belgium."""
    after_easter = (day - easter(day.year)).days
    return (day.month, day.day) in _FIXED_HOLIDAYS or after_easter in (1, 39, 50)


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian rule)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    months, days = divmod(moon + week - 7 * late + 114, 31)
    return date(year, months, days + 1)
