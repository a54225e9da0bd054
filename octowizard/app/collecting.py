"""Python's collector of cyclic garbage, kept from holding up the screen while very many records are looked through.

It stops every thread for as long as it takes to visit all that lives: 40 ms and more with 20,000 documents in memory
(measured). Records hold no cycles, so that they go as soon as nobody needs them, collector or not.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is collected inside; what lives at the end is not visited again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
