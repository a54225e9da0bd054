"""One declaration per problem: a refusal, a pasted number, a card and a fix can't call the same thing differently."""

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

import octowizard
from octowizard.octopus.errors import NAMES
from octowizard.planning.blockers import problem_of, refused_by_vendor
from octowizard.planning.problems import BY_CODE, PROBLEMS, severity_of
from octowizard.problems.catalogue import card
from octowizard.problems.recognition import recognise
from octowizard.transport.errors import Refused

BOOKING = "POST /dossiers/{dossierId}/buysellbookings"
HERE = Path(octowizard.__file__).parent
SHARED = {"unreachable"}  # also how a run or an import ends


@pytest.mark.parametrize("code", sorted(code for code in NAMES if code))
def test_an_error_number_is_the_same_problem_when_a_booking_is_refused_and_when_it_is_pasted(
    code: int,
) -> None:
    refused = refused_by_vendor(Refused("Octopus", BOOKING, "no", status=400, code=code)).problem
    pasted = recognise(str(code)).problem
    by_operation = {-3: "no-write-right"}  # only the operation tells what may not be done
    assert refused == by_operation.get(code, BY_CODE[code])
    assert pasted == BY_CODE[code]
    by_number = card(f"octopus-{abs(code)}")
    assert by_number is not None
    assert by_number.id == BY_CODE[code]


def test_a_number_beyond_the_known_ones_is_named_by_itself() -> None:
    assert problem_of(Refused("Octopus", BOOKING, "no", status=400, code=-80)) == "octopus-80"


def test_every_problem_that_the_code_names_is_declared() -> None:
    named = {
        problem
        for folder in ("checks", "planning", "sync")
        for file in (HERE / folder).glob("*.py")
        for problem in re.findall(
            r'(?:[Bb]locker|finding|_drifted|_of_customers)\(\s*"([a-z-]+)"', file.read_text("utf-8")
        )
    }
    assert named
    assert named <= set(PROBLEMS)


def test_only_the_declaration_tells_the_kinds_of_problems_apart() -> None:
    """A table keyed by problem, or a set of problems, anywhere else would say a second time what is declared."""
    tables = []
    for file in sorted(HERE.rglob("*.py")):
        if "sandbox" in file.parts or file == HERE / "planning" / "problems.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            named: Sequence[ast.expr | None]
            if isinstance(node, ast.Dict):
                named = node.keys
            elif isinstance(node, ast.Set):
                named = node.elts
            elif isinstance(node, ast.Compare) and isinstance(node.comparators[0], ast.Tuple | ast.List):
                named = node.comparators[0].elts
            else:
                continue
            words = {part.value for part in named if isinstance(part, ast.Constant)}
            if len(words & PROBLEMS.keys() - SHARED) > 1:
                tables.append(f"{file.relative_to(HERE)}:{node.lineno}")
    assert not tables


@pytest.mark.parametrize("file", sorted((HERE / "checks").glob("*.py")), ids=lambda file: file.stem)
def test_how_grave_a_finding_is_follows_from_the_declaration(file: Path) -> None:
    made = [
        node.lineno
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and any(given.arg == "severity" for given in node.keywords)
    ]
    assert not made or file.stem == "registry"


def test_what_is_only_foreseen_counts_one_grade_less() -> None:
    assert severity_of("missing-journal") == "blocking"
    assert severity_of("missing-journal", foreseen=True) == "warning"
    assert severity_of("daily-limit", foreseen=True) == "info"
    assert severity_of("observer-mode", foreseen=True) == "info"
