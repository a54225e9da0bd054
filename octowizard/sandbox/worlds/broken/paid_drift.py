"""`paid-drift`: two booked invoices were set to paid in Teamleader, and Octopus has no receipt."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import broken, healthy_but, paid_invoices, undo_matches


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing is refused; Octopus would send reminders."""
    making = healthy_but("paid-drift", seed, customers, documents)
    chosen = paid_invoices(making)[:2]
    for invoice in chosen:
        undo_matches(making, invoice, with_receipts=True)
    return broken(making, (), *(("pay", {"document": number_of(kept)}) for kept in chosen))
