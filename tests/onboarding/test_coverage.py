"""Nothing that the help centre's article on connecting says is missing from the set-up, and all of it in its order."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from octowizard.onboarding.guide import guide
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.registry import definitions
from octowizard.problems.catalogue import cards
from tests.onboarding.setting_up import setting_up, texts_of

TABLE = Path(__file__).parents[1] / "problems" / "coverage.toml"
SENTENCES: list[dict[str, str]] = [
    sentence
    for sentence in tomllib.loads(TABLE.read_text(encoding="utf-8"))["sentence"]
    if sentence["article"] == "connecting"
]
ORDER = [
    "choose-connector",
    "connect-octopus",
    "choose-scenario",
    "choose-dossier",
    "create-fiscal-year",
    "create-journals",
    "check-accounts",
    "customer-vat",
    "import-companies",
    "merge",
    "connect-teamleader",
    "map-vat",
    "map-accounts",
    "first-sync",
    "payments",
    "automatic-sync",
]


async def _steps(root: Path) -> dict[str, list[Step]]:
    """Every step of the three scenarios, in English with English menus."""
    found: dict[str, list[Step]] = {}
    for scenario in ("a", "b", "c"):
        async with setting_up(root / scenario, scenario, customers=12, octopus_language="en") as company:
            for booster in (None, True):
                standing = msgspec.structs.replace(company.standing, decisions={"booster": booster})
                for step in guide(standing).steps:
                    found.setdefault(step.id, []).append(step)
    return found


async def test_every_sentence_stands_in_the_step_that_the_table_names(tmp_path: Path) -> None:
    steps = await _steps(tmp_path)
    missing = []
    for sentence in SENTENCES:
        assert "step" in sentence, sentence["begins"]
        said = " ".join(" ".join(map(texts_of, steps.get(sentence["step"], ()))).split())
        if sentence["says"] not in said:
            missing.append((sentence["step"], sentence["begins"], sentence["says"]))
    assert missing == []
    named = {problem for each in steps.values() for step in each for problem in step.problems}
    assert named <= set(cards())


@pytest.mark.parametrize("scenario", ["a", "b", "c"])
async def test_the_steps_come_in_the_documented_order(scenario: str, tmp_path: Path) -> None:
    async with setting_up(tmp_path, scenario, customers=12) as company:
        ids = [step.id for step in company.kept().steps]
    assert [id for id in ids if id in ORDER] == [id for id in ORDER if id in ids]
    assert ids == [definition.id for definition in definitions().values() if scenario in definition.scenarios]
    left_out = {"a": {"import-companies", "merge"}, "b": {"customer-vat", "merge"}, "c": set()}[scenario]
    assert set(ORDER) - set(ids) == left_out
