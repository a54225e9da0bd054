"""Two workers on one PostgreSQL, one of them killed: every dossier is done, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.progress import Stop
from octowizard.workspace.errors import WorkspaceError, WorkspaceLocked
from tests.consent import free_port
from tests.workspace.postgres import MISSING, database, programs, running


def test_what_a_killed_worker_was_at_is_done_by_the_other_and_booked_once() -> None:
    if programs() is None:
        pytest.skip(MISSING)
    from tests.session.fleet_hosts import TAKEN_OVER, run

    outcome = run(6, 1)
    assert outcome.verdicts == {"well": 6}
    assert (outcome.kills, outcome.twice, outcome.lacking) == (1, 0, 0)
    assert outcome.waits  # it was killed in the middle of something
    assert max(outcome.waits) < TAKEN_OVER


async def test_jobs_are_left_when_their_worker_lives_no_more_however_late_it_gives_a_sign_of_life() -> None:
    if programs() is None:
        pytest.skip(MISSING)
    import procrastinate
    import psycopg

    from octowizard.session.fleet_presence import Presence

    with running() as server, database(server) as address:
        app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            worker = await app.job_manager.register_worker()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 day'")
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
                "VALUES ('profiles', 'octowizard.run', 'doing', %s)",
                (worker,),
            )
        async with Presence(address) as others:
            async with Presence(address) as slow:
                await slow.hold(worker)
                async with others.left_behind("profiles") as jobs:
                    assert jobs == []
            async with others.left_behind("profiles") as jobs, Presence(address) as third:
                assert jobs == [1]
                async with third.left_behind("profiles") as also:
                    assert also == []  # while another gives them away
            async with others.left_behind("care") as jobs:
                assert jobs == []


def test_a_profile_that_another_octowizard_is_at_is_tried_again_later() -> None:
    pytest.importorskip("procrastinate")
    from octowizard.session.fleet_queue import later_where_held

    explain = later_where_held(lambda error: (str(error), "unusable"))
    assert explain(WorkspaceLocked("held")) == ("held", "unknown")
    assert explain(WorkspaceError("broken")) == ("broken", "unusable")


async def test_a_database_of_the_fleet_that_nobody_serves_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("procrastinate")
    from octowizard.session.fleet_queue import Queue

    monkeypatch.setenv("OCTOWIZARD_DATABASE", "")  # which the queue sets
    queue = Queue(tmp_path, f"postgresql://nobody@127.0.0.1:{free_port()}/x", lambda _error: ("", "unknown"))
    for asked in (queue.state(), queue.begin("check"), queue.work(1, Stop())):
        with pytest.raises(WorkspaceError, match="The database of the fleet cannot be reached or used"):
            await asked
