"""The practice companies to choose from: `Scenario`, and the decorator that declares one with something broken.

A new scenario with one thing wrong is one function with `@scenario` in the topic's file of `broken/`, named as the
problem. A whole company of its own is one line of `WHOLE`, and a file with a function `build` or a case of `whole.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from octowizard.sandbox.state import World

THIS_YEAR = 5  # the key of fiscal year 2026

Breaker = Callable[[Any], None]
"""What breaks a `BrokenCompany` of `breaking.py`, which knows this file and not the other way round."""
Step = tuple[str, dict[str, Any]]
"""A practice action and its arguments."""


@dataclass(frozen=True)
class Breaks:
    """What one scenario breaks in a small healthy company."""

    name: str
    breaker: Breaker
    own: int  # how many of the waiting documents it makes itself
    earlier: int  # how many documents are booked already
    set_up: bool  # False: Octopus is empty


@dataclass(frozen=True)
class Scenario:
    """One practice company to choose from."""

    name: str
    summary: str
    breaks: str | None = None  # the problem it is named after; the built world says what cures it
    module: str = "whole"  # the one of this package that builds it

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
        module = import_module(f"octowizard.sandbox.worlds.{self.module}")
        company: Breaks | str = _BREAKS[self.name] if self.breaks else self.name
        world: World = module.build(company, seed, customers, documents)
        return world


WHOLE = (
    Scenario("healthy", "All set up and in order; sixty documents wait to be booked."),
    Scenario(
        "tour",
        "A company that has lived: most syncs well, and one of each documented error waits to be found.",
        module="tour",
    ),
    Scenario("large", "The same with 10,000 customers and 20,000 documents, 300 of them waiting."),
    Scenario("a", "Octopus is empty; the customers and documents are in Teamleader."),
    Scenario("b", "Teamleader is empty; the customers are in Octopus."),
    Scenario("c", "Both sides hold customers and were never linked: duplicates to sort out first."),
    Scenario(
        "doubles",
        "Two administrations of 300 customers each, the same firms written differently.",
        module="doubles",
    ),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in WHOLE}
_BREAKS: dict[str, Breaks] = {}


def scenario(
    name: str, summary: str, *, own: int = 0, earlier: int = 12, set_up: bool = True
) -> Callable[[Breaker], Breaker]:
    """Declare the scenario of one problem: its name, one line on it, and the company that the function breaks.

    `own`: how many of the waiting documents the function makes itself (`company.own`: fewer where fewer are asked
    for); `earlier`: how many documents are booked already; without `set_up` Octopus is empty.
    """

    def declare(breaker: Breaker) -> Breaker:
        SCENARIOS[name] = Scenario(name, summary, name, "breaking")
        _BREAKS[name] = Breaks(name, breaker, own, earlier, set_up)
        return breaker

    return declare
