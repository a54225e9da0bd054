"""`missing-account`: on two invoices a line has no ledger account."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, lines_of, uncredited


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Those two cannot be booked."""
    making = healthy_but("missing-account", seed, customers, documents)
    chosen = uncredited(making)[:2]
    cure: list[Step] = []
    for kept in chosen:
        first = lines_of(kept)[0]
        account = str(making.settings.account_of_category[first["product_category"]["id"]])
        first["product_category"] = None
        cure.append(
            ("teamleader-set-line-account", {"document": number_of(kept), "line": 1, "category": account})
        )
    return broken(making, chosen, *cure)
