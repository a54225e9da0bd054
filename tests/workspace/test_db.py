"""Opening a workspace: new, old, newer, damaged, full, forbidden, and by two at once."""

import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from octowizard.workspace import intents, kept, links, sqlite
from octowizard.workspace.db import Connection, Workspace
from octowizard.workspace.errors import WorkspaceError, WorkspaceFull
from octowizard.workspace.ledgers import SpentCalls, TakenTurns
from octowizard.workspace.profiles import ProfileError
from octowizard.workspace.schema import STEPS, TABLES
from tests.workspace.processes import read_only_folder

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LINK = links.CustomerLink("c-1", 9, 123_456_789, "created")


def schema(path: Path) -> tuple[int, list[tuple[str, str]]]:
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        return connection.execute("PRAGMA user_version").fetchone()[0], made.fetchall()


def told(error: pytest.ExceptionInfo[WorkspaceError], path: Path) -> str:
    """The message: for people, on one line, with the place in it."""
    message = str(error.value)
    assert "\n" not in message
    assert message.endswith(".")
    assert str(path) in message
    return message


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "folder" / "workspace.sqlite"


@pytest.fixture
def used(path: Path) -> Path:
    """A workspace with something in it, closed."""
    with Workspace(path) as workspace:
        links.keep(workspace, LINK)
        kept.keep_records(workspace, "relation", (kept.Record(str(n), b"x" * 200) for n in range(500)))
    return path


# --- new and older ---------------------------------------------------------------------------------------


def test_a_workspace_is_made_where_there_is_none_and_found_again(path: Path) -> None:
    with Workspace(path) as workspace:
        links.keep(workspace, LINK)
    with Workspace(path) as workspace:
        assert links.customers(workspace) == {"c-1": LINK}


@pytest.mark.sqlite
def test_what_is_moved_is_all_that_a_workspace_has(path: Path) -> None:
    Workspace(path).close()
    assert schema(path)[0] == len(STEPS)
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        assert {
            name: tuple(row[1] for row in connection.execute(f"PRAGMA table_info({name})")) for name in tables
        } == TABLES


