"""Reads are tried again, writes never: by operation, not by HTTP verb (half of Teamleader's reads are POSTs).

A function of the error alone decides, within the seconds that `bounds` allows one call; stamina does the waiting.
What is a read, the client says.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from octowizard.progress import unless_stopped
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

_TOO_SHORT = 1.0  # seconds on the wire within which no vendor answers for certain
_TRANSIENT = frozenset({500, 502, 503, 504})


def may_repeat(error: Exception, now: datetime, pauses: Pauses = PATIENT) -> bool | float:
    """Whether a read that failed so may be tried again: no, yes, or yes after so many seconds.

    LimitReached only when its `until` is near (a client that knows of no moment, but of a window, sets one).
    """
    if isinstance(error, LimitReached):
        # A spent window comes back in a minute; a spent day (no moment, or a far one) not within a call.
        if error.until is None:
            return False
        wait = max((error.until - now).total_seconds(), 0.0)
        return wait if wait <= pauses.longest_reset else False
    if isinstance(error, Failed):
        return error.status in _TRANSIENT
    return isinstance(error, Unreachable | Interrupted)


async def read(
    call: Callable[[], Awaitable[T]],
    *,
    pauses: Pauses = PATIENT,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> T:
    """Do `call`, and again while `may_repeat` says so and its allowance of seconds lasts.

    `now`: the vendor's clock. Raises the last error; Stopped when a stop ends it (see progress.py).
    """
    return await unless_stopped(lambda: _read(call, pauses, now))


async def _read(call: Callable[[], Awaitable[T]], pauses: Pauses, now: Callable[[], datetime]) -> T:
    before = allowance.set(Allowance())
    try:
        return await call()
    except VendorError as error:
        if _once_more(error, now(), pauses) is False:
            raise
        return await _again(call, error, pauses, now)
    finally:
        allowance.reset(before)


def _once_more(error: Exception, now: datetime, pauses: Pauses) -> bool | float:
    """As may_repeat, as long as there is time for it, and no window that is spent again when it should be free."""
    repeat, allowed = may_repeat(error, now, pauses), allowance.get()
    if allowed is None:
        return repeat
    waited = allowed.waited + repeat if isinstance(error, LimitReached) else 0.0
    return repeat if allowed.left > _TOO_SHORT and waited <= pauses.longest_reset else False


def _count_wait(repeat: bool | float) -> bool | float:
    allowed = allowance.get()
    if allowed is not None and repeat is not True:
        allowed.waited += repeat
    return repeat


async def _again(
    call: Callable[[], Awaitable[T]], first: VendorError, pauses: Pauses, now: Callable[[], datetime]
) -> T:
    # Loaded only after a failure: most processes never need it.
    import stamina
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks([])  # its default reporter may print to stdout, which is for data

    async for attempt in stamina.retry_context(
        on=lambda error: _count_wait(_once_more(error, now(), pauses)),
        attempts=pauses.attempts,
        timeout=None,
        wait_initial=pauses.first,
        wait_max=pauses.longest,
        wait_jitter=pauses.scatter,
    ):
        with attempt:
            if attempt.num == 1:
                raise first  # the one that has been made already
            return await call()
    raise first  # not reached: stamina raises the last error itself
