"""`closed-journal`: V2 of fiscal year 2026 is closed."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, broken, healthy_but, waiting_notes


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The credit notes cannot be booked."""
    making = healthy_but("closed-journal", seed, customers, documents)
    making.dossier.journals[THIS_YEAR, "V2"].closed = True
    return broken(making, waiting_notes(making), ("reopen-journal", {"journal": "V2", "year": "2026"}))
