"""Spent calls and taken turns: counted durably, by the day of the limit, and never one too many."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octowizard.transport.errors import LimitSpent
from octowizard.transport.ledger import BRUSSELS, CallLedger, MemoryCallLedger
from octowizard.workspace import sqlite
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.ledgers import SpentCalls, TakenTurns, forget_old
from tests.workspace.processes import Other, other

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCOPE, CALL = "octopus/1", "GET /dossiers/{dossierId}/accounts"
SECOND = timedelta(seconds=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace.sqlite"


@pytest.fixture
def workspace(path: Path) -> Iterator[Workspace]:
    with Workspace(path) as opened:
        yield opened


@pytest.fixture
def calls(workspace: Workspace) -> SpentCalls:
    return SpentCalls(workspace, "Octopus")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "free"),
    [
        ("2026-11-20 12:00", "2026-11-21 00:00"),  # winter: Brussels' midnight comes first, UTC's decides
        ("2026-11-20 22:59", "2026-11-21 00:00"),
        ("2026-11-20 23:30", "2026-11-21 23:00"),  # already the 21st in Brussels
        ("2026-07-01 12:00", "2026-07-02 00:00"),  # summer: two hours apart
        ("2026-07-01 22:30", "2026-07-02 22:00"),
        ("2026-03-28 23:30", "2026-03-29 22:00"),  # the day of 23 hours
        ("2026-03-29 22:30", "2026-03-30 22:00"),
        ("2026-10-24 22:30", "2026-10-25 23:00"),  # the day of 25 hours
        ("2026-10-25 22:59", "2026-10-26 00:00"),
        ("2026-12-31 23:30", "2027-01-01 23:00"),
    ],
)
def test_a_call_counts_until_its_day_is_over_in_brussels_and_by_utc(
    calls: SpentCalls, made: str, free: str
) -> None:
    at, until = utc(made), utc(free)
    calls.spend(SCOPE, CALL, 1, at)
    assert calls.spent(SCOPE, CALL, until - SECOND) == 1
    assert calls.spent(SCOPE, CALL, until) == 0
    with pytest.raises(LimitSpent) as caught:
        calls.spend(SCOPE, CALL, 1, at)
    assert caught.value.until == until
    assert calls.spent(SCOPE, CALL, at) == 1  # what was refused is not counted
    calls.spend(SCOPE, CALL, 1, until)


def test_a_restart_forgets_no_call(path: Path) -> None:
    for _ in range(2):
        with Workspace(path) as workspace:
            SpentCalls(workspace, "Octopus").spend(SCOPE, CALL, 2, NOON)
    with Workspace(path) as workspace:
        calls = SpentCalls(workspace, "Octopus")
        assert calls.spent(SCOPE, CALL, NOON) == 2
        with pytest.raises(LimitSpent) as caught:
            calls.spend(SCOPE, CALL, 2, NOON)
    assert caught.value.vendor == "Octopus"
    assert "2 calls a day" in str(caught.value)


def test_another_dossier_or_operation_has_its_own_limit_and_no_limit_only_counts(calls: SpentCalls) -> None:
    calls.spend(SCOPE, CALL, 1, NOON)
    calls.spend("octopus/2", CALL, 1, NOON)
    calls.spend(SCOPE, "GET /other", 1, NOON)
    calls.spend(SCOPE, CALL, None, NOON)
    assert [
        calls.spent(*what, NOON) for what in ((SCOPE, CALL), ("octopus/2", CALL), (SCOPE, "GET /other"))
    ] == [
        2,
        1,
        1,
    ]


def test_a_clock_that_is_set_back_gives_no_calls_away(calls: SpentCalls) -> None:
    calls.spend(SCOPE, CALL, 2, NOON)
    calls.spend(SCOPE, CALL, 2, NOON)
    for back in (timedelta(minutes=5), timedelta(hours=13), timedelta(days=1)):
        with pytest.raises(LimitSpent) as caught:
            calls.spend(SCOPE, CALL, 2, NOON - back)
        assert caught.value.until > NOON  # by the stamps of the calls themselves


def test_a_clock_that_was_far_ahead_for_a_while_does_not_lock_the_user_out(calls: SpentCalls) -> None:
    for _ in range(2):
        calls.spend(SCOPE, CALL, 2, NOON + timedelta(days=400))
    calls.spend(SCOPE, CALL, 2, NOON)
    assert calls.spent(SCOPE, CALL, NOON) == 1


def test_a_computer_whose_clock_is_months_ahead_forgets_no_call_that_counts(
    workspace: Workspace, calls: SpentCalls
) -> None:
    """Calls bear the vendor's moments."""
    now = datetime.now(UTC) - timedelta(days=90)
    for at in (now - timedelta(days=40), now, now):
        calls.spend(SCOPE, CALL, None, at)
    forget_old(workspace)
    assert workspace.row("SELECT count(*) FROM spent") == (2,)
    assert calls.spent(SCOPE, CALL, now) == 2


