"""How far a run is, folded from its events: for the title of every screen, also where Sync is not shown."""

from __future__ import annotations

from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, Literal

from octowizard.locale import _
from octowizard.session.state import Live

if TYPE_CHECKING:
    from octowizard.progress import Ahead, Wait
    from octowizard.sync.events import Event

Kind = Literal["sync", "preview", "watch"]


class RunLive:
    """`take` is called in the run's thread, `live` on the screen's loop: each only replaces or reads whole values."""

    def __init__(self, kind: Kind) -> None:
        from octowizard.sync import events

        self._events = events
        self._kind = kind
        self._run: int | None = None
        self._phases: dict[str, tuple[int, int]] = {}  # done, total
        self._left: int | None = None
        self._waits: tuple[str, float] | None = None  # why, until when (monotonic)
        self._reading: tuple[str, int] = ("", 0)

    def take(self, event: Event) -> None:
        """Take in one event of the run."""
        e = self._events
        match event:
            case e.PhaseProgress():
                if event.phase != "customers":  # they go with their documents
                    done = min(event.done, event.total)
                    self._phases = {**self._phases, event.phase: (done, event.total)}
            case e.Gauge():
                self._left = event.seconds_left
            case e.Waiting():
                self._waits = None
                if event.seconds:
                    from octowizard.presentation.events import waits

                    self._waits = waits(event), monotonic() + event.seconds
            case e.Reading():
                self._reading = event.what, event.count
            case e.RunStarted():
                self._run = event.run
            case _:
                pass

    def live(self, *, stopping: bool) -> Live:
        """How far it is now."""
        text = {"sync": _("syncing"), "preview": _("previewing"), "watch": _("watching")}[self._kind]
        phases = list(self._phases.values())
        left, waits = self._left, self._waits
        seconds = ceil(max(0.0, waits[1] - monotonic())) if waits is not None else left
        return Live(
            mode="sync",
            text=_("stopping") if stopping else text,
            done=sum(done for done, _total in phases),
            total=sum(total for _done, total in phases),
            seconds_left=seconds,
            waits=waits[0] if waits is not None else "",
            run=self._run,
            syncs=True,
            writes=self._kind == "sync",
        )


def of_job(mode: str, number: int, ahead: Ahead, wait: Wait | None, *, writes: bool, stopping: bool) -> Live:
    """How far a job is that is no run: `number` records of what lies `ahead` were read or made."""
    if stopping or writes or not (ahead.what or wait):
        text = _("stopping") if stopping else _("writing") if writes else _("reading")
        return Live(mode=mode, text=text)
    from octowizard.presentation.events import reading, waits

    if wait is not None:
        return Live(mode=mode, text=_("reading"), seconds_left=ceil(wait.seconds), waits=waits(wait))
    return Live(
        mode=mode,
        text=_("reading"),
        done=min(number, ahead.of),
        total=ahead.of,
        seconds_left=ceil(ahead.seconds) if ahead.seconds else None,
        detail=reading(number, ahead),
    )
