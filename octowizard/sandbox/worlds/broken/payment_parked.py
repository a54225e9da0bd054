"""`payment-parked`: two invoices are matched in full in Octopus, and somebody registered a part of it in Teamleader."""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.state import World
from octowizard.sandbox.teamleader.money import cents
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, broken, healthy_but, untold_invoices
from octowizard.sandbox.worlds.documents import noon, pay


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """octowizard registers nothing beyond what is due, and asks."""
    making = healthy_but("payment-parked", seed, customers, documents)
    cure: list[Step] = []
    for invoice in untold_invoices(making)[:2]:
        part = cents(invoice.data["total"]["due"]["amount"] / 3)
        pay(invoice, part, date(2026, 11, 16), noon(date(2026, 11, 17)))
        cure.append(("teamleader-remove-payments", {"invoice": number_of(invoice)}))
    return broken(making, (), *cure)
