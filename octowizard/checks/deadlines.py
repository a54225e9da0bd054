"""The days that a dossier works towards: its next VAT return, the end of its fiscal year. Pure; no check.

What is amiss with them is told by `vat_return.py` and `years.py`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from octowizard.books.fiscal import year_of
from octowizard.books.vat_return import RHYTHMS, next_return, return_of
from octowizard.checks.years import today
from octowizard.planning.plan import Plan
from octowizard.snapshot.model import Snapshot


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A day until which something must be done; `start` and `end` of what it is about, all inclusive.

    `documents`: those of that time that wait to be booked.
    """

    kind: Literal["monthly-return", "quarterly-return", "year-end"]
    day: date
    start: date
    end: date
    documents: int = 0


def deadlines(snapshot: Snapshot, planned: Plan) -> tuple[Deadline, ...]:
    """The next VAT return and the end of the fiscal year of the day, the sooner first, as far as known."""
    day = today(snapshot)
    year = year_of(snapshot.years, day)
    if year is None:
        return ()
    waiting = [one.head.date for one in planned.documents]
    upcoming = [
        Deadline(
            kind="year-end",
            day=year.end,
            start=year.start,
            end=year.end,
            documents=sum(year.start <= date <= year.end for date in waiting),
        )
    ]
    rhythm = next((one for one in RHYTHMS if one == snapshot.returns.get(year.id)), None)
    if rhythm is not None:
        due = next_return(day, rhythm)
        upcoming.append(
            Deadline(
                kind="monthly-return" if rhythm == "MONTHLY" else "quarterly-return",
                day=due.due,
                start=due.start,
                end=due.end,
                documents=sum(return_of(date, rhythm) == due for date in waiting),
            )
        )
    return tuple(sorted(upcoming, key=lambda one: one.day))
