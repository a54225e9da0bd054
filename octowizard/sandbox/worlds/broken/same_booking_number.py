"""`same-booking-number`: numbers follow Teamleader's, and two entities shared them: two invoices bear the same."""

from __future__ import annotations

from octowizard.sandbox.state import Kept, World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, number_in, uncredited, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The second of them, and the invoices behind it, cannot be booked."""
    making = healthy_but("same-booking-number", seed, customers, documents)
    making.world.answers["numbering"] = "follow"
    invoices = uncredited(making)[-2:]
    behind: list[Kept] = []
    if len(invoices) == 2:
        invoices[1].data["invoice_number"] = invoices[0].data["invoice_number"]
        first = number_in(invoices[0])
        behind = [invoices[1], *(kept for kept in waiting_invoices(making) if number_in(kept) > first)]
    return broken(making, behind, ("choose-numbering", {"numbering": "next"}))
