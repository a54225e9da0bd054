"""`customer-missing`: a customer was deleted in Teamleader, and two invoices of it wait."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, healthy_but, newcomer, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Those two cannot be booked."""
    making = healthy_but("customer-missing", seed, customers, documents, own=2)
    customer = newcomer(making)
    made = [bill(making, customer) for _ in range(own_of(documents))]
    side = making.world.teamleader
    side.recycled[customer.data["id"]] = side.companies.pop(customer.data["id"])
    return broken(making, made, ("teamleader-restore-customer", {"customer": customer.data["id"]}))
