"""The worlds of the practice company, all from the same small parts.

Importing this package lists the scenarios and builds nothing; the parts are loaded when a world is built.
"""

from octowizard.sandbox.worlds import broken  # its files declare their scenarios
from octowizard.sandbox.worlds.scenarios import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Scenario", "broken"]
