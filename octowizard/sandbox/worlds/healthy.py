"""`healthy`: all set up and in order on both sides, earlier documents booked, new ones waiting.

The start of every scenario that breaks one thing: `build` it, then change that thing.
"""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.company import add_customers, add_relations, add_waiting, begin
from octowizard.sandbox.worlds.history import add_earlier

CUSTOMERS, EARLIER, WAITING = 60, 40, 60


def build(seed: int, customers: int | None, documents: int | None, scenario: str = "healthy") -> World:
    """`documents`: exactly so many waiting ones and no earlier ones; None: 40 earlier and 60 waiting."""
    count = CUSTOMERS if customers is None else customers
    if documents is None:
        return settled(scenario, seed, count, EARLIER if count else 0, WAITING if count else 0)
    return settled(scenario, seed, count, 0, documents)


def settled(scenario: str, seed: int, customers: int, earlier: int, waiting: int) -> World:
    """A healthy company of this size."""
    making = begin(scenario, seed, books.ready_dossier())
    add_customers(making, customers)
    linked = add_relations(making)
    add_earlier(making, linked, earlier)
    add_waiting(making, waiting)
    return making.world
