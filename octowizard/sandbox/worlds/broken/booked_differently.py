"""`booked-differently`: somebody entered two waiting invoices by hand, with another amount."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, book_by_hand, broken, healthy_but, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """octowizard does not book them a second time."""
    making = healthy_but("booked-differently", seed, customers, documents)
    chosen = waiting_invoices(making)[:2]
    cure: list[Step] = []
    for kept in chosen:
        key = book_by_hand(making, str(number_of(kept)), kept.data["total"]["payable"]["amount"] + 10)
        cure.append(("void-booking", {"booking": f"V1/{key[2]}", "year": "2026"}))
    return broken(making, chosen, *cure)
