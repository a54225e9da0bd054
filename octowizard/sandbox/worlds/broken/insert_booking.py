"""`insert-booking`: a relation card stands open in Octopus; its bookings are refused without a reason."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, healthy_but, newcomer, own_of
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The two invoices of that customer are refused; no API shows who has what open."""
    making = healthy_but("insert-booking", seed, customers, documents, own=2)
    customer, chance = newcomer(making), making.chance("card")
    relation = add_relation(making.dossier, relation_of(chance, customer), relation_moment(chance))
    making.dossier.relations[relation].open_by = "Boekhouding"
    made = [bill(making, customer) for _ in range(own_of(documents))]
    return broken(making, made, ("close-relation-window", {"relation": relation}))
