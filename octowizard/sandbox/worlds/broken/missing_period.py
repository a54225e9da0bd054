"""`missing-period`: the list of periods of fiscal year 2026 has no November."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, broken, dated, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Those dated in November cannot be booked."""
    making = healthy_but("missing-period", seed, customers, documents)
    year = making.dossier.bookyears[THIS_YEAR].data
    year["periods"] = [entry for entry in year["periods"] if entry["bookyearPeriod"] != 202611]
    november = [kept for kept in waiting(making) if dated(kept) >= "2026-11-01"]
    return broken(making, november, ("restore-periods", {"year": "2026"}))
