"""`vendor-refused`: Octopus answers with an error of its own, and no word, when its fiscal years are read."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Without its fiscal years nothing can be booked."""
    making = healthy_but("vendor-refused", seed, customers, documents)
    making.world.out_of_order["GET /dossiers/{dossierId}/bookyears"] = 500
    return broken(making, waiting(making), ("restore-service", {}))
