"""The calendar: every waiting document is in exactly one cell, and the cell says whether it takes bookings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from octowizard.books.fiscal import FiscalYear, JournalState, Period
from octowizard.checks.calendar import Calendar, Cell, calendar
from octowizard.planning.booking import Planner
from octowizard.snapshot.model import Booked, Snapshot
from tests.build import NEXT, PROFILE, SOUND, V1, YEAR, head, months


def grid(**changes: Any) -> Calendar:
    return calendar(msgspec.structs.replace(SOUND, **changes), PROFILE)


def cell(made: Calendar, number: int, journal: str = "V1") -> Cell:
    (found,) = [
        cell
        for year in made.years
        for period in year.periods
        for cell in period.cells
        if period.number == number and cell.journal == journal
    ]
    return found


def secured(until: int = 0, **changes: Any) -> dict[tuple[int, str], JournalState]:
    return {**SOUND.journals, (5, "V1"): msgspec.structs.replace(V1, protected_period=until, **changes)}


def test_a_document_stands_in_its_period_and_journal() -> None:
    made = grid()
    assert cell(made, 202602).documents == ("d-1",)
    assert cell(made, 202602).waiting == 1
    assert cell(made, 202602, "V2").waiting == 0
    assert made.journals == ("V1", "V2")


def test_what_is_booked_is_counted_where_it_stands() -> None:
    made = grid(booked=(Booked(head(id="b"), 5, "V1", 3),))
    assert (cell(made, 202602).booked, cell(made, 202602).waiting) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "state", "problem"),
    [
        ({}, "open", None),
        ({"journals": secured(202602)}, "secured", "secured-period"),
        ({"journals": secured(closed_period=202602)}, "closed", "closed-period"),
        ({"journals": secured(closed=True)}, "closed", "closed-journal"),
        ({"journals": secured(takes_bookings=False)}, "wrong-type", "wrong-journal-type"),
        ({"journals": {}}, "missing", "missing-journal"),
        ({"years": (msgspec.structs.replace(YEAR, closed=True), NEXT)}, "closed", "closed-year"),
    ],
)
def test_each_state_of_a_place_has_its_name(changes: dict[str, Any], state: str, problem: str | None) -> None:
    found = cell(grid(**changes), 202602)
    assert (found.state, found.problem) == (state, problem)


def test_what_lies_ahead_is_future_and_what_is_begun_is_open() -> None:
    made = grid()
    assert [cell(made, number).state for number in (202611, 202612, 202701)] == ["open", "future", "future"]


def test_days_that_no_fiscal_year_holds_are_shown_as_a_missing_year() -> None:
    made = grid(pending=(head(id="late", date=date(2029, 3, 1)),))
    year = made.years[-1]
    assert (year.id, year.name) == (None, "2029")
    assert year.periods[0].cells[0].documents == ("late",)
    assert (year.periods[0].cells[0].state, year.periods[0].cells[0].problem) == ("missing", "missing-year")


def test_days_that_no_period_of_the_year_holds_get_a_row_of_their_own() -> None:
    holed = msgspec.structs.replace(YEAR, periods=(YEAR.periods[0], *YEAR.periods[2:]))
    found = cell(grid(years=(holed, NEXT)), 0)
    assert (found.documents, found.state, found.problem) == (("d-1",), "missing", "missing-period")


def test_a_closed_year_before_the_start_is_left_out_unless_a_document_waits_for_it() -> None:
    old = FiscalYear(4, "2025", date(2025, 1, 1), date(2025, 12, 31), True, months(2025))
    assert [year.id for year in grid(years=(old, YEAR, NEXT)).years] == [5, 6]
    made = grid(years=(old, YEAR, NEXT), pending=(head(date=date(2025, 5, 5)),))
    assert [year.id for year in made.years] == [4, 5, 6]


def parts(start: date, lengths: list[int], first: int) -> tuple[Period, ...]:
    made = []
    for place, days in enumerate(lengths):
        made.append(Period(first + place, start, start + timedelta(days=days - 1)))
        start += timedelta(days=days)
    return tuple(made)


@pytest.mark.parametrize(
    ("start", "lengths", "first"),
    [
        (date(2026, 1, 1), [365], 202601),  # one period a year
        (date(2026, 1, 1), [90, 91, 92, 92], 202601),  # quarters: 202602 is April to June
        (date(2025, 7, 1), [92, 92, 90, 91], 202601),  # a broken year
        (
            date(2025, 10, 1),
            [31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
            202501,
        ),  # a long one
    ],
)
def test_the_calendar_says_of_every_document_what_the_sync_would(
    start: date, lengths: list[int], first: int
) -> None:
    periods = parts(start, lengths, first)
    year = FiscalYear(5, "odd", start, periods[-1].end, False, periods)
    days = [start + timedelta(days=offset) for offset in range(-20, sum(lengths) + 20, 7)]
    pending = tuple(head(id=f"d{place}", date=day) for place, day in enumerate(days))
    journals = secured(first + len(lengths) // 2 - 1)
    snapshot: Snapshot = msgspec.structs.replace(SOUND, years=(year,), pending=pending, journals=journals)
    made = calendar(snapshot, PROFILE)
    cells = [cell for block in made.years for period in block.periods for cell in period.cells]
    stands = [identity for one in cells for identity in one.documents]
    assert sorted(stands) == sorted(document.id for document in pending)
    problem_of = {identity: one.problem for one in cells for identity in one.documents}
    planner = Planner(snapshot, PROFILE.mapping, "V1", "V2")
    for document in pending:
        blocker = planner.head_blocker(document)
        assert problem_of[document.id] == (blocker.problem if blocker is not None else None)
