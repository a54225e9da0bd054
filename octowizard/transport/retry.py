"""Reads are tried again, writes never: by operation, not by HTTP verb (half of Teamleader's reads are POSTs).

A function of the error alone decides, within the seconds that `bounds` allows one call; stamina does the waiting.
What is a read, the client says.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TypeVar

from octowizard.progress import NOTICED, Wait, tell_wait, unless_stopped
from octowizard.transport.bounds import Allowance, allowance
from octowizard.transport.errors import Failed, Interrupted, LimitReached, Unreachable, VendorError

T = TypeVar("T")


@dataclass(frozen=True)
class Pauses:
    """How often and how patiently a read is tried again. In seconds: first pause, longest, scatter."""

    attempts: int = 3
    first: float = 0.2
    longest: float = 3.0
    scatter: float = 0.2
    longest_reset: float = (
        70.0  # how long a spent window may hold a read up, in all, before the error is handed on
    )


PATIENT = Pauses()
AT_ONCE = Pauses(first=0.0, longest=0.0, scatter=0.0)  # for tests

_LOOK_AFTER = 50.0
"""Seconds after which a window that should be free later is tried all the same, and _IN_ALL those after which nothing
is: a command ends within a minute, even where the vendor keeps saying "in a minute". Where it says soundly that none
of the calls of a window is left, it is the window (window.py) that waits for its end, before the call.
"""
_IN_ALL = 55.0
_TOO_SHORT = 1.0  # seconds on the wire within which no vendor answers for certain
_TRANSIENT = frozenset({500, 502, 503, 504})


class InVain:
    """A client's memory of a limit that was waited for and stayed: for a minute no other read waits for it."""

    def __init__(self) -> None:
        self._until = float("-inf")  # monotonic

    @property
    def lately(self) -> bool:
        """Whether a wait was in vain within the last minute."""
        return monotonic() < self._until

    def remember(self) -> None:
        """A wait was in vain."""
        self._until = monotonic() + 60.0

    def forget(self) -> None:
        """The vendor has answered."""
        self._until = float("-inf")


def may_repeat(
    error: Exception, now: datetime, pauses: Pauses = PATIENT, *, waited: float = 0.0
) -> bool | float:
    """Whether a read that failed so may be tried again: no, yes, or yes after so many seconds.

    LimitReached only when its `until` is near (a client that knows of no moment, but of a window, sets one), and
    not again after it was `waited` for so many seconds and stayed.
    """
    if isinstance(error, LimitReached):
        # A spent window comes back in a minute; a spent day (no moment, or a far one) not within a call.
        if error.until is None:
            return False
        wait = max((error.until - now).total_seconds(), 0.0)
        longest = min(pauses.longest_reset, _IN_ALL) if waited else pauses.longest_reset
        return min(wait, _LOOK_AFTER) if waited + wait <= longest else False
    if isinstance(error, Failed):
        return error.status in _TRANSIENT
    return isinstance(error, Unreachable | Interrupted)


async def read(
    call: Callable[[], Awaitable[T]],
    *,
    pauses: Pauses = PATIENT,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    in_vain: InVain | None = None,
) -> T:
    """Do `call`, and again while `may_repeat` says so and its allowance of seconds lasts.

    `now`: the vendor's clock; `in_vain`: what the reads of one client know of its limits. Raises the last error;
    Stopped when a stop ends it (see progress.py).
    """
    return await unless_stopped(lambda: _read(call, pauses, now, in_vain or InVain()))


async def _read(
    call: Callable[[], Awaitable[T]], pauses: Pauses, now: Callable[[], datetime], in_vain: InVain
) -> T:
    allowed = Allowance()
    before = allowance.set(allowed)
    try:
        answer = await call()
    except VendorError as error:
        if (isinstance(error, LimitReached) and in_vain.lately) or _once_more(error, now(), pauses) is False:
            raise
        try:
            answer = await _again(call, error, pauses, now)
        except LimitReached:
            if allowed.waited:
                in_vain.remember()
            raise
    finally:
        allowance.reset(before)
    in_vain.forget()
    return answer


def _once_more(error: Exception, now: datetime, pauses: Pauses) -> bool | float:
    """As may_repeat, as long as there is time for it."""
    allowed = allowance.get()
    if allowed is None:
        return may_repeat(error, now, pauses)
    repeat = may_repeat(error, now, pauses, waited=allowed.waited)
    return repeat if allowed.left > _TOO_SHORT else False


def _count_wait(error: Exception, repeat: bool | float) -> bool | float:
    allowed = allowance.get()
    if not isinstance(repeat, bool):
        if allowed is not None:
            allowed.waited += repeat
        if repeat > NOTICED and isinstance(error, VendorError):
            tell_wait(Wait(error.vendor, "asked", monotonic() + repeat))
    return repeat


async def _again(
    call: Callable[[], Awaitable[T]], first: VendorError, pauses: Pauses, now: Callable[[], datetime]
) -> T:
    # Loaded only after a failure: most processes never need it.
    import stamina
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks([])  # its default reporter may print to stdout, which is for data

    try:
        async for attempt in stamina.retry_context(
            on=lambda error: _count_wait(error, _once_more(error, now(), pauses)),
            attempts=pauses.attempts,
            timeout=None,
            wait_initial=pauses.first,
            wait_max=pauses.longest,
            wait_jitter=pauses.scatter,
        ):
            with attempt:
                if attempt.num == 1:
                    raise first  # the one that has been made already
                tell_wait(None)
                return await call()
    finally:
        tell_wait(None)
    raise first  # not reached: stamina raises the last error itself
