"""`rounding-difference`: VAT per line and VAT on the whole differ by cents on two invoices; both are right."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, healthy_but, line, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused, and nothing is to be done."""
    making = healthy_but("rounding-difference", seed, customers, documents, own=2)
    for kept in making.customers[: own_of(documents)]:
        bill(making, kept, [line(making, "10.02", what=f"Schroeven, doos {box}") for box in range(1, 21)])
    return broken(making, ())
