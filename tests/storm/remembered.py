"""What an octowizard of a storm remembers, in either backend: read, copied, put back and kept busy from outside."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

Rows = list[tuple[Any, ...]]


class Remembered(Protocol):
    """The workspace of a profile."""

    def rows(self, sql: str) -> Rows:
        """The rows of a query that both backends understand; none where there is no such table yet."""

    def unsound(self) -> str:
        """What its keeper finds wrong with it; empty: nothing."""

    def busy(self) -> Callable[[], None] | None:
        """Be somebody else who writes to it, until what is given back is called. None: it is not there."""

    def copy(self) -> None:
        """Copy it, where it is there."""

    def put_back(self) -> bool:
        """Put the copy back; whether there was one."""

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """All that it holds which no file of the home does: name and content."""


class InFile:
    """In SQLite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy: Path | None = None

    def rows(self, sql: str) -> Rows:
        """As Remembered."""
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(self._path)) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def unsound(self) -> str:
        """As Remembered."""
        found = [row[0] for row in self.rows("PRAGMA integrity_check")]
        return "" if found in ([], ["ok"]) else str(found[:3])

    def busy(self) -> Callable[[], None] | None:
        """As Remembered."""
        if not self._path.exists():
            return None
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:  # the disk is full for him too
            connection.close()
            return None
        return connection.close

    def copy(self) -> None:
        """As Remembered."""
        if self._path.exists():
            self._copy = self._path.with_name("copy-of-workspace.sqlite")
            with closing(sqlite3.connect(self._path)) as now, closing(sqlite3.connect(self._copy)) as kept:
                now.backup(kept)

    def put_back(self) -> bool:
        """As Remembered."""
        if self._copy is None or not self._path.exists():
            return False
        for beside in ("-wal", "-shm"):
            self._path.with_name(self._path.name + beside).unlink(missing_ok=True)
        shutil.move(self._copy, self._path)
        self._copy = None
        return True

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """As Remembered: it is a file of the home."""
        yield from ()


class InDatabase:
    """In PostgreSQL."""

    def __init__(self, folder: Path, address: str) -> None:
        from octowizard.workspace import postgres

        self._address = address
        self._schema = postgres.schema_of(folder)
        self._key = postgres._key(f"write {self._schema}")
        self._copied = False

    def _connection(self, *, at_once: bool = True) -> Any:
        import psycopg

        return psycopg.connect(
            self._address, autocommit=at_once, options=f'-c search_path="{self._schema}"', connect_timeout=10
        )

    def rows(self, sql: str) -> Rows:
        """As Remembered."""
        import psycopg

        with suppress(psycopg.errors.UndefinedTable), self._connection() as connection:
            found: Rows = connection.execute(sql).fetchall()
            return found
        return []

    def unsound(self) -> str:
        """As Remembered: PostgreSQL says so itself when a page is read."""
        return ""

    def busy(self) -> Callable[[], None] | None:
        """As Remembered."""
        connection = self._connection(at_once=False)
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (self._key,))
        close: Callable[[], None] = connection.close
        return close

    def _tables(self, connection: Any) -> list[str]:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
        return [name for (name,) in connection.execute(tables, (self._schema,)).fetchall()]

    def copy(self) -> None:
        """As Remembered."""
        with self._connection(at_once=False) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute("DROP SCHEMA IF EXISTS kept_copy CASCADE")
            connection.execute("CREATE SCHEMA kept_copy")
            for table in self._tables(connection):
                connection.execute(f'CREATE TABLE kept_copy."{table}" AS TABLE "{table}"')
                self._copied = True

    def put_back(self) -> bool:
        """As Remembered. Rows that are made later are numbered on from those that are there, as in a file."""
        if not self._copied:
            return False
        with self._connection(at_once=False) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (self._key,))
            for table in self._tables(connection):
                connection.execute(f'DELETE FROM "{table}"')
                connection.execute(f'INSERT INTO "{table}" SELECT * FROM kept_copy."{table}"')
            numbered = connection.execute(
                "SELECT table_name FROM information_schema.columns WHERE table_schema = %s AND is_identity = 'YES'",
                (self._schema,),
            ).fetchall()
            for (table,) in numbered:
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), "
                    f'(SELECT coalesce(max(id), 0) + 1 FROM "{table}"), false)'
                )
        self._copied = False
        return True

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """As Remembered: every value of every table, of all profiles too."""
        with self._connection() as connection:
            tables = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables "
                "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in tables:
                for row in connection.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall():
                    for value in row:
                        yield f"{schema}.{table}", value if isinstance(value, bytes) else str(value).encode()


def remembered(workspace: Path) -> Remembered:
    """What the profile in whose folder this workspace would be a file remembers."""
    from octowizard.workspace import database

    address = database.address_of(workspace.parent)
    return InDatabase(workspace.parent, address) if address else InFile(workspace)
