"""Runs and their events, as the JSON lines that were shown: the history, per run and per document."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

import msgspec

from octowizard.workspace.db import Workspace

_FLUSH_SECONDS = 0.5
_FLUSH_LINES = 200


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One run. `last_line` is its `run_finished` event; None when the run was cut off."""

    id: int
    started: datetime
    finished: datetime | None
    dry_run: bool
    last_line: bytes | None


_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Row(NamedTuple):
    id: int
    started: _Moment
    finished: _Moment | None
    dry_run: int
    last_line: bytes | None


class RunLog:
    """Writes the events of one run, a batch at a time; what is lost by a kill is half a second of history."""

    def __init__(self, workspace: Workspace, *, dry_run: bool) -> None:
        self._workspace = workspace
        self._pending: list[tuple[int, int, str | None, bytes]] = []
        self._seq = 0
        self._flushed = time.monotonic()
        with workspace.durable() as db:
            cursor = db.execute(
                "INSERT INTO run (started, dry_run) VALUES (?, ?) RETURNING id",
                (datetime.now(UTC).isoformat(timespec="seconds"), int(dry_run)),
            )
            self.id = int(cursor.fetchone()[0])

    def add(self, line: bytes, document: str | None) -> None:
        """Take one event line; `document` is the Teamleader id it is about."""
        self._pending.append((self.id, self._seq, document, line))
        self._seq += 1
        if len(self._pending) >= _FLUSH_LINES or time.monotonic() - self._flushed >= _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what is pending."""
        if self._pending:
            with self._workspace.quick() as db:
                db.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", self._pending)
            self._pending.clear()
        self._flushed = time.monotonic()

    def finish(self, last_line: bytes) -> None:
        """Write the rest and close the run; all of it is on the disk then, with every outcome before it."""
        self.flush()
        with self._workspace.durable() as db:
            db.execute(
                "UPDATE run SET finished = ?, last_line = ? WHERE id = ?",
                (datetime.now(UTC).isoformat(timespec="seconds"), last_line, self.id),
            )


def runs(workspace: Workspace) -> list[RunRecord]:
    """All runs, newest first."""
    rows = workspace.read(_Row, "SELECT id, started, finished, dry_run, last_line FROM run ORDER BY id DESC")
    return [
        RunRecord(
            id=row.id,
            started=row.started,
            finished=row.finished,
            dry_run=bool(row.dry_run),
            last_line=row.last_line,
        )
        for row in rows
    ]


def run_lines(workspace: Workspace, run: int) -> Iterator[bytes]:
    """The event lines of a run, in order."""
    for (line,) in workspace.read(tuple[bytes], "SELECT line FROM event WHERE run = ? ORDER BY seq", run):
        yield line


class DocumentLine(NamedTuple):
    """An event about one document. `dry_run`: a preview foresaw it, and nothing happened."""

    run: int
    started: _Moment
    dry_run: int
    line: bytes


def document_history(workspace: Workspace, document: str) -> Iterator[DocumentLine]:
    """The events about one document, over all runs and previews, oldest first."""
    query = """
        SELECT run, started, dry_run, line FROM event JOIN run ON run.id = event.run
        WHERE document = ? ORDER BY run, seq
    """
    return workspace.read(DocumentLine, query, document)


def document_lines(workspace: Workspace, document: str) -> Iterator[bytes]:
    """The event lines about one document, over all syncs, oldest first; what a preview promised is no part of it."""
    return (event.line for event in document_history(workspace, document) if not event.dry_run)
