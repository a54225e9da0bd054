"""What the user decided, declared or skipped: small JSON values by key, on the disk before the call returns.

The keys: `booster`, `scenario`, `dossier`, `first_look`, `skipped/<step>`, `declared/<question>`, and what other rooms
keep under a name of their own. What a key means is known where it is used, not here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from octowizard.locale import _
from octowizard.workspace.broken import damaged
from octowizard.workspace.db import UNREADABLE, Workspace
from octowizard.workspace.errors import WorkspaceError

BOOSTER = "booster"  # whether Teamleader's integration is the Accounting Connector Booster


def put(workspace: Workspace, key: str, value: object) -> None:
    """Keep the value (anything JSON can say), durably; an earlier one is replaced."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with workspace.durable() as db:
        db.execute(
            "INSERT INTO decision VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at",
            (key, msgspec.json.encode(value).decode(), at),
        )


def forget(workspace: Workspace, *keys: str) -> None:
    """Take decisions back, durably; one that was never made is no error."""
    with workspace.durable() as db:
        db.executemany("DELETE FROM decision WHERE key = ?", [(key,) for key in keys])


def get(workspace: Workspace, key: str) -> Any:
    """The value kept under the key; None when nothing was decided."""
    row = workspace.row("SELECT value FROM decision WHERE key = ?", key)
    return _decoded(workspace, key, row[0]) if row is not None else None


def booster(workspace: Workspace) -> bool | None:
    """Whether Teamleader's integration is the Accounting Connector Booster; None: never asked."""
    answer = get(workspace, BOOSTER)
    return answer if isinstance(answer, bool) else None


def beginning(workspace: Workspace, prefix: str = "") -> dict[str, Any]:
    """All decisions whose key begins with `prefix`, by key."""
    rows = workspace.rows("SELECT key, value FROM decision ORDER BY key")
    return {str(key): _decoded(workspace, key, value) for key, value in rows if str(key).startswith(prefix)}


def moments(workspace: Workspace) -> dict[str, datetime]:
    """When each decision was taken, by its key."""
    rows = workspace.rows("SELECT key, at FROM decision")
    return {str(key): moment for key, at in rows if (moment := _moment(at)) is not None}


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:  # it tells an age, and decides nothing
        return None


def _decoded(workspace: Workspace, key: str, value: object) -> Any:
    if not isinstance(value, str):
        raise damaged(workspace.path, f"decision {key[:40]!a}")
    try:
        return msgspec.json.decode(value)
    except UNREADABLE as error:
        raise WorkspaceError(
            _("The decision “{key}” in {path} cannot be read ({error}): take it again.").format(
                key=key, path=workspace.path, error=error
            )
        ) from None
