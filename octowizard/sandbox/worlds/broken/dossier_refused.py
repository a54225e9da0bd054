"""`dossier-refused`: the login's access to the dossier was withdrawn."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing can be read or written."""
    making = healthy_but("dossier-refused", seed, customers, documents)
    making.dossier.enabled = False
    return broken(making, waiting(making), ("restore-dossier-access", {}))
