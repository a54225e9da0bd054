"""`large`: the healthy company grown: 10,000 customers, 20,000 documents, 300 of them waiting."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.healthy import settled

CUSTOMERS, DOCUMENTS, WAITING = 10_000, 20_000, 300


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """`customers` and `documents` are totals; at most 300 of the documents wait."""
    count = CUSTOMERS if customers is None else customers
    total = (DOCUMENTS if count else 0) if documents is None else documents
    waiting = min(WAITING, total)
    return settled("large", seed, count, total - waiting, waiting)
