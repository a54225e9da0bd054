"""What an import into Teamleader was foretold to do, kept until it can be held against what it did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from msgspec import Meta

from octowizard.workspace.db import Workspace


class Kept(NamedTuple):
    """A prediction; `body` is JSON."""

    id: int
    body: bytes
    at: Annotated[datetime, Meta(tz=True)]


def keep(workspace: Workspace, body: bytes) -> int:
    """Keep a prediction, durably; its number."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with workspace.durable() as db:
        made = db.execute("INSERT INTO prediction (body, at) VALUES (?, ?) RETURNING id", (body, at))
        return int(made.fetchone()[0])


def latest(workspace: Workspace) -> Kept | None:
    """The last prediction; None when nothing was ever foretold."""
    return next(workspace.read(Kept, "SELECT id, body, at FROM prediction ORDER BY id DESC LIMIT 1"), None)
