"""`sign-in-refused`: the Octopus password was changed after the accounts were connected."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing can be read or written."""
    making = healthy_but("sign-in-refused", seed, customers, documents)
    octopus = making.world.octopus
    octopus.told_password, octopus.password = octopus.password, "changed-yesterday-1"  # invented
    return broken(making, waiting(making), ("restore-password", {}))
