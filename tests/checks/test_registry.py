"""The checks as a whole: silent where all is in order, and never calling fine what was not read."""

from __future__ import annotations

import msgspec

from octowizard.checks.registry import CHECKS, NotChecked, load_all, run_checks
from tests.build import PROFILE, SOUND, head
from tests.checks.finding import findings_in


def test_nothing_is_found_where_all_is_in_order() -> None:
    assert findings_in() == []


def test_every_check_says_what_it_is_where_it_comes_from_and_what_to_read_again() -> None:
    load_all()
    for registered in CHECKS.values():
        assert registered.title()
        assert registered.source
        assert registered.problems
        assert registered.again or registered.id in ("contractor", "calls")


def test_every_problem_of_a_document_belongs_to_exactly_one_check() -> None:
    load_all()
    problems = [problem for registered in CHECKS.values() for problem in registered.problems]
    problems.remove(
        "external-id-mismatch"
    )  # told of what octowizard has linked, and of what an export declares
    assert sorted(problems) == sorted(set(problems))


def test_what_was_not_read_is_not_called_fine() -> None:
    snapshot = msgspec.structs.replace(SOUND, unread={"accounts": "two calls a day are spent"})
    findings, not_checked = run_checks(snapshot, PROFILE)
    assert findings == []
    assert NotChecked("accounts", "Ledger accounts", "two calls a day are spent") in not_checked
    assert {"accounts", "vat-codes"} <= {one.check for one in not_checked}


def test_what_was_read_in_part_is_checked_in_part_and_says_so() -> None:
    snapshot = msgspec.structs.replace(
        SOUND,
        partial={"details": "1 of 2 documents"},
        pending=(*SOUND.pending, head(id="d-2", currency="GBP")),
    )
    findings, not_checked = run_checks(snapshot, PROFILE)
    assert [finding.problem for finding in findings] == ["unknown-currency"]
    assert "1 of 2 documents" in {one.why for one in not_checked}
