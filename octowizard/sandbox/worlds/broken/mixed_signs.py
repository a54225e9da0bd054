"""`mixed-signs`: on two invoices a line was kept with VAT of the opposite sign."""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, bill, broken, healthy_but, line, lines_of, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Octopus takes no such line."""
    making = healthy_but("mixed-signs", seed, customers, documents, own=2)
    made = [
        bill(making, kept, [line(making), line(making, "-0.10", what="Teruggave emballage")])
        for kept in making.customers[: own_of(documents)]
    ]
    for kept in made:
        wrong, total = lines_of(kept)[1]["total"], kept.data["total"]
        wrong["tax_inclusive"]["amount"] = Decimal("-0.08")
        total["taxes"][0]["tax"]["amount"] += Decimal("0.04")
        for name in ("tax_inclusive", "payable", "due"):
            total[name]["amount"] += Decimal("0.04")
    cure: list[Step] = [("teamleader-save-content", {"document": number_of(kept)}) for kept in made]
    return broken(making, made, *cure)
