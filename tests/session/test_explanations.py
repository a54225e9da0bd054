"""What decides the meaning of a text is read with few calls, also where nothing was ever read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from octowizard.session.session import Session
from octowizard.snapshot.parts import PARTS, READABLE, last_look, written
from octowizard.workspace import kept
from tests.checks.practice import Practice, practice

SAID = {
    "closed-journal": "the journal V2 is closed in Octopus",
    "wrong-journal-type": (
        "'Journal V2' in Octopus has the wrong type. This should be 'Sales bookings' but is 'Invoices' instead."
    ),
    "missing-journal": "dagboek V2 bestaat niet in boekjaar 2026",
    "closed-year": "boekjaar 2025 is afgesloten in octopus",
}


def spent(company: Practice) -> Counter[str]:
    """The calls to Octopus so far, but for the one without a limit of the day."""
    calls = Counter(company.octopus_calls())
    del calls["GET /about/version"]
    return calls


def _confirmed(session: Session, text: str) -> list[str]:
    explained = session.explanations.diagnosed(text).explained
    assert explained is not None
    return [cause.problem for cause in explained.confirmed]


@pytest.mark.parametrize("scenario", sorted(SAID))
async def test_a_problem_at_a_named_place_is_confirmed_by_three_calls_where_nothing_was_read(
    tmp_path: Path, scenario: str
) -> None:
    text = SAID[scenario]
    async with practice(tmp_path, scenario=scenario) as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(text, lambda _what, _count: None)
        assert 1 <= spent(company).total() <= 3, spent(company)
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
        assert spent(company).total() <= 3, spent(company)
        assert scenario in _confirmed(session, text)


ANYWHERE = {
    "closed-period": "kan niet boeken in Octopus, periode dicht",
    "secured-period": "the period is secured in Octopus, nothing can be booked",
    "number-gap": "an earlier number is still missing in the journal, Octopus takes no gaps",
    "bad-dates": "the due date of the invoice is before its date",
}


@pytest.mark.parametrize("scenario", sorted(ANYWHERE))
async def test_a_text_that_names_no_place_takes_three_calls_where_nothing_was_read(
    tmp_path: Path, scenario: str
) -> None:
    async with practice(tmp_path, scenario=scenario) as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(ANYWHERE[scenario], lambda _what, _count: None)
        assert spent(company).total() <= 3, spent(company)
        assert scenario in _confirmed(session, ANYWHERE[scenario])


async def test_what_three_calls_do_not_bring_is_told_and_the_next_text_goes_on_with_it(
    tmp_path: Path,
) -> None:
    text = "one line of our invoice has no ledger account, so it is not booked in Octopus"
    async with practice(tmp_path, scenario="missing-account") as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(text, lambda _what, _count: None)
        assert session.explanations.diagnosed(text).recognition.problem is None
        assert _confirmed(session, text) == []
        unlooked = session.explanations.diagnosed(text).unlooked
        assert "accounts" in {one.check for one in unlooked}
        before = spent(company)
        await session.explanations.read(text, lambda _what, _count: None)
        assert (spent(company) - before).total() <= 3, spent(company) - before
        assert _confirmed(session, text) == ["missing-account"]
        # It was no look at both sides: the next one reads all, and tells the same.
        assert (await session.look()).not_read == {}
        assert _confirmed(session, text) == ["missing-account"]


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        ("missing-account", "An invoice item did not have an account specified for invoice X"),
        ("closed-year", "Boekjaarperiode is afgesloten"),
    ],
)
async def test_a_vendors_own_message_finds_its_cause_at_once(
    tmp_path: Path, scenario: str, text: str
) -> None:
    async with practice(tmp_path, scenario=scenario) as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(text, lambda _what, _count: None)
        assert _confirmed(session, text) == [scenario]


async def test_no_document_waits_for_all_we_know_whose_journal_was_not_looked_at(tmp_path: Path) -> None:
    text = "kan niet boeken in Octopus, periode dicht"
    async with practice(tmp_path, scenario="closed-period") as company:
        session = Session(company.root, company.profile)
        snapshot = await session.explanations.read(text, lambda _what, _count: None)
        assert snapshot is not None
        assert {head.kind for head in snapshot.pending} == {"invoice"}
        assert "V2" in snapshot.partial["bookings"]
        about_credit_notes = "de periode van onze creditnota's is dicht in Octopus"
        session = Session(company.root, company.profile)
        snapshot = await session.explanations.read(about_credit_notes, lambda _what, _count: None)
        assert snapshot is not None
        assert "bookings" not in snapshot.partial  # those of the other journal are kept


OTHER_KINDS = (
    "An invoice item did not have an account specified for invoice X",
    "De gebruikte grootboekrekening bestaat niet",
    "No match was found for the VAT rate 12%",
    "de klant staat dubbel als relatie in octopus",
    "betaald in teamleader maar nog open in octopus",
    "why is my invoice not in octopus",
    "Invoices 11 and 12 have the same booking number",
)


async def test_once_both_sides_were_read_no_text_takes_more_than_three_calls(tmp_path: Path) -> None:
    """Nor where all of it is to be read again: a fix of ours has just written to it."""
    async with practice(tmp_path, scenario="missing-account", customers=5, documents=5) as company:
        session = Session(company.root, company.profile)
        await session.look()
        for text in OTHER_KINDS:
            with session.workspace() as workspace:
                written(workspace, READABLE)
            before = spent(company)
            await session.explanations.read(text, lambda _what, _count: None)
            assert (spent(company) - before).total() <= 3, (text, spent(company) - before)
        assert _confirmed(session, OTHER_KINDS[0]) == ["missing-account"]


async def test_what_a_part_is_kept_as_tells_that_it_was_read(tmp_path: Path) -> None:
    rows = {part: row.kept_as for part, row in PARTS.items() if row.vendor == "Octopus"}
    assert all(rows.values())
    async with practice(tmp_path, scenario="tour") as company:
        session = Session(company.root, company.profile)
        with session.workspace() as workspace:
            assert not [part for part, name in rows.items() if kept.readings(workspace, name)]
        await session.look()
        with session.workspace() as workspace:
            look = last_look(workspace)
            assert look is not None
            read = {part for part, name in rows.items() if kept.readings(workspace, name)}
            assert read == {part for part in rows if part in look.at}
            assert len(read) >= len(rows) - 1  # returns: only where one may soon be due
