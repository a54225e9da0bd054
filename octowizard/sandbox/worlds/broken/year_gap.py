"""`year-gap`: fiscal year 2026 was made to end on 31 October, the next one begins on 1 January."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import THIS_YEAR, broken, dated, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Those of November fall into the gap."""
    making = healthy_but("year-gap", seed, customers, documents)
    year = making.dossier.bookyears[THIS_YEAR].data
    year["endDate"] = "2026-10-31"
    year["periods"] = [entry for entry in year["periods"] if entry["endDate"] <= "2026-10-31"]
    november = [kept for kept in waiting(making) if dated(kept) >= "2026-11-01"]
    return broken(making, november, ("extend-year", {"year": "2026", "until": "2026-12-31"}))
