"""`software-house-refused`: the software house's number has been replaced."""

from __future__ import annotations

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds.breaking import broken, healthy_but, waiting
from octowizard.sandbox.worlds.numbers import uuid


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """Nothing can be read or written."""
    making = healthy_but("software-house-refused", seed, customers, documents)
    octopus = making.world.octopus
    octopus.told_software_house, octopus.software_house = octopus.software_house, uuid(making.chance("house"))
    return broken(making, waiting(making), ("restore-software-house", {}))
