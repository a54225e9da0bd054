"""Which of the causes it is: confirmed with evidence, ruled out with evidence, or open; never a guess."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.locale.labels import Languages
from octowizard.problems.catalogue import cards
from octowizard.problems.diagnosis import diagnose
from octowizard.problems.explain import Explained, explain
from octowizard.problems.recognition import recognise
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.snapshot.model import Booked, Snapshot
from tests.build import PROFILE, SNAPSHOT, V1, V2, YEAR, detail, head, line
from tests.checks.practice import practice
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
# What still comes first for a text of another card, of some 1,200 that are heard: it only ever gets less.
ANOTHER_FIRST = {
    "closed-period": ["unreachable"],
    "heading-account": ["no-write-right"],
    "journals-not-synchronised": ["wrong-journal-type"],
    "secured-period": ["unreachable"],
    "set-up-missing": ["journals-not-synchronised"],
    "unknown-account": ["heading-account"],
    "vendor-refused": ["insert-booking"],
}
INVOICE = head(id="d-12", number="2026 / 12", date=date(2026, 2, 14))
OTHER = head(id="d-13", number="2026 / 13", date=date(2026, 3, 14))
PLAIN = detail(line("100.00", "21.00"))


def world(v1: dict[str, Any] | None = None, **changes: Any) -> Snapshot:
    journals = {(5, "V1"): msgspec.structs.replace(V1, **(v1 or {})), (5, "V2"): V2}
    known: dict[str, Any] = {
        "journals": journals,
        "pending": (INVOICE, OTHER),
        "details": {"d-12": PLAIN, "d-13": PLAIN},
    }
    return msgspec.structs.replace(SNAPSHOT, **{**known, **changes})


def states(explained: Explained) -> dict[str, str]:
    return {cause.cause: cause.state for cause in explained.causes}


def evidence(explained: Explained, cause: str) -> str:
    return " ".join(next(one for one in explained.causes if one.cause == cause).evidence)


def test_a_secured_period_is_confirmed_with_the_numbers_that_show_it() -> None:
    found = explain("closed-period", world({"protected_period": 202603}), PROFILE, {"invoice": "2026/12"})
    assert found.causes[0].cause == "secured-period"
    assert evidence(found, "secured-period") == (
        "V1 is secured till 202603; 2026 / 12 is dated 14/02/2026, period 202602."
    )
    assert states(found) == {
        "secured-period": "confirmed",
        "malformed-request": "open",
        "stale-copy": "open",
        "closed-year": "ruled_out",
        "closed-period": "ruled_out",
        "closed-journal": "ruled_out",
        "missing-year": "ruled_out",
    }
    assert evidence(found, "closed-period") == (
        "No period is closed in V1; 2026 / 12 is dated 14/02/2026, period 202602."
    )


def test_the_cure_is_that_of_the_cause_that_was_found_and_names_journal_and_period() -> None:
    found = explain("closed-period", world({"protected_period": 202603}), PROFILE, {"invoice": "2026/12"})
    assert "Beheer > Dagboeken" in found.fix[0]
    assert "Set Beveiligd tot periode of journal V1 to a period before period 202602" in found.fix[0]
    assert any("VAT return" in text for text in found.never)
    assert "Beveiligd tot periode" in found.fixed_when


def test_a_closed_year_is_not_to_be_opened_like_a_period() -> None:
    closed = msgspec.structs.replace(YEAR, closed=True)
    found = explain("closed-period", world(years=(closed,)), PROFILE, {"invoice": "2026 / 12"})
    assert found.confirmed[0].cause == "closed-year"
    assert "Ask the accountant" in found.fix[0]
    assert "have been filed" in found.never[0]


def test_the_reported_reason_is_not_always_the_real_one() -> None:
    found = explain("closed-period", world(), PROFILE, {"invoice": "2026 / 12"})
    assert found.confirmed == ()
    assert [cause.cause for cause in found.causes[:2]] == ["malformed-request", "stale-copy"]
    assert evidence(found, "malformed-request") == (
        "All that can be seen is in order; this cannot be seen from outside."
    )


@pytest.mark.parametrize(
    ("closed", "first", "lock"), [(True, "closed-journal", "open"), (False, "open-journal", "open")]
)
def test_a_refusal_that_says_closed_or_open_elsewhere_is_told_apart(
    closed: bool, first: str, lock: str
) -> None:
    found = explain("open-journal", world({"closed": closed}), PROFILE, {"invoice": "2026 / 12"})
    assert found.causes[0].cause == first
    assert states(found)["open-journal"] == lock
    assert states(found)["closed-journal"] == ("confirmed" if closed else "ruled_out")


def test_only_what_concerns_the_document_confirms_its_cause() -> None:
    bare = detail(line("100.00", "21.00", category=None))
    snapshot = world(details={"d-12": PLAIN, "d-13": bare})
    mine = explain("missing-account", snapshot, PROFILE, {"invoice": "2026 / 12"})
    other = explain("missing-account", snapshot, PROFILE, {"invoice": "2026 / 13"})
    assert states(mine)["missing-account"] == "ruled_out"
    assert states(other)["missing-account"] == "confirmed"
    assert "document 2026 / 13" in other.fix[0]


def test_a_document_is_also_found_by_its_id() -> None:
    found = explain("closed-period", world({"closed_period": 202602}), PROFILE, {"document": "d-12"})
    assert states(found)["closed-period"] == "confirmed"
    later = explain("closed-period", world({"closed_period": 202602}), PROFILE, {"document": "d-13"})
    assert states(later)["closed-period"] == "ruled_out"


def test_of_a_document_that_nobody_read_nothing_is_claimed() -> None:
    found = explain("missing-account", world(), PROFILE, {"invoice": "2025 / 99"})
    assert states(found)["missing-account"] == "open"
    assert "2025 / 99 is not among the documents that were read" in evidence(found, "missing-account")


def test_without_names_all_documents_are_looked_at() -> None:
    found = explain("closed-period", world({"closed_period": 202602}), PROFILE)
    assert found.confirmed[0].cause == "closed-period"
    assert "Concerns 2026 / 12." in evidence(found, "closed-period")
    assert "period 202602" in found.fix[0]


@pytest.mark.parametrize(
    ("subject", "problem", "state"),
    [
        ({"journal": "V1"}, "wrong-journal-type", "confirmed"),
        ({"journal": "V2"}, "wrong-journal-type", "ruled_out"),
        ({"journal": "V9"}, "missing-journal", "confirmed"),
        ({"journal": "V1", "year": "2026"}, "missing-journal", "ruled_out"),
        ({"date": "2028-01-01"}, "missing-year", "confirmed"),
        ({"date": "2026-01-01"}, "missing-year", "ruled_out"),
        ({"period": "202601", "journal": "V1"}, "secured-period", "confirmed"),
        ({"period": "202602", "journal": "V1"}, "secured-period", "ruled_out"),
        ({"year": "2026"}, "closed-year", "ruled_out"),
    ],
)
def test_a_journal_period_or_year_is_judged_although_no_document_waits_for_it(
    subject: dict[str, str], problem: str, state: str
) -> None:
    snapshot = world({"takes_bookings": False, "protected_period": 202601}, pending=())
    assert states(explain(problem, snapshot, PROFILE, subject))[problem] == state


def test_what_was_not_read_stays_open_and_says_why() -> None:
    snapshot = world(unread={"journals": "today's calls are used up", "years": "today's calls are used up"})
    found = explain("closed-period", snapshot, PROFILE, {"invoice": "2026 / 12"})
    assert set(states(found).values()) == {"open"}
    assert "today's calls are used up" in evidence(found, "closed-period")


def test_a_document_that_is_booked_is_refused_nowhere() -> None:
    booked = world({"closed_period": 202612}, pending=(), booked=(Booked(INVOICE, 5, "V1", 40),))
    found = explain("closed-period", booked, PROFILE, {"invoice": "2026 / 12"})
    assert states(found)["closed-period"] == "ruled_out"
    assert evidence(found, "closed-period") == "2026 / 12 is booked already, as V1/40."


def test_without_a_look_every_cause_is_open() -> None:
    for problem in cards():
        assert {cause.state for cause in explain(problem).causes} == {"open"}


def test_an_observer_is_told_that_it_only_watches() -> None:
    watching = msgspec.structs.replace(PROFILE, mode="observer")
    assert states(explain("observer-mode", world(), watching))["observer-mode"] == "confirmed"
    assert states(explain("observer-mode", world(), PROFILE))["observer-mode"] == "ruled_out"


def test_a_failure_named_by_its_number_is_explained_by_its_card_and_an_unknown_one_by_none() -> None:
    assert explain("octopus-15").problem == "secured-period"
    with pytest.raises(KeyError):
        explain("no-such-problem")


def test_names_from_outside_are_shown_letter_for_letter() -> None:
    found = explain("customer-missing", None, None, {"customer": "Foo [BE] {bvba} %s [/x]"})
    assert "“Foo [BE] {bvba} %s [/x]”" in found.fix[0]


# --- the practice company ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", DOCUMENTED)
def test_what_is_not_so_any_more_is_to_be_tried_again_and_not_mended(text: str) -> None:
    explained = diagnose(recognise(text.replace(" X", " 2026/12")), world(), PROFILE).explained
    assert explained is not None
    assert explained.confirmed == ()
    assert explained.gone.startswith("It is not so, or not any more: everything that causes it was read on")
    assert explained.fix[0].startswith("Try ")
    assert not any(">" in step for step in explained.fix)


def test_a_cause_that_cannot_be_seen_is_still_to_be_mended() -> None:
    explained = explain("open-journal", world(), PROFILE, {"journal": "V1"})
    assert explained.gone == ""
    assert "Close the window" in explained.fix[0]


def test_a_clean_check_is_called_in_order() -> None:
    found = explain("missing-account", world(), PROFILE, {"invoice": "2026 / 12"})
    assert evidence(found, "missing-account").endswith(": looked at, and in order.")


def test_the_evidence_of_a_journal_that_is_missing_names_that_journal() -> None:
    snapshot = world(journals={(5, "A1"): V1})
    for subject in ({"journal": "V2"}, {"journal": "V2", "year": "2026"}):
        said = evidence(explain("missing-journal", snapshot, PROFILE, subject), "missing-journal")
        assert "V2" in said
        assert "V1" not in said
    asked = diagnose(recognise("I only see V1 in the drop-down, V2 is missing"), snapshot, PROFILE)
    assert asked.recognition.names["journal"] == "V2"


@pytest.mark.parametrize(
    ("problem", "step", "path"),
    [
        ("journals-not-synchronised", 1, "Settings > Company information > company entity > Accounting. "),
        ("two-dossiers", 0, "Settings > Company information > company entity > Accounting. "),
        ("unmapped-vat", 0, "Settings > Company information > company entity > Accounting > VAT codes. "),
        ("closed-period", 0, "Management > Journals. "),
    ],
)
def test_with_the_booster_the_menus_are_those_of_the_booster(problem: str, step: int, path: str) -> None:
    assert path in explain(problem, languages=Languages(), booster=True).fix[step]
    assert "Marketplace" not in " ".join(explain(problem, languages=Languages(), booster=True).fix)


def test_the_card_on_the_entry_type_leads_to_the_manual_of_octopus() -> None:
    assert (
        cards()["wrong-journal-type"].source == "https://login.octopus.be/manual/NL/management_journals.htm"
    )


def test_what_is_confirmed_for_the_record_that_is_named_is_certain() -> None:
    closed = world({"closed_period": 202602})
    found = diagnose(recognise("kan factuur 2026/12 niet boeken, periode is dicht"), closed, PROFILE)
    assert found.problem == "closed-period"
    nameless = diagnose(recognise("kan niet boeken in Octopus, periode dicht"), closed, PROFILE)
    assert (nameless.problem, nameless.likely[0].problem) == (None, "closed-period")
    assert any("V1 is closed until 202602" in line for line in nameless.likely[0].because)
    open_again = diagnose(recognise("kan niet boeken in Octopus, periode dicht"), world(), PROFILE)
    assert open_again.explained is not None
    assert open_again.explained.gone


def test_of_a_cause_and_what_it_causes_the_one_that_is_confirmed_itself_comes_first() -> None:
    text = "verkoopdagboek afgesloten, periode dicht"
    assert [one.problem for one in recognise(text).likely][:2] == ["closed-period", "closed-journal"]
    found = diagnose(recognise(text), world({"closed": True}), PROFILE)
    assert [one.problem for one in found.likely][:2] == ["closed-journal", "closed-period"]


@pytest.mark.parametrize("text", ["2026 / 12", "factuur 2026/12", "why is invoice 2026 / 12 not in Octopus?"])
def test_a_question_or_the_name_of_a_document_is_answered_by_all_checks(text: str) -> None:
    bare = world(details={"d-12": detail(line("100.00", "21.00", category=None)), "d-13": PLAIN})
    found = diagnose(recognise(text), bare, PROFILE)
    assert found.question
    assert found.problem is not None
    assert "missing-account" in {found.problem, *(one.problem for one in found.likely)}
    other = diagnose(recognise(text.replace("12", "13")), bare, PROFILE)
    assert "missing-account" not in {other.problem, *(one.problem for one in other.likely)}


async def test_where_nothing_is_wrong_no_cause_of_any_problem_is_confirmed(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        snapshot, findings, _skipped = await company.check()
        assert findings == []
        for problem in cards():
            assert explain(problem, snapshot, company.profile).confirmed == (), problem


@pytest.mark.parametrize("scenario", sorted(name for name in SCENARIOS if name in cards()))
async def test_what_a_check_finds_in_a_scenario_is_the_confirmed_cause(tmp_path: Path, scenario: str) -> None:
    async with practice(tmp_path, scenario=scenario) as company:
        snapshot, findings, _skipped = await company.check()
        found = explain(scenario, snapshot, company.profile)
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
            explained = diagnose(recognise(text), snapshot, company.profile).explained
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
            told = diagnose(recognise(one.text), snapshot, company.profile)
            heard = told.recognition.problem or told.recognition.likely
            first = told.explained.problem if told.explained is not None else ""
            if heard and first not in (one.either or one.problems):
                another_first.append(first)
        assert another_first == ANOTHER_FIRST.get(scenario, [])

        for finding in findings:
            for record in finding.records:
                if record.kind in ("invoice", "credit_note"):
                    again = explain(finding.problem, snapshot, company.profile, {"document": record.id})
                    assert finding.problem in {cause.problem for cause in again.confirmed}, record
                    break


@pytest.mark.parametrize(("number", "state"), [("700900", "confirmed"), ("700000", "ruled_out")])
def test_an_account_that_the_text_names_is_looked_up_in_the_chart_itself(number: str, state: str) -> None:
    text = f"Account {number} is not in the chart of 2026"
    found = diagnose(recognise(text), world(), PROFILE).explained
    assert found is not None
    assert found.problem == "unknown-account"
    assert states(found)["unknown-account"] == state
    assert number in evidence(found, "unknown-account")


def test_a_journal_that_was_never_made_is_not_left_to_be_synchronised_for_ever() -> None:
    missing = world(journals={(5, "V1"): V1})
    text = "dat voor de kredietnota's (V2) staat niet in het lijstje van de dagboeken in Teamleader"
    found = diagnose(recognise(text), missing, PROFILE).explained
    assert found is not None
    assert found.problem == "journals-not-synchronised"
    assert "V2 is not on your own screen either" in found.fix[-1]


def test_nothing_is_in_order_in_a_dossier_that_is_not_set_up_yet() -> None:
    """No fiscal year, no journal: whether the accounts of the lines are right, nobody can tell yet."""
    empty = world(years=(), journals={}, accounts={})
    for problem in ("missing-account", "missing-year", "missing-journal"):
        found = explain(problem, empty, PROFILE)
        assert found.gone == ""
        assert "ruled_out" not in {cause.state for cause in found.causes if cause.cause == problem}
