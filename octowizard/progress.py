"""How long work hears from whoever watches it: a request to end, set by one thread and read by another.

Reads end at once and writes never half-way, in one place: `transport/retry.read`, through which every read of both
vendors goes with all its waits (window, Retry-After, a slow answer), runs under `unless_stopped`.
"""

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from time import monotonic
from typing import Literal, NamedTuple, TypeVar

T = TypeVar("T")
Verdict = Literal["well", "attention", "unusable", "unknown", "stopped"]
"""How work ended, for whoever has to act on it.

well       nothing to do
attention  something needs a person
unusable   it could not begin: the profile, its workspace or its secrets cannot be used
unknown    it could not be told: the network, a sign-in, a limit of the day
stopped    somebody asked it to end
"""
Report = Callable[[str, int], None]  # what is being read or made, and how many so far


class Stopped(Exception):
    """Somebody asked to stop while something was read or waited for. Nothing was written by what raised it."""


class Stop:
    """A request to end after the write in flight; may be made from any thread.

    `why`: what made it, where that was no person, as a few words.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._listeners: list[Callable[[], object]] = []
        self.why = ""

    def request(self, why: str = "") -> None:
        """End soon."""
        if not self._event.is_set():
            self.why = why
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


NOTICED = 1.5
"""Seconds: a shorter wait is no standstill, and nobody is told."""


Why = Literal["window", "asked", "settling", "next_look", "spent"]


class Wait(NamedTuple):
    """Work stands still, and goes on at `until` (monotonic seconds).

    why: window    `limit` calls a minute are spent
         asked     the vendor asked to come back then
         settling  a write that was cut off may still be at work on the vendor's side
         next_look a watch looks again then
         spent     a watch looks again when the calls of the day are given anew
    """

    vendor: str
    why: Why
    until: float
    limit: int = 0

    @property
    def seconds(self) -> float:
        """What is left of it."""
        return max(self.until - monotonic(), 0.0)


TellWait = Callable[[Wait | None], None]
_waits_told_to: ContextVar[TellWait | None] = ContextVar("waits_told_to", default=None)


@contextmanager
def waits_told_to(tell: TellWait) -> Iterator[None]:
    """Within it (and in tasks begun within it), `tell` hears of each wait, and with None that it is over."""
    before = _waits_told_to.set(tell)
    try:
        yield
    finally:
        _waits_told_to.reset(before)


def tell_wait(wait: Wait | None) -> None:
    """Tell whoever listens that work waits, or that it goes on."""
    if (tell := _waits_told_to.get()) is not None:
        tell(wait)


class Ahead(NamedTuple):
    """What lies ahead of a reading: of `what` there are `of` records, which take `seconds` more.

    of       0: not known; `about`: as many as there were the last time
    a_call   records that one call brings; 0: one call brings all of them
    limit    calls a minute that the vendor allows; 0: none that is known
    seconds  pauses for that limit included; None: not known
    """

    what: str
    vendor: str
    of: int = 0
    about: bool = False
    a_call: int = 0
    limit: int = 0
    seconds: float | None = None


COMPARED = "compared"
"""What a Report is made of when nothing is read, but so many customers are compared with each other."""
CHECKED = "checked"
"""The same, when so many documents are checked."""

_ahead: ContextVar[Ahead | None] = ContextVar("ahead", default=None)


@contextmanager
def lying_ahead(ahead: Ahead) -> Iterator[None]:
    """Within it a Report is made; whoever gets it finds what lies ahead by `ahead_of`."""
    before = _ahead.set(ahead)
    try:
        yield
    finally:
        _ahead.reset(before)


def ahead_of(what: str) -> Ahead:
    """Within a Report of `what`: what lies ahead of it, as far as that is known."""
    ahead = _ahead.get()
    return ahead if ahead is not None and ahead.what == what else Ahead(what, "")


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
    import asyncio  # loaded already where a loop runs; who only tells of waits does without it

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
