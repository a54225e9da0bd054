"""What was read of both sides, with its age: whole readings by name, and records one by one.

A reading is a list that is replaced as a whole (bookyears, the journals of a year, VAT codes). Records are
refreshed one by one through the vendors' feeds, so that a restart, or the next run, asks only for what changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from octowizard.workspace.broken import damaged
from octowizard.workspace.db import UNREADABLE, Workspace
from octowizard.workspace.errors import ReadingDamaged, WorkspaceDamaged

SPOILT = (*UNREADABLE, ReadingDamaged)  # what a reading raises that cannot be decoded any more


class Reading(NamedTuple):
    """A list as it was read; `body` is JSON."""

    taken_at: datetime
    body: bytes


class Record(NamedTuple):
    """A record to keep. `stamp` is the vendor's own time of change; "" where it gives none.

    `detail`: its full record, where that came along with it.
    """

    key: str
    body: bytes
    stamp: str = ""
    detail: bytes | None = None


_LAST = "\U0010ffff"  # sorted behind every letter of a name


def keep_reading(workspace: Workspace, name: str, body: bytes, taken_at: datetime) -> None:
    """Replace the reading `name`."""
    with workspace.quick() as db:
        db.execute(
            "INSERT INTO reading VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at, body = excluded.body",
            (name, taken_at.astimezone(UTC).isoformat(), body),
        )


def reading(workspace: Workspace, name: str) -> Reading | None:
    """The reading `name`, or None when it was never taken."""
    row = workspace.row("SELECT taken_at, body FROM reading WHERE name = ?", name)
    if row is None:
        return None
    taken_at, body = row
    return _reading(workspace, name, taken_at, body)


def _reading(workspace: Workspace, name: object, taken_at: object, body: object) -> Reading:
    """A row as it was kept. WorkspaceError when it cannot be one of ours."""
    try:
        moment = datetime.fromisoformat(str(taken_at))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not isinstance(body, bytes):
        raise damaged(workspace.path, f"reading {str(name)[:40]!a}", ReadingDamaged)
    return Reading(moment, body)


def readings(workspace: Workspace, prefix: str) -> dict[str, Reading]:
    """The readings whose names begin with `prefix` (letters, digits, `/`), by the rest of the name."""
    rows = workspace.rows(
        "SELECT name, taken_at, body FROM reading WHERE name >= ? AND name < ? ORDER BY name",
        prefix,
        prefix + _LAST,
    )
    return {
        str(name).removeprefix(prefix): _reading(workspace, name, taken_at, body)
        for name, taken_at, body in rows
    }


def drop_readings(workspace: Workspace, *names: str) -> None:
    """Forget readings."""
    with workspace.quick() as db:
        db.executemany("DELETE FROM reading WHERE name = ?", ((name,) for name in names))


def keep_records(workspace: Workspace, kind: str, records: Iterable[Record]) -> int:
    """Insert or replace records, one by one; how many.

    A kept detail stays where none comes along, and is judged by its own stamp.
    """
    with workspace.quick() as db:
        kept = db.executemany(
            "INSERT INTO record (kind, key, stamp, body, detail, detail_stamp) VALUES (?1, ?2, ?3, ?4, ?5, ?3) "
            "ON CONFLICT (kind, key) DO UPDATE SET stamp = excluded.stamp, body = excluded.body, "
            "detail = coalesce(excluded.detail, record.detail), "
            "detail_stamp = CASE WHEN excluded.detail IS NULL THEN record.detail_stamp ELSE excluded.detail_stamp END",
            ((kind, record.key, record.stamp, record.body, record.detail) for record in records),
        )
        return max(kept.rowcount, 0)


def drop_records(workspace: Workspace, kind: str, keys: Iterable[str]) -> None:
    """Forget records that are gone on the other side."""
    with workspace.quick() as db:
        db.executemany("DELETE FROM record WHERE kind = ? AND key = ?", ((kind, key) for key in keys))


def keep_only(workspace: Workspace, kind: str, keys: Collection[str]) -> None:
    """Forget all records of a kind but these; what is kept beside a record that stays, stays."""
    with workspace.quick() as db:
        known = [key for (key,) in db.execute("SELECT key FROM record WHERE kind = ?", (kind,))]
        gone = ((kind, key) for key in known if key not in keys)
        db.executemany("DELETE FROM record WHERE kind = ? AND key = ?", gone)


def drop_kind(workspace: Workspace, kind: str) -> None:
    """Forget all records of a kind, before they are read afresh."""
    with workspace.quick() as db:
        db.execute("DELETE FROM record WHERE kind = ?", (kind,))


def records(workspace: Workspace, kind: str) -> Iterator[bytes]:
    """The bodies of all records of a kind, in the order of their keys, in constant memory."""
    for (body,) in workspace.rows("SELECT body FROM record WHERE kind = ? ORDER BY key", kind):
        if type(body) is not bytes:
            raise _no_record(workspace, kind)
        yield body


def with_details(workspace: Workspace, kind: str) -> Iterator[tuple[bytes, bytes | None]]:
    """As `records`, each with its full record, where that was read since the record last changed."""
    rows = workspace.rows(
        "SELECT body, CASE WHEN detail_stamp = stamp THEN detail END FROM record WHERE kind = ? ORDER BY key",
        kind,
    )
    for row in rows:
        body, detail = row
        if type(body) is not bytes or (detail is not None and type(detail) is not bytes):
            raise _no_record(workspace, kind)
        yield row


def _body(workspace: Workspace, kind: str, body: object) -> bytes:
    if not isinstance(body, bytes):
        raise _no_record(workspace, kind)
    return body


def _no_record(workspace: Workspace, kind: str) -> WorkspaceDamaged:
    return damaged(workspace.path, f"a record of {kind}", ReadingDamaged)


def keys(workspace: Workspace, kind: str, prefix: str) -> Iterator[str]:
    """The keys of a kind that begin with `prefix` (letters, digits, `/`)."""
    for (key,) in workspace.rows(
        "SELECT key FROM record WHERE kind = ? AND key >= ? AND key < ?", kind, prefix, prefix + _LAST
    ):
        yield str(key)


def record(workspace: Workspace, kind: str, key: str) -> bytes | None:
    """One record, or None."""
    row = workspace.row("SELECT body FROM record WHERE kind = ? AND key = ?", kind, key)
    return _body(workspace, kind, row[0]) if row is not None else None


def keep_detail(workspace: Workspace, kind: str, key: str, detail: bytes, stamp: str) -> None:
    """Keep the full record beside the one of the list."""
    with workspace.quick() as db:
        db.execute(
            "UPDATE record SET detail = ?, detail_stamp = ? WHERE kind = ? AND key = ?",
            (detail, stamp, kind, key),
        )


def detail(workspace: Workspace, kind: str, key: str, stamp: str) -> bytes | None:
    """The full record, if it was read since the record last changed (`stamp`)."""
    row = workspace.row(
        "SELECT detail FROM record WHERE kind = ? AND key = ? AND detail_stamp = ?", kind, key, stamp
    )
    return _body(workspace, kind, row[0]) if row is not None and row[0] is not None else None
