"""A step of the set-up is one file: nothing else writes its id, and no id, need or fix leads nowhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import octowizard
from octowizard.onboarding import steps
from octowizard.onboarding.steps.registry import definitions
from octowizard.planning.problems import PROBLEMS, Fix

HOUSE = Path(octowizard.__file__).parent
STEPS = Path(next(iter(steps.__path__)))
# Ids that are also words of other rooms are looked for only where a step can be meant.
COMMON = {"merge", "payments"}
# The practice company has actions of its own, some with the name of a step.
PRACTICE = ("session/practice_desk.py", "app/widgets/action_list.py")


def _strings(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def test_every_file_of_a_step_declares_the_step_of_its_name() -> None:
    files = {file.stem for file in STEPS.glob("*.py")} - {"__init__", "registry"}
    assert {id.replace("-", "_") for id in definitions()} == files


def test_a_step_waits_only_for_steps_that_come_before_it() -> None:
    places = [definition.place for definition in definitions().values()]
    assert len(set(places)) == len(places)
    for definition in definitions().values():
        assert set("abc") >= set(definition.scenarios) > set(), definition.id
        for needed in definition.needs or ():
            assert definitions()[needed.id] is needed
            assert needed.place < definition.place, (definition.id, needed.id)


def test_no_other_file_writes_the_id_of_a_step() -> None:
    written = []
    for file in sorted(HOUSE.rglob("*.py")):
        name = file.relative_to(HOUSE).as_posix()
        if name.startswith("sandbox/") or name in PRACTICE:
            continue
        set_up = name.startswith("onboarding/") or "setup" in file.name or file.name == "stepped.py"
        ids = set(definitions()) if set_up else definitions().keys() - COMMON
        own = file.stem.replace("_", "-") if file.parent == STEPS else ""
        written += [f"{name}:{line} {text}" for text, line in _strings(file) if text in ids - {own}]
    assert written == []


def test_every_fix_is_offered_by_a_step_or_against_a_problem() -> None:
    by_steps = {fix for definition in definitions().values() for fix in definition.offers}
    by_problems = {problem.fix for problem in PROBLEMS.values() if problem.fix is not None}
    assert by_steps | by_problems == set(get_args(Fix))
