"""Two workers on one PostgreSQL, one of them killed: every dossier is done, and nothing twice."""

from __future__ import annotations

import pytest

from tests.workspace.postgres import MISSING, programs


def test_what_a_killed_worker_was_at_is_done_by_the_other_and_booked_once() -> None:
    if programs() is None:
        pytest.skip(MISSING)
    from tests.session.fleet_hosts import run

    outcome = run(6, 1)
    assert outcome.verdicts == {"well": 6}
    assert (outcome.kills, outcome.twice, outcome.lacking) == (1, 0, 0)
    assert outcome.waits  # it was killed in the middle of something
