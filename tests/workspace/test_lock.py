"""One sync at a time: the second is told who has it, and a killed one does not keep it."""

import os
import re
import sqlite3
from pathlib import Path

import pytest

from octowizard.workspace.errors import WorkspaceError, WorkspaceFull, WorkspaceLocked
from octowizard.workspace.lock import only_one
from tests.workspace.processes import other, read_only_folder

HOLD = """
import sys
from pathlib import Path
from octowizard.workspace.lock import only_one
with only_one(Path(sys.argv[1]), "sync of 2026"):
    print("held", flush=True)
    sys.stdin.readline()
print("released", flush=True)
"""


def holder_of(place: Path) -> tuple[int, str]:
    """Take the lock; process and purpose as the next one is told them."""
    with only_one(place, "another"), pytest.raises(WorkspaceLocked) as caught, only_one(place, "third"):
        pass
    found = re.search(r"process (\d+) on .*\((.*)\)\. Wait", str(caught.value))
    assert found is not None, caught.value
    return int(found[1]), found[2]


def test_the_second_octowizard_is_told_which_process_runs_the_sync(tmp_path: Path) -> None:
    with other(HOLD, tmp_path) as first:
        assert first.line() == "held"
        with pytest.raises(WorkspaceLocked) as caught, only_one(tmp_path, "another"):
            pass
        message = str(caught.value)
        assert f"process {first.pid} " in message
        assert "sync of 2026" in message
        assert "\n" not in message
        first.go()
        assert first.line() == "released"
        assert holder_of(tmp_path) == (os.getpid(), "another")


def test_a_killed_octowizard_keeps_no_lock(tmp_path: Path) -> None:
    with other(HOLD, tmp_path) as first:
        assert first.line() == "held"
        first.kill()
        assert holder_of(tmp_path) == (os.getpid(), "another")


def test_a_sync_that_fails_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_one(tmp_path, "one"):
        _ = 1 / 0
    with only_one(tmp_path, "two"):
        pass


def test_the_same_process_has_it_only_once_too(tmp_path: Path) -> None:
    with only_one(tmp_path, "one"), pytest.raises(WorkspaceLocked), only_one(tmp_path, "two"):
        pass


@pytest.mark.sqlite
@pytest.mark.parametrize("content", [b"", b'{"pid": 1', b"[]"])
def test_when_the_holders_name_cannot_be_read_the_second_is_refused_all_the_same(
    tmp_path: Path, content: bytes
) -> None:
    with only_one(tmp_path, "one"):
        (tmp_path / "sync.json").write_bytes(content)
        with pytest.raises(WorkspaceLocked) as caught, only_one(tmp_path, "two"):
            pass
    assert str(tmp_path) in str(caught.value)


def test_workspaces_do_not_lock_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with (
        only_one(tmp_path / "a", "one"),
        only_one(tmp_path / "b", "two"),
        pytest.raises(WorkspaceLocked),
        only_one(tmp_path / "a", "three"),
    ):
        pass


@pytest.mark.sqlite
def test_a_lock_that_cannot_be_made_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sync.lock").mkdir()
    with pytest.raises(WorkspaceError) as caught, only_one(tmp_path, "one"):
        pass
    assert str(tmp_path / "sync.lock") in str(caught.value)
    assert not isinstance(caught.value, WorkspaceLocked)


@pytest.mark.sqlite
def test_a_damaged_lock_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sync.lock").write_bytes(b"not a lock at all, but a letter " * 100)
    with pytest.raises(WorkspaceError) as caught, only_one(tmp_path, "one"):
        pass
    assert "Remove that file" in str(caught.value)


@pytest.mark.sqlite
def test_a_lock_on_a_full_disk_is_told_as_full_and_not_as_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_given: object, **_named: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("octowizard.workspace.lock.sqlite3.connect", no_room)
    with pytest.raises(WorkspaceFull) as caught, only_one(tmp_path, "one"):
        pass
    assert "The disk is full" in str(caught.value)
    assert "sync.lock" in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no read-only folders")
@pytest.mark.sqlite
def test_a_lock_in_a_read_only_folder_is_no_crash() -> None:
    with read_only_folder() as place:
        with pytest.raises(WorkspaceError) as caught, only_one(place, "one"):
            pass
        assert "Check the folder and its rights" in str(caught.value)
