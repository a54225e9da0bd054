"""What decides the meaning of a text is read with few calls, also where nothing was ever read."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.session.session import Session
from tests.checks.practice import practice

TEXTS = (
    "I can't book in October, it says the period is closed",
    "V2 has the wrong type in Octopus",
    "boekjaar 2027 bestaat niet",
    "the ledger account 700000 does not exist in octopus",
    "waarom staat mijn factuur niet in octopus",
)


@pytest.mark.parametrize("text", TEXTS)
async def test_a_text_on_a_profile_of_which_nothing_was_read_costs_three_calls_at_most(
    tmp_path: Path, text: str
) -> None:
    async with practice(tmp_path, scenario="tour", customers=None, documents=None) as company:
        session = Session(company.root, company.profile)
        await session.explanations.read(text, lambda _what, _count: None)
        calls = company.octopus_calls()
        calls.pop("GET /about/version")  # it has no limit, and is not counted
        assert 1 <= sum(calls.values()) <= 3
        if "V2" in text:
            assert "V2" in str(session.explanations.diagnose(text).explained)
        whole = (await session.look()).overview
        assert whole.failing
