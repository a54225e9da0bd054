"""Access, the dossier, the calls of the day, and an Octopus that is not set up."""

from __future__ import annotations

import msgspec

from octowizard.checks.registry import checks_of
from octowizard.snapshot.model import DepartmentFacts, DossierFacts, Trouble
from tests.build import PROFILE
from tests.checks.finding import findings_in, only_finding


def test_a_refusal_is_one_finding_however_often_it_was_met() -> None:
    trouble = Trouble("Octopus", "dossier-refused", "no access to the dossier")
    finding = only_finding(troubles=(trouble, trouble))
    assert (finding.problem, finding.severity, finding.evidence) == (
        "dossier-refused",
        "blocking",
        ("no access to the dossier",),
    )


def test_the_wrong_one_of_two_dossiers_is_named() -> None:
    ours = DossierFacts(2, "Noordster BV", "BE0998877690")
    holding = DossierFacts(1, "Holding BV", "BE0123456749")
    department = DepartmentFacts("d", "Noordster", "BE0998877690", True)
    finding = only_finding(dossiers=(holding, ours), department=department)
    assert (finding.problem, finding.severity) == ("two-dossiers", "warning")
    stuck = only_finding(dossiers=(holding, ours), department=department, journals={})
    assert (stuck.problem, stuck.severity) == ("two-dossiers", "blocking")
    right = msgspec.structs.replace(PROFILE, dossier_id=2)
    assert findings_in(profile=right, dossiers=(holding, ours), department=department) == []


def test_more_documents_than_bookings_left_today_is_told_and_blocks_nothing() -> None:
    assert only_finding(bookings_left=0).severity == "info"
    assert findings_in(bookings_left=1) == []


def test_an_octopus_without_anything_is_one_finding_for_all_documents() -> None:
    finding = only_finding(years=(), journals={}, accounts={})
    assert (finding.problem, [record.id for record in finding.records]) == ("set-up-missing", ["d-1"])


def test_the_checks_of_a_problem_are_found_by_its_name() -> None:
    assert [registered.id for registered in checks_of("secured-period")] == ["journals"]
    assert checks_of("unheard-of") == ()
