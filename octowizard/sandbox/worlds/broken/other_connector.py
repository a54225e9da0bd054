"""`other-connector`: Teamleader's own integration is still switched on, and has booked some of what waits."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import book_elsewhere, broken, healthy_but, waiting, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The whole sync is refused until it is switched off."""
    making = healthy_but("other-connector", seed, customers, documents)
    everything = waiting(making)
    invoices = waiting_invoices(making)
    for kept in invoices[: len(invoices) // 3 + 1]:
        book_elsewhere(making, kept)
    return broken(making, everything, ("switch-off-other-connector", {}))
