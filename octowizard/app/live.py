"""How far a run or another job is: for the title of every screen, also where its own is not shown."""

from __future__ import annotations

from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, Literal

from octowizard.locale import _
from octowizard.session.state import Live

if TYPE_CHECKING:
    from octowizard.presentation.run_progress import RunProgress
    from octowizard.progress import Ahead, Wait
    from octowizard.session.practice_company import Making

Kind = Literal["sync", "preview", "watch"]


def of_run(kind: Kind, progress: RunProgress, *, stopping: bool) -> Live:
    """How far a run is now."""
    from octowizard.presentation.events import waits

    text = {"sync": _("syncing"), "preview": _("previewing"), "watch": _("watching")}[kind]
    done, total = progress.whole
    seconds, waiting = progress.gauge.seconds_left, progress.waiting
    if waiting is not None:
        seconds = ceil(max(0.0, progress.waits_until - monotonic()))
    return Live(
        mode="sync",
        text=_("stopping") if stopping else text,
        done=done,
        total=total,
        seconds_left=seconds,
        waits=waits(waiting) if waiting is not None else "",
        run=progress.run,
        syncs=True,
        writes=kind == "sync",
    )


def of_making(making: Making | None) -> Live:
    """How far a practice company is that is being made ready."""
    if making is None:
        return Live(mode="home", text=_("making the company"))
    from octowizard.presentation.practice import how_far_made

    return Live(
        mode="home",
        text=_("making the company"),
        done=making.percent,
        total=100,
        seconds_left=making.seconds,
        detail=how_far_made(making),
    )


def of_job(mode: str, number: int, ahead: Ahead, wait: Wait | None, *, writes: bool, stopping: bool) -> Live:
    """How far a job is that is no run: `number` records of what lies `ahead` were read or made."""
    if stopping or writes or not (ahead.what or wait):
        text = _("stopping") if stopping else _("writing") if writes else _("reading")
        return Live(mode=mode, text=text)
    from octowizard.presentation.events import doing, reading, waits

    if wait is not None:
        return Live(mode=mode, text=_("reading"), seconds_left=ceil(wait.seconds), waits=waits(wait))
    return Live(
        mode=mode,
        text=doing(ahead.what),
        done=min(number, ahead.of),
        total=ahead.of,
        seconds_left=ceil(ahead.seconds) if ahead.seconds else None,
        detail=reading(number, ahead),
    )
