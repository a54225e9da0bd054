"""`unreachable`: Octopus does maintenance, and answers nobody."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing can be read or written in Octopus."""
    making = healthy_but("unreachable", seed, customers, documents)
    making.world.out_of_order["octopus"] = 503
    return broken(making, waiting(making), ("restore-service", {}))
