"""`booked-twice`: two invoices were booked, and then entered once more by hand."""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, book_by_hand, broken, dated, healthy_but, paid_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing that waits is refused; the turnover is too high."""
    making = healthy_but("booked-twice", seed, customers, documents)
    cure: list[Step] = []
    for kept in paid_invoices(making)[:2]:
        day = date.fromisoformat(dated(kept))
        key = book_by_hand(making, str(number_of(kept)), kept.data["total"]["payable"]["amount"], day)
        cure.append(("void-booking", {"booking": f"V1/{key[2]}", "year": "2026"}))
    return broken(making, (), *cure)
