"""Too few file descriptors are told as such, and never as missing rights."""

import errno
import sqlite3
import sys
from pathlib import Path

import pytest

from octowizard.app.runner import sentence
from octowizard.cli.exits import WRONG_USAGE, explained
from octowizard.workspace import sqlite


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_a_file_that_cannot_be_opened_for_want_of_descriptors_is_told_so(number: int) -> None:
    error = OSError(number, "Too many open files", "/home/me/profile.json")
    said, code = explained(error)
    assert code == WRONG_USAGE
    assert "open no more files (/home/me/profile.json)" in said
    assert sentence(error) == said


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on open files")
def test_a_workspace_that_cannot_be_opened_for_want_of_descriptors_is_not_told_as_missing_rights(
    tmp_path: Path,
) -> None:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorname = "SQLITE_CANTOPEN"
    assert "rights" in str(sqlite.explain(error, tmp_path))
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        said = sqlite.explain(error, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "open no more files" in str(said)
