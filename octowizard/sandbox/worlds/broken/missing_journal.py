"""`missing-journal`: the credit notes' journal V2 does not exist in fiscal year 2026."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, drop_journal, healthy_but, waiting_notes


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The credit notes cannot be booked."""
    making = healthy_but("missing-journal", seed, customers, documents, earlier=4)
    drop_journal(making, "V2")
    return broken(
        making,
        waiting_notes(making),
        ("create-journal", {"journal": "V2", "type": "bookings", "year": "2026"}),
    )
