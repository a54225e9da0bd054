"""Work off the screen's loop: reading what is kept in a thread, one lane to both vendors, a run with its events.

What follows is a Textual worker of the screen that asked, in a named group, so that it ends with that screen. The work
itself is in a thread of its own: one that reads never keeps the program from ending, one that writes is never
abandoned. The screen drains the events of a run ten times a second at most.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.dom import DOMNode

from octowizard.app.live import Kind, of_job, of_run
from octowizard.locale import _
from octowizard.progress import (
    Ahead,
    Report,
    Stop,
    Stopped,
    Wait,
    ahead_of,
    reads_end_on,
    waits_told_to,
)
from octowizard.session.state import Live, SessionState
from octowizard.workspace.exhausted import exhausted

if TYPE_CHECKING:
    from octowizard.session.overview import Overview
    from octowizard.session.profile_session import Checked
    from octowizard.session.session import Session
    from octowizard.sync.events import Event
    from octowizard.sync.options import SyncOptions

T = TypeVar("T")

EXPECTED = ("octowizard.",)  # exceptions of ours carry one sentence for people; others do not
KEPT, VENDORS, ANSWERS = "kept", "vendors", "answers"  # the groups of workers


def sentence(error: BaseException) -> str:
    """What went wrong, in one sentence, and never a traceback or a vendor's raw words."""
    from octowizard.transport.errors import VendorError, plainly  # here: nothing has gone wrong at the start

    text = " ".join((plainly(error) if isinstance(error, VendorError) else str(error)).split())
    if type(error).__module__.startswith(EXPECTED) and text:
        return text
    if isinstance(error, OSError) and (why := exhausted(error, error.filename or "")):
        return why
    kind = type(error).__name__
    return _(
        "Something went wrong that octowizard did not expect ({what}). "
        "What was written stays written and is known; the next run settles what is in doubt."
    ).format(what=f"{kind}: {text}" if text else kind)


def in_background(
    target: DOMNode,
    work: Callable[[], T],
    then: Callable[[T], object],
    failed: Callable[[str], None],
    *,
    group: str = KEPT,
    begin: Callable[[Callable[[], None]], None] | None = None,
) -> None:
    """Do `work` in a thread; then call `then` with its result, or `failed` with one sentence, on `target`'s loop.

    `target`: a screen or the app. `begin` starts what it is given in a thread; by default in one that never keeps the
    program from ending.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def settle(put: Callable[[Any], None], value: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if result.done() else put(value))

    def run() -> None:
        try:
            value = work()
        except Exception as error:
            settle(result.set_exception, error)
        else:
            settle(result.set_result, value)

    async def follow() -> None:
        try:
            value = await result
        except Exception as error:
            failed(sentence(error))
        else:
            then(value)

    (begin or _in_daemon)(run)
    target.run_worker(follow(), group=group)


def _in_daemon(run: Callable[[], None]) -> None:
    threading.Thread(target=run, daemon=True, name="octowizard job").start()


def _to_its_end(run: Callable[[], None]) -> None:
    threading.Thread(target=run, name="octowizard write").start()


class OneByOne:
    """Pieces of work that are done in a thread, in the order in which they were given."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._guard = threading.Lock()
        self._working = False

    def begin(
        self,
        target: DOMNode,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[str], None],
    ) -> None:
        """As `in_background`, after all that was given before. The program does not end before it is done."""
        in_background(target, work, then, failed, group=ANSWERS, begin=self._add)

    def _add(self, run: Callable[[], None]) -> None:
        with self._guard:
            self._waiting.append(run)
            if self._working:
                return
            self._working = True
        _to_its_end(self._work)

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._waiting:
                    self._working = False
                    return
                run = self._waiting.popleft()
            run()


@contextmanager
def in_lane(
    lane: threading.Lock, stop: Stop, queues: Callable[[bool], object] = lambda _so: None
) -> Iterator[None]:
    """Within it, nobody else is at work with both vendors. Blocks until then; Stopped when that is not waited for.

    `queues` hears whether somebody else is.
    """
    while not lane.acquire(timeout=0.05):
        queues(True)
        if stop.requested:
            raise Stopped
    queues(False)
    try:
        yield
    finally:
        lane.release()


