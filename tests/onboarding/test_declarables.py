"""A declared world is judged as a measured one: same years, periods, journals, and so the same calendar."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from octowizard.books.fiscal import FiscalYear, JournalState, Period
from octowizard.checks.calendar import Calendar, calendar
from octowizard.checks.registry import run_checks
from octowizard.locale.labels import Languages
from octowizard.onboarding.declarables import with_journal, with_year
from octowizard.onboarding.differences import measured
from octowizard.snapshot import assemble, declared_parts
from octowizard.snapshot.model import DocumentHead, Snapshot
from octowizard.snapshot.parts import Look
from octowizard.workspace import declarations, kept, profiles
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile
from tests.snapshot.test_assemble import keep
from tests.snapshot.test_matching_bookings import document

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
START = date(2025, 1, 1)
DECLARED = profiles.without_accounts("mine", START)
_encode = msgspec.json.Encoder(decimal_format="number").encode


@st.composite
def fiscal_years(draw: st.DrawFn) -> list[FiscalYear]:
    """Up to three years, one after the other or with a gap, that begin in any month and last as they please."""
    start = date(draw(st.integers(2024, 2025)), draw(st.integers(1, 12)), 1)
    years = []
    for number in range(draw(st.integers(0, 3))):
        months, step = draw(st.sampled_from([6, 12, 12, 18])), draw(st.sampled_from([1, 3, 100]))
        first = draw(st.sampled_from([start.year * 100 + 1, start.year * 100 + start.month]))
        periods: list[Period] = []
        begun = start
        for taken in range(0, months, step):
            end = _later(start, min(taken + step, months)) - timedelta(days=1)
            periods.append(Period(first + len(periods), begun, end))
            begun = end + timedelta(days=1)
        years.append(FiscalYear(number + 1, f"FY{number}", start, end, draw(st.booleans()), tuple(periods)))
        start = _later(end + timedelta(days=1), draw(st.sampled_from([0, 0, 0, 2])))
    return years


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[FiscalYear], list[JournalState], list[DocumentHead]]:
    years = draw(fiscal_years())
    numbers = [0, *(period.number for year in years for period in year.periods)]
    journals = [
        JournalState(
            year_id=year.id,
            key=key,
            name=key,
            closed=draw(st.booleans()),
            protected_period=draw(st.sampled_from(numbers)),
            closed_period=draw(st.sampled_from(numbers)),
            takes_bookings=draw(st.booleans()),
            last_number=draw(st.integers(0, 50)),
        )
        for year in years
        for key in ("V1", "V2")
        if draw(st.integers(0, 4))
    ]
    days = draw(st.lists(st.dates(START, date(2027, 6, 30)), max_size=8))
    kinds = [draw(st.sampled_from(["invoice", "credit_note"])) for _day in days]
    documents = [
        document(f"{day.year} / {number}", id=f"d{number}", kind=kind, date=day, communication=None)
        for number, (day, kind) in enumerate(zip(days, kinds, strict=True), 1)
    ]
    return years, journals, documents


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_the_calendar_of_a_declared_world_is_that_of_the_measured_one(
    world: tuple[list[FiscalYear], list[JournalState], list[DocumentHead]],
) -> None:
    years, journals, documents = world
    assume(
        years and journals
    )  # where none was declared nothing is known of any, and no calendar says that one is missing
    look = Look(looked_at=NOW)
    with _workspace() as workspace:
        keep(workspace, *documents)
        kept.keep_reading(workspace, "oc/bookyears", _encode([_bookyear(year) for year in years]), NOW)
        for year in years:
            mine = [_journal(each) for each in journals if each.year_id == year.id]
            kept.keep_reading(workspace, f"oc/journals/{year.id}", _encode(mine), NOW)
        connected = msgspec.structs.replace(
            DECLARED, octopus_url="https://a.test", teamleader_url="https://b.test"
        )
        read = assemble.for_checks(workspace, connected, look)
    with _workspace() as workspace:
        keep(workspace, *documents)
        told = _told(workspace, look, DECLARED)
        for year in years:
            answers = {
                "start": year.start.isoformat(),
                "end": year.end.isoformat(),
                "state": "closed" if year.closed else "open",
                "periods": _rhythm(year),
                "first-period": str(year.periods[0].number),
                "name": year.name,
            }
            _declare(workspace, "years", with_year(answers, told, DECLARED))
            told = _told(workspace, look, DECLARED)
        names = {year.id: year.name for year in years}
        for each in journals:
            answers = {
                "year": names[each.year_id],
                "journal": each.key,
                "type": "bookings" if each.takes_bookings else "invoices",
                "secured": str(each.protected_period),
                "closed-until": str(each.closed_period),
                "state": "closed" if each.closed else "open",
                "last": str(each.last_number),
            }
            _declare(workspace, "journals", with_journal(answers, told, DECLARED))
            told = _told(workspace, look, DECLARED)
    assert _without_ids(calendar(told, DECLARED)) == _without_ids(calendar(read, connected))
    if years:
        assert told.origins["years"].source == ""
        assert (told.origins.keys() >= {"years"}, "years" in told.unread) == (True, False)


def test_a_declared_rhythm_of_vat_returns_tells_which_documents_a_return_waits_for_and_stays_declared() -> (
    None
):
    books = msgspec.structs.replace(DECLARED, teamleader_url="https://b.test")  # Octopus alone is declared
    late = document("2026 / 1", id="d1", date=date(2026, 10, 15), communication=None)
    with _workspace() as workspace:
        keep(workspace, late)
        look = Look(looked_at=NOW)
        told = _told(workspace, look, books)
        _declare(workspace, "years", with_year({"start": "2026-01-01"}, told, books))
        told = _told(workspace, look, books)
        journal = {"year": "2026", "journal": "V1"}
        _declare(workspace, "journals", with_journal(journal, told, books))
        told = _told(workspace, look, books)
        findings, unchecked = run_checks(told, books, ["vat-return"])
        assert not findings
        assert [(one.check, one.lasting) for one in unchecked] == [("vat-return", True)], unchecked
        monthly = {"start": "2026-01-01", "returns": "month"}
        _declare(workspace, "years", with_year(monthly, told, books))
        told = _told(workspace, look, books)
        findings, unchecked = run_checks(told, books, ["vat-return"])
        assert [(one.problem, [record.id for record in one.records]) for one in findings] == [
            ("period-soon-secured", ["d1"])
        ]
        assert unchecked == []
        assert "returns" in told.origins
        for again in ({"start": "2027-01-01"}, {"start": "2026-01-01", "state": "closed"}):
            _declare(workspace, "years", with_year(again, told, books))
            told = _told(workspace, look, books)
        assert set(told.returns.values()) == {"MONTHLY"}
        assert len(told.returns) == 2


def test_a_rhythm_that_octopus_has_otherwise_is_told_once_it_is_connected() -> None:
    with _workspace() as workspace:
        told = _told(workspace, Look(looked_at=NOW), DECLARED)
        monthly = {"start": "2026-01-01", "returns": "month"}
        _declare(workspace, "years", with_year(monthly, told, DECLARED))
        years = _told(workspace, Look(looked_at=NOW), DECLARED).years
        standing = declarations.standing(workspace)
    connected = msgspec.structs.replace(told, years=years, unconnected=frozenset(), unread={})
    for returns, otherwise in (
        ({}, []),
        ({years[0].id: "MONTHLY"}, []),
        ({years[0].id: "QUARTERLY"}, ["2026"]),
    ):
        (compared,) = measured(standing, msgspec.structs.replace(connected, returns=returns), Languages())
        assert [one.subject.split()[-1] for one in compared.differences] == otherwise
        assert all("VAT return every quarter" in one.measured for one in compared.differences)


def _without_ids(shown: Calendar) -> Any:
    """A declared year has no number of Octopus; all else of it is the same."""
    years = [msgspec.structs.replace(year, id=None if year.id is None else 0) for year in shown.years]
    return msgspec.structs.replace(shown, years=tuple(years))


def _told(workspace: Workspace, look: Look, profile: Profile) -> Snapshot:
    declared_parts.bring(workspace, profile)
    return assemble.for_checks(workspace, profile, look)


_MOMENTS = (NOW + timedelta(seconds=number) for number in count(1))  # one for each declaration


def _declare(workspace: Workspace, what: declarations.What, body: object) -> None:
    declarations.declare(workspace, what, msgspec.json.encode(body), "", next(_MOMENTS))


@contextlib.contextmanager
def _workspace() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder, Workspace(Path(folder) / "w.sqlite") as workspace:
        yield workspace


def _rhythm(year: FiscalYear) -> str:
    first = year.periods[0]
    months = (first.end.year - first.start.year) * 12 + first.end.month - first.start.month + 1
    return {1: "month", 3: "quarter"}.get(months, "year")


def _bookyear(year: FiscalYear) -> dict[str, Any]:
    """As Octopus writes it."""
    return {
        "bookyearKey": {"id": year.id},
        "bookyearDescription": year.name,
        "startDate": year.start.isoformat(),
        "endDate": year.end.isoformat(),
        "closed": year.closed,
        "periods": [
            {"bookyearPeriod": one.number, "startDate": one.start.isoformat(), "endDate": one.end.isoformat()}
            for one in year.periods
        ],
    }


def _journal(state: JournalState) -> dict[str, Any]:
    return {
        "bookyearKey": {"id": state.year_id},
        "journalKey": state.key,
        "name": state.name,
        "closed": state.closed,
        "lastBookedDocumentNr": state.last_number,
        "protectedPeriod": state.protected_period,
        "closedPeriod": state.closed_period,
        "insertionType": 1 if state.takes_bookings else 2,
    }
