"""How long the loop of an app answers nobody."""

from __future__ import annotations

import asyncio
import time


class Watch:
    """Measures the longest time for which the loop answered nobody."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def _tick(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            self.longest = max(self.longest, now - before - 0.005)
            before = now

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._tick())

    async def end(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
