"""How far a large company is in the making, for whoever waits for it: a JSON line now and then.

`{"making": {"customers": 10000, "documents": 20000, "percent": 46, "seconds": 12}}`: how many there will be, how far
it is, and about how many seconds it still takes.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from octowizard.sandbox.state import World

_EVERY = 0.5  # seconds between two lines
_LARGE = 2_000  # customers and documents from which making them takes more than a moment


@contextmanager
def telling(customers: int, documents: int, out: Callable[[str], None]) -> Iterator[None]:
    """While a world of so many customers and documents is made within it, give `out` a line now and then."""
    from octowizard.sandbox.worlds.company import begun

    if customers + documents < _LARGE:
        yield
        return
    worlds: list[World] = []
    over, since = threading.Event(), time.monotonic()

    def tell() -> None:
        while not over.wait(_EVERY):
            done = percent(worlds[-1], customers, documents) if worlds else 0
            left = {} if not done else {"seconds": round((time.monotonic() - since) * (100 - done) / done)}
            making = {"customers": customers, "documents": documents, "percent": done, **left}
            out(json.dumps({"making": making}))

    teller = threading.Thread(target=tell, daemon=True)
    before = begun.set(worlds.append)
    teller.start()
    try:
        yield
    finally:
        begun.reset(before)
        over.set()
        teller.join()


def percent(world: World, customers: int, documents: int) -> int:
    """How far a world is that will have so many of each; a document counts once on either side. At most 99."""
    side = world.teamleader
    made = len(side.companies) + len(side.contacts) + len(side.invoices) + len(side.credit_notes)
    made += sum(len(dossier.bookings) for dossier in world.octopus.dossiers.values())
    return min(99, made * 100 // (customers + 2 * documents))
