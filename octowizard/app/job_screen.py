"""The base of screens that run a job with both vendors: one at a time, shown while it goes on, stoppable."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from textual.timer import Timer

from octowizard.app.commands import commands
from octowizard.app.place_screen import PlaceScreen
from octowizard.locale import _
from octowizard.presentation.events import how_far, says_what_it_does, time_left, waits, why_long
from octowizard.presentation.visible import plain

if TYPE_CHECKING:
    from octowizard.app.runner import Job
    from octowizard.progress import Report, Stop

T = TypeVar("T")

# For screens that only read; where something may be in flight, the screen has words of its own.
(STOP,) = commands(lambda: (
    ("stop", "escape", _("stop"), _("Stop reading. What was read so far is kept.")),
))  # fmt: skip


class JobScreen(PlaceScreen):
    """Subclasses draw all in `draw`, and what moves while a job goes on in `draw_head`."""

    def __init__(self) -> None:
        super().__init__()
        self.error = ""
        self.job: Job[Any] | None = None
        self.doing = ""  # what goes on now, in a word or two
        self.progress = ""  # how far it is, where the work says so itself
        self._timer: Timer | None = None

    def draw_head(self) -> None:
        """Show what goes on now."""
        raise NotImplementedError

    @property
    def idle(self) -> bool:
        """Can both sides be asked now?"""
        runner = self.shell.runner
        return runner is not None and runner.idle

    @property
    def stoppable(self) -> bool:
        """Does something go on that was not stopped yet?"""
        return self.job is not None and not self.job.cancelled

    @property
    def going_on(self) -> str:
        """`● reading invoices 120`, or nothing."""
        if self.job is None:
            return ""
        if (wait := self.job.wait) is not None and not self.job.cancelled:
            return plain(f"● {waits(wait)}")
        what, number = self.job.reading
        ahead = self.job.ahead
        left = time_left(ahead.seconds) if ahead.seconds and not self.job.cancelled else ""
        progress = self.progress or (how_far(number, ahead) if what else "")
        doing = _("reading") if self.job.sees_again else self.doing
        doing = "" if says_what_it_does(what) and not self.progress else doing
        doing = _("stopping") if self.job.cancelled else doing
        if doing and progress:
            doing = _("{doing} {progress}").format(doing=doing, progress=progress)
        return plain("● " + " · ".join(filter(None, (left, doing or progress, why_long(ahead)))))

    def begin(
        self,
        doing: str,
        make: Callable[[Report, Stop], Coroutine[None, None, T]],
        then: Callable[[T], None],
        *,
        writes: bool = False,
        keeps_checks: bool = False,
    ) -> None:
        """Begin something that asks both sides; `then` gets its result unless it was stopped."""
        runner = self.shell.runner
        if runner is None or not self.idle:
            return
        self.error, self.doing, self.progress = "", doing, ""

        def ended(result: T | None) -> None:
            self.over()
            if result is None:
                self.shell.tell(_("Stopped. What was read so far is kept."))
                self.draw()
            else:
                then(result)

        self.job = runner.ask(self, make, ended, self.failed, writes=writes, keeps_checks=keeps_checks)
        self._timer = self.set_interval(0.1, self.draw_head)
        self.draw()

    def failed(self, why: str) -> None:
        """It broke off, for this reason."""
        self.over()
        self.error = why
        self.draw()

    def over(self) -> None:
        """What went on has ended."""
        self.job = None
        if self._timer is not None:
            self._timer.stop()
        self._timer = None

    def do_stop(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self.draw_head()