class Job(Generic[T]):
    """One piece of work with both vendors. `reading`: what it reads or makes now, and how many so far.

    Work that `writes` is never broken off: `cancel` asks it to stop after the write in flight.
    """

    def __init__(
        self,
        make: Callable[[Report, Stop], Coroutine[None, None, T]],
        lane: threading.Lock,
        *,
        writes: bool = False,
        mode: str = "home",
    ) -> None:
        self.mode = mode  # the place that shows it
        self.reading: tuple[str, int] = ("", 0)
        self.ahead = Ahead("", "")  # of what it reads
        self.wait: Wait | None = None  # it stands still
        self.writes = writes
        self.stop = Stop()
        self._make = make
        self._lane = lane
        self._over = threading.Event()

    def work(self) -> T | None:
        """Blocks; None when it was cancelled, which leaves what was read so far as it was kept."""
        try:
            with (
                in_lane(self._lane, self.stop, self.queues),
                reads_end_on(None if self.writes else self.stop),
                waits_told_to(self._waits),
            ):
                return asyncio.run(self._make(self._report, self.stop))
        except* Stopped:
            pass
        finally:
            self._over.set()
        return None

    def queues(self, so: bool) -> None:
        """It waits until other work with both vendors has ended, or does so no more."""

    def _waits(self, wait: Wait | None) -> None:
        self.wait = wait

    def _report(self, what: str, count: int) -> None:
        self.reading, self.ahead = (what, count), ahead_of(what)

    @property
    def cancelled(self) -> bool:
        """Has somebody asked it to end?"""
        return self.stop.requested

    @property
    def alive(self) -> bool:
        """Has it not ended yet?"""
        return not self._over.is_set()

    def cancel(self) -> None:
        """End at once where it reads; a write in flight is brought to its end."""
        self.stop.request()

    @property
    def sees_again(self) -> bool:
        """Does it read just now what it wrote?"""
        return self.writes and bool(self.ahead.vendor)

    @property
    def live(self) -> Live:
        """How far it is."""
        return of_job(
            self.mode,
            self.reading[1],
            self.ahead,
            self.wait,
            writes=self.writes and not self.sees_again,
            stopping=self.cancelled,
        )

    def join(self, seconds: float | None = None) -> None:
        """Wait for its end, so long at most."""
        self._over.wait(seconds)


