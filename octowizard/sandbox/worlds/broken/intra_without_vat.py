"""`intra-without-vat`: two customers in the Netherlands are billed without VAT, and have no VAT number."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import Step, bill, broken, healthy_but, line, own_of
from octowizard.sandbox.worlds.customers import foreign_company


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; the intra-Community listing would be."""
    making = healthy_but("intra-without-vat", seed, customers, documents, own=2)
    chance = making.chance("intra")
    cure: list[Step] = []
    for _ in range(own_of(documents)):
        kept = foreign_company(chance, making.settings, making.taken, "NL")
        right, kept.data["vat_number"] = kept.data["vat_number"], None
        making.world.teamleader.companies[kept.data["id"]] = kept
        bill(making, kept, [line(making, code="CM", account="700600")])
        cure.append(
            ("teamleader-edit-customer", {"customer": kept.data["id"], "field": "vat_number", "value": right})
        )
    return broken(making, (), *cure)
