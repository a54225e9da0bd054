"""`unknown-account`: a product category stands on account 702000, which the chart of Octopus lacks."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, category, healthy_but, line, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The two invoices that use it cannot be booked."""
    making = healthy_but("unknown-account", seed, customers, documents, own=2)
    new = category(making, "Verkopen webwinkel", "702000")
    made = [bill(making, kept, [line(making, account=new)]) for kept in making.customers[: own_of(documents)]]
    return broken(
        making, made, ("add-account", {"account": 702000, "name": "Verkopen webwinkel", "year": "2026"})
    )
