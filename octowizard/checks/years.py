"""Fiscal years: they hold the start date and every pending document, follow each other, and go on in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from octowizard.books.fiscal import BRUSSELS, FiscalYear, year_of
from octowizard.checks.grouping import findings_of
from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.checks.sources import CONNECTING
from octowizard.locale import _
from octowizard.locale.formats import day as shown_day
from octowizard.planning.blockers import between_years
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile

WARN_BEFORE = timedelta(days=61)  # a calendar year is missed from 1 November on
PROBLEMS = ("missing-year", "year-gap", "closed-year", "missing-period")


def today(snapshot: Snapshot) -> date:
    """The day of the Snapshot where the books are kept."""
    return snapshot.taken_at.astimezone(BRUSSELS).date()


@check(
    "years",
    lambda: _("Fiscal years"),
    needs=("years", "journals", "documents", "bookings"),
    problems=(*PROBLEMS, "next-year-missing"),
    source=CONNECTING,
)
def years(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Years that documents need and do not find; gaps; the next year, as long as there is still time."""
    named = list(findings_of(snapshot, profile, PROBLEMS))
    yield from named
    if not snapshot.years:
        return
    titles = {finding.title for finding in named}
    yield from (gap for gap in _gaps(snapshot.years) if gap.title not in titles)
    if year_of(snapshot.years, snapshot.start_date) is None:
        yield _start_uncovered(snapshot)
    missing = next_year_missing(snapshot)
    if missing is not None:
        yield missing


def record(year: FiscalYear) -> Record:
    """A fiscal year as a record of a finding."""
    return Record("bookyear", year.name, str(year.id))


def _gaps(years: tuple[FiscalYear, ...]) -> Iterator[Finding]:
    for one, other in pairwise(years):
        if other.start != one.end + timedelta(days=1):
            gap = between_years(one.end, one, other)
            evidence = gap.evidence[1:]  # its first sentence is about a document, and there is none
            yield finding(gap.problem, gap.title, (record(one), record(other)), evidence, foreseen=True)


def _start_uncovered(snapshot: Snapshot) -> Finding:
    first = snapshot.years[0]
    return finding(
        "missing-year",
        _("No fiscal year holds the start date"),
        (record(first),),
        (
            _("The sync starts on {start}; the first fiscal year in Octopus begins on {first}.").format(
                start=shown_day(snapshot.start_date), first=shown_day(first.start)
            ),
        ),
        foreseen=True,
    )


def next_year_missing(snapshot: Snapshot) -> Finding | None:
    """The year after this one is not there, and this one ends within two months."""
    day = today(snapshot)
    current = year_of(snapshot.years, day)
    if current is None or current.end - day >= WARN_BEFORE:
        return None
    first_day = current.end + timedelta(days=1)
    if year_of(snapshot.years, first_day) is not None:
        return None
    return finding(
        "next-year-missing",
        _("The fiscal year after {year} is not there yet").format(year=current.name),
        (record(current),),
        (
            _("{year} ends on {end}; no fiscal year holds {day}.").format(
                year=current.name, end=shown_day(current.end), day=shown_day(first_day)
            ),
            _("Documents dated from {day} on cannot be booked before it exists.").format(
                day=shown_day(first_day)
            ),
        ),
    )
