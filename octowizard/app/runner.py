"""Work off the screen's loop: a run in a thread with a loop of its own, and small jobs whose result comes back.

The screen never waits for any of it: it drains the events of a run ten times a second at most.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from octowizard.app.engine import Checked, Engine, RunOptions, Stop
from octowizard.locale import _
from octowizard.sync.events import Event
from octowizard.sync.overview import Overview

T = TypeVar("T")

EXPECTED = ("octowizard.",)  # exceptions of ours carry one sentence for people; others do not


def sentence(error: BaseException) -> str:
    """What went wrong, in one sentence, and never a traceback."""
    text = " ".join(str(error).split())
    if type(error).__module__.startswith(EXPECTED) and text:
        return text
    kind = type(error).__name__
    return _(
        "Something went wrong that octowizard did not expect ({what}). "
        "What was written stays written and is known; the next run settles what is in doubt."
    ).format(what=f"{kind}: {text}" if text else kind)


class Done(Message):
    """A job of a thread has ended; `then` is to be called on the screen's loop."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.then = then


def in_background(
    target: MessagePump,
    work: Callable[[], T],
    then: Callable[[T], None],
    failed: Callable[[str], None],
) -> None:
    """Do `work` in a thread; then call `then` with its result, or `failed` with one sentence, on `target`'s loop.

    `target` (a screen or the app) handles `Done`. The thread never keeps the program from ending.
    """

    def job() -> None:
        try:
            result = work()
        except Exception as error:
            said = sentence(error)
            target.post_message(Done(lambda: failed(said)))
        else:
            target.post_message(Done(lambda: then(result)))

    threading.Thread(target=job, daemon=True, name="octowizard job").start()


class Run:
    """One sync or preview under way. Its events wait here until the screen drains them."""

    def __init__(self, engine: Engine, options: RunOptions, lane: threading.Lock) -> None:
        self.options = options
        self.stop = Stop()
        self.error = ""  # one sentence, when it could not go on
        self._engine = engine
        self._lane = lane
        self._events: deque[Event] = deque()
        # Not a daemon: a write in flight is brought to its end even when the terminal goes away.
        self._thread = threading.Thread(target=self._work, name="octowizard sync")

    def start(self) -> None:
        self._thread.start()

    def _work(self) -> None:
        try:
            with self._lane:
                asyncio.run(self._engine.run_sync(self.options, self._events.append, self.stop))
        except Exception as error:
            self.error = sentence(error)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def over(self) -> bool:
        """Ended, and every event has been drained."""
        return not self.alive and not self._events

    def drain(self, seconds: float = 0.02) -> Iterator[Event]:
        """What has happened since the last time, for at most `seconds`; the rest keeps for the next time."""
        deadline = time.perf_counter() + seconds
        while self._events:
            for _turn in range(min(64, len(self._events))):
                yield self._events.popleft()
            if time.perf_counter() > deadline:
                return

    def join(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)


class Checking:
    """One look at both sides for the checks, in a thread. `reading`: what it reads now, and how many so far."""

    def __init__(self, engine: Engine, problem: str, lane: threading.Lock) -> None:
        self.problem = problem
        self.reading: tuple[str, int] = ("", 0)
        self.cancelled = False
        self._engine = engine
        self._lane = lane
        self._task: asyncio.Task[Checked] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._guard = threading.Lock()

    def work(self) -> Checked | None:
        """Blocks; None when it was cancelled, which leaves what was read so far as it was kept."""
        while not self._lane.acquire(timeout=0.05):
            if self.cancelled:
                return None
        try:
            return asyncio.run(self._run())
        except asyncio.CancelledError:
            return None
        finally:
            self._lane.release()

    async def _run(self) -> Checked:
        with self._guard:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._engine.check(self.problem, self._report))
            if self.cancelled:
                self._task.cancel()
        try:
            return await self._task
        finally:
            with self._guard:
                self._loop = None

    def _report(self, what: str, count: int) -> None:
        self.reading = (what, count)

    def cancel(self) -> None:
        """End at the next call; nothing was being written."""
        with self._guard:
            self.cancelled = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)


class Runner:
    """The one lane to both vendors: reading for Home, checks and runs go one after the other, never together."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.run: Run | None = None
        self.checking: Checking | None = None
        self.checked: Checked | None = None
        self._fresh = False  # is `checked` of what is kept now?
        self._lane = threading.Lock()
        self._counting = threading.Lock()

    @property
    def running(self) -> bool:
        return self.run is not None and self.run.alive

    def begin(self, options: RunOptions) -> Run:
        """Start a run; one must not be on."""
        self._fresh = False
        self.run = Run(self.engine, options, self._lane)
        self.run.start()
        return self.run

    def outdated(self) -> None:
        """What the checks made of what is kept no longer holds."""
        self._fresh = False

    def look(self) -> Overview:
        """Read both sides; blocks, so call it in a thread."""
        with self._lane:
            try:
                return asyncio.run(self.engine.look())
            finally:
                self._fresh = False

    @property
    def up_to_date(self) -> bool:
        """Has nothing been read or written since `checked` was made?"""
        return self._fresh and self.checked is not None and not self.running

    def kept_checks(self) -> Checked:
        """What the checks say of what is kept; blocks, so call it in a thread."""
        with self._counting:
            if self.checked is None or not self.up_to_date:
                self._fresh = not self.running
                self.checked = self.engine.kept_checks()
            return self.checked

    def check(
        self,
        target: MessagePump,
        problem: str,
        then: Callable[[Checked | None], None],
        failed: Callable[[str], None],
    ) -> Checking:
        """Begin to read both sides for the checks; `then` gets None when it was cancelled."""
        checking = self.checking = Checking(self.engine, problem, self._lane)

        def ended(checked: Checked | None) -> None:
            self.checking = None
            if checked is not None:
                self.checked, self._fresh = checked, True
            then(checked)

        def broken(why: str) -> None:
            self.checking = None
            failed(why)

        in_background(target, checking.work, ended, broken)
        return checking
