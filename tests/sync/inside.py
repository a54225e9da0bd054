"""Syncs of a practice company in this very process: fast, with its world at hand to be broken in any way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from octowizard.sandbox import control
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.web import Company
from octowizard.session import practice_company
from octowizard.sync import events
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace.profiles import Profile

Told = list[events.Event]


class Inside:
    """One practice company with a profile. `told` are the events of the last sync."""

    def __init__(self, home: Path, served: Company, profile: Profile) -> None:
        self.home = home
        self._served = served
        self.world: World = served.world
        self.faults = served.faults
        self.profile = profile

    async def sync(self, stop: Stop | None = None, **options: Any) -> Told:
        """Run a sync; its events."""
        told: Told = []
        await run_sync(self.home, self.profile, SyncOptions(**options), told.append, stop or Stop())
        return told

    @property
    def workspace(self) -> Path:
        """The workspace file of the profile."""
        return self.home / "profiles" / "p" / "workspace.sqlite"

    @asynccontextmanager
    async def elsewhere(self, home: Path) -> AsyncIterator[Inside]:
        """An octowizard of the same company on another computer: a home and a workspace of its own."""
        line = practice_company.decoded(json.dumps(control.connection(self._served)).encode())
        profile = await asyncio.to_thread(practice_company.add, home, "p", line)
        yield Inside(home, self._served, profile)

    def change(self, **fields: Any) -> None:
        """Change the profile (not on disk)."""
        self.profile = msgspec.structs.replace(self.profile, **fields)


@asynccontextmanager
async def inside(home: Path, world: World) -> AsyncIterator[Inside]:
    """Serve the world from this event loop, with a profile in `home`."""
    async with serving(new_company(world)) as served:
        line = practice_company.decoded(json.dumps(served.connection()).encode())
        profile = await asyncio.to_thread(practice_company.add, home, "p", line)
        yield Inside(home, served.company, profile)


def of(told: Told, kind: type[events.Event]) -> list[Any]:
    """The events of a kind."""
    return [event for event in told if isinstance(event, kind)]


def last(told: Told) -> events.RunFinished:
    """The result."""
    assert isinstance(told[-1], events.RunFinished)
    return told[-1]


def substance(told: Told) -> dict[str, list[Any]]:
    """What a run says that it writes, fails to write or leaves, in whatever order; no ids of relations."""
    found: dict[str, list[Any]] = {}
    for event in told:
        row: Any
        match event:
            case events.RelationCreated():
                row = (event.customer_id, event.customer, event.external_number)
            case events.RelationLinked():
                row = (event.customer_id, event.by)
            case events.CustomerFailed():
                row = (event.customer_id, event.explanation.problem)
            case events.DocumentBooked():
                row = (event.document.number, event.bookyear, event.journal, event.number, event.period)
            case events.DocumentFailed():
                row = (event.document.number, event.explanation.problem, event.blocks)
            case events.DocumentBlocked():
                row = (event.document.number, event.waits_for)
            case events.DocumentLeft():
                row = (event.document.number, event.reason)
            case events.DocumentExcluded():
                row = (event.document.number, event.reason)
            case events.PaymentRegistered():
                row = (event.document.number, str(event.amount), event.paid_on, event.in_full)
            case events.PaymentMirrored():
                row = (event.document.number, str(event.amount), event.paid_on, event.journal, event.number)
            case events.PaymentParked():
                row = (event.document.number, str(event.amount))
            case events.PaymentFailed():
                row = (event.document.number, str(event.amount), event.explanation.problem)
            case events.LimitReached():
                row = (event.operation, event.until)
            case events.RunRefused():
                row = event.explanation.problem
            case events.RunFinished():
                row = (
                    *(event.outcome, event.booked, event.relations_created, event.relations_linked),
                    *(event.payments_registered, event.in_sync, event.failing, event.left_for_later),
                )
            case _:
                continue
        found.setdefault(type(event).__name__, []).append(row)
    return {name: sorted(rows, key=repr) for name, rows in found.items()}
