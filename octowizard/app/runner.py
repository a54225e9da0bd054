"""Work off the screen's loop: a run in a thread with a loop of its own, and small jobs whose result comes back.

The screen never waits for any of it: it drains the events of a run ten times a second at most.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from octowizard.locale import _
from octowizard.progress import Report, Stop
from octowizard.workspace.errors import is_too_many_open, too_many_open

if TYPE_CHECKING:
    from octowizard.session.profile_session import Checked, Session
    from octowizard.sync.events import Event
    from octowizard.sync.options import SyncOptions
    from octowizard.sync.overview import Overview

T = TypeVar("T")

EXPECTED = ("octowizard.",)  # exceptions of ours carry one sentence for people; others do not


def sentence(error: BaseException) -> str:
    """What went wrong, in one sentence, and never a traceback."""
    text = " ".join(str(error).split())
    if type(error).__module__.startswith(EXPECTED) and text:
        return text
    if isinstance(error, OSError) and is_too_many_open(error):
        return too_many_open(error.filename or "")
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


class OneByOne:
    """Pieces of work that are done in a thread, in the order in which they were given."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._guard = threading.Lock()
        self._working = False

    def begin(
        self,
        target: MessagePump,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[str], None],
    ) -> None:
        """As `in_background`, after all that was given before. The program does not end before it is done."""
        with self._guard:
            self._waiting.append(lambda: _done(target, work, then, failed))
            if self._working:
                return
            self._working = True
        threading.Thread(target=self._work, name="octowizard line").start()

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._waiting:
                    self._working = False
                    return
                job = self._waiting.popleft()
            job()


def in_background(
    target: MessagePump,
    work: Callable[[], T],
    then: Callable[[T], None],
    failed: Callable[[str], None],
    *,
    daemon: bool = True,
) -> None:
    """Do `work` in a thread; then call `then` with its result, or `failed` with one sentence, on `target`'s loop.

    `target` (a screen or the app) handles `Done`. A daemon never keeps the program from ending.
    """
    threading.Thread(
        target=lambda: _done(target, work, then, failed), daemon=daemon, name="octowizard job"
    ).start()


def _done(
    target: MessagePump, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[str], None]
) -> None:
    """Do the work here and now; what is to follow goes to `target`."""
    try:
        result = work()
    except Exception as error:
        said = sentence(error)
        target.post_message(Done(lambda: failed(said)))
    else:
        target.post_message(Done(lambda: then(result)))


class Run:
    """One sync or preview under way. Its events wait here until the screen drains them."""

    def __init__(self, session: Session, options: SyncOptions, lane: threading.Lock) -> None:
        self.options = options
        self.stop = Stop()
        self.error = ""  # one sentence, when it could not go on
        self._session = session
        self._lane = lane
        self._events: deque[Event] = deque()
        # Not a daemon: a write in flight is brought to its end even when the terminal goes away.
        self._thread = threading.Thread(target=self._work, name="octowizard sync")

    def start(self) -> None:
        self._thread.start()

    def _work(self) -> None:
        try:
            with self._lane:
                asyncio.run(self._session.sync(self.options, self._events.append, self.stop))
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


class Job(Generic[T]):
    """One piece of work with both vendors, in a thread. `reading`: what it reads or makes now, and how many so far.

    Work that `writes` is never broken off: `cancel` asks it to stop after the write in flight.
    """

    def __init__(
        self,
        make: Callable[[Report, Stop], Coroutine[None, None, T]],
        lane: threading.Lock,
        *,
        writes: bool = False,
    ) -> None:
        self.reading: tuple[str, int] = ("", 0)
        self.cancelled = False
        self.writes = writes
        self.stop = Stop()
        self._make = make
        self._lane = lane
        self._task: asyncio.Task[T] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._guard = threading.Lock()
        self._over = threading.Event()

    def work(self) -> T | None:
        """Blocks; None when it was cancelled, which leaves what was read so far as it was kept."""
        try:
            while not self._lane.acquire(timeout=0.05):
                if self.cancelled:
                    return None
            try:
                return asyncio.run(self._run())
            except asyncio.CancelledError:
                return None
            finally:
                self._lane.release()
        finally:
            self._over.set()

    async def _run(self) -> T:
        with self._guard:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._make(self._report, self.stop))
            if self.cancelled and not self.writes:
                self._task.cancel()
        try:
            return await self._task
        finally:
            with self._guard:
                self._loop = None

    def _report(self, what: str, count: int) -> None:
        self.reading = (what, count)

    def cancel(self) -> None:
        """End at the next call; a write in flight is brought to its end."""
        self.stop.request()
        with self._guard:
            self.cancelled = True
            if self._loop is not None and self._task is not None and not self.writes:
                self._loop.call_soon_threadsafe(self._task.cancel)

    def join(self, seconds: float | None = None) -> None:
        self._over.wait(seconds)


Checking = Job["Checked"]


class Runner:
    """The one lane to both vendors: reading for Home, checks and runs go one after the other, never together."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.run: Run | None = None
        self.checking: Job[Any] | None = None
        self.checked: Checked | None = None
        self._fresh = False  # is `checked` of what is kept now?
        self._lane = threading.Lock()
        self._counting = threading.Lock()

    @property
    def running(self) -> bool:
        return self.run is not None and self.run.alive

    def begin(self, options: SyncOptions) -> Run:
        """Start a run; one must not be on."""
        self._fresh = False
        self.run = Run(self.session, options, self._lane)
        self.run.start()
        return self.run

    def outdated(self) -> None:
        """What the checks made of what is kept no longer holds."""
        self._fresh = False

    def look(self) -> Overview:
        """Read both sides; blocks, so call it in a thread."""
        with self._lane:
            try:
                return asyncio.run(self.session.look())
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
                self.checked = self.session.kept_checks()
            return self.checked

    def check(
        self,
        target: MessagePump,
        problem: str,
        then: Callable[[Checked | None], None],
        failed: Callable[[str], None],
    ) -> Checking:
        """Begin to read both sides for the checks; `then` gets None when it was cancelled."""

        def ended(checked: Checked | None) -> None:
            if checked is not None:
                self.checked, self._fresh = checked, True
            then(checked)

        return self.ask(
            target, lambda report, _stop: self.session.check(problem, report), ended, failed, keeps=True
        )

    def ask(
        self,
        target: MessagePump,
        make: Callable[[Report, Stop], Coroutine[None, None, T]],
        then: Callable[[T | None], None],
        failed: Callable[[str], None],
        *,
        writes: bool = False,
        keeps: bool = False,
    ) -> Job[T]:
        """Begin a piece of work with both vendors; `then` gets None when it was cancelled.

        `keeps`: what was read for the checks is then what `checked` says; else `checked` is no longer up to date.
        """
        job = Job(make, self._lane, writes=writes)
        self.checking = job

        def over() -> None:
            self.checking = None
            self._fresh = self._fresh and keeps

        def ended(result: T | None) -> None:
            over()
            then(result)

        def broken(why: str) -> None:
            over()
            failed(why)

        in_background(target, job.work, ended, broken, daemon=not writes)
        return job

    @property
    def writing(self) -> Run | Job[Any] | None:
        """What may be writing now."""
        if self.running:
            return self.run
        return self.checking if self.checking is not None and self.checking.writes else None
