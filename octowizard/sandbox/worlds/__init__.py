"""The worlds of the practice company: one scenario per file, all from the same small parts.

Importing this package lists the scenarios and builds nothing; the parts are loaded when a world is built.
"""

from octowizard.sandbox.worlds.scenarios import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Scenario"]
