"""`closed-period`: V1 is closed until period 202610."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, broken, dated, healthy_but, waiting_invoices


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """The invoices of October cannot be booked."""
    making = healthy_but("closed-period", seed, customers, documents)
    making.dossier.journals[THIS_YEAR, "V1"].closed_period = 202610
    october = [kept for kept in waiting_invoices(making) if dated(kept) < "2026-11-01"]
    return broken(making, october, ("set-closed-period", {"journal": "V1", "period": 202609, "year": "2026"}))
