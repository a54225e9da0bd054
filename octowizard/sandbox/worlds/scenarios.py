"""The list of scenarios: name, one line on each, and the file that builds it.

A new scenario is one file `worlds/<name>.py` with a function `build`, and one line in `_LISTED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octowizard.sandbox.state import World


@dataclass(frozen=True)
class Scenario:
    """One practice company to choose from."""

    name: str
    summary: str

    def build(self, seed: int, customers: int | None = None, documents: int | None = None) -> World:
        """The world of this scenario; the same four answers always give the same world.

        `customers` and `documents` replace the scenario's own numbers of customers and of waiting documents;
        what a number means where a side is empty, the scenario's file says. Raises ValueError on a number
        below zero, or on documents without a single customer.
        """
        for what, number in (("customers", customers), ("documents", documents)):
            if number is not None and number < 0:
                raise ValueError(f"The number of {what} cannot be below zero: {number}.")
        if customers == 0 and documents:
            raise ValueError(f"{documents} documents need at least one customer.")
        module = import_module(f"octowizard.sandbox.worlds.{self.name.replace('-', '_')}")
        world: World = module.build(seed, customers, documents)
        return world


_LISTED = (
    ("healthy", "All set up and in order; sixty documents wait to be booked."),
    ("large", "The same with 10,000 customers and 20,000 documents, 300 of them waiting."),
    ("a", "Octopus is empty; the customers and documents are in Teamleader."),
    ("b", "Teamleader is empty; the customers are in Octopus."),
    ("c", "Both sides hold customers and were never linked: duplicates to sort out first."),
)

SCENARIOS: dict[str, Scenario] = {name: Scenario(name, summary) for name, summary in _LISTED}
