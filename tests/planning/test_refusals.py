"""What a refusal is called: by who said it, and by whether anybody answered at all."""

import pytest

from octowizard.planning.blockers import problem_of
from octowizard.transport.errors import Failed, Forbidden, Interrupted, Refused, Unreachable, VendorError

READ = "GET /dossiers/{dossierId}/bookyears"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (Unreachable("Octopus", READ, "no route"), "unreachable"),
        (Interrupted("Teamleader", "invoices.list", "cut"), "unreachable"),
        (Failed("Octopus", READ, status=503), "unreachable"),
        (Failed("Teamleader", "invoices.list", status=502), "unreachable"),
        (Failed("Octopus", READ, status=500), "vendor-refused"),
        (Refused("Octopus", READ, status=400, code=-76), "vendor-refused"),
        (Forbidden("Teamleader", "invoices.list", status=403), "teamleader-rights"),
        (Forbidden("Octopus", READ, status=403), "dossier-refused"),
    ],
)
def test_no_answer_is_not_a_refusal_and_a_refusal_is_not_silence(error: VendorError, problem: str) -> None:
    assert problem_of(error) == problem
