"""Which of the three situations is told to the user, and why."""

from pathlib import Path

import pytest

from octowizard.onboarding.detect import evidence, of_counts, reason
from octowizard.onboarding.standing import Counts
from octowizard.session.session import Session
from octowizard.sync.run import Stop
from tests.onboarding.setting_up import setting_up


def counts(clients: int, bookings: int, companies: int, documents: int = 0) -> Counts:
    return Counts(
        clients=clients,
        bookings=bookings,
        bookyears=1,
        journals=2,
        companies=companies,
        contacts=0,
        documents=documents,
    )


@pytest.mark.parametrize(
    ("found", "scenario"),
    [
        (counts(0, 0, 0), "a"),
        (counts(1, 0, 412), "a"),  # the relation that came with the dossier
        (counts(20, 0, 412), "a"),
        (counts(21, 0, 412), "c"),
        (counts(1, 1, 412), "c"),  # something was booked: not empty
        (counts(400, 0, 0), "b"),
        (counts(400, 900, 5), "b"),  # customers that came with the account, or were tried out
        (counts(400, 900, 5, documents=1), "c"),
        (counts(400, 900, 412, documents=30), "c"),
        (Counts(), "a"),
    ],
)
def test_the_counts_of_both_sides_say_which_situation_it_is(found: Counts, scenario: str) -> None:
    assert of_counts(found) == scenario


def test_what_could_not_be_counted_is_said_and_not_taken_for_none() -> None:
    assert "Not all of it could be counted" in reason(Counts(clients=3))
    assert reason(counts(1, 0, 1)) == (
        "Octopus: 1 customer, 1 fiscal year, 2 journals, 0 sales bookings. "
        "Teamleader: 1 company, 0 contacts, 0 documents."
    )


@pytest.mark.parametrize("scenario", ["a", "b", "c"])
async def test_each_practice_company_is_told_for_what_it_is(scenario: str, tmp_path: Path) -> None:
    async with setting_up(tmp_path, scenario) as company:
        found = company.kept()
        assert (found.scenario, found.detected, found.overruled) == (scenario, scenario, False)
        assert found.current == "choose-connector"
        assert {step.id: step.state.value for step in found.steps}["choose-scenario"] == "done"


async def test_the_users_word_counts_until_it_is_taken_back(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "a", documents=3) as company:
        Session(tmp_path, company.profile).setup.choose_scenario("c")
        found = company.kept()
        assert (found.scenario, found.detected, found.overruled) == ("c", "a", True)
        assert "merge" in company.states()
        Session(tmp_path, company.profile).setup.choose_scenario(None)
        found = await company.look()
        assert (found.scenario, found.overruled) == ("a", False)


async def test_a_sync_or_an_import_of_ours_does_not_turn_one_situation_into_another(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "b", customers=20) as company:
        ended = await Session(tmp_path, company.profile).setup.import_companies(
            lambda _step: None, Stop(), lambda *_read: None
        )
        assert ended.imported.made == 20
        before = company.kept()
        assert "0 companies, 0 contacts" in before.reason
        # What it was told by stays, and stands beside what is so now: the import counts what it made.
        both = (f"When detected: {before.reason}", "Now: 16 companies, 4 contacts.")
        assert evidence(before.reason, before.counts) == both
        found = await company.look()
        assert (found.scenario, found.reason) == ("b", before.reason)
        assert evidence(found.reason, found.counts) == both
        assert company.standing.counts.companies == 16
