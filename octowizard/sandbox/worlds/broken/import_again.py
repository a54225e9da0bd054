"""`import-again`: the companies of Octopus were imported into Teamleader twice: each has a double."""

from __future__ import annotations

from copy import deepcopy

from octowizard.sandbox.state import Kept, World
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, newcomer
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of
from octowizard.sandbox.worlds.numbers import uuid

TAG = "Octopus Import"  # Teamleader's own: companies that its import has made bear it
_TWICE = 3


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused: none of them has a document yet."""
    making = healthy_but("import-again", seed, customers, documents)
    cure: list[Step] = []
    for place in range(_TWICE):
        chance = making.chance(f"imported {place}")
        first = newcomer(making, tags=[TAG])
        relation = add_relation(making.dossier, relation_of(chance, first), relation_moment(chance))
        first.hidden["external_id"] = str(relation)
        second = Kept(deepcopy(first.data) | {"id": uuid(chance)}, dict(first.hidden))
        making.world.teamleader.companies[second.data["id"]] = second
        merge = {"survivor": first.data["id"], "loser": second.data["id"]}
        cure.append(("teamleader-merge", merge))
    return broken(making, (), *cure)
