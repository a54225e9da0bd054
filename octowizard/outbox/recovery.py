"""Settling what is in doubt: by looking at the vendors, before anything new is written, never by repeating."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Literal, NamedTuple

from octowizard.octopus.client import Octopus
from octowizard.outbox.door import (
    NO_RUN,
    B,
    C,
    Doubt,
    NotWritten,
    R,
    StillInDoubt,
    WriteKind,
    clients,
    write,
)
from octowizard.outbox.kinds import KINDS
from octowizard.outbox.lookup import seconds_to_wait
from octowizard.teamleader.client import Teamleader
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace
from octowizard.workspace.intents import Intent, Kind

TRIES = 3  # of a write of which a look showed no trace

# A sync settles these when their turn comes: payments may need a wait, mirrored ones are followed by their match.
IN_TURN = frozenset(kind.name for kind in KINDS.values() if kind.by_sync == "in_turn")


class Verdict(NamedTuple):
    """What a doubt turned out to be. `label` names the record for people."""

    kind: Kind
    label: str
    outcome: Literal["done", "not_done", "parked"]


async def settle(
    workspace: Workspace,
    octopus: Octopus,
    teamleader: Teamleader,
    tell: Callable[[Verdict], None],
    *,
    leave: Collection[Kind] = (),
) -> None:
    """Settle every open intent, but for the kinds in `leave`. Each writing command begins with it.

    One that a look cannot decide yet stays open. Raises what looking raises: then nothing new may be written.
    """
    by_vendor = clients(octopus, teamleader)
    for kind in KINDS.values():
        if kind.name not in leave:
            doubts = intents.in_state(workspace, "open", kind=kind.name)
            ready = [doubt for doubt in doubts if kind.settles == "at_once" or not seconds_to_wait(doubt)]
            for verdict in await look_and_close(kind, workspace, by_vendor[kind.vendor], ready):
                tell(verdict)


async def look_and_close(
    kind: WriteKind[C, B, R], workspace: Workspace, client: C, doubts: Sequence[Intent]
) -> list[Verdict]:
    """Look what became of these, of one kind, and close them. Call it when a look is final. Raises VendorError."""
    if not doubts:
        return []
    bodies = {doubt.id: kind.body_of(doubt) for doubt in doubts}
    records = await kind.look(
        client, workspace, [Doubt(doubt.id, bodies[doubt.id], doubt.vendor_time) for doubt in doubts]
    )
    verdicts: list[Verdict] = []
    for doubt in doubts:
        body, record = bodies[doubt.id], records.get(doubt.id)
        if record is not None and kind.is_same(body, record):
            made = kind.made(record) or "found"
            intents.close(workspace, doubt.id, "done", made, *kind.links(body, record))
            verdicts.append(Verdict(kind.name, kind.label(body), "done"))
        else:
            intents.close(workspace, doubt.id, "not_done", "looked")
            verdicts.append(Verdict(kind.name, kind.label(body), "not_done"))
    return verdicts


async def wait_and_settle(
    kind: WriteKind[C, B, R], workspace: Workspace, client: C, *, about: str
) -> list[Verdict]:
    """Settle the doubts whose natural key is `about`, or a part of it, once their requests must have ended."""
    doubts = [
        doubt
        for doubt in intents.in_state(workspace, "open", kind=kind.name)
        if doubt.natural_key == about or doubt.natural_key.startswith(f"{about}/")
    ]
    await asyncio.sleep(max(map(seconds_to_wait, doubts), default=0.0))
    return await look_and_close(kind, workspace, client, doubts)


async def write_surely(kind: WriteKind[C, B, R], workspace: Workspace, client: C, body: B) -> None:
    """As `write`, for whoever builds on it: it stands when this returns.

    A request that may still be at work is waited for and looked at; what a look shows not to be written is sent
    again, a few times. Raises VendorError, and StillInDoubt when a look failed or nothing came of it in the end.
    """
    key = kind.key(body)
    for attempt in range(1, TRIES + 1):
        try:
            await write(kind, workspace, client, body, run=NO_RUN)
        except NotWritten as absent:
            if attempt == TRIES:
                raise absent.cause from absent
        except StillInDoubt as doubt:
            if not doubt.early:
                raise
            verdicts = await wait_and_settle(kind, workspace, client, about=key)
            if any(verdict.outcome == "done" for verdict in verdicts):
                return
            if attempt == TRIES:
                raise
        else:
            return
