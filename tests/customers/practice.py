"""A practice company in this process with both clients open on a workspace: what the tests of this room stand on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octowizard import progress
from octowizard.customers import importing
from octowizard.octopus.client import Octopus
from octowizard.sandbox.faults import Fault, Faults
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync.accounts import open_accounts
from octowizard.teamleader.client import Teamleader
from octowizard.workspace.db import Workspace
from tests.sync.inside import inside


class Stop(progress.Stop):
    """A request to end, made after so many steps of a kind, or never."""

    def __init__(self, after: int | None = None) -> None:
        super().__init__()
        self.after = after
        self.seen = 0

    @property
    def requested(self) -> bool:
        return self.after is not None and self.seen >= self.after


@dataclass
class Desk:
    """Both sides, the clients and the workspace. `told` are the steps of the last import."""

    home: Path
    world: World
    faults: Faults
    workspace: Workspace
    octopus: Octopus
    teamleader: Teamleader
    told: list[importing.Step] = field(default_factory=list)

    async def run(self, stop: Stop | None = None, only: set[int] | None = None) -> importing.Imported:
        """Import."""
        self.told = []
        stop = stop or Stop()

        def tell(step: importing.Step) -> None:
            stop.seen += isinstance(step, importing.Made)
            self.told.append(step)

        return await importing.run(self.workspace, self.octopus, self.teamleader, tell, stop, only)

    async def preview(self) -> importing.Preview:
        """What an import would do."""
        return await importing.preview(self.workspace, self.octopus, self.teamleader)

    def fault(self, operation: str, kind: str, **more: Any) -> None:
        """Let calls of an operation fail."""
        self.faults.add(Fault(operation, kind, **more))

    @property
    def customers(self) -> list[dict[str, Any]]:
        """All companies and contacts in Teamleader."""
        side = self.world.teamleader
        return [kept.data for kept in (*side.companies.values(), *side.contacts.values())]


@asynccontextmanager
async def desk(
    home: Path, scenario: str, customers: int = 40, *, limits: bool = False
) -> AsyncIterator[Desk]:
    """Serve the scenario from this event loop, with both clients open."""
    world = SCENARIOS[scenario].build(7, customers)
    world.limits = limits
    async with inside(home, world) as present:
        with Workspace.open(home, present.profile.name) as workspace:
            async with open_accounts(home, present.profile, workspace) as accounts:
                yield Desk(home, present.world, present.faults, workspace, *accounts)


def content(record: dict[str, Any]) -> str:
    """A customer without what the vendor adds, to compare."""
    left = ("id", "added_at", "updated_at", "web_url")
    return json.dumps({k: v for k, v in record.items() if k not in left}, sort_keys=True, default=str)
