"""How long work hears from whoever watches it: a request to end, set by one thread and read by another.

Reads end at once and writes never half-way, in one place: `transport/retry.read`, through which every read of both
vendors goes with all its waits (window, Retry-After, a slow answer), runs under `unless_stopped`.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
Report = Callable[[str, int], None]  # what is being read or made, and how many so far


class Stopped(Exception):
    """Somebody asked to stop while something was read or waited for. Nothing was written by what raised it."""


class Stop:
    """A request to end after the write in flight; may be made from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._listeners: list[Callable[[], object]] = []

    def request(self) -> None:
        """End soon."""
        self._event.set()
        for wake in tuple(self._listeners):
            with suppress(RuntimeError):  # its loop has ended meanwhile, and with it what it waited for
                wake()

    @property
    def requested(self) -> bool:
        """Whether somebody asked."""
        return self._event.is_set()

    @contextmanager
    def heard_by(self, wake: Callable[[], object]) -> Iterator[None]:
        """Within it, a request also calls `wake`, in the thread that makes it."""
        self._listeners.append(wake)
        try:
            yield
        finally:
            self._listeners.remove(wake)


_reads_end_on: ContextVar[Stop | None] = ContextVar("reads_end_on", default=None)


@contextmanager
def reads_end_on(stop: Stop | None) -> Iterator[None]:
    """Within it (and in tasks begun within it), a read that `stop` finds under way raises Stopped.

    None: reads come to their end, as those that tell what became of a write.
    """
    before = _reads_end_on.set(stop)
    try:
        yield
    finally:
        _reads_end_on.reset(before)


async def unless_stopped(work: Callable[[], Awaitable[T]]) -> T:
    """What `work` comes to; Stopped when the stop in force is requested first, `work` being cancelled."""
    stop = _reads_end_on.get()
    if stop is None:
        return await work()
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    cancelled_by_others = task.cancelling()
    waiting, ended = True, False

    def end() -> None:
        nonlocal ended
        if waiting and not ended:
            ended = True
            task.cancel()

    try:
        with stop.heard_by(lambda: loop.call_soon_threadsafe(end)):
            if stop.requested:
                raise Stopped
            return await work()
    except asyncio.CancelledError:
        if ended and task.cancelling() == cancelled_by_others + 1:
            raise Stopped from None
        raise
    finally:
        waiting = False
        if ended:
            task.uncancel()
