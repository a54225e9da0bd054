"""`number-gap`: numbers follow Teamleader's, and an invoice in their middle was deleted there."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, number_in, uncredited, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The invoices behind the gap cannot be booked."""
    making = healthy_but("number-gap", seed, customers, documents)
    making.world.answers["numbering"] = "follow"
    invoices = uncredited(making)
    if len(invoices) > 2:
        gone = invoices[len(invoices) // 2]
        del making.world.teamleader.invoices[gone.data["id"]]
    else:
        gone = None
    behind = (
        []
        if gone is None
        else [kept for kept in waiting_invoices(making) if number_in(kept) > number_in(gone)]
    )
    return broken(making, behind, ("book-by-hand", {"journal": "V1", "year": "2026"}))
