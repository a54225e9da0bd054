"""The vendor's limit: so many calls in any sixty seconds, told in three headers on every answer (official).

By the practice clock.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from octowizard.sandbox.teamleader.checks import iso

LENGTH = timedelta(seconds=60)
UNLIMITED = 1_000_000


class Window:
    """The calls of the last sixty seconds."""

    def __init__(self) -> None:
        self._calls: deque[datetime] = deque()

    def take(self, now: datetime, limit: int, *, refused_too: bool) -> bool:
        """Count a call at `now`; False when `limit` calls already stand in the window.

        `refused_too`: one that finds no room is counted all the same.
        """
        self._forget(now)
        room = len(self._calls) < limit
        if room or refused_too:
            self._calls.append(now)
        return room

    def headers(self, now: datetime, limit: int) -> dict[str, str]:
        """The three headers. Reset is the moment the oldest call has left, rounded up to the second."""
        self._forget(now)
        reset = self._calls[0] + LENGTH if self._calls else now
        if reset.microsecond:
            reset += timedelta(microseconds=1_000_000 - reset.microsecond)
        return _headers(limit, max(0, limit - len(self._calls)), reset)

    def _forget(self, now: datetime) -> None:
        while self._calls and now - self._calls[0] >= LENGTH:
            self._calls.popleft()
        while self._calls and self._calls[-1] > now:  # the practice clock was moved back
            self._calls.pop()


def unlimited(now: datetime) -> dict[str, str]:
    """The headers of a practice company without limits."""
    return _headers(UNLIMITED, UNLIMITED - 1, now)


def _headers(limit: int, remaining: int, reset: datetime) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": iso(reset),
    }
