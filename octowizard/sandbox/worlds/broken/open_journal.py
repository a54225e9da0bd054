"""`open-journal`: the accountant has V2 open in a window, which locks it; the API does not show that."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, broken, healthy_but, waiting_notes


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The credit notes are refused when they are sent."""
    making = healthy_but("open-journal", seed, customers, documents)
    making.dossier.journals[THIS_YEAR, "V2"].locked_by = "Boekhouding"
    return broken(making, waiting_notes(making), ("close-journal-window", {"journal": "V2", "year": "2026"}))
