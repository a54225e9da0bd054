"""`duplicate-customer`: a company was typed into Teamleader twice, each with an invoice."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, newcomers


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused: both become the same relation."""
    making = healthy_but("duplicate-customer", seed, customers, documents, own=2)
    pair = newcomers(making, documents)
    cure: list[Step] = []
    if len(pair) == 2:
        first, second = pair
        second.data["name"] = str(first.data["name"]).upper()
        second.data["vat_number"] = first.data["vat_number"]
        second.data["addresses"] = first.data["addresses"]
        cure.append(("teamleader-merge", {"survivor": first.data["id"], "loser": second.data["id"]}))
    return broken(making, (), *cure)
