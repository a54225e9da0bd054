"""`same-booking-number`: numbers follow Teamleader's, and two entities shared them: two invoices bear the same."""

from __future__ import annotations

from octowizard.sandbox.state import Kept, World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, number_in, uncredited, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The second of them, and the invoices behind it, cannot be booked."""
    making = healthy_but("same-booking-number", seed, customers, documents)
    making.world.answers["numbering"] = "follow"
    invoices = uncredited(making)
    behind: list[Kept] = []
    if len(invoices) > 1:
        first, second = invoices[len(invoices) // 2 - 1 :][:2]
        second.data["invoice_number"] = first.data["invoice_number"]
        later = number_in(first)
        behind = [second, *(kept for kept in waiting_invoices(making) if number_in(kept) > later)]
    return broken(making, behind, ("choose-numbering", {"numbering": "next"}))
