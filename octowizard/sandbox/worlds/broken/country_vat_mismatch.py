"""`country-vat-mismatch`: two customers have a Belgian VAT number and an address abroad."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, newcomers


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; one of the two is wrong."""
    making = healthy_but("country-vat-mismatch", seed, customers, documents, own=2)
    cure: list[Step] = []
    for kept in newcomers(making, documents):
        kept.data["addresses"][0]["address"]["country"] = "NL"
        cure.append(
            ("teamleader-edit-customer", {"customer": kept.data["id"], "field": "country", "value": "BE"})
        )
    return broken(making, (), *cure)
