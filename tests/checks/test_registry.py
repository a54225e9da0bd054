"""The checks as a whole: silent where all is in order, and never calling fine what was not read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.checks.registry import CHECKS, NotChecked, every_check, load_all, run_checks
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile
from tests.build import BOOKED, PROFILE, SOUND, detail, head, line, match, relation
from tests.checks.finding import findings_in
from tests.checks.practice import practice
from tests.checks.truncated import truncations


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


def _called_fine(whole: Snapshot, profile: Profile) -> list[tuple[str, str, str, str]]:
    """Check, problem, part and how it lacks: what a whole Snapshot shows and one without the part calls in order."""
    found = {one.id: {f.problem for f in run_checks(whole, profile, [one.id])[0]} for one in every_check()}
    fine: list[tuple[str, str, str, str]] = []
    for part, how, snapshot in truncations(whole):
        findings, not_checked = run_checks(snapshot, profile)
        told, open_still = {finding.problem for finding in findings}, {one.check for one in not_checked}
        for check, problems in found.items():
            if check not in open_still:
                fine += [(check, problem, part, how) for problem in sorted(problems - told)]
    return fine


@pytest.mark.parametrize(
    "changes",
    [
        {"details": {"d-1": detail(line("100.00", "21.00", category=None))}},
        {"details": {"d-1": detail(line("100.00", "20.00", "t20"))}},
        {"details": {"d-1": detail(line("100.00", "21.00", category="gone"))}},
        {"details": {"d-1": detail(line("100.00", "21.00"), line("-1.00", "2.00"))}},
        {"details": {"d-1": detail(line("100.00", "21.00"), total=head().amount + 1)}},
        {"pending": (head(currency="GBP"),)},
        {"pending": (head(), head(id="d-2", number="2026 / 99", customer_id="c-2"))},
        {"relations": (relation(1), relation(2))},
        {"booked": (BOOKED,), "matches": (match("200.00"),)},
        {"booked": (BOOKED,)},
    ],
)
def test_nothing_is_in_order_by_what_was_not_read(changes: dict[str, Any]) -> None:
    """Whatever part of a Snapshot lacks, and however: what the whole one shows is found, or said to be not known."""
    whole = msgspec.structs.replace(SOUND, **changes)
    for profile in (PROFILE, msgspec.structs.replace(PROFILE, numbering="teamleader")):
        assert _called_fine(whole, profile) == []


@pytest.mark.parametrize("scenario", ["tour", "number-gap"])
async def test_nothing_in_a_practice_company_is_in_order_by_what_was_not_read(
    tmp_path: Path, scenario: str
) -> None:
    async with practice(tmp_path, scenario=scenario, customers=8, documents=8) as company:
        snapshot, findings, _not_checked = await company.check()
        assert findings
        assert _called_fine(snapshot, company.profile) == []
