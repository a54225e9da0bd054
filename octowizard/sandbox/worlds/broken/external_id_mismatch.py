"""`external-id-mismatch`: the accounting package's customer number of two customers belongs to other relations."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, newcomers
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused here: no API shows that number."""
    making = healthy_but("external-id-mismatch", seed, customers, documents, own=2)
    others = sorted(making.dossier.relations)
    cure: list[Step] = []
    for place, kept in enumerate(newcomers(making, documents)):
        chance = making.chance(f"relation {place}")
        right = add_relation(making.dossier, relation_of(chance, kept), relation_moment(chance))
        kept.hidden["external_id"] = str(others[place])
        cure.append(("teamleader-set-external-id", {"customer": kept.data["id"], "number": right}))
    return broken(making, (), *cure)
