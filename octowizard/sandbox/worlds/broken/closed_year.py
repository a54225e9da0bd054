"""`closed-year`: two invoices of December wait, and fiscal year 2025 is closed."""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, healthy_but, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Two of the documents are of last year, and the sync starts there."""
    making = healthy_but("closed-year", seed, customers, documents, own=2)
    making.world.start_date = "2025-12-01"
    late = [
        bill(making, kept, day=date(2025, 12, 18), prefix="2025")
        for kept in making.customers[: own_of(documents)]
    ]
    return broken(making, late, ("reopen-year", {"year": "2025"}))
