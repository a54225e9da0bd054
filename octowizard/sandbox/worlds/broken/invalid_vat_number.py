"""`invalid-vat-number`: two digits of a VAT number were swapped, for two customers."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, newcomers


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; the customer listing would be."""
    making = healthy_but("invalid-vat-number", seed, customers, documents, own=2)
    cure: list[Step] = []
    for kept in newcomers(making, documents):
        right = str(kept.data["vat_number"])
        kept.data["vat_number"] = f"{right[:-2]}{(int(right[-2:]) + 11) % 97:02d}"
        cure.append(
            ("teamleader-edit-customer", {"customer": kept.data["id"], "field": "vat_number", "value": right})
        )
    return broken(making, (), *cure)
