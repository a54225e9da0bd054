"""`wrong-journal-type`: V2 has entry type Invoices."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, broken, healthy_but, waiting_notes


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The credit notes cannot be booked."""
    making = healthy_but("wrong-journal-type", seed, customers, documents)
    making.dossier.journals[THIS_YEAR, "V2"].insertion_type = 2
    return broken(
        making,
        waiting_notes(making),
        ("set-entry-type", {"journal": "V2", "type": "bookings", "year": "2026"}),
    )
