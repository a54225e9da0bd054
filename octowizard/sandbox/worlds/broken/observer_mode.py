"""`observer-mode`: the profile only watches, while the integration that it watches is switched off."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nobody books what waits."""
    making = healthy_but("observer-mode", seed, customers, documents)
    making.world.answers["mode"] = "observer"
    return broken(making, waiting(making), ("choose-mode", {"mode": "connector"}))
