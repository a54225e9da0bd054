"""The vendor's clock, as far as it can be known: our own, corrected by the `Date` header of its answers.

Limits and time stamps go by the vendor's clock; ours may be wrong or, in the practice company, elsewhere.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from octowizard.transport.bounds import http_date, retry_after

# A header names whole seconds, cut off: within this much, two answers tell of the same clock.
_SAME = timedelta(seconds=2)


def _local() -> datetime:
    return datetime.now(UTC)


class VendorClock:
    """`now()` is aware, UTC. `offset` is what the local clock lacks; zero until something was learnt."""

    def __init__(self, local: Callable[[], datetime] = _local) -> None:
        self._local = local
        self._last = ""
        self._learnt = False
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The vendor's present moment."""
        return self._local() + self.offset

    def learn(self, header: str | None) -> None:
        """Take over the time of a `Date` header; nonsense or absence changes nothing."""
        if not header or header == self._last:
            return
        moment = http_date(header)
        if moment is None:
            return
        self._last = header
        offset = moment - self._local()
        # Each header is a lower bound (cut to the second, and aged on its way): of equals keep the tightest.
        same = self._learnt and abs(offset - self.offset) <= _SAME
        self.offset = max(offset, self.offset) if same else offset
        self._learnt = True


def retry_at(headers: Mapping[str, str]) -> datetime | None:
    """The moment until which an answer's headers ask to wait, by its own date; None as retry_after."""
    clock = VendorClock()
    clock.learn(headers.get("Date"))
    now = clock.now()
    wait = retry_after(headers, now)
    return now + wait if wait is not None else None
