"""`no-write-right`: the login has lost its right to book; the API does not show that."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Every document is refused when it is sent."""
    making = healthy_but("no-write-right", seed, customers, documents)
    making.dossier.may_write = False
    return broken(making, waiting(making), ("restore-write-right", {}))
