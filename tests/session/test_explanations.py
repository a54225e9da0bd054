"""What decides the meaning of a text is read with few calls, also where nothing was ever read."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.session.explanations import needed_first
from octowizard.session.session import Session
from tests.checks.practice import practice

SAID = {
    "closed-journal": "the journal V2 is closed in Octopus",
    "wrong-journal-type": (
        "'Journal V2' in Octopus has the wrong type. This should be 'Sales bookings' but is 'Invoices' instead."
    ),
    "missing-journal": "dagboek V2 bestaat niet in boekjaar 2026",
    "closed-year": "boekjaar 2025 is afgesloten in octopus",
}


def _confirmed(session: Session, text: str) -> list[str]:
    explained = session.explanations.diagnosed(text).explained
    assert explained is not None
    return [cause.problem for cause in explained.confirmed]


@pytest.mark.parametrize("scenario", sorted(SAID))
async def test_a_problem_at_a_named_place_is_confirmed_by_three_calls_where_nothing_was_read(
    tmp_path: Path, scenario: str
) -> None:
    text = SAID[scenario]
    assert needed_first(text)
    async with practice(tmp_path, scenario=scenario) as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(text, lambda _what, _count: None)
        calls = company.octopus_calls()
        calls.pop("GET /about/version", None)  # without a limit of the day
        assert 1 <= sum(calls.values()) <= 3, calls
        assert scenario in (confirmed := _confirmed(session, text))
        # It was no look at both sides: the next one reads all, and tells the same.
        assert (await session.look()).not_read == {}
        assert _confirmed(session, text) == confirmed


NAMING = {
    "closed-period": "Book year period is closed for invoice {number}",
    "secured-period": "de periode van factuur {number} is beveiligd in octopus",
    "closed-journal": "the journal of invoice {number} is closed in Octopus",
    "wrong-journal-type": "het dagboek van creditnota {number} heeft het verkeerde type in octopus",
}


@pytest.mark.parametrize("scenario", sorted(NAMING))
async def test_the_place_of_a_document_that_a_text_names_is_read_with_three_calls_where_nothing_was(
    tmp_path: Path, scenario: str
) -> None:
    async with practice(tmp_path / "known", scenario=scenario) as company:
        _snapshot, findings, _skipped = await company.check()
        found = next(one for one in findings if one.problem == scenario)
        number = next(one.label for one in found.records if one.kind in ("invoice", "credit_note"))
    async with practice(tmp_path / "new", scenario=scenario) as company:
        session = Session(company.root, company.profile)
        text = NAMING[scenario].format(number=number)
        await session.explanations.read(text, lambda _what, _count: None)
        calls = company.octopus_calls()
        calls.pop("GET /about/version", None)
        assert sum(calls.values()) <= 3, calls
        explained = session.explanations.diagnosed(text).explained
        assert explained is not None
        assert scenario in _confirmed(session, text)
        told = [line for cause in explained.confirmed for line in cause.evidence]
        assert f"Whether {number} is booked already was not read." in told


OTHER_KINDS = (
    "An invoice item did not have an account specified for invoice X",
    "De gebruikte grootboekrekening bestaat niet",
    "No match was found for the VAT rate 12%",
    "de klant staat dubbel als relatie in octopus",
    "betaald in teamleader maar nog open in octopus",
    "why is my invoice not in octopus",
    "Invoice 2026 / 3: one of the lines has no ledger account",
    "Invoices 11 and 12 have the same booking number",
)


@pytest.mark.parametrize("text", OTHER_KINDS)
async def test_no_text_takes_more_than_three_calls_and_the_answer_says_what_was_not_looked_at(
    tmp_path: Path, text: str
) -> None:
    async with practice(tmp_path, scenario="missing-account", customers=5, documents=5) as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(text, lambda _what, _count: None)
        calls = company.octopus_calls()
        calls.pop("GET /about/version", None)
        assert sum(calls.values()) <= 3, calls
        found = session.explanations.diagnosed(text)
        assert found.unlooked
        assert all(one.why for one in found.unlooked)
        if found.explained is not None:
            assert not found.explained.gone
        # It was no look at both sides: a check reads all, and the answer hangs on nothing that was not read.
        assert (await session.look()).not_read == {}
        assert session.explanations.diagnosed(text).unlooked == ()
