"""`too-many-connections`: other programs hold all connections of the login."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing can be read or written."""
    making = healthy_but("too-many-connections", seed, customers, documents)
    making.world.octopus.connections_left = False
    return broken(making, waiting(making), ("end-other-connections", {}))
