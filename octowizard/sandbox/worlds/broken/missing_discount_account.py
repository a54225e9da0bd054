"""`missing-discount-account`: account 708000 for discounts granted is not in the chart."""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, bill, broken, healthy_but, own_of, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The documents with a discount on the whole cannot be booked."""
    making = healthy_but("missing-discount-account", seed, customers, documents, own=2)
    del making.dossier.accounts[THIS_YEAR, 708000]
    off = [{"type": "percentage", "value": Decimal(5), "description": "Handelskorting"}]
    for kept in making.customers[: own_of(documents)]:
        bill(making, kept, discounts=off)
    discounted = [kept for kept in waiting(making) if kept.data["discounts"]]
    return broken(
        making,
        discounted,
        ("add-account", {"account": 708000, "name": "Toegekende kortingen", "year": "2026"}),
    )
