"""`unmapped-category`: a new product category was given no ledger account."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, category, healthy_but, line, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The two invoices that use it cannot be booked."""
    making = healthy_but("unmapped-category", seed, customers, documents, own=2)
    new = category(making, "Verkopen webwinkel", None)
    made = [bill(making, kept, [line(making, account=new)]) for kept in making.customers[: own_of(documents)]]
    return broken(
        making,
        made,
        ("teamleader-set-category-account", {"category": "Verkopen webwinkel", "account": "700000"}),
    )
