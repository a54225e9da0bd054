"""Documents the user keeps out of the sync, by id or by number, until they are let in again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from octowizard.books.numbers import bare
from octowizard.workspace.db import Workspace


def exclude(workspace: Workspace, documents: Iterable[str]) -> None:
    """Keep these out (Teamleader ids, or numbers as people write them)."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with workspace.durable() as db:
        db.executemany(
            "INSERT INTO exclusion VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(bare(key), at) for key in documents],
        )


def include(workspace: Workspace, documents: Iterable[str]) -> None:
    """Let these in again."""
    with workspace.durable() as db:
        db.executemany("DELETE FROM exclusion WHERE document = ?", [(bare(key),) for key in documents])


def excluded(workspace: Workspace) -> frozenset[str]:
    """Ids and numbers (without blanks) that are kept out."""
    return frozenset(str(key) for (key,) in workspace.rows("SELECT document FROM exclusion"))
