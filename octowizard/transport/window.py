"""The sliding window: never more than so many calls in any sixty seconds, and hardly less.

Teamleader gives 200 calls per sliding minute, per integration and account, and tells the state in
three headers (official). Two counts hold at once: our own, which survives a restart, and the vendor's.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from time import monotonic

from octowizard.progress import NOTICED, Wait, tell_wait
from octowizard.transport.bounds import count, iso_moment, retry_after
from octowizard.transport.clock import VendorClock
from octowizard.transport.ledger import PERIOD, SIZE, WindowLedger

NO_WINDOW = 10_000  # a header that allows this many a minute means: there is no window here
_ROUNDING = 0.05  # seconds added to the period, for clocks that round
_LEDGER_SMEAR = 1.0  # the ledger knows when a call left, not when it arrived
_OUT_OF_THE_WAY = 1.0  # seconds, doubled by each further refusal
_LOOK_AGAIN = 0.1  # seconds, while the next step depends on calls in flight


class SlidingWindow:
    """`await turn()` before each call, then exactly one `learn(headers)`, after a failure without headers.

    A call is counted as one in flight until its answer, and from the answer for a whole period: it cannot
    have arrived later than that, so the vendor's own count is never above ours. `time` is unix time,
    `monotonic` never jumps; both, and `sleep`, are there to be simulated.
    """

    def __init__(
        self,
        ledger: WindowLedger,
        scope: str,
        clock: VendorClock,
        *,
        time: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ledger, self._scope, self._clock = ledger, scope, clock
        self._time, self._monotonic, self._sleep = time, monotonic, sleep
        self._queue = asyncio.Lock()
        self._answered: deque[float] = deque()
        self._in_flight = 0
        self._reserved = 0
        self._left: int | None = None  # by the vendor's last word, calls in flight taken off
        self._reset = ""
        self._hold_until = 0.0  # monotonic
        self._refusals = 0  # one after the other
        self.size = SIZE
        self.turns = 0  # taken so far by this process
        self.waiting_until: datetime | None = None  # for display: aware, local clock; None when nobody waits

    async def turn(self) -> None:
        """Wait, first come first served, until one more call may be made, and count it."""
        if self._reserved:
            self._reserved -= 1
            return
        await self._take()

    async def reserve(self) -> None:
        """Take a turn ahead of a call: the next `turn()` finds it there.

        For a write, so that its intent is not on the disk for a minute before the call leaves. May be cancelled.
        """
        await self._take()
        self._reserved += 1

    def release(self) -> None:
        """Give back a reservation that no call will use."""
        if self._reserved:
            self._reserved -= 1
            self._in_flight -= 1
            if self._left is not None:
                self._left += 1

    async def _take(self) -> None:
        async with self._queue:
            last_told: float | None = None
            try:
                while (pause := self._pause()) > 0:
                    self.waiting_until = datetime.fromtimestamp(self._time() + pause, UTC)
                    until = monotonic() + pause
                    if pause > NOTICED and (last_told is None or abs(until - last_told) > NOTICED):
                        tell_wait(Wait("Teamleader", "window", until, self.size))
                        last_told = until
                    await self._sleep(min(pause, _LOOK_AGAIN) if self._in_flight else pause)
            finally:
                self.waiting_until = None
                if last_told is not None:
                    tell_wait(None)
            self.turns += 1
            if self.size < NO_WINDOW:
                self._ledger.take(self._scope, self._time())
            self._in_flight += 1
            if self._left is not None:
                self._left -= 1

    def learn(self, headers: Mapping[str, str] | None = None, *, refused: bool = False) -> None:
        """The call is over; `headers` (case-insensitive) say what the vendor counted, if it answered.

        `refused`: for want of room, since others call with the same integration. A refused call may count too (seen
        by one client), and then Reset is not the moment at which there is room: each refusal after the other
        keeps us longer out of the way.
        """
        if not refused:
            self._refusals = 0
        elif self._monotonic() >= self._hold_until:  # not of the calls that were under way together
            self._refusals += 1
            self._hold_until = self._monotonic() + min(PERIOD, _OUT_OF_THE_WAY * 2.0 ** (self._refusals - 1))
        self._in_flight = max(self._in_flight - 1, 0)
        if self.size < NO_WINDOW:
            self._answered.append(self._monotonic())
        if headers is None:
            return
        self._clock.learn(headers.get("Date"))
        if size := count(headers.get("X-RateLimit-Limit")):
            self.size = size
        wait = retry_after(headers, self._clock.now())
        # Longer than its own window is no pause but a refusal, which the next answer will bring again.
        if wait is not None and (hold := wait.total_seconds()) <= PERIOD + _ROUNDING:
            self._hold_until = max(self._hold_until, self._monotonic() + hold)
        if (remaining := count(headers.get("X-RateLimit-Remaining"))) is not None:
            left, reset = remaining - self._in_flight, headers.get("X-RateLimit-Reset", "")
            # Answers overtake each other: under one and the same Reset the lowest count is the latest,
            # unless nothing is under way any more and the number is simply true.
            settled = self._left is None or reset != self._reset or not self._in_flight
            self._left = left if settled else min(left, self._left or 0)
            self._reset = reset

    @property
    def remaining(self) -> int:
        """How many calls may be made at once."""
        own = self.size - self._used()
        return max(min(own, self._left) if self._left is not None else own, 0)

    def seconds_for(self, calls: int) -> float:
        """Seconds until so many more calls have been let through, were each answered at once."""
        over = calls - self.remaining
        if over <= 0 or self.size >= NO_WINDOW:
            return 0.0
        rounds, place = divmod(over - 1, self.size)
        first = PERIOD
        if place < len(self._answered):
            first = self._answered[place] + PERIOD - self._monotonic()
        return max(first, self._pause()) + rounds * PERIOD

    def _used(self) -> int:
        horizon = self._monotonic() - PERIOD - _ROUNDING
        while self._answered and self._answered[0] <= horizon:
            self._answered.popleft()
        return self._in_flight + len(self._answered)

    def _pause(self) -> float:
        """Seconds until the next look; 0 when a call may be made now."""
        if self.size >= NO_WINDOW:
            return 0.0
        now = self._monotonic()
        pause = max(self._hold_until - now, 0.0)
        if self._used() >= self.size:
            over = self._used() - self.size  # how many must leave before one may come, less one
            answered = self._answered
            frees = answered[over] + PERIOD + _ROUNDING - now if over < len(answered) else _LOOK_AGAIN
            pause = max(pause, frees)
        return max(pause, self._pause_by_ledger(), self._pause_by_vendor())

    def _pause_by_ledger(self) -> float:
        """Other processes and our own past; a stamp from the future is a wrong clock's."""
        now = self._time()
        span = PERIOD + _LEDGER_SMEAR
        recent = [at for at in self._ledger.recent(self._scope, now - span) if now - span < at <= now + 1]
        return recent[-self.size] + span - now if len(recent) >= self.size else 0.0

    def _pause_by_vendor(self) -> float:
        if self._left is None or self._left > 0:
            return 0.0
        reset = iso_moment(self._reset)
        pause = (reset - self._clock.now()).total_seconds() if reset is not None else 0.0
        if 0 < pause <= PERIOD + 2:
            return pause
        self._left = None  # come, or nonsense: our own count decides until the next answer
        return 0.0
