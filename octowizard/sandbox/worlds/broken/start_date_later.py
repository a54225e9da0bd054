"""`start-date-later`: the accounts were connected anew, with a start date after what had been booked before."""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, book_elsewhere, broken, healthy_but, newcomer
from octowizard.sandbox.worlds.company import WAITING_SINCE

_BEFORE = date(2026, 9, 15)


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; when the two invoices from before are paid, Teamleader will not be told."""
    making = healthy_but("start-date-later", seed, customers, documents)
    for _ in range(2):
        invoice = bill(making, newcomer(making), day=_BEFORE)
        book_elsewhere(making, invoice, "{number} · octowizard")
    original, making.world.start_date = making.world.start_date, WAITING_SINCE.isoformat()
    return broken(making, (), ("choose-start-date", {"day": original}))
