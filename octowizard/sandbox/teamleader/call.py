"""What an operation of the stand-in gets and what it gives back, without HTTP.

An operation is a function `(Desk, body) -> Result`; its body has passed the operation's check before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from octowizard.sandbox.state import Json, Kept, Switches, TeamleaderSide, World
from octowizard.sandbox.teamleader.checks import Refused, iso


@dataclass(frozen=True)
class Desk:
    """What an operation works on: the world, and the address it is served at (for links to files)."""

    world: World
    address: str = "http://127.0.0.1"

    @property
    def side(self) -> TeamleaderSide:
        return self.world.teamleader

    @property
    def switches(self) -> Switches:
        return self.world.switches

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    @property
    def stamp(self) -> str:
        """The present moment as the vendor writes it."""
        return iso(self.now)


@dataclass(frozen=True)
class Result:
    """Status and JSON body (None: no body)."""

    status: int = 200
    data: Any = None


Work = Callable[[Desk, Json], Result]


def done() -> Result:
    return Result(204)


def shown(data: Any, meta: Json | None = None) -> Result:
    return Result(200, {"data": data} if meta is None else {"data": data, "meta": meta})


def created(kind: str, identity: str) -> Result:
    return Result(201, {"data": {"type": kind, "id": identity}})


def new_id() -> str:
    return str(uuid4())


def find(collection: dict[str, Kept], identity: str, kind: str) -> Kept:
    """The record an operation is about; 404 when it is unknown (official guide)."""
    kept = collection.get(identity)
    if kept is None:
        raise Refused(404, f"{kind} not found", "id")
    return kept
