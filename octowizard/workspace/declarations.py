"""What stands for a side that nobody signed in to: what the user declares of it, or a file tells.

Every declaration stays, as history: of each thing the newest stands. What the bodies hold is known to
`snapshot/declared_parts.py` (fiscal years, journals) and `customers/declaring.py` (lists in files).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

import msgspec

from octowizard.workspace.db import Workspace

What = Literal["years", "journals", "relations", "companies", "invoices", "credit_notes"]


class Declared(NamedTuple):
    """One declaration; `body` is JSON. `source`: the name of the file that tells it, "" for the user's own word."""

    what: What
    body: str
    source: str
    at: Annotated[datetime, msgspec.Meta(tz=True)]


def declare(workspace: Workspace, what: What, body: bytes, source: str, at: datetime) -> None:
    """Let this stand from now on, durably; what stood before stays in the history."""
    with workspace.durable() as db:
        db.execute(
            "INSERT INTO declaration (what, body, source, at) VALUES (?, ?, ?, ?)",
            (what, body.decode(), source, at.astimezone(UTC).isoformat()),
        )


def history(workspace: Workspace) -> list[Declared]:
    """All that was ever declared, the oldest first."""
    return list(workspace.read(Declared, "SELECT what, body, source, at FROM declaration ORDER BY id"))


def standing(workspace: Workspace) -> dict[What, Declared]:
    """What stands of each thing."""
    return {declared.what: declared for declared in history(workspace)}
