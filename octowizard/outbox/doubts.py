"""What settling a doubt is: the words for it, and the register of who settles which kind of intent.

Every module of this room that opens intents registers here the function that settles them. `settle.py` calls them;
nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, NamedTuple

from octowizard.octopus.client import Octopus
from octowizard.teamleader.client import Teamleader
from octowizard.workspace.db import Workspace
from octowizard.workspace.intents import Intent, Kind

Outcome = Literal["done", "not_done", "parked"]


class Sides(NamedTuple):
    """What a settler looks with: the workspace that holds the intents, and both vendors."""

    workspace: Workspace
    octopus: Octopus
    teamleader: Teamleader


class Verdict(NamedTuple):
    """What a doubt turned out to be. `label` names the record for people."""

    kind: Kind
    label: str
    outcome: Outcome


Tell = Callable[[Verdict], None]
Settler = Callable[[Sides, Sequence[Intent], Tell], Awaitable[None]]

SETTLERS: dict[Kind, Settler] = {}


def settles(*kinds: Kind) -> Callable[[Settler], Settler]:
    """Register a settler for intents of these kinds.

    It gets the open intents of its kinds, oldest first, looks at the vendor, closes each one that a look can decide
    and tells its verdict; one that cannot be told yet stays open. It raises what looking raises.
    """

    def register(settler: Settler) -> Settler:
        for kind in kinds:
            if kind in SETTLERS:
                raise ValueError(f"two settlers for {kind}")
            SETTLERS[kind] = settler
        return settler

    return register
