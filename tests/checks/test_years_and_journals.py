"""Fiscal years, journals, periods and numbers: what is found, and silence where nothing is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState
from tests.build import NEXT, PLAIN, PROFILE, SOUND, V1, YEAR, head, months
from tests.checks.finding import findings_in, only_finding


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_the_next_year_is_missed_from_november_on_and_not_before() -> None:
    assert findings_in(years=(YEAR,), taken_at=at(date(2026, 10, 31))) == []
    finding = only_finding(years=(YEAR,), taken_at=at(date(2026, 11, 1)))
    assert (finding.problem, finding.severity) == ("next-year-missing", "warning")
    assert "01/01/2027" in finding.evidence[0]


def test_a_broken_year_is_missed_two_months_before_its_own_end() -> None:
    broken = FiscalYear(5, "2025-26", date(2025, 7, 1), date(2026, 6, 30), False, months(2026)[:6])
    calm = msgspec.structs.replace(SOUND, years=(broken,), pending=(), start_date=date(2026, 2, 1))
    assert findings_in(calm, taken_at=at(date(2026, 4, 30))) == []
    (finding,) = findings_in(calm, taken_at=at(date(2026, 5, 1)))
    assert finding.problem == "next-year-missing"


def test_years_with_a_gap_between_them_are_named() -> None:
    later = msgspec.structs.replace(NEXT, start=date(2027, 2, 1))
    problems = {finding.problem for finding in findings_in(years=(YEAR, later))}
    assert problems == {"next-year-missing", "year-gap"}


def test_a_start_date_before_the_first_year_is_told() -> None:
    finding = only_finding(start_date=date(2025, 12, 1))
    assert (finding.problem, finding.severity) == ("missing-year", "warning")


def test_documents_of_a_year_that_is_missing_are_one_finding_with_all_of_them() -> None:
    late = tuple(
        head(id=f"d-{day}", number=f"2028 / {day}", date=date(2028, 1, day), due_on=date(2028, 2, day))
        for day in (4, 5, 6)
    )
    finding = only_finding(pending=(*SOUND.pending, *late))
    assert (finding.problem, finding.severity) == ("missing-year", "blocking")
    assert [record.label for record in finding.records] == ["2028 / 4", "2028 / 5", "2028 / 6"]
    assert "2028 / 5: The document is dated 05/01/2028." in finding.evidence


def test_a_journal_of_next_year_that_is_missing_is_a_warning_before_any_document_needs_it() -> None:
    journals = {place: state for place, state in SOUND.journals.items() if place != (6, "V2")}
    finding = only_finding(journals=journals)
    assert (finding.problem, finding.severity, finding.records[0].label) == (
        "missing-journal",
        "warning",
        "V2 (2027)",
    )


def test_a_secured_period_names_the_journal_the_period_and_the_document() -> None:
    secured: dict[tuple[int, str], JournalState] = {
        **SOUND.journals,
        (5, "V1"): msgspec.structs.replace(V1, protected_period=202603),
    }
    finding = only_finding(journals=secured)
    assert (finding.problem, finding.severity) == ("secured-period", "blocking")
    assert finding.records[0].id == "d-1"
    assert any("202602" in text and "202603" in text for text in finding.evidence)


def test_where_numbers_follow_the_first_wrong_one_says_how_many_wait_behind_it() -> None:
    following = msgspec.structs.replace(PROFILE, numbering="follow")
    pending = tuple(head(id=f"d-{n}", number=f"2026 / {n}") for n in (41, 43, 44, 45))
    details = {document.id: PLAIN for document in pending}
    (finding,) = findings_in(profile=following, pending=pending, details=details)
    assert (finding.problem, finding.records[0].label) == ("number-gap", "2026 / 43")
    assert "2 later documents wait behind it." in finding.evidence
    assert findings_in(pending=pending, details=details) == []
