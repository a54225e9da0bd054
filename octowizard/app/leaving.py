"""The app's end when its terminal is gone or it is told to end: within three seconds, whatever hangs.

The write in flight gets half of that. What then still hangs (a thread that waits for a terminal that nobody reads, a
vendor that does not answer) is left behind: every write has its intent on disk, and the next run looks what became of
it.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octowizard.app.app import OctowizardApp

_SECONDS_FOR_THE_WRITE = 1.5
_SECONDS_IN_ALL = 2.0
_ORDERS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def ending_on_orders(app: OctowizardApp, leave_at_once: Callable[[], None]) -> Iterator[threading.Event]:
    """Within it, SIGTERM, SIGHUP and a terminal that is gone end the app; what is yielded is set once they came.

    `leave_at_once` tidies up and ends the process, when the app does not come to its end by itself.
    """
    ordered = threading.Event()
    first = threading.Lock()  # of whoever orders first, never given back; nobody waits for it

    def end() -> None:
        latest = time.monotonic() + _SECONDS_IN_ALL
        writing = app.runner.writing if app.runner is not None else None
        if writing is not None:
            writing.stop.request()
            writing.join(_SECONDS_FOR_THE_WRITE)
        app.exit_soon()
        # The process normally ends meanwhile, and this thread with it.
        time.sleep(max(0.0, latest - time.monotonic()))
        leave_at_once()

    def order() -> None:
        if first.acquire(blocking=False):
            ordered.set()
            threading.Thread(target=end, daemon=True, name="octowizard ending").start()

    def handle(_number: int, _frame: FrameType | None) -> None:
        # Not asyncio's handlers: they wait for the loop, which may itself wait for a terminal that nobody reads.
        order()

    before = {}
    with suppress(ValueError):  # only the main thread may set handlers
        for number in _ORDERS:
            before[number] = signal.signal(number, handle)
    _when_gone(order)
    try:
        yield ordered
    finally:
        if not ordered.is_set():  # else it is still on the way out
            for number, former in before.items():
                signal.signal(number, former)


def _when_gone(order: Callable[[], None]) -> None:
    """Call `order` from a thread when the terminal is closed; whoever is not its leader gets no signal of it."""
    try:
        terminal = os.dup(0)
        poll = select.poll()
    except (AttributeError, OSError):  # Windows ends the process by itself
        return
    if not os.isatty(terminal):
        os.close(terminal)
        return

    def wait() -> None:
        poll.register(terminal, 0)
        if any(event & select.POLLHUP for _file, event in poll.poll()):
            order()

    threading.Thread(target=wait, daemon=True, name="octowizard terminal").start()
