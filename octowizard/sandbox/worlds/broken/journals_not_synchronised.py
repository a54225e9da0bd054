"""`journals-not-synchronised`: V2 was created in the desktop program, and the API does not show it yet."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, broken, healthy_but, waiting_notes


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The credit notes cannot be booked."""
    making = healthy_but("journals-not-synchronised", seed, customers, documents, earlier=4)
    making.dossier.journals[THIS_YEAR, "V2"].desktop_only = True
    return broken(making, waiting_notes(making), ("synchronise", {}))
