"""Every document on a grid of fiscal year, period and journal, and whether each place takes bookings. Pure.

No check: the findings about these places are those of years.py and journals.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from octowizard.books.fiscal import Barrier, FiscalYear, Period, barrier
from octowizard.checks.years import today
from octowizard.planning.plan import InSync, PlannedDocument, plan
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile

State = Literal["open", "secured", "closed", "missing", "wrong-type", "future"]

_STATES: dict[Barrier, State] = {
    Barrier.NO_YEAR: "missing",
    Barrier.YEAR_CLOSED: "closed",
    Barrier.NO_PERIOD: "missing",
    Barrier.NO_JOURNAL: "missing",
    Barrier.WRONG_TYPE: "wrong-type",
    Barrier.JOURNAL_CLOSED: "closed",
    Barrier.SECURED: "secured",
    Barrier.CLOSED: "closed",
}


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One period of one journal. `problem`: what stops bookings there, None when it takes them.

    `waiting`: documents to be booked; `documents`: their Teamleader ids; `booked`: those that stand there.
    """

    journal: str
    state: State
    problem: str | None
    waiting: int
    booked: int
    documents: tuple[str, ...] = ()


class PeriodRow(msgspec.Struct, frozen=True, kw_only=True):
    """A period with one cell per journal; both dates inclusive. `number` 0: no period of Octopus holds it."""

    number: int
    start: date
    end: date
    cells: tuple[Cell, ...]


class YearBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A fiscal year with its periods. `id` None: documents bear days that no fiscal year holds."""

    id: int | None
    name: str
    start: date
    end: date
    closed: bool
    periods: tuple[PeriodRow, ...]


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """The grid: years in order, those that are missing among them; `journals` are its columns."""

    journals: tuple[str, ...]
    years: tuple[YearBlock, ...]


def calendar(snapshot: Snapshot, profile: Profile) -> Calendar:
    """The grid of all years that the sync concerns: from the start date on, and wherever a document waits."""
    keys = tuple(dict.fromkeys((profile.invoice_journal, profile.credit_note_journal)))
    if not (snapshot.years and snapshot.journals) and {"years", "journals"} & snapshot.unread.keys():
        return Calendar(journals=keys, years=())  # what is not known is not missing
    planned = plan(snapshot, profile, "head")
    waiting: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    booked: dict[tuple[int, int, str], int] = defaultdict(int)
    homeless: dict[int, list[PlannedDocument]] = defaultdict(list)
    concerned: set[int] = set()
    by_id = {document.head.id: document for document in planned.documents}
    for head in snapshot.pending:  # by date, also where numbers decide the order of the bookings
        document = by_id[head.id]
        year, period, journal = document.place.year, document.place.period, document.place.journal
        if year is None:
            homeless[document.head.date.year].append(document)
        else:
            concerned.add(year.id)
            waiting[year.id, period.number if period else 0, journal].append(document.head.id)
    for document in planned.settled:
        year, period, outcome = document.place.year, document.place.period, document.outcome
        if year is None or not isinstance(outcome, InSync) or not outcome.by_octowizard:
            continue
        concerned.add(year.id)
        if outcome.bookyear == year.id:
            booked[year.id, period.number if period else 0, outcome.journal] += 1

    day = today(snapshot)
    blocks: list[YearBlock] = []
    for year in snapshot.years:
        if year.end < snapshot.start_date and year.id not in concerned:
            continue
        rows = []
        for period in _periods(year, waiting):
            cells = tuple(
                _cell(
                    snapshot,
                    year,
                    period,
                    key,
                    day,
                    waiting[year.id, period.number, key],
                    booked[year.id, period.number, key],
                )
                for key in keys
            )
            rows.append(PeriodRow(number=period.number, start=period.start, end=period.end, cells=cells))
        blocks.append(
            YearBlock(
                id=year.id,
                name=year.name,
                start=year.start,
                end=year.end,
                closed=year.closed,
                periods=tuple(rows),
            )
        )
    blocks += (_missing_year(documents, keys) for documents in homeless.values())
    blocks.sort(key=lambda block: block.start)
    return Calendar(journals=keys, years=tuple(blocks))


def _periods(year: FiscalYear, waiting: dict[tuple[int, int, str], list[str]]) -> Iterator[Period]:
    """The year's own periods; and one for days of the year that no period holds, where a document bears one."""
    yield from year.periods
    if any(place[:2] == (year.id, 0) and documents for place, documents in waiting.items()):
        yield Period(0, year.start, year.end)


def _cell(
    snapshot: Snapshot,
    year: FiscalYear,
    period: Period,
    key: str,
    day: date,
    waiting: list[str],
    booked: int,
) -> Cell:
    wall = barrier(year, period if period.number else None, snapshot.journals.get((year.id, key)))
    state: State = _STATES[wall] if wall else "open"
    if wall is None and period.start > day:
        state = "future"
    return Cell(
        journal=key,
        state=state,
        problem=wall.value if wall else None,
        waiting=len(waiting),
        booked=booked,
        documents=tuple(waiting),
    )


def _missing_year(documents: list[PlannedDocument], keys: tuple[str, ...]) -> YearBlock:
    """The calendar year of documents that no fiscal year holds; Octopus has no periods to tell of."""
    days = [document.head.date for document in documents]
    start, end = date(days[0].year, 1, 1), date(days[0].year, 12, 31)
    cells = []
    for key in keys:
        mine = tuple(document.head.id for document in documents if document.place.journal == key)
        cells.append(
            Cell(
                journal=key,
                state="missing",
                problem=Barrier.NO_YEAR.value,
                waiting=len(mine),
                booked=0,
                documents=mine,
            )
        )
    return YearBlock(
        id=None,
        name=f"{start:%Y}",
        start=min(days),
        end=max(days),
        closed=False,
        periods=(PeriodRow(number=0, start=start, end=end, cells=tuple(cells)),),
    )