HOURS = st.integers(0, 80).map(lambda n: utc("2026-10-23 20:00") + timedelta(minutes=45 * n))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(moments=st.lists(HOURS, max_size=20), limit=st.one_of(st.none(), st.integers(0, 4)))
def test_kept_on_disk_or_in_memory_the_count_is_the_same(
    calls: SpentCalls, moments: list[datetime], limit: int | None
) -> None:
    memory = MemoryCallLedger()
    with calls._workspace.quick() as connection:
        connection.execute("DELETE FROM spent")

    def outcome(ledger: CallLedger, at: datetime) -> tuple[datetime | None, int]:
        try:
            ledger.spend(SCOPE, CALL, limit, at)
        except LimitSpent as spent:
            return spent.until, ledger.spent(SCOPE, CALL, at)
        return None, ledger.spent(SCOPE, CALL, at)

    for at in moments:
        assert outcome(calls, at) == outcome(memory, at)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(moments=st.lists(HOURS, max_size=40), limit=st.integers(1, 4))
def test_no_day_of_utc_or_brussels_ever_sees_more_calls_than_its_limit(
    calls: SpentCalls, moments: list[datetime], limit: int
) -> None:
    with calls._workspace.quick() as connection:
        connection.execute("DELETE FROM spent")
    made: list[datetime] = []
    for at in sorted(moments):
        try:
            calls.spend(SCOPE, CALL, limit, at)
        except LimitSpent:
            continue
        made.append(at)
    for zone in (UTC, BRUSSELS):
        days = [at.astimezone(zone).date() for at in made]
        assert all(days.count(day) <= limit for day in days)


SPENDER = """
import sys
from datetime import datetime
from pathlib import Path
from octowizard.transport.errors import LimitSpent
from octowizard.workspace.db import Workspace
from octowizard.workspace.ledgers import SpentCalls
with Workspace(Path(sys.argv[1])) as workspace:
    calls = SpentCalls(workspace, "Octopus")
    print("ready", flush=True)
    for turn in range(int(sys.argv[3])):
        sys.stdin.readline()
        try:
            calls.spend("octopus/1", f"GET /{turn}", 1, datetime.fromisoformat(sys.argv[2]))
            print("made", flush=True)
        except LimitSpent:
            print("refused", flush=True)
"""


def test_two_processes_together_make_no_call_too_many(path: Path, workspace: Workspace) -> None:
    turns = 300
    with (
        other(SPENDER, path, NOON.isoformat(), turns) as one,
        other(SPENDER, path, NOON.isoformat(), turns) as two,
    ):
        both: list[Other] = [one, two]
        assert [process.line() for process in both] == ["ready", "ready"]
        for _ in range(turns):  # one call is left each time, and both want it at once
            for process in both:
                process.go()
            assert sorted(process.line() for process in both) == ["made", "refused"]
    calls = SpentCalls(workspace, "Octopus")
    assert all(calls.spent("octopus/1", f"GET /{turn}", NOON) == 1 for turn in range(turns))


def test_between_counting_the_calls_and_taking_the_last_one_nobody_else_can_take_it(
    path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.0)
    with Workspace(path) as second:
        theirs = SpentCalls(second, "Octopus")

        class Overtaken(SpentCalls):
            def spent(self, scope: str, operation: str, at: datetime) -> int:
                count = super().spent(scope, operation, at)
                with pytest.raises(WorkspaceError, match="in use by another program"):
                    theirs.spend(scope, operation, 1, at)
                return count

        Overtaken(workspace, "Octopus").spend(SCOPE, CALL, 1, NOON)
        with pytest.raises(LimitSpent):
            theirs.spend(SCOPE, CALL, 1, NOON)


def test_a_call_is_on_the_disk_before_it_is_made(path: Path, calls: SpentCalls) -> None:
    calls.spend(SCOPE, CALL, 2, NOON)
    with Workspace(path) as onlooker:
        assert list(onlooker.rows("SELECT scope, operation, at FROM spent")) == [
            (SCOPE, CALL, NOON.timestamp())
        ]


def test_the_calls_of_the_last_minute_are_seen_by_the_next_process_in_order(
    path: Path, workspace: Workspace
) -> None:
    turns = TakenTurns(workspace)
    for at in (1_000_003.5, 1_000_001.0, 1_000_002.0):
        turns.take("teamleader/a", at)
    turns.take("teamleader/b", 1_000_004.0)
    with Workspace(path) as second:
        assert TakenTurns(second).recent("teamleader/a", 1_000_001.5) == [1_000_002.0, 1_000_003.5]
        assert TakenTurns(second).recent("teamleader/a", 0.0) == [1_000_001.0, 1_000_002.0, 1_000_003.5]
        assert TakenTurns(second).recent("teamleader/c", 0.0) == []


def test_old_turns_are_forgotten_so_that_the_workspace_does_not_grow(workspace: Workspace) -> None:
    turns = TakenTurns(workspace)
    for second in range(0, 2_001, 10):
        turns.take("teamleader/a", 1_000_000.0 + second)
    kept = turns.recent("teamleader/a", 0.0)
    assert kept[0] >= 1_002_000.0 - 600
    assert kept[-1] == 1_002_000.0
