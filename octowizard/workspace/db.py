"""Opening a workspace: one SQLite file per profile, its migrations, and what may go wrong with the file.

Two connections: one that has each commit on the disk before it returns (`synchronous=FULL`: intents, outcomes,
links), one that survives a killed process but not a power cut (readings, spent calls, events: all of them can be
read again or are only counted). Both are for one thread; a reader elsewhere opens its own Workspace.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from octowizard.locale import _
from octowizard.workspace import private
from octowizard.workspace.errors import (
    WorkspaceDamaged,
    WorkspaceError,
    WorkspaceFull,
    leaves,
)
from octowizard.workspace.exhausted import has_no_room, no_file_can_be_opened, too_many_open
from octowizard.workspace.profiles import folder
from octowizard.workspace.schema import STEPS

BUSY_SECONDS = 10.0
Row = TypeVar("Row")
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)  # what a spoiled body raises when it is decoded

# SQLite's own message of damage can hold damaged bytes, and is then no text.
_FAILED = (sqlite3.Error, UnicodeDecodeError)


def is_full(error: sqlite3.Error) -> bool:
    """Whether SQLite found no room left on the disk."""
    code = getattr(error, "sqlite_errorname", "") or ""
    return code.startswith("SQLITE_FULL") or "disk is full" in str(error)


def full(path: Path) -> WorkspaceFull:
    """That there is no room left for this file of the workspace."""
    return WorkspaceFull(
        _(
            "The disk is full: octowizard could not write to {path}. Free some space and start the sync again; "
            "what was confirmed before stands, and nothing will be written twice."
        ).format(path=path)
    )


def _explain(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> WorkspaceError:
    if isinstance(error, UnicodeDecodeError):
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


def damaged(path: Path, reason: str, kind: type[WorkspaceDamaged] = WorkspaceDamaged) -> WorkspaceDamaged:
    """What is said of a workspace that holds what octowizard never wrote there.

    The way out books nothing twice: each run reads what stands in both accounts before it writes.
    """
    return kind(
        _(
            "The workspace {path} is damaged ({error}). Put back a copy of it, or move it away to begin with a new "
            "one (its -wal and -shm files go with it): before it writes, octowizard reads both accounts and "
            "recognises what was booked there."
        ).format(path=path, error=" ".join(reason.split())[:200])
    )


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


class Workspace:
    """The remembered state of one profile. Use as a context manager, in one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            private.make_folder(path.parent)
        except OSError as error:
            raise WorkspaceError(
                _("The folder {path} cannot be made ({error}).").format(
                    path=path.parent, error=error.strerror
                )
            ) from None
        try:
            self.sure = self._connect("FULL")
            try:
                self._migrate()
                self.fast = self._connect("NORMAL")
            except BaseException:
                self.sure.close()
                raise
        except _FAILED as error:
            raise _explain(error, path) from error

    @classmethod
    def open(cls, root: Path, profile: str) -> Self:
        """The workspace of a profile, made when it is not there. WorkspaceError in one sentence."""
        return cls(folder(root, profile) / "workspace.sqlite")

    def _connect(self, synchronous: str) -> sqlite3.Connection:
        with suppress(OSError):  # what is wrong with the file SQLite says better
            private.make_file(self.path)  # SQLite gives the -wal and -shm the rights of the file itself
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            self._version(connection)
            _write_ahead(connection)
            connection.execute(f"PRAGMA synchronous={synchronous}")
            connection.execute("PRAGMA foreign_keys=ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _version(self, connection: sqlite3.Connection) -> int:
        """The steps taken so far. WorkspaceError, before anything is changed, when there are more than we know."""
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version < 0:
            raise sqlite3.DatabaseError("malformed: a negative format")
        if version > len(STEPS):
            raise WorkspaceError(
                _(
                    "The workspace {path} was made by a newer octowizard (format {theirs}, this one knows {ours}). "
                    "Install the newer version; nothing was changed."
                ).format(path=self.path, theirs=version, ours=len(STEPS))
            )
        return version

    def _migrate(self) -> None:
        version = self._version(self.sure)
        while version < len(STEPS):
            self.sure.execute("BEGIN IMMEDIATE")
            # Another process may have taken the step while this one waited for its turn.
            version = self.sure.execute("PRAGMA user_version").fetchone()[0]
            if version < len(STEPS):
                for statement in STEPS[version].split(";"):
                    if statement.strip():
                        self.sure.execute(statement)
                version += 1
                self.sure.execute(f"PRAGMA user_version={version}")
            self.sure.execute("COMMIT")

    @contextmanager
    def durable(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when the block ends, or has not happened."""
        with self._transaction(self.sure) as connection:
            yield connection

    @contextmanager
    def quick(self) -> Iterator[sqlite3.Connection]:
        """A transaction that survives a killed process; for what can be read again or is only counted."""
        with self._transaction(self.fast) as connection:
            yield connection

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except _FAILED as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise _explain(error, self.path) from error

    def look_through(self) -> None:
        """Read the whole file, before anything is written on its word. WorkspaceDamaged where it contradicts itself."""
        found = self.row("PRAGMA quick_check(1)")
        if found is None or found[0] != "ok":
            raise damaged(self.path, str(found and found[0]))

    def read(self, kind: type[Row], sql: str, *values: object) -> Iterator[Row]:
        """The rows of a query as structs or named tuples. WorkspaceDamaged for a row that cannot be one."""
        for row in self.rows(sql, *values):
            try:
                yield msgspec.convert(row, kind, builtin_types=(bytes,))  # else a text is read as base64
            except msgspec.ValidationError as error:
                raise damaged(self.path, str(error)) from error

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one by one, in constant memory."""
        try:
            for row in self.fast.execute(sql, values):  # noqa: UP028  # `yield from` closes the cursor: too late when left
                yield row
        except _FAILED as error:
            raise _explain(error, self.path) from error

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def close(self) -> None:
        """Close both connections."""
        self.fast.close()
        self.sure.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it. What went wrong within leaves as one error of the workspace where it is one.

        What vendors answer is decoded in `transport`, with errors of its own: any other text that could not be
        decoded was kept here.
        """
        self.close()
        for leaf in leaves(error, BaseException) if error is not None else ():
            if isinstance(leaf, WorkspaceError):
                if leaf is not error:
                    raise leaf from None
            elif isinstance(leaf, _FAILED):
                raise _explain(leaf, self.path) from error
            elif isinstance(leaf, UNREADABLE):
                raise damaged(self.path, str(leaf)) from error
