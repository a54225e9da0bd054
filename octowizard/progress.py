"""How long work hears from whoever watches it: a request to end, set by one thread and read by another."""

import threading
from collections.abc import Callable

Report = Callable[[str, int], None]  # what is being read or made, and how many so far


class Stop:
    """A request to end after the write in flight; may be made from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def request(self) -> None:
        """End soon."""
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether somebody asked."""
        return self._event.is_set()
