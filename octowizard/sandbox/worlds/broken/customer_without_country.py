"""`customer-without-country`: a customer has neither address nor VAT number, so no country."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import bill, broken, healthy_but, newcomer, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Octopus takes no relation without one: its two invoices cannot be booked."""
    making = healthy_but("customer-without-country", seed, customers, documents, own=2)
    customer = newcomer(making, vat_number=None, national_identification_number=None, addresses=[])
    made = [bill(making, customer) for _ in range(own_of(documents))]
    cure = ("teamleader-edit-customer", {"customer": customer.data["id"], "field": "country", "value": "BE"})
    return broken(making, made, cure)
