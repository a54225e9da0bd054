"""A practice company served in this process, its profile kept on disk, and the set-up of it. Not a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from octowizard.onboarding import state
from octowizard.onboarding.apply import Outcome
from octowizard.onboarding.guide import guide
from octowizard.onboarding.model import Guide, Step
from octowizard.onboarding.standing import Standing
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import World
from octowizard.session.session import Session
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace import profiles
from octowizard.workspace.profiles import Profile
from tests.checks.practice import practice


@dataclass
class SettingUp:
    """The world, the profile as it is on disk, and the last Standing."""

    world: World
    root: Path
    profile: Profile
    standing: Standing

    async def look(self, step: str = "") -> Guide:
        """Read both sides, or only what a step depends on; the guide then."""
        if step:
            self.standing = await state.again(self.root, self.profile, step)
        else:
            self.standing = await state.read(self.root, self.profile)
        return guide(self.standing)

    def kept(self) -> Guide:
        """The guide of what was kept, with the profile that is on the disk."""
        self.profile = profiles.load(self.root, self.profile.name)
        self.standing = state.remembered(self.root, self.profile)
        return guide(self.standing)

    def states(self) -> dict[str, str]:
        """How each step stands, from what was kept."""
        return {step.id: step.state.value for step in self.kept().steps}

    def step(self, id: str) -> Step:
        """One step, from what was kept."""
        return next(step for step in self.kept().steps if step.id == id)

    async def make(self, step: str, tell: Callable[[Outcome], None]) -> None:
        """All that a step offers by what was kept."""
        session = Session(self.root, self.profile)
        await session.setup.make(step, self.step(step).changes, lambda *_read: None, Stop(), tell)

    def do(self, action: str, **arguments: Any) -> None:
        """One practice action."""
        perform(self.world, action, arguments)

    async def sync(self) -> str:
        """A sync; its outcome."""
        finished = await run_sync(self.root, self.profile, SyncOptions(), lambda _event: None, Stop())
        return finished.outcome


@asynccontextmanager
async def setting_up(
    root: Path,
    scenario: str,
    *,
    customers: int | None = 10,
    documents: int | None = None,
    breaking: Callable[[World], object] | None = None,
    limits: bool = True,
    **fields: Any,
) -> AsyncIterator[SettingUp]:
    """The scenario, connected and looked at once; `fields` change the profile before that."""
    async with practice(
        root, breaking, scenario=scenario, customers=customers, documents=documents, limits=limits
    ) as company:
        profile = msgspec.structs.replace(company.profile, **fields)
        profiles.save(root, profile)
        standing = await state.read(root, profile)
        yield SettingUp(company.world, root, profile, standing)


def texts_of(step: Step) -> str:
    """All that a step says, in one text."""
    parts = [step.title, step.what, step.why, *step.now, *step.notes, step.skip or ""]
    parts += [declaration.question for declaration in step.declarations]
    parts += [f"{show.path} {show.text}" for show in step.show]
    return "\n".join(parts)
