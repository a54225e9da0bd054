"""`invalid-email`: two customers have an e-mail address that is none."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, newcomers


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; reminders would not arrive."""
    making = healthy_but("invalid-email", seed, customers, documents, own=2)
    cure: list[Step] = []
    for kept in newcomers(making, documents):
        right = kept.data["emails"][0]["email"]
        kept.data["emails"] = [{"type": "primary", "email": right.replace("@", " at ")}]
        cure.append(
            ("teamleader-edit-customer", {"customer": kept.data["id"], "field": "email", "value": right})
        )
    return broken(making, (), *cure)
