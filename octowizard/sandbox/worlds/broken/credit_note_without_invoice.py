"""`credit-note-without-invoice`: the sync starts on 1 October, and two credit notes are about invoices of September."""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, bill, broken, credit_whole, healthy_but, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; the credit notes have nothing to be matched with."""
    making = healthy_but("credit-note-without-invoice", seed, customers, documents, own=2)
    making.world.start_date = "2026-10-01"
    cure: list[Step] = []
    for kept in making.customers[: own_of(documents)]:
        invoice = bill(making, kept, day=date(2026, 9, 29))
        credit_whole(making, invoice)
        cure.append(("book-by-hand", {"journal": "V1", "document": number_of(invoice), "year": "2026"}))
    return broken(making, (), *cure)
