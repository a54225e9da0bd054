"""What a merge takes away, on the disk before it begins: one row per merged customer, and how far it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta

from octowizard.workspace import links
from octowizard.workspace.db import Workspace

State = Literal["begun", "merged", "undoing", "undone"]


class Pack(NamedTuple):
    """One merge. `gone` and `survivor` are Teamleader ids; `body` is JSON; what is in it, the merging knows.

    `state`: begun, merged, undoing, undone.
    """

    id: int
    gone: str
    survivor: str
    state: State
    body: bytes
    at: Annotated[datetime, Meta(tz=True)]


_COLUMNS = "id, subject, survivor, state, body, at"


def begin(workspace: Workspace, gone: str, survivor: str, body: bytes) -> int:
    """Put a pack on the disk; its number. Only then may the merge begin."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with workspace.durable() as db:
        cursor = db.execute(
            "INSERT INTO undo_pack (subject, survivor, state, body, at) VALUES (?, ?, 'begun', ?, ?) RETURNING id",
            (gone, survivor, body, at),
        )
        return int(cursor.fetchone()[0])


def advance(
    workspace: Workspace,
    pack: int,
    state: State,
    *,
    unlink: tuple[str, ...] = (),
    link: tuple[links.CustomerLink, ...] = (),
) -> None:
    """Commit that a pack has come so far, with the links it changes."""
    with workspace.durable() as db:
        db.execute("UPDATE undo_pack SET state = ? WHERE id = ?", (state, pack))
        db.executemany("DELETE FROM customer_link WHERE customer = ?", [(one,) for one in unlink])
        for made in link:
            links.put(db, made)


def pack(workspace: Workspace, number: int) -> Pack | None:
    """One pack, or None."""
    return next(workspace.read(Pack, f"SELECT {_COLUMNS} FROM undo_pack WHERE id = ?", number), None)


def packs(workspace: Workspace, *states: State) -> list[Pack]:
    """All packs in one of the states (any, without states), oldest first."""
    marks = ", ".join("?" for _state in states)
    where = f" WHERE state IN ({marks})" if states else ""
    return list(workspace.read(Pack, f"SELECT {_COLUMNS} FROM undo_pack{where} ORDER BY id", *states))
