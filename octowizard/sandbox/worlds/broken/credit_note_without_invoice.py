"""`credit-note-without-invoice`: the sync starts in November, and credit notes are about invoices of October."""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, credit_whole, healthy_but, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; the credit notes have nothing to be matched with."""
    making = healthy_but("credit-note-without-invoice", seed, customers, documents, own=4, earlier=0)
    making.world.start_date = "2026-11-01"
    for kept in making.customers[: own_of(documents, 4) // 2]:
        credit_whole(making, bill(making, kept, day=date(2026, 10, 30)))
    return broken(making, (), ("choose-start-date", {"day": "2026-10-01"}))
