"""A practice company served in this process, and a profile that is connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from octowizard.checks.registry import Finding, NotChecked, checks_of, run_checks
from octowizard.planning.blockers import SIGNING_IN
from octowizard.problems.remedy import checked
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session import practice_company
from octowizard.snapshot.model import Snapshot
from octowizard.sync import look
from octowizard.workspace.profiles import Profile

NAME = "acme"


@dataclass(frozen=True)
class Practice:
    """The world, and the accounts on it."""

    world: World
    root: Path
    profile: Profile

    async def check(self) -> tuple[Snapshot, list[Finding], list[NotChecked]]:
        """Read and check all."""
        snapshot = await look.look(self.root, self.profile, freshness="fresh")
        return snapshot, *run_checks(snapshot, self.profile)

    def octopus_calls(self) -> dict[str, int]:
        """What Octopus was asked so far, by its own count, signing in aside."""
        return {
            operation: count
            for operation, count in self.world.octopus_calls.items()
            if operation not in SIGNING_IN
        }


@asynccontextmanager
async def practice(
    root: Path,
    breaking: Callable[[World], object] | None = None,
    *,
    scenario: str = "healthy",
    seed: int = 1,
    customers: int | None = 20,
    documents: int | None = 20,
    limits: bool = True,
) -> AsyncIterator[Practice]:
    """Serve a company; `breaking` changes its world before anything is read."""
    world = SCENARIOS[scenario].build(seed, customers, documents)
    world.limits = limits
    if breaking is not None:
        breaking(world)
    async with serving(new_company(world)) as served:
        told = msgspec.json.encode(served.connection(), enc_hook=str)
        profile = practice_company.add(root, NAME, practice_company.decoded(told))
        yield Practice(world, root, profile)


async def check_again(
    root: Path, profile: Profile, problem: str
) -> tuple[Snapshot, list[Finding], list[NotChecked]]:
    """What is left of one problem, after reading only what it depends on. Nothing and nothing unchecked: fixed."""
    snapshot = await look.again(root, profile, problem)
    findings, not_checked = checked(snapshot, profile, [check.id for check in checks_of(problem)])
    return snapshot, [finding for finding in findings if finding.problem == problem], not_checked
