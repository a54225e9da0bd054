"""`missing-exchange-rate`: two invoices in dollars have no exchange rate."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, american, bill, broken, healthy_but, line, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Those two cannot be booked."""
    making = healthy_but("missing-exchange-rate", seed, customers, documents, own=2)
    customer = american(making)
    made = [
        bill(making, customer, [line(making, code="EX", account="700700")], currency="USD")
        for _ in range(own_of(documents))
    ]
    for kept in made:
        kept.data["currency_exchange_rate"] = None
    cure: list[Step] = [
        ("teamleader-set-exchange-rate", {"document": number_of(kept), "rate": "0.8621"}) for kept in made
    ]
    return broken(making, made, *cure)
