"""What a wide Home shows beside the next step: the calendar of a year on one line a journal, and the last runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from octowizard.locale import _
from octowizard.locale.formats import moment
from octowizard.presentation.blocks import Tone
from octowizard.presentation.calendar_marks import MARKS

if TYPE_CHECKING:
    from octowizard.checks.calendar import Calendar, Cell, YearBlock
    from octowizard.session.profile_session import PastRun

Line = list[tuple[str, Tone]]  # texts with their tones, one after the other

NARROW = 6  # columns of a period
_TONES: dict[str, Tone] = {"missing": "bad", "wrong-type": "bad", "secured": "warn", "closed": "warn"}


def strip(calendar: Calendar, today: date, width: int) -> Iterator[Line]:
    """The fiscal years that documents wait in, and the one of today: a line of periods, and one for each journal."""
    for year in calendar.years:
        waits = any(cell.waiting for period in year.periods for cell in period.cells)
        if waits or year.start <= today <= year.end:
            yield from _year(year, calendar.journals, width)


def _year(year: YearBlock, journals: Iterable[str], width: int) -> Iterator[Line]:
    name = max(8, min(20, len(year.name) + 2))
    periods = year.periods[: max(1, (width - name) // NARROW)]
    names = [f"{period.number % 100:02}" if period.number else "–" for period in periods]
    head = "".join(name.ljust(NARROW) for name in names)
    yield [(year.name[: name - 1].ljust(name), "head"), (head.rstrip(), "soft")]
    for number, journal in enumerate(journals):
        line: Line = [(f"  {journal}".ljust(name), "text")]
        line += [_cell(period.cells[number]) for period in periods]
        yield line


def _cell(cell: Cell) -> tuple[str, Tone]:
    """`█`, `▒ 7✖`, `12`: the mark unless the place is open, how many wait, and ✖ where they cannot be booked."""
    mark = MARKS[cell.state]
    if not cell.waiting:
        return mark.ljust(NARROW), "soft"
    if cell.problem is None:
        return str(cell.waiting).ljust(NARROW), "text"
    return f"{mark}{cell.waiting}✖".ljust(NARROW), _TONES.get(cell.state, "bad")


def last_runs(runs: Iterable[PastRun], now: datetime) -> Iterator[tuple[str, str]]:
    """A mark and a line for each run."""
    from octowizard.presentation.run_summary import cut_off, result  # it loads the engine's events

    for run in runs:
        mark, outcome = result(run.result) if run.result is not None else cut_off()
        text = _("{moment}  preview {run}: {said}") if run.dry_run else _("{moment}  sync {run}: {said}")
        yield mark, text.format(moment=moment(run.started, now), run=run.id, said=outcome)
