"""`bad-dates`: two invoices have a due date before their own."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import Step, bill, broken, dated, healthy_but, own_of


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """This Octopus refuses them; whether the real one does is not known."""
    making = healthy_but("bad-dates", seed, customers, documents, own=2)
    making.world.switches.due_before_date = (400, -18)
    cure: list[Step] = []
    made = [bill(making, kept) for kept in making.customers[: own_of(documents)]]
    for kept in made:
        kept.data["due_on"] = "2026-10-20"
        step = {"invoice": number_of(kept), "day": dated(kept)}
        cure.append(("teamleader-set-due-date", step))
    return broken(making, made, *cure)
