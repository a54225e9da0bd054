"""Time that passes only when everybody waits, and a vendor that counts calls in a sliding minute."""

import asyncio
import heapq
from collections import deque
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

START = 1_800_000_000.0


class SimulatedTime:
    """`monotonic`, `time` and `sleep` of a simulated process; `run` lets time pass until all tasks are done."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = 0

    def monotonic(self) -> float:
        return self.elapsed

    def time(self) -> float:
        return START + self.elapsed

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._waiting, (self.elapsed + max(seconds, 0.0), self._order, future))
        await future

    async def run(self, *work: Coroutine[Any, Any, None], until: float = float("inf")) -> None:
        tasks = [asyncio.ensure_future(coroutine) for coroutine in work]
        while not all(task.done() for task in tasks):
            for _turn in range(6):
                await asyncio.sleep(0)
            if all(task.done() for task in tasks):
                break
            assert self._waiting, "everybody waits for nobody"
            if self._waiting[0][0] > until:
                break
            self.elapsed, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Vendor:
    """Counts arrivals in the last 60 seconds; `refused` is how often it had to say 429.

    `refused_count`: whether these arrivals count too.
    """

    def __init__(self, time: SimulatedTime, limit: int = 200, *, refused_count: bool = False) -> None:
        self._time = time
        self.limit = limit
        self.refused_count = refused_count
        self.arrivals: deque[float] = deque()
        self.taken = 0
        self.refused = 0

    def take(self) -> dict[str, str]:
        now = self._time.elapsed
        while self.arrivals and self.arrivals[0] <= now - 60:
            self.arrivals.popleft()
        room = len(self.arrivals) < self.limit
        if room or self.refused_count:
            self.arrivals.append(now)
        if room:
            self.taken += 1
        else:
            self.refused += 1
        reset = datetime.fromtimestamp(START + self.arrivals[0] + 60, UTC)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - len(self.arrivals))),
            "X-RateLimit-Reset": reset.isoformat(),
        }
