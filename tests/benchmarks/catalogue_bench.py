"""How long the catalogue takes to load: all cards, read and checked anew.

python -m tests.bench catalogue
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from octowizard.problems.catalogue import cards
from tests.benchmarks.figure import Figure

BOUND = 50.0  # ms


def _milliseconds() -> float:
    cards.cache_clear()
    began = perf_counter()
    cards()
    return (perf_counter() - began) * 1000


def figures(runs: int) -> Iterator[Figure]:
    """All cards, loaded some times."""
    yield Figure(f"{len(cards())} cards loaded", "ms", tuple(_milliseconds() for _run in range(runs)), BOUND)
