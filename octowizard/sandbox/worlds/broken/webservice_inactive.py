"""`webservice-inactive`: the login is an accountant's (it begins with B), and its web service is not active."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing can be read or written."""
    making = healthy_but("webservice-inactive", seed, customers, documents)
    making.world.octopus.user, making.world.octopus.webservice = "B-practice", False
    return broken(making, waiting(making), ("activate-webservice", {}))
