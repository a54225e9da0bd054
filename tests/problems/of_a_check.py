"""What a check has found in a broken practice company is what is explained, to whoever asks in whichever words.

Not a test: the companies are read and checked in `tests/checks/test_check_reading.py`, once for both.
"""

from __future__ import annotations

from collections.abc import Iterable

from octowizard.checks.registry import Finding
from octowizard.problems.catalogue import cards
from octowizard.problems.diagnosis import Diagnosis, diagnose
from octowizard.problems.explain import Explained, explain
from octowizard.problems.recognition import recognise
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile
from tests.problems.corpus import measure

DOCUMENTED = {
    "Book year period is closed": "closed-period",
    "'Journal V1' in Octopus has the wrong type. This should be 'Sales bookings' but is 'Invoices' instead.": (
        "wrong-journal-type"
    ),
    "Not all journals can be found in the Marketplace, but the setup of the journals is correct in Octopus": (
        "journals-not-synchronised"
    ),
    "An invoice item did not have an account specified for invoice X": "missing-account",
}


def check_explained(scenario: str, snapshot: Snapshot, profile: Profile, findings: Iterable[Finding]) -> None:
    """What is found in a scenario is the confirmed cause, and nothing else is."""
    found = explain(scenario, snapshot, profile)
    reported = {finding.problem for finding in findings}
    for cause in found.causes:
        if cause.state == "confirmed":
            assert cause.problem in reported
            assert cause.evidence
    card = cards()[scenario]
    looked_for = {problem for cause in card.causes for problem in cause.confirmed_by}
    assert {cause.problem for cause in found.confirmed} <= reported & looked_for
    assert bool(found.confirmed) == bool(reported & looked_for)

    # Every documented message here: what is confirmed is what is wrong, under the vendor's own first cause for it.
    for text, problem in DOCUMENTED.items():
        explained = diagnose(recognise(text), snapshot, profile).explained
        assert explained is not None
        assert explained.problem == problem
        confirmed = {cause.cause for cause in explained.confirmed}
        truth = {scenario} | ({"missing-year"} if scenario == "missing-period" else set())
        if problem == "journals-not-synchronised" and scenario == "missing-journal":
            truth = {problem}  # the message itself says that they are there
        assert confirmed <= truth, text
        assert not confirmed or "Try " not in explained.fix[0]

    # And all that people wrote of it, as far as their words are heard at all: once looked at, its card comes first.
    another_first = []
    for one in (*measure.with_a_card("tuned"), *measure.with_a_card("heldout")):
        if one.problems != (scenario,) and scenario not in one.either:
            continue
        told = diagnose(recognise(one.text), snapshot, profile)
        heard = told.recognition.problem or told.recognition.likely
        first = told.explained.problem if told.explained is not None else ""
        if heard and first not in (one.either or one.problems):
            named = explain(scenario, snapshot, profile, told.recognition.names)
            if not _of_another_record(told, named, scenario):
                another_first.append((one.text, first))
    assert another_first == [], another_first

    for finding in findings:
        for record in finding.records:
            if record.kind in ("invoice", "credit_note"):
                again = explain(finding.problem, snapshot, profile, {"document": record.id})
                assert finding.problem in {cause.problem for cause in again.confirmed}, record
                break


def _of_another_record(told: Diagnosis, explained: Explained, scenario: str) -> bool:
    """Does the text name a record of which something else is so, and this not? That is then the certain answer."""
    own = [cause.state for cause in explained.causes if scenario in (cause.problem, cause.cause)]
    named = told.problem is not None and told.recognition.problem is None
    return named and bool(own) and set(own) == {"ruled_out"}