class Run(Job[Any]):
    """A sync, a preview or a watch under way. Its events wait here until the screen drains them."""

    def __init__(
        self,
        make: Callable[[Callable[[Event], None], Stop], Coroutine[None, None, Any]],
        lane: threading.Lock,
        *,
        writes: bool,
        kind: Kind,
    ) -> None:
        from octowizard.presentation.run_progress import RunProgress  # the first frame needs none

        super().__init__(lambda _report, stop: make(self._take, stop), lane, writes=writes, mode="sync")
        self.error = ""  # one sentence, when it could not go on
        self._events: deque[Event] = deque()
        self.kind = kind
        self.progress = RunProgress()

    def start(self) -> None:
        """A write in flight is brought to its end even when the terminal goes away."""
        (_to_its_end if self.writes else _in_daemon)(self._attempt)

    def _attempt(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.error = sentence(error)

    def queues(self, so: bool) -> None:
        self.progress.queued = so

    def _take(self, event: Event) -> None:
        self.progress.apply(event)
        self._events.append(event)

    @property
    def live(self) -> Live:
        """How far it is."""
        return of_run(self.kind, self.progress, stopping=self.stop.requested)

    @property
    def over(self) -> bool:
        """Ended, and every event has been drained."""
        return not self.alive and self.drained

    @property
    def drained(self) -> bool:
        """Does no event wait?"""
        return not self._events

    def drain(self, seconds: float) -> Iterator[Event]:
        """What has happened since the last time, for at most `seconds`; the rest keeps for the next time."""
        deadline = time.perf_counter() + seconds
        while self._events:
            for _turn in range(min(64, len(self._events))):
                yield self._events.popleft()
            if time.perf_counter() > deadline:
                return


class Runner:
    """The one lane to both vendors: reading for Home, checks and runs go one after the other, never together.

    It holds the state that all screens read. `changed` is called on the screen's loop when something has begun or
    ended, or may have changed what is so.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.run: Run | None = None
        self.watch: Run | None = None
        self.checking: Job[Any] | None = None
        self.looking: Job[Checked] | None = None
        self.looks_after_a_change = False  # is it read what became of something that was written?
        self.checked: Checked | None = None
        self.remembered: Overview | None = None  # what was shown at an earlier time
        self.changed: Callable[[], None] = _nobody
        self._of = -1  # the session's count of changes that `checked` is of
        self._language = (
            0  # how often another one was chosen: what was begun before is in the words of an old one
        )
        self._lane = threading.Lock()
        self._counting = threading.Lock()

    # --- the state ------------------------------------------------------------------------------------------

    @property
    def state(self) -> SessionState | None:
        """What is so, what goes on and what comes next; None before anything is known."""
        overview = self.checked.overview if self.checked is not None else self.remembered
        if overview is None:
            return None
        return SessionState(
            overview=overview, checked=self.checked, live=self.live(), settled=self.up_to_date
        )

    def live(self) -> Live | None:
        """What goes on now; a watch only while nothing else does."""
        for job in (self.run, self.checking, self.looking, self.watch):
            if job is not None and job.alive:
                return job.live
        return None

    @property
    def up_to_date(self) -> bool:
        """Has nothing been read, written or decided since `checked` was made?"""
        return self.checked is not None and self._of == self.session.changes and not self.running

    def outdated(self) -> None:
        """What `checked` says may no longer hold."""
        self._of = -1

    def reworded(self) -> None:
        """Another language is spoken: what is known is put into words anew by whoever asks for it next."""
        self._language += 1
        if self.looking is not None:
            self.looking.cancel()
        self.looking = self.checked = self.remembered = None
        self.outdated()

    def kept_checks(self) -> Checked:
        """What the checks say of what is kept; blocks, so call it in a thread."""
        with self._counting:
            while (checked := self.checked) is None or not self.up_to_date:
                begun, language = self.session.changes, self._language
                checked = self.session.kept_checks()
                if language == self._language:
                    self.checked, self._of = checked, begun
                    break
            return checked

    # --- runs -----------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self.run is not None and self.run.alive

    @property
    def idle(self) -> bool:
        """Can something be begun with both vendors now?"""
        return not self.running and self.checking is None

    @property
    def writing(self) -> Job[Any] | None:
        """What may be writing now."""
        if self.running:
            return self.run
        return self.checking if self.checking is not None and self.checking.writes else None

    def begin(self, options: SyncOptions) -> Run:
        """Start a run; one must not be on."""
        self.outdated()
        self.run = Run(
            lambda emit, stop: self.session.sync(options, emit, stop),
            self._lane,
            writes=True,
            kind="preview" if options.dry_run else "sync",
        )
        self.run.start()
        self.changed()
        return self.run

    @property
    def watching(self) -> bool:
        """Is a watch on? Anything else can go on beside it: it takes the lane only while it looks."""
        return self.watch is not None and self.watch.alive

    def begin_watch(self) -> Run:
        """Start a watch; one must not be on."""

        async def watch(emit: Callable[[Event], None], stop: Stop) -> object:
            return await self.session.watch(None, emit, stop, lambda: in_lane(self._lane, stop))

        self.outdated()
        self.watch = Run(watch, threading.Lock(), writes=False, kind="watch")
        self.watch.start()
        self.changed()
        return self.watch

    def end_watch(self) -> None:
        """Nobody looks at it any more."""
        if self.watch is not None:
            self.watch.cancel()

    # --- reading and changing -------------------------------------------------------------------------------

    def look(
        self,
        target: DOMNode,
        then: Callable[[Checked | None], None],
        failed: Callable[[str], None],
        *,
        fresh: bool = False,
    ) -> Job[Checked]:
        """Begin a look at both sides for Home; `fresh`: what is minutes old is read again. None: it was stopped."""

        async def make(report: Report, _stop: Stop) -> Checked:
            begun, language = self.session.changes, self._language
            checked = await self.session.look(fresh=fresh, report=report)
            if language == self._language:
                self.checked, self._of = checked, self._since(begun)
            return checked

        def ended(result: Checked | None) -> None:
            self.looking = None
            then(result)
            self.changed()

        def broken(why: str) -> None:
            self.looking = None
            failed(why)
            self.changed()

        job = Job(make, self._lane)
        self.looks_after_a_change = self.session.unseen
        self.looking = job
        in_background(target, job.work, ended, broken)
        self.changed()
        return job

    def _since(self, begun: int) -> int:
        """What `checked` is of, when it was begun at this count of changes: reading itself is none."""
        return begun if not self.running else -1

    async def check(self, problem: str, report: Report) -> Checked:
        """What the checks say of both sides, read now: everything, or what this problem depends on."""
        begun = self.session.changes
        checked = await self.session.check(problem, report)
        self.checked, self._of = checked, begun
        return checked

    async def read_for_setup(self, step: str, report: Report) -> Checked:
        """What is so, once what this step of the set-up depends on was read again; everything when it is empty."""
        await self.session.setup.look(step, report)
        return await asyncio.to_thread(self.kept_checks)

    def ask(
        self,
        target: DOMNode,
        make: Callable[[Report, Stop], Coroutine[None, None, T]],
        then: Callable[[T | None], None],
        failed: Callable[[str], None],
        *,
        writes: bool = False,
        keeps_checks: bool = False,
    ) -> Job[T]:
        """Begin a piece of work with both vendors; `then` gets None when it was cancelled.

        `keeps_checks`: it leaves `checked` up to date; anything else may have changed what is kept, so that
        `checked` is out of date.
        """
        job = Job(make, self._lane, writes=writes, mode=getattr(target, "MODE", "home"))
        self.checking = job

        def over() -> None:
            self.checking = None
            if not keeps_checks:
                self.outdated()

        def ended(result: T | None) -> None:
            over()
            then(result)
            self.changed()

        def broken(why: str) -> None:
            over()
            failed(why)
            self.changed()

        begin = _to_its_end if writes else _in_daemon
        in_background(target, job.work, ended, broken, group=VENDORS, begin=begin)
        self.changed()
        return job


def _nobody() -> None:
    """No app listens."""
