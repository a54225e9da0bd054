"""`teamleader-rights`: the user who signed in has no right to invoices and credit notes any more."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """No document can be read."""
    making = healthy_but("teamleader-rights", seed, customers, documents)
    making.world.teamleader.forbidden |= {"invoices", "creditNotes"}
    return broken(making, waiting(making), ("teamleader-restore-rights", {}))
