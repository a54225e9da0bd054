"""`daily-limit`: another program has used up the day's calls that make relations."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Documents of customers that are no relation yet wait for tomorrow."""
    making = healthy_but("daily-limit", seed, customers, documents)
    octopus_calls = making.world.octopus_calls_today
    octopus_calls[str(making.dossier.id), "PUT /dossiers/{dossierId}/relations", "2026-11-20"] = 400
    unknown = [
        kept for kept in waiting(making) if kept.data["invoicee"]["customer"]["id"] not in making.linked
    ]
    return broken(making, unknown, ("next-day", {}))
