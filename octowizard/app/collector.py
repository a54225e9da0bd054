"""The collector of cyclic garbage, so that it does not hold up the loop.

Python visits all that lives now and then: that takes 40 to 280 ms with 100,000 documents in memory (measured), and
little of it is ever garbage. Here it visits the young alone, and all that lives while nobody is at the keys.
"""

from __future__ import annotations

import gc
from time import monotonic

# How seldom it visits young, older and all objects; Python: 700, 10, 10. One frame makes thousands of young objects,
# and a visit to 100,000 that are older takes 40 ms (measured).
VISITS = (5_000, 4, 1_000_000)
LOOK = 60.0  # seconds between two looks whether all is to be visited
QUIET = 30.0  # seconds without a key after which nobody is there
DUE = 200  # visits to older objects after which all are visited


class Collector:
    """For an app that has begun. `look` wants to be called every `LOOK` seconds, `touched` at each key."""

    def __init__(self) -> None:
        self._touched = monotonic()
        self._visited = 0

    def begin(self) -> None:
        """From now on; what is there by now is visited no more."""
        gc.freeze()
        gc.set_threshold(*VISITS)
        self._visited = _visits()

    def touched(self) -> None:
        """Somebody is there."""
        self._touched = monotonic()

    def look(self) -> None:
        """Visit all that lives, where that is due and nobody is there."""
        if _visits() - self._visited >= DUE and monotonic() - self._touched >= QUIET:
            gc.collect()
            self._visited = _visits()


def _visits() -> int:
    """How often older objects were visited so far."""
    visits: int = gc.get_stats()[1]["collections"]
    return visits
