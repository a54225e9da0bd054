"""Two octowizards at a time on one workspace: neither takes away what guards the other's files."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from octowizard.workspace import kept
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceLocked
from octowizard.workspace.lock import only_one

NOW = datetime(2026, 11, 29, tzinfo=UTC)
OPENED = "from pathlib import Path; from octowizard.workspace.db import Workspace; Workspace(Path({path!r})).close()"
LOCKED = """
from pathlib import Path
from octowizard.workspace.errors import WorkspaceLocked
from octowizard.workspace.lock import only_one
try:
    with only_one(Path({path!r}), "another sync"):
        print("got it")
except WorkspaceLocked:
    print("refused")
"""


def elsewhere(words: str, path: Path) -> str:
    """What another process prints that does this."""
    done = subprocess.run(
        [sys.executable, "-c", words.format(path=str(path))], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(os.name == "nt", reason="files have no inodes there, and closing one gives up no lock")
def test_who_opens_and_closes_a_workspace_in_use_leaves_its_log_there(tmp_path: Path) -> None:
    path = tmp_path / "workspace.sqlite"
    log = tmp_path / "workspace.sqlite-wal"
    with Workspace(path) as first, Workspace(path):
        kept.keep_reading(first, "years", b"[]", NOW)
        before = log.stat().st_ino
        elsewhere(OPENED, path)
        assert log.stat().st_ino == before
        kept.keep_reading(first, "years", b"[1]", NOW)
    with Workspace(path) as again:
        reading = kept.reading(again, "years")
        assert reading is not None
        assert reading.body == b"[1]"


def test_a_second_sync_in_this_process_gives_up_no_lock(tmp_path: Path) -> None:
    with only_one(tmp_path, "a sync"):
        assert elsewhere(LOCKED, tmp_path) == "refused"
        with pytest.raises(WorkspaceLocked), only_one(tmp_path, "a second one"):
            pass
        assert elsewhere(LOCKED, tmp_path) == "refused"
    assert elsewhere(LOCKED, tmp_path) == "got it"


def test_what_a_file_was_made_by_does_not_stay(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace.sqlite"), only_one(tmp_path, "a sync"):
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
