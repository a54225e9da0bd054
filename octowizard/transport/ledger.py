"""The count of calls: how many were spent today, and which fell in the last minute.

Protocols, the arithmetic of a limit's day, and forms that live in memory. The durable ones, on SQLite, are in
`workspace/`. No vendor says when its day begins, so a call counts until both the UTC day and the Brussels day
in which it was made have passed (*inferred*: the strictest reading of "calls per day").
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from octowizard.transport.errors import LimitSpent

BRUSSELS = ZoneInfo("Europe/Brussels")
# A clock once wrong must not lock a user out: what was stamped further ahead than this is not counted.
AHEAD = timedelta(days=2)
# Teamleader allows so many calls in any so many seconds, per integration and account (official).
SIZE = 200
PERIOD = 60.0


class CallLedger(Protocol):
    """Calls spent per scope (whose limit it is, e.g. "octopus/9045119") and operation, per day."""

    def spend(self, scope: str, operation: str, limit: int | None, at: datetime) -> None:
        """Count one call at `at` (aware), durably, before it is made.

        Raises LimitSpent, and counts nothing, when `limit` calls are used up; a limit of None only counts.
        """

    def spent(self, scope: str, operation: str, at: datetime) -> int:
        """How many calls count against a limit at the moment `at` (aware)."""


class WindowLedger(Protocol):
    """Moments of calls per scope, unix time in seconds, for a sliding window that outlives the process."""

    def take(self, scope: str, at: float) -> None:
        """Record one call."""

    def recent(self, scope: str, since: float) -> list[float]:
        """The moments at or after `since`, oldest first."""


def _midnight(at: datetime, zone: ZoneInfo | None, days: int = 0) -> datetime:
    local = at.astimezone(zone or UTC)
    day = local.date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=zone or UTC).astimezone(UTC)


def day_began(at: datetime) -> datetime:
    """The earlier of the two midnights, UTC and Brussels, before `at` (aware): calls since then count."""
    return min(_midnight(at, None), _midnight(at, BRUSSELS))


def day_ends(at: datetime) -> datetime:
    """The later of the two midnights after `at` (aware): from then on a call made at `at` counts no more."""
    return max(_midnight(at, None, 1), _midnight(at, BRUSSELS, 1))


def counted(moments: Iterable[datetime], at: datetime) -> list[datetime]:
    """Those of `moments` that count against a limit at `at`, oldest first."""
    since, until = day_began(at), at + AHEAD
    return sorted(moment for moment in moments if since <= moment <= until)


def frees_at(moments: list[datetime], limit: int, at: datetime) -> datetime:
    """When the next call is free, given the counted `moments` (oldest first) that use up `limit`."""
    if limit <= 0 or len(moments) < limit:
        return day_ends(at)
    return max(day_ends(moments[len(moments) - limit]), at)


def vendor_of(scope: str) -> str:
    """The vendor's name for people, of a scope such as "octopus/9045119"."""
    return scope.partition("/")[0].capitalize()


class MemoryCallLedger:
    """A CallLedger for one process."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], list[datetime]] = defaultdict(list)

    def spend(self, scope: str, operation: str, limit: int | None, at: datetime) -> None:
        """See CallLedger."""
        if limit is not None:
            now = counted(self._calls[scope, operation], at)
            if len(now) >= limit:
                raise LimitSpent(vendor_of(scope), operation, limit=limit, until=frees_at(now, limit, at))
        insort(self._calls[scope, operation], at)

    def calls(self) -> Iterator[tuple[str, str, datetime]]:
        """Scope, operation and moment of each call, for a durable ledger that is there only later."""
        for (scope, operation), moments in self._calls.items():
            for at in moments:
                yield scope, operation, at

    def spent(self, scope: str, operation: str, at: datetime) -> int:
        """See CallLedger."""
        return len(counted(self._calls[scope, operation], at))


class MemoryWindowLedger:
    """A WindowLedger for one process; forgets what is older than ten minutes."""

    def __init__(self) -> None:
        self._moments: dict[str, list[float]] = defaultdict(list)

    def take(self, scope: str, at: float) -> None:
        """See WindowLedger."""
        moments = self._moments[scope]
        insort(moments, at)
        if len(moments) > 2_000 and moments[0] < at - 600:
            self._moments[scope] = [moment for moment in moments if moment >= at - 600]

    def recent(self, scope: str, since: float) -> list[float]:
        """See WindowLedger."""
        return [moment for moment in self._moments[scope] if moment >= since]


class _SharedTurns:
    """A WindowLedger of one account that also counts the turns of the others in this process."""

    def __init__(self, own: WindowLedger, others: WindowLedger, integration: str) -> None:
        self._own, self._others, self._integration = own, others, integration

    def take(self, scope: str, at: float) -> None:
        """See WindowLedger."""
        self._own.take(scope, at)
        self._others.take(self._integration, at)

    def recent(self, scope: str, since: float) -> list[float]:
        """See WindowLedger."""
        own, others = self._own.recent(scope, since), self._others.recent(self._integration, since)
        return sorted((Counter(own) | Counter(others)).elements())  # a call bears the same moment in both


_shared: ContextVar[WindowLedger | None] = ContextVar("turns_shared", default=None)


@contextmanager
def turns_shared() -> Iterator[None]:
    """Within it, and in tasks begun within it, all accounts of one integration take their turns together."""
    if _shared.get() is not None:  # a fleet within a worker
        yield
        return
    before = _shared.set(MemoryWindowLedger())
    try:
        yield
    finally:
        _shared.reset(before)


def with_others(own: WindowLedger, integration: str) -> WindowLedger:
    """The ledger, with the turns of all others of that integration where they are shared (`turns_shared`)."""
    others = _shared.get()
    return own if others is None else _SharedTurns(own, others, integration)
