"""`contractor`: two customers have VAT type Contractor, which no API shows."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; Octopus would know them without VAT type."""
    making = healthy_but("contractor", seed, customers, documents)
    firms = [kept for kept in making.customers if kept.hidden["vat_type"] == "vat_liable"][-2:]
    for kept in firms:
        kept.hidden["vat_type"] = "contractor"
    cure: list[Step] = [
        ("teamleader-change-vat-type", {"customer": kept.data["id"], "type": "vat_liable"}) for kept in firms
    ]
    return broken(making, (), *cure)
