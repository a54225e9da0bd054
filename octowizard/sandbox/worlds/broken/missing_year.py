"""`missing-year`: it is January 2027 and nobody has created fiscal year 2027 in Octopus."""

from __future__ import annotations

from datetime import UTC, date, datetime

from octowizard.sandbox.state import Clock, World
from octowizard.sandbox.worlds.breaking import bill, broken, drop_year, healthy_but, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Three of the documents are of the new year."""
    making = healthy_but("missing-year", seed, customers, documents, own=3)
    own = min(own_of(documents, 3), len(making.customers))
    drop_year(making, 6)
    making.world.clock = Clock(datetime(2027, 1, 12, 8, 0, tzinfo=UTC))
    made = [
        bill(making, making.customers[place], day=date(2027, 1, 4 + place), prefix="2027")
        for place in range(own)
    ]
    return broken(making, made, ("create-year", {"year": 2027}))
