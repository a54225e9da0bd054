"""For every broken practice company: check, sync, cure, check, sync.

The check names exactly what the company is named for; the sync books all but the documents that it named; after
the documented cure the check is silent and the sync books the rest, each document once.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from octowizard.checks.registry import Finding
from octowizard.sandbox import control
from octowizard.sandbox.worlds import SCENARIOS
from tests.scenarios.exceptions import (
    ALSO_CALLED,
    ASKED,
    ASKED_TO_TRY_AGAIN,
    DECLARED,
    FOUND_AS,
    HARMLESS,
    MAY_BE_REFUSED,
    UNSEEN,
)
from tests.scenarios.practising import documents, practice

BROKEN = [name for name, scenario in SCENARIOS.items() if scenario.breaks]


SEEDS = range(1, 6) if os.environ.get("OCTOWIZARD_LONG") else (1,)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_wrong_is_foreseen_met_cured_and_gone(tmp_path: Path, name: str, seed: int) -> None:
    async with practice(tmp_path, name, seed) as company:
        told = control.scenario(company.world)
        assert (told["name"], told["breaks"]) == (name, name)
        assert bool(told["cure"]) == (name not in HARMLESS)
        assert len(told["affected"]) != 1, "one document alone would not show that causes are grouped"

        if name in DECLARED:
            assert not await company.check()
            company.export()
        found = await company.check()
        _exactly(name, found)

        before = await company.sync()
        assert company.not_booked() == sorted(told["affected"])
        assert before.problems <= {name} | ALSO_CALLED.get(name, set())
        whole = not told["affected"] and name not in ASKED
        assert (before.last.outcome == "complete") == whole
        if before.last.outcome == "attention" and told["affected"]:
            assert before.problems, "documents failed without a word"
        if before.last.outcome in ("complete", "attention") and name not in UNSEEN:
            stopping = [f for f in found if f.severity == "blocking" or f.problem in MAY_BE_REFUSED]
            assert before.failed == documents(stopping)

        company.cure()
        if name in ASKED_TO_TRY_AGAIN:
            (left,) = await company.check()
            assert left.problem == name
            assert "--try-again" in left.evidence[0]
            assert company.world.octopus_calls["POST /authentication"] == 1, "sent again without being asked"
            company.try_again()
        if name in DECLARED:
            assert await company.check(), "what was declared stands until a new export is read"
            company.export()
        assert not await company.check()
        company.wait()
        after = await company.sync()
        assert after.last.outcome == "complete", after.last.message
        assert (after.last.failing, after.last.left_for_later, after.last.payments_parked) == (0, 0, 0)
        assert company.not_booked() == []
        assert company.booked_again() == []


def _exactly(name: str, findings: list[Finding]) -> None:
    """The findings are of this company's problem: all that block, and at least one unless nothing shows it."""
    blocking = {finding.problem for finding in findings if finding.severity == "blocking"}
    every = {finding.problem for finding in findings}
    if name in UNSEEN:
        assert not findings
        return
    known = {name} | FOUND_AS.get(name, set())
    assert blocking <= known
    assert every & known
    assert every <= known
