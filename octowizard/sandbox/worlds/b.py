"""`b`: the customers are in Octopus, with years and journals in order; Teamleader has settings and no customers."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.company import add_customers, begin
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of, strangers

CUSTOMERS = 60


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """`customers` counts the relations that are clients. No documents: Teamleader has nobody to bill.

    Raises ValueError when documents are asked for.
    """
    if documents:
        raise ValueError("Scenario b has no documents: nobody is a customer in Teamleader yet.")
    making = begin("b", seed, books.ready_dossier())
    add_customers(making, CUSTOMERS if customers is None else customers)
    chance = making.chance("relations")
    for kept in making.customers:
        add_relation(making.dossier, relation_of(chance, kept), relation_moment(chance))
    suppliers = len(making.customers) // 10
    strangers(chance, making.settings, making.taken, making.dossier, suppliers, client=False, supplier=True)
    making.world.teamleader.companies.clear()
    making.world.teamleader.contacts.clear()
    return making.world
