"""`duplicate-relation`: a customer was made a relation twice, both active."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, healthy_but, newcomer, own_of
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nobody can say which is meant: its two invoices cannot be booked."""
    making = healthy_but("duplicate-relation", seed, customers, documents, own=2)
    customer = newcomer(making)
    made = [bill(making, customer) for _ in range(own_of(documents))]
    chance = making.chance("twice")
    both = [
        add_relation(making.dossier, relation_of(chance, customer), relation_moment(chance)) for _ in range(2)
    ]
    return broken(making, made, ("deactivate-relation", {"relation": both[1]}))
