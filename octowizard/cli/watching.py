"""Long work seen from the command line: how far it is, on one line; Ctrl-C asks it to end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from octowizard.cli.console import Console, silence_stdout
from octowizard.cli.interrupt import completed, stopping
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.onboarding.standing import Standing
    from octowizard.progress import Report, Stop
    from octowizard.session.session import Session
    from octowizard.snapshot.model import Snapshot

T = TypeVar("T")
E = TypeVar("E")


def reporting(console: Console) -> Report:
    """Shows what is being read, how many so far of how many, how long yet, and why."""
    from octowizard.presentation.events import reading
    from octowizard.progress import ahead_of

    def report(what: str, number: int) -> None:
        if console.progress_is_due:
            ahead = ahead_of(what)
            console.progress(reading(number, ahead), number / ahead.of if ahead.of else None)

    return report


def tell_age(console: Console, taken_at: datetime, now: datetime) -> None:
    """How old what is shown is, where it was not read just now (both aware)."""
    from octowizard.locale.formats import WORTH_A_WORD, ago

    if taken_at.timestamp() and now - taken_at >= WORTH_A_WORD:
        console.note(_("Read {ago}; --fresh reads again.").format(ago=ago(taken_at, now)))


def tell_origins(console: Console, snapshot: Snapshot, *parts: str) -> None:
    """What of it, or of these parts, was declared or told by a file, and not measured."""
    from octowizard.cli.console import plain
    from octowizard.snapshot.declared_parts import rests_on

    for sentence in rests_on(snapshot, parts) if parts else rests_on(snapshot):
        console.note(plain(sentence))


def looked(session: Session, console: Console, step: str = "", *, fresh: bool = False) -> Standing:
    """Where the set-up stands with both sides as they are now; with a step, only what it depends on is read."""
    standing = completed(session.setup.read(step, reporting(console), fresh=fresh))
    console.close()
    return standing


def seen(session: Session, console: Console) -> Standing:
    """Where the set-up stood when last seen; both sides are read when that never was, or one did not answer."""
    from octowizard.session.setup import is_whole

    standing = session.setup.standing()
    return standing if is_whole(standing) else looked(session, console)


def told(
    work: Callable[[Callable[[E], None], Stop], Coroutine[Any, Any, T]],
    tell: Callable[[E], None],
    announcement: str,
) -> T:
    """What work that emits events comes to, each of them told. Ctrl-C asks it to end, with the announcement.

    When the reader leaves, or stdout takes no more, the work ends like on Ctrl-C; OSError in the second case.
    """
    from octowizard.progress import Stop

    stop = Stop()
    lost: list[OSError] = []
    reading = True

    def emit(event: E) -> None:
        nonlocal reading
        if not reading:
            return
        try:
            tell(event)
        except OSError as error:
            reading = False
            silence_stdout()
            if isinstance(error, BrokenPipeError):
                stop.request(_("whoever read its output has left"))
            else:
                stop.request(_("its output could not be written any more"))
                lost.append(error)

    with stopping(stop, announcement):
        result = completed(work(emit, stop))
    if lost:
        raise lost[0]
    return result


def watched(work: Callable[[Stop], Coroutine[Any, Any, T]], *, looking: bool = False) -> T:
    """What work with both vendors comes to. Ctrl-C asks it to end after the writes in flight.

    `looking`: it writes nothing, and what it found is of no use once somebody wanted it to end (KeyboardInterrupt).
    """
    from octowizard.progress import Stop, Stopped, reads_end_on

    stop = Stop()
    announcement = _("Stopping after the writes in flight; begun again, it goes on where it ended.")
    if looking:
        announcement = _("Stopping; nothing was written.")
    try:
        with stopping(stop, announcement), reads_end_on(stop if looking else None):
            result = completed(work(stop))
            ended = False
    except* Stopped:
        ended = True
    if ended or (looking and stop.requested):
        raise KeyboardInterrupt
    return result
