"""`heading-account`: a product category stands on 700999, a heading; the API does not tell headings from accounts."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, category, healthy_but, line, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The two invoices that use it are refused when they are sent."""
    making = healthy_but("heading-account", seed, customers, documents, own=2)
    new = category(making, "Verkopen (groep)", "700999")
    made = [bill(making, kept, [line(making, account=new)]) for kept in making.customers[: own_of(documents)]]
    return broken(
        making,
        made,
        ("teamleader-set-category-account", {"category": "Verkopen (groep)", "account": "700000"}),
    )
