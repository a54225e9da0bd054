"""`other-connector`: Teamleader's own integration is still switched on, and has booked some of what waits."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import book_elsewhere, broken, healthy_but, waiting, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The whole sync is refused until it is switched off."""
    making = healthy_but("other-connector", seed, customers, documents)
    invoices = waiting_invoices(making)
    theirs = invoices[: len(invoices) // 3 + 1]
    for kept in theirs:
        book_elsewhere(making, kept)
    refused = [kept for kept in waiting(making) if kept not in theirs]
    return broken(making, refused, ("switch-off-other-connector", {}))
