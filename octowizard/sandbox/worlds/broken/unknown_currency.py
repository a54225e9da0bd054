"""`unknown-currency`: the dossier keeps no dollars."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import american, bill, broken, healthy_but, line, own_of, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The documents in dollars cannot be booked."""
    making = healthy_but("unknown-currency", seed, customers, documents, own=2)
    making.dossier.currencies.remove("USD")
    customer = american(making)
    for _ in range(own_of(documents)):
        bill(making, customer, [line(making, code="EX", account="700700")], currency="USD")
    dollars = [kept for kept in waiting(making) if kept.data["currency"] == "USD"]
    return broken(making, dollars, ("add-currency", {"currency": "USD"}))
