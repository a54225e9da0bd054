"""Writes that are about to be made, were made, or are in doubt. Each is on the disk before its call leaves.

An outcome is not waited for: the next intent, the end of a run and the closing of the workspace bring it to the disk. A
power cut before loses the last outcomes, never one without all after it: their intents are open then, as after a kill
between a call and its outcome, and are settled by looking.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta

from octowizard.workspace import links
from octowizard.workspace.db import Workspace

# change: of the set-up; company: made or changed in Teamleader; merge: a step of merging two customers
Kind = Literal[
    "booking", "relation", "payment", "mirror_booking", "mirror_match", "change", "company", "merge"
]
State = Literal["open", "done", "not_done", "refused", "parked"]


class Intent(NamedTuple):
    """One write. `natural_key` is by what its result can be found again; `body` what was to be written (JSON)."""

    id: int
    run: int
    kind: Kind
    subject: str
    natural_key: str
    body: bytes
    state: State
    made_at: float  # Unix seconds, this computer's clock
    vendor_time: Annotated[datetime, Meta(tz=True)]
    closed_at: float | None = (
        None  # when the outcome was known; of an open one, when its call ended, if it did
    )


_COLUMNS = "id, run, kind, subject, natural_key, body, state, made_at, vendor_time, closed_at"


def open_intent(
    workspace: Workspace,
    *,
    run: int,
    kind: Kind,
    subject: str,
    natural_key: str,
    body: bytes,
    vendor_time: datetime,
) -> int:
    """Commit the intent to the disk and return its id. Only then may the call be made."""
    with workspace.durable() as db:
        cursor = db.execute(
            "INSERT INTO intent (run, kind, subject, natural_key, body, state, made_at, vendor_time) "
            "VALUES (?, ?, ?, ?, ?, 'open', ?, ?) RETURNING id",
            (run, kind, subject, natural_key, body, time.time(), vendor_time.astimezone(UTC).isoformat()),
        )
        return int(cursor.fetchone()[0])


def close(workspace: Workspace, intent: int, state: State, outcome: str = "", *made: links.Link) -> None:
    """Commit the outcome of a write together with the links it made; no power cut takes one without the other."""
    with workspace.quick() as db:
        db.execute(
            "UPDATE intent SET state = ?, closed_at = ?, outcome = ? WHERE id = ?",
            (state, time.time(), outcome, intent),
        )
        for link in made:
            links.put(db, link)


def call_ended(workspace: Workspace, intent: int) -> None:
    """Note when a call ended whose outcome is unknown: the vendor has finished with it some seconds later."""
    with workspace.quick() as db:
        db.execute("UPDATE intent SET closed_at = ? WHERE id = ?", (time.time(), intent))


def in_state(workspace: Workspace, *states: State, kind: Kind | None = None) -> list[Intent]:
    """All intents in one of the states, oldest first. `open` ones from an earlier process are in doubt."""
    marks = ", ".join("?" for _ in states)
    query = f"SELECT {_COLUMNS} FROM intent WHERE state IN ({marks}) AND kind = coalesce(?, kind) ORDER BY id"
    return list(workspace.read(Intent, query, *states, kind))
