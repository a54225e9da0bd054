"""`cost-centre-missing`: account 700300 must have a cost centre and proposes none."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import (
    THIS_YEAR,
    bill,
    broken,
    healthy_but,
    line,
    lines_of,
    own_of,
    waiting,
)


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The documents with a line on it are refused."""
    making = healthy_but("cost-centre-missing", seed, customers, documents, own=2)
    making.world.switches.missing_cost_centre = (400, -40)
    making.dossier.accounts[THIS_YEAR, 700300].data["costCentreType"] = 1
    for kept in making.customers[: own_of(documents)]:
        bill(making, kept, [line(making, account="700300")])
    centred = making.settings.category_of_account["700300"]
    refused = [
        kept
        for kept in waiting(making)
        if any(entry["product_category"]["id"] == centred for entry in lines_of(kept))
    ]
    return broken(
        making, refused, ("set-default-cost-centre", {"account": 700300, "centre": 1, "year": "2026"})
    )
