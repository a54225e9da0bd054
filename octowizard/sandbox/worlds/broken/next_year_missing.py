"""`next-year-missing`: everything can be booked today, and fiscal year 2027 has not been created."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, drop_year, healthy_but


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """No document is refused: it is a warning."""
    making = healthy_but("next-year-missing", seed, customers, documents)
    drop_year(making, 6)
    return broken(making, (), ("create-year", {"year": 2027}))
