"""`totals-differ`: on two invoices the lines do not add up to the total: a line was lost on the way."""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, bill, broken, healthy_but, line, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """octowizard books no other amount than the document's."""
    making = healthy_but("totals-differ", seed, customers, documents, own=2)
    chosen = [
        bill(making, kept, [line(making), line(making, "40.00")])
        for kept in making.customers[: own_of(documents)]
    ]
    for kept in chosen:
        total = kept.data["total"]
        for name in ("tax_inclusive", "payable", "due"):
            total[name]["amount"] += Decimal("0.01")
        total["taxes"][0]["tax"]["amount"] += Decimal("0.01")
    cure: list[Step] = [("teamleader-save-content", {"document": number_of(kept)}) for kept in chosen]
    return broken(making, chosen, *cure)
