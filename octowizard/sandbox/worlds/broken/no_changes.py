"""`no-changes`: the accounts were connected today, and every document is dated before."""

from __future__ import annotations

from datetime import timedelta

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but
from octowizard.sandbox.worlds.company import WAITING_UNTIL


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing waits and nothing is wrong: Octopus has no booking to tell of, which it answers with a 404."""
    making = healthy_but("no-changes", seed, customers, documents, earlier=0)
    making.world.start_date = (WAITING_UNTIL + timedelta(days=1)).isoformat()
    return broken(making, ())
