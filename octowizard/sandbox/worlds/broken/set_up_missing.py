"""`set-up-missing`: the customers' documents wait, and Octopus holds neither years nor journals."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.breaking import CUSTOMERS, WAITING, Step, broken, waiting
from octowizard.sandbox.worlds.company import add_customers, add_waiting, begin


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing can be booked."""
    making = begin("set-up-missing", seed, books.empty_dossier())
    add_customers(making, CUSTOMERS if customers is None else customers)
    add_waiting(making, (WAITING if making.customers else 0) if documents is None else documents)
    cure: list[Step] = [("create-year", {"year": 2026})]
    cure += [("create-journal", {"journal": key, "type": "bookings", "year": "2026"}) for key in ("V1", "V2")]
    cure.append(("create-year", {"year": 2027}))
    return broken(making, waiting(making), *cure)
