"""A workspace in PostgreSQL, for a fleet of several hosts: a schema per profile, with the tables of `schema.py`.

A transaction that writes holds an advisory lock of its profile, as SQLite has one writer at a time. `psycopg` is of the
extra `fleet`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from octowizard.locale import _
from octowizard.workspace import database, dialect
from octowizard.workspace.broken import BUSY_SECONDS, damaged, full, newer
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.schema import STEPS

try:
    import psycopg
    from psycopg import sql as quoting
except ImportError:
    raise WorkspaceError(
        _("This workspace lives in PostgreSQL: install octowizard with the extra fleet (octowizard[fleet]).")
    ) from None

FAILED = (psycopg.Error, UnicodeError)
_LONGEST = 40  # letters of a profile's name in that of its schema; PostgreSQL takes 63 in all


def schema_of(folder: Path) -> str:
    """The schema of a profile's folder: readable, and of no other name."""
    mark = hashlib.sha256(folder.name.encode()).hexdigest()[:12]
    return f"octowizard_{folder.name[:_LONGEST]}_{mark}"


def _key(text: str) -> int:
    """A number for an advisory lock."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


class _Cursor:
    """What a statement came to."""

    def __init__(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._cursor.fetchone()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._cursor)


class Connection:
    """Statements as SQLite writes them, on a connection to PostgreSQL."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], key: int) -> None:
        self._connection = connection
        self._key = key

    @property
    def in_transaction(self) -> bool:
        return self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> _Cursor:
        """As sqlite3.Connection.execute."""
        if sql == "BEGIN IMMEDIATE":
            self._connection.execute("BEGIN")
            return _Cursor(self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (self._key,)))
        if not values:
            return _Cursor(self._connection.execute(sql.encode()))
        text, order = dialect.statement(sql)
        return _Cursor(self._connection.execute(text.encode(), [values[place] for place in order]))

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> _Cursor:
        """As sqlite3.Connection.executemany."""
        text, order = dialect.statement(sql)
        cursor = self._connection.cursor()
        cursor.executemany(text.encode(), ([each[place] for place in order] for each in values))
        return _Cursor(cursor)

    def close(self) -> None:
        """Close it."""
        self._connection.close()


def connect(path: Path, *, durable: bool) -> Connection:
    """A connection to the schema of the profile; `durable`: each commit is on the disk before it returns."""
    schema = schema_of(path.parent)
    connection = psycopg.connect(database.address_of(path.parent), autocommit=True, connect_timeout=10)
    try:
        connection.execute(f"SET lock_timeout = {round(BUSY_SECONDS * 1000)}".encode())
        if not durable:
            connection.execute("SET synchronous_commit = off")
        connection.execute(quoting.SQL("SET search_path = {}").format(quoting.Identifier(schema)))
    except BaseException:
        connection.close()
        raise
    return Connection(connection, _key(f"write {schema}"))


def migrate(connection: Connection, path: Path) -> None:
    """Make the schema and take the steps that are not taken yet. WorkspaceError for a newer format."""
    schema = quoting.Identifier(schema_of(path.parent)).as_string()
    if (version := _version(connection)) is None or version < len(STEPS):
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            connection.execute("CREATE TABLE IF NOT EXISTS format (version BIGINT NOT NULL)")
            version = _version(connection) or 0
            for step in STEPS[version:]:
                for statement in dialect.tables(step):
                    connection.execute(statement)
            connection.execute("DELETE FROM format")
            connection.execute("INSERT INTO format VALUES (?)", (max(version, len(STEPS)),))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    if version > len(STEPS):
        raise newer(path, version)


def _version(connection: Connection) -> int | None:
    """The steps taken so far; None without the schema."""
    table = connection.execute("SELECT to_regclass('format')").fetchone()
    if table is None or table[0] is None:
        return None
    row = connection.execute("SELECT max(version) FROM format").fetchone()
    return int(row[0]) if row is not None and row[0] is not None else 0


def contradiction(_connection: Connection) -> str:
    """PostgreSQL looks after its own pages."""
    return ""


def explain(error: Exception, path: Path) -> WorkspaceError:
    """What went wrong, in one sentence."""
    text = " ".join(str(error).split())
    if isinstance(error, psycopg.errors.DiskFull):
        return full(path)
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return WorkspaceError(
            _("The workspace {path} is in use by another program. Try again when it has finished.").format(
                path=path
            )
        )
    if isinstance(error, psycopg.errors.DataCorrupted | psycopg.errors.UndefinedTable | UnicodeError):
        return damaged(path, text)
    if isinstance(error, psycopg.OperationalError):
        return WorkspaceError(
            _(
                "The database of the workspace {path} cannot be reached or used ({error}). Look whether it runs; "
                "what was confirmed before stands, and nothing will be written twice."
            ).format(path=path, error=text)
        )
    return WorkspaceError(_("The workspace {path} cannot be used ({error}).").format(path=path, error=text))


# What all profiles of a database share; each profile's own tables are in its schema.
_SHARED = """
CREATE TABLE IF NOT EXISTS public.octowizard_writer (schema TEXT PRIMARY KEY, holder BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS public.octowizard_profile (name TEXT PRIMARY KEY, body BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS public.octowizard_secret (
    profile TEXT NOT NULL, name TEXT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (profile, name)
);
CREATE TABLE IF NOT EXISTS public.octowizard_standing (
    profile TEXT NOT NULL, task TEXT NOT NULL, at TEXT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (profile, task)
);
"""


_ALL_THERE = "SELECT count(to_regclass(name)) = count(*) FROM unnest(%s::text[]) AS name"
_NAMES = re.findall(r"TABLE IF NOT EXISTS (\S+)", _SHARED)


def _make_shared(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Make those tables where one is not there. Asked of each connection: a database is also dropped and restored."""
    if connection.execute(_ALL_THERE, (_NAMES,)).fetchone() == (True,):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_key("shared tables"),))
        connection.execute(_SHARED.encode())


@contextmanager
def shared(address: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection to what all profiles of the database share; each statement is a transaction. Raises psycopg's."""
    with psycopg.connect(
        address,
        autocommit=True,
        connect_timeout=10,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=2,
    ) as connection:
        _make_shared(connection)
        yield connection


@contextmanager
def one_at_a_time(address: str, what: str) -> Iterator[None]:
    """Within it, no other process of any host is at this."""
    with shared(address) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_key(what),))
        yield


@contextmanager
def held(folder: Path, what: bytes) -> Iterator[bytes | None]:
    """Hold the writer's lock of a profile against every host; yields None, or what its holder says of itself.

    It is given back when the connection ends, also when its process is killed.
    """
    place = schema_of(folder)
    with shared(database.address_of(folder)) as connection:
        connection.execute("SET lock_timeout = 500")  # so soon a killed holder is noticed
        try:
            connection.execute("SELECT pg_advisory_lock(%s)", (_key(f"sync {place}"),))
        except psycopg.errors.LockNotAvailable:
            row = connection.execute(
                "SELECT holder FROM public.octowizard_writer WHERE schema = %s", (place,)
            ).fetchone()
            yield row[0] if row is not None else b""
            return
        connection.execute(
            "INSERT INTO public.octowizard_writer VALUES (%s, %s) "
            "ON CONFLICT (schema) DO UPDATE SET holder = excluded.holder",
            (place, what),
        )
        yield None