@pytest.mark.sqlite
def test_an_empty_file_becomes_a_workspace(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()
    with Workspace(path) as workspace:
        assert links.customers(workspace) == {}
    fresh = tmp_path / "fresh.sqlite"
    Workspace(fresh).close()
    assert schema(path) == schema(fresh)


@pytest.mark.sqlite
@pytest.mark.parametrize("taken", range(len(STEPS)))
def test_a_workspace_of_every_older_version_is_brought_up_to_date(
    path: Path, tmp_path: Path, taken: int
) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        for step in STEPS[:taken]:
            connection.executescript(step)
        connection.execute(f"PRAGMA user_version={taken}")
    Workspace(path).close()
    fresh = tmp_path / "fresh.sqlite"
    Workspace(fresh).close()
    assert schema(path) == schema(fresh)


@pytest.mark.sqlite
def test_a_step_that_fails_half_way_leaves_the_older_version_whole(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = schema(used)
    monkeypatch.setattr(
        sqlite, "STEPS", (*STEPS, "CREATE TABLE more (a TEXT); CREATE TABLE reading (b TEXT)")
    )
    with pytest.raises(WorkspaceError):
        Workspace(used)
    assert schema(used) == before
    monkeypatch.setattr(sqlite, "STEPS", (*STEPS, "CREATE TABLE more (a TEXT)"))
    with Workspace(used) as workspace:
        assert links.customers(workspace) == {"c-1": LINK}
    assert schema(used)[0] == len(STEPS) + 1


def test_several_that_open_a_new_workspace_at_once_all_get_it(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    for turn in range(20):
        together = threading.Barrier(4)

        def open_it(path: Path = tmp_path / f"{turn}.sqlite", together: threading.Barrier = together) -> None:
            together.wait()
            try:
                Workspace(path).close()
            except WorkspaceError as error:
                failures.append(error)

        threads = [threading.Thread(target=open_it) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


# --- what cannot be used ---------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_a_workspace_of_a_newer_octowizard_is_refused_and_not_changed_by_a_byte(used: Path) -> None:
    with closing(sqlite3.connect(used)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute(f"PRAGMA user_version={len(STEPS) + 3}")
    before = used.read_bytes()
    with pytest.raises(WorkspaceError) as caught:
        Workspace(used)
    message = told(caught, used)
    assert "newer octowizard" in message
    assert f"format {len(STEPS) + 3}" in message
    assert used.read_bytes() == before
    assert [entry.name for entry in used.parent.iterdir()] == [used.name]


@pytest.mark.sqlite
@pytest.mark.parametrize("content", [b"This is a letter, not a workspace.\n" * 200, os.urandom(8192)])
def test_a_file_that_is_no_workspace_is_named_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(WorkspaceError) as caught:
        Workspace(path)
    assert "damaged" in told(caught, path)
    assert path.read_bytes() == content


@pytest.mark.sqlite
def test_a_damaged_workspace_is_named_with_what_to_do(used: Path) -> None:
    content = bytearray(used.read_bytes())
    content[100:4096] = b"\xff" * 3996  # the first page after its header: the list of tables
    used.write_bytes(content)
    with pytest.raises(WorkspaceError) as caught:
        Workspace(used)
    assert "Put back a copy" in told(caught, used)
    assert used.read_bytes() == content


@pytest.mark.sqlite
def test_damage_further_in_is_told_when_it_is_met_and_not_as_a_fault_of_ours(used: Path) -> None:
    content = bytearray(used.read_bytes())
    pages = len(content) // 4096
    for page in range(3, pages):
        content[page * 4096 : page * 4096 + 4096] = b"\xff" * 4096
    used.write_bytes(content)
    with pytest.raises(WorkspaceError) as caught, Workspace(used) as workspace:
        list(kept.records(workspace, "relation"))
    assert "damaged" in told(caught, used)


@pytest.mark.sqlite
@pytest.mark.skipif(os.name == "nt", reason="Windows has no read-only folders")
def test_a_read_only_folder_is_named(used: Path) -> None:
    with read_only_folder() as place:
        with pytest.raises(WorkspaceError) as caught:
            Workspace(place / "workspace.sqlite")
        assert "Check the folder and its rights" in told(caught, place)
        with pytest.raises(WorkspaceError) as caught:
            Workspace(place / "more" / "workspace.sqlite")
        told(caught, place / "more")
    with read_only_folder(holding=used) as place:
        with pytest.raises(WorkspaceError) as caught:
            Workspace(place / used.name)
        assert "Check the folder and its rights" in told(caught, place)


@pytest.mark.sqlite
def test_a_folder_in_place_of_the_file_or_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "workspace.sqlite").mkdir()
    with pytest.raises(WorkspaceError) as caught:
        Workspace(tmp_path / "workspace.sqlite")
    told(caught, tmp_path / "workspace.sqlite")
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError) as caught:
        Workspace(tmp_path / "file" / "workspace.sqlite")
    told(caught, tmp_path / "file")


def test_a_profile_with_a_bad_name_has_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(ProfileError):
        Workspace.open(tmp_path, "../elsewhere")
    with Workspace.open(tmp_path, "good") as workspace:
        assert workspace.path == tmp_path / "profiles" / "good" / "workspace.sqlite"


# --- a full disk -----------------------------------------------------------------------------------------


def no_more_space(connection: Connection) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")


def more_space(connection: Connection) -> None:
    connection.execute("PRAGMA max_page_count=1000000")


@pytest.mark.sqlite
def test_on_a_full_disk_no_intent_is_half_kept_and_what_was_confirmed_stands(used: Path) -> None:
    def about_to_write(body: bytes) -> int:
        return intents.open_intent(
            workspace,
            run=1,
            kind="booking",
            subject="d-1",
            natural_key="5/V1/41",
            body=body,
            vendor_time=NOW,
        )

    with Workspace(used) as workspace:
        first = about_to_write(b"{}")
        no_more_space(workspace.sure)
        with pytest.raises(WorkspaceFull) as caught:
            about_to_write(b"x" * 100_000)
        assert "disk is full" in told(caught, used)
        assert [intent.id for intent in intents.in_state(workspace, "open")] == [first]
        more_space(workspace.sure)
        assert about_to_write(b"x" * 100_000) > first
    with Workspace(used) as workspace:
        assert links.customers(workspace) == {"c-1": LINK}
        assert len(intents.in_state(workspace, "open")) == 2


@pytest.mark.sqlite
def test_on_a_full_disk_a_reading_is_kept_whole_or_stays_the_old_one(used: Path) -> None:
    with Workspace(used) as workspace:
        kept.keep_reading(workspace, "oc/bookyears", b"[1]", NOW)
        no_more_space(workspace.fast)
        with pytest.raises(WorkspaceFull):
            kept.keep_reading(workspace, "oc/bookyears", b"[" + b"2," * 100_000, NOW)
        assert kept.reading(workspace, "oc/bookyears") == kept.Reading(NOW, b"[1]")


# --- transactions ----------------------------------------------------------------------------------------


def test_an_error_of_ours_within_a_transaction_undoes_it_and_stays_itself(used: Path) -> None:
    def fail_half_way() -> None:
        with workspace.durable() as connection:
            connection.execute("DELETE FROM customer_link")
            _ = 1 / 0

    with Workspace(used) as workspace:
        with pytest.raises(ZeroDivisionError):
            fail_half_way()
        assert links.customers(workspace) == {"c-1": LINK}
        with workspace.durable() as connection:  # and the next one begins afresh
            connection.execute("DELETE FROM customer_link")
        assert links.customers(workspace) == {}


def test_while_another_program_holds_the_workspace_the_user_is_told_so(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.0)
    with Workspace(used) as mine, Workspace(used) as theirs, theirs.durable():
        with pytest.raises(WorkspaceError) as caught:
            links.keep(mine, LINK)
        assert "in use by another program" in told(caught, used)


def test_a_workspace_that_is_damaged_under_way_is_told_as_such_by_the_count_of_calls_too(used: Path) -> None:
    with Workspace(used) as workspace:
        workspace.sure.execute("DROP TABLE spent")
        workspace.sure.execute("DROP TABLE turn")
        with pytest.raises(WorkspaceError):
            SpentCalls(workspace, "Octopus").spent("octopus/1", "GET /x", NOW)
        with pytest.raises(WorkspaceError):
            TakenTurns(workspace).recent("teamleader", 0)


@pytest.mark.sqlite
def test_a_negative_format_is_told_as_damage(used: Path) -> None:
    with closing(sqlite3.connect(used)) as db:
        db.execute("PRAGMA user_version=-3")
    with pytest.raises(WorkspaceError, match="is damaged"):
        Workspace(used)


@pytest.mark.sqlite  # where a column takes any type
@pytest.mark.parametrize("spoilt", ["taken_at = 'nonsense'", "taken_at = '2026-01-01'", "body = 7"])
def test_a_spoilt_reading_is_told_as_damage(used: Path, spoilt: str) -> None:
    with Workspace(used) as workspace:
        kept.keep_reading(workspace, "years", b"[]", datetime.now(UTC))
        with workspace.quick() as db:
            db.execute(f"UPDATE reading SET {spoilt}")
        with pytest.raises(WorkspaceError, match="is damaged"):
            kept.reading(workspace, "years")
