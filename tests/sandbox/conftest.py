"""Fixtures for the tests of the practice company: a tiny company and a caller of its Octopus."""

from collections.abc import AsyncIterator

import pytest

from octowizard.sandbox.web import Company
from tests.sandbox.octopus_world import Octopus, tiny_world


@pytest.fixture
async def octopus() -> AsyncIterator[Octopus]:
    """A caller of the Octopus stand-in over a tiny company; the daily limits are off."""
    world = tiny_world()
    world.limits = False
    caller = Octopus(Company(world))
    yield caller
    await caller.close()
