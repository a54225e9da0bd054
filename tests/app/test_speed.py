"""The screen never freezes: long lists, and many events at once."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from octowizard.app.widgets.document_list import DocumentList
from octowizard.presentation.run_rows import RunState
from octowizard.sync import events as e
from tests.app.stage import home_read, over, staged, text, until
from tests.app.staged import CUSTOMERS, StagedSession, document

GAP = 0.25  # seconds; generous, because this computer may be busy with other tests


def many(count: int) -> list[e.Event]:
    """`count` events about half as many documents."""
    documents = [document(number, CUSTOMERS[number % 8]) for number in range(1, count // 2 + 1)]
    waiting = [e.DocumentWaiting(document=one) for one in documents]
    booked = [
        e.DocumentBooked(document=one, bookyear=2026, journal="V1", number=number, period=202603)
        for number, one in enumerate(documents, 1)
    ]
    return [*waiting, *booked]


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


async def longest_gap(root: Path, count: int) -> float:
    """Play `count` events at once into the live view; the longest silence of the loop in seconds."""
    app = staged(root, StagedSession(many(count)))
    async with app.run_test(size=(120, 40)) as pilot:
        await home_read(pilot, app)
        await pilot.press("7")
        await until(pilot, lambda: "Preview first" in text(app))
        watch = Watch()
        watch.start()
        await pilot.press("p")
        await over(pilot, app)
        for key in ("end", "pageup", "home", "pagedown"):
            await pilot.press(key)
        await watch.end()
        shown = app.screen.query_one(DocumentList)
        assert shown.length == count // 2 + 1
    return watch.longest


async def test_ten_thousand_events_at_once_do_not_freeze_the_screen(tmp_path: Path) -> None:
    # The best of three: another program on this computer can hold up one of them, the app's own work all three.
    gaps = [await longest_gap(tmp_path, 10_000) for _try in range(3)]
    assert min(gaps) < GAP


async def test_twenty_thousand_documents_scroll_without_a_pause(tmp_path: Path) -> None:
    state = RunState(dry_run=True)
    for event in many(40_000):
        state.apply(event)
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        listed = app.screen.query_one(DocumentList)
        listed.live = True
        began = time.perf_counter()
        listed.show_run(state)
        assert time.perf_counter() - began < GAP
        listed.words = "2026 / 19999"
        began = time.perf_counter()
        listed.show_run(state)
        assert time.perf_counter() - began < GAP
        assert listed.length == 2  # under its heading


async def test_nothing_ticks_when_nothing_happens(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "p")
        await over(pilot, app)
        own = [
            timer for timer in app.screen._timers if timer.name != "screen_update"
        ]  # textual's own, paused
        assert not own
