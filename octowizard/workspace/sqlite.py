"""A workspace in SQLite, the embedded default: one file per profile, and what may go wrong with the file."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from octowizard.locale import _
from octowizard.workspace import private
from octowizard.workspace.broken import BUSY_SECONDS, damaged, full, newer
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.exhausted import has_no_room, no_file_can_be_opened, too_many_open
from octowizard.workspace.schema import STEPS

# SQLite's own message of damage can hold damaged bytes, and is then no text.
FAILED = (sqlite3.Error, UnicodeDecodeError)


def is_full(error: sqlite3.Error) -> bool:
    """Whether SQLite found no room left on the disk."""
    code = getattr(error, "sqlite_errorname", "") or ""
    return code.startswith("SQLITE_FULL") or "disk is full" in str(error)


def explain(error: Exception, path: Path) -> WorkspaceError:
    if not isinstance(error, sqlite3.Error):
        return damaged(path, str(error))
    text = str(error)
    code = getattr(error, "sqlite_errorname", "") or ""
    if is_full(error):
        return full(path)
    if (
        code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
        or "malformed" in text
        or "not a database" in text
        or "Could not decode" in text
    ):
        return damaged(path, text)
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR")) and no_file_can_be_opened():
        return WorkspaceError(too_many_open(path))
    if code.startswith("SQLITE_IOERR") and has_no_room(path.parent):
        return full(path)
    if code.startswith("SQLITE_IOERR"):
        return WorkspaceError(
            _(
                "The disk refused to read or write the workspace {path} ({error}). Look at the disk and the space "
                "left on it, then start again; what was confirmed before stands, and nothing will be written twice."
            ).format(path=path, error=text)
        )
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return WorkspaceError(
            _("The workspace {path} cannot be written ({error}). Check the folder and its rights.").format(
                path=path, error=text
            )
        )
    if code.startswith("SQLITE_BUSY") or "locked" in text:
        return WorkspaceError(
            _("The workspace {path} is in use by another program. Try again when it has finished.").format(
                path=path
            )
        )
    return WorkspaceError(_("The workspace {path} cannot be used ({error}).").format(path=path, error=text))


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. SQLite does not wait here when another process is just doing the same."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= deadline:
                raise
        time.sleep(0.005)


def connect(path: Path, *, durable: bool) -> sqlite3.Connection:
    """A connection; `durable`: each commit is on the disk before it returns. WorkspaceError for a newer format."""
    with suppress(OSError):  # what is wrong with the file SQLite says better
        private.make_file(path)  # SQLite gives the -wal and -shm the rights of the file itself
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _version(connection, path)
        _write_ahead(connection)
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The steps taken so far. WorkspaceError, before anything is changed, when there are more than we know."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < 0:
        raise sqlite3.DatabaseError("malformed: a negative format")
    if version > len(STEPS):
        raise newer(path, version)
    return version


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that are not taken yet."""
    version = _version(connection, path)
    while version < len(STEPS):
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have taken the step while this one waited for its turn.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version < len(STEPS):
            for statement in STEPS[version].split(";"):
                if statement.strip():
                    connection.execute(statement)
            version += 1
            connection.execute(f"PRAGMA user_version={version}")
        connection.execute("COMMIT")


def contradiction(connection: sqlite3.Connection) -> str:
    """How the file contradicts itself; empty where it does not. Reads all of it."""
    row = connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if row is not None and row[0] == "ok" else str(row and row[0])
