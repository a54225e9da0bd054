"""`number-unreadable`: numbers follow Teamleader's, and two invoices have a number without digits at its end."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, uncredited, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """All invoices wait for those two, which sort first."""
    making = healthy_but("number-unreadable", seed, customers, documents)
    making.world.answers["numbering"] = "follow"
    for kept, letter in zip(uncredited(making)[-2:], "AB", strict=False):
        kept.data["invoice_number"] = f"2026 / {letter}"
    return broken(making, waiting_invoices(making), ("choose-numbering", {"numbering": "next"}))
