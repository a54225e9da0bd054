"""`a`: Octopus was bought yesterday and is empty; customers and documents are in Teamleader.

Nothing can be synced before fiscal years, journals and accounts are there.
"""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.company import add_customers, add_waiting, begin
from octowizard.sandbox.worlds.customers import strangers

CUSTOMERS, WAITING = 40, 30


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """`customers` and `documents` count those in Teamleader; Octopus has one relation, unknown there."""
    making = begin("a", seed, books.empty_dossier())
    add_customers(making, CUSTOMERS if customers is None else customers)
    add_waiting(making, (WAITING if making.customers else 0) if documents is None else documents)
    strangers(making.chance("relations"), making.settings, making.taken, making.dossier, 1)
    return making.world
