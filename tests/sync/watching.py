"""Watches of a practice company in this very process, on a clock of the test's own: an hour passes at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from octowizard.progress import Stop
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import Json, World
from octowizard.sync import events
from octowizard.sync.watch import Clock, watch
from octowizard.workspace import profiles
from tests.sync.inside import Inside

BOOKINGS = "GET /dossiers/{dossierId}/buysellbookings/modified"


class Endless(AssertionError):
    """A watch that should have ended went on."""


@dataclass
class Hours:
    """A clock that only a watch's waiting moves, the practice clock with it. `between`: done at each tick of it."""

    world: World
    between: Callable[[float], None] = lambda _at: None
    most: float = 48 * 3600.0
    now: float = 0.0
    tick: float = 20.0

    async def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds
        self.world.clock.advance(timedelta(seconds=seconds))
        if self.now > self.most:
            raise Endless(f"after {self.now} s")
        self.between(self.now)

    @property
    def clock(self) -> Clock:
        """As a watch takes it."""
        return Clock(lambda: self.now, self.sleep, self.tick)


@dataclass
class Native:
    """Teamleader's own integration: syncs `count` documents whenever `every` seconds have passed; what it told."""

    world: World
    every: float = 60.0
    count: int = 3
    arguments: Json = field(default_factory=dict)
    told: list[Json] = field(default_factory=list)
    synced_at: float = 0.0

    def __call__(self, at: float) -> None:
        if at - self.synced_at >= self.every:
            self.synced_at = at
            self.sync()

    def sync(self, **more: object) -> Json:
        """One sync of its own."""
        done = perform(self.world, "native-sync", {"count": self.count, **self.arguments, **more})
        self.told.append(done)
        return done

    @property
    def booked(self) -> dict[str, str]:
        """By document id, where it booked it last."""
        return {one["id"]: one["booking"] for done in self.told for one in done["booked"]}


async def observing(company: Inside) -> None:
    """Let the profile watch, on the disk too."""
    company.change(mode="observer")
    profiles.save(company.home, company.profile)


async def watched(
    company: Inside, hours: Hours, seconds: float | None = None, stop: Stop | None = None
) -> list[Any]:
    """One watch to its end; its events."""
    told: list[Any] = []
    await watch(company.home, company.profile, seconds, told.append, stop or Stop(), clock=hours.clock)
    assert isinstance(told[-1], events.WatchFinished)
    return told
