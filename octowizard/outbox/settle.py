"""Settling what an earlier process left in doubt: by looking at the vendors, before anything new is written.

Which kind is settled how is known to the modules of this room, each of which registers itself (see doubts.py).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection

from octowizard.octopus.client import Octopus
from octowizard.outbox.doubts import SETTLERS, Settler, Sides, Tell
from octowizard.teamleader.client import Teamleader
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace
from octowizard.workspace.intents import Intent, Kind

# A sync settles these when their turn comes: payments may need a wait, mirrored ones are followed by their match.
IN_A_SYNC: frozenset[Kind] = frozenset({"payment", "mirror_booking", "mirror_match"})


async def doubts(
    workspace: Workspace,
    octopus: Octopus,
    teamleader: Teamleader,
    tell: Tell,
    *,
    leave: Collection[Kind] = (),
) -> None:
    """Settle every open intent, but for the kinds in `leave`. Each writing command begins with it.

    A payment too young to be told stays open. Raises what looking raises: then nothing new may be written.
    """
    _load_all()
    waiting: dict[Settler, list[Intent]] = {settler: [] for settler in SETTLERS.values()}
    for intent in intents.in_state(workspace, "open"):
        if intent.kind not in leave:
            waiting[SETTLERS[intent.kind]].append(intent)
    sides = Sides(workspace, octopus, teamleader)
    for settler, open_ones in waiting.items():
        if open_ones:
            await settler(sides, open_ones, tell)


def _load_all() -> None:
    """Import every module of this room, so that its settler registers itself."""
    package = importlib.import_module("octowizard.outbox")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"octowizard.outbox.{module.name}")
