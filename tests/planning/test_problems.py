"""One declaration per problem: a refusal, a pasted number, a card and a fix can't call the same thing differently."""

import re
from pathlib import Path

import pytest

import octowizard
from octowizard.octopus.errors import NAMES
from octowizard.planning.blockers import problem_of, refused_by_vendor
from octowizard.planning.problems import BY_CODE, PROBLEMS
from octowizard.problems.catalogue import card
from octowizard.problems.recognition import recognise
from octowizard.transport.errors import Refused

BOOKING = "POST /dossiers/{dossierId}/buysellbookings"
HERE = Path(octowizard.__file__).parent


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
        for problem in re.findall(r'Blocker\(\s*"([a-z-]+)"|problem="([a-z-]+)"', file.read_text("utf-8"))
        for problem in problem
        if problem
    }
    assert named
    assert named <= set(PROBLEMS)
