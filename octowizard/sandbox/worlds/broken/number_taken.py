"""`number-taken`: numbers follow Teamleader's, and a sale entered by hand has taken the next one of V1."""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import book_by_hand, broken, healthy_but, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """All invoices wait for the first."""
    making = healthy_but("number-taken", seed, customers, documents)
    making.world.answers["numbering"] = "follow"
    book_by_hand(making, "Diverse verkoop", Decimal("121.00"))
    return broken(
        making, waiting_invoices(making), ("delete-last-booking", {"journal": "V1", "year": "2026"})
    )
