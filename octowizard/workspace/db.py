"""Opening a workspace, wherever it lives: a SQLite file per profile, or a schema per profile in a PostgreSQL.

Two connections: one that has each commit on the disk before it returns, and all commits before it (intents, answers),
one that survives a killed process but not a power cut (readings, spent calls, events, outcomes: all of them can be read
again, are only counted or are settled by looking).
Both are for one thread; a reader elsewhere opens its own Workspace. What differs between the two is in `sqlite.py` and
`postgres.py`; the statements are the same, as `dialect.py` has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import msgspec

from octowizard.locale import _
from octowizard.workspace import private
from octowizard.workspace.backends import backend_of
from octowizard.workspace.broken import damaged
from octowizard.workspace.errors import WorkspaceError, leaves
from octowizard.workspace.profiles import folder

Row = TypeVar("Row")
_AT_ONCE = 200  # rows that are converted together
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)  # what a spoiled body raises when it is decoded


class Cursor(Protocol):
    """What a statement came to."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


class Connection(Protocol):
    """What is used of a connection; statements as SQLite writes them."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...
    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> Cursor: ...
    def close(self) -> None: ...


class Workspace:
    """The remembered state of one profile. Use as a context manager, in one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._backend = backend_of(path.parent)
        try:
            private.make_folder(path.parent)
        except OSError as error:
            raise WorkspaceError(
                _("The folder {path} cannot be made ({error}).").format(
                    path=path.parent, error=error.strerror
                )
            ) from None
        try:
            self.sure: Connection = self._backend.connect(path, durable=True)
            try:
                self._backend.migrate(self.sure, path)
                self.fast: Connection = self._backend.connect(path, durable=False)
            except BaseException:
                self.sure.close()
                raise
        except self._backend.FAILED as error:
            raise self._backend.explain(error, path) from error

    @classmethod
    def open(cls, root: Path, profile: str) -> Self:
        """The workspace of a profile, made when it is not there. WorkspaceError in one sentence."""
        return cls(folder(root, profile) / "workspace.sqlite")

    def durable(self) -> AbstractContextManager[Connection]:
        """A transaction that is on the disk when the block ends, or has not happened."""
        return self._transaction(self.sure)

    def quick(self) -> AbstractContextManager[Connection]:
        """A transaction that survives a killed process; for what can be read again or is only counted."""
        return self._transaction(self.fast)

    @contextmanager
    def _transaction(self, connection: Connection) -> Iterator[Connection]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except self._backend.FAILED as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise self._backend.explain(error, self.path) from error

    def look_through(self) -> None:
        """Read the whole file, before anything is written on its word. WorkspaceDamaged where it contradicts itself."""
        try:
            damage = self._backend.contradiction(self.fast)
        except self._backend.FAILED as error:
            raise self._backend.explain(error, self.path) from error
        if damage:
            raise damaged(self.path, damage)

    def read(self, kind: type[Row], sql: str, *values: object) -> Iterator[Row]:
        """The rows of a query as structs or named tuples. WorkspaceDamaged for a row that cannot be one."""
        rows = self.rows(sql, *values)
        several = list[kind]  # type: ignore[valid-type] # a class that is given
        while some := list(islice(rows, _AT_ONCE)):
            try:
                yield from msgspec.convert(
                    some, several, builtin_types=(bytes,)
                )  # else a text is read as base64
            except msgspec.ValidationError as error:
                raise damaged(self.path, str(error)) from error

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one by one, in constant memory."""
        try:
            for row in self.fast.execute(sql, values):  # noqa: UP028  # `yield from` closes the cursor: too late when left
                yield row
        except self._backend.FAILED as error:
            raise self._backend.explain(error, self.path) from error

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
            elif isinstance(leaf, self._backend.FAILED):
                raise self._backend.explain(leaf, self.path) from error
            elif isinstance(leaf, UNREADABLE):
                raise damaged(self.path, str(leaf)) from error
