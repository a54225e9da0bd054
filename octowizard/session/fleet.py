"""Many profiles in one process: the same work on each, some at once, each within its own limits.

What the work is, `Session` has; here stands who does it when. One that fails touches no other. What happens is told
with the name of its profile, on the loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from octowizard.checks.registry import verdict
from octowizard.progress import (
    Ahead,
    Report,
    Stop,
    Stopped,
    Verdict,
    Wait,
    ahead_of,
    reads_end_on,
    waits_told_to,
)
from octowizard.session.overview import Overview
from octowizard.sync.audit.model import Audit
from octowizard.sync.events import RunFinished
from octowizard.sync.options import SyncOptions
from octowizard.transport.ledger import turns_shared
from octowizard.workspace.errors import leaves
from octowizard.workspace.renewal import renewals_shared

if TYPE_CHECKING:
    from octowizard.session.session import Session

AT_ONCE = 16
"""Profiles at work together unless told otherwise: what one waits for, fifteen others fill."""

WORST: tuple[Verdict, ...] = ("stopped", "attention", "unusable", "unknown", "well")
"""How the whole ended is the first of these that any profile has: what is sure before what is not."""


class Begun(msgspec.Struct, frozen=True):
    """The work on a profile begins."""

    profile: str


class Reading(msgspec.Struct, frozen=True):
    """What is being read for a profile, how many so far, and what lies ahead of it."""

    profile: str
    what: str
    number: int
    ahead: Ahead


class Waits(msgspec.Struct, frozen=True):
    """The work on a profile stands still; None: it goes on."""

    profile: str
    wait: Wait | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a profile stands: told when the work on it has ended, or remembered of an earlier time.

    `verdict` None: nothing was done now. `overview` None: it is not known. `result`: of a sync or an audit.
    `why`: one sentence, where it could not be done.
    """

    profile: str
    verdict: Verdict | None = None
    overview: Overview | None = None
    result: RunFinished | Audit | None = None
    why: str = ""


Told = Begun | Reading | Waits | Standing
Work = Callable[["Session", Report, Stop], Awaitable[Standing]]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """How the whole ended; `well` where there was nothing to do."""
    verdicts_seen = set(verdicts)
    return next((one for one in WORST if one in verdicts_seen), "well")


def remembered(session: Session) -> Standing:
    """How the profile stood when it was last looked at; no vendor is asked."""
    return Standing(profile=session.profile.name, overview=session.remembered())


def checking(*, fresh: bool = False, offline: bool = False) -> Work:
    """The checks of a profile. `fresh`: reads again what is young. `offline`: of what is kept, without any call."""

    async def work(session: Session, report: Report, _stop: Stop) -> Standing:
        checked = session.kept_checks() if offline else await session.check("", report, fresh=fresh)
        return Standing(
            profile=session.profile.name,
            verdict=verdict(checked.findings, checked.not_checked),
            overview=checked.overview,
        )

    return work


def syncing(options: SyncOptions) -> Work:
    """A sync of a profile, or a preview."""

    async def work(session: Session, _report: Report, stop: Stop) -> Standing:
        finished = await session.sync(options, lambda _event: None, stop)
        return Standing(
            profile=session.profile.name,
            verdict=finished.verdict,
            overview=session.kept_checks().overview,
            result=finished,
        )

    return work


def auditing(*, fresh: bool = False) -> Work:
    """The audit of a profile."""

    async def work(session: Session, report: Report, _stop: Stop) -> Standing:
        result = await session.audit.read(report, fresh=fresh)
        return Standing(
            profile=session.profile.name,
            verdict=result.verdict,
            overview=session.remembered(),
            result=result,
        )

    return work


async def run(
    profiles: Iterable[str],
    opened: Callable[[str], Session],
    work: Work,
    tell: Callable[[Told], None],
    stop: Stop,
    explain: Callable[[Exception], tuple[str, Verdict]],
    *,
    at_once: int = AT_ONCE,
    writes: bool = False,
) -> None:
    """Do the work on each profile, `at_once` together; `tell` gets one Standing for each, as it ends.

    Accounts of one Teamleader integration share its window. `explain`: an error as one sentence, and what it comes
    to. Once `stop` is asked for no other profile is begun; work that `writes` ends by itself after the write in flight.
    """
    room = asyncio.Semaphore(at_once)

    async def one(profile: str) -> None:
        async with room:
            if stop.requested:
                tell(Standing(profile=profile, verdict="stopped"))
                return
            tell(Begun(profile))
            with waits_told_to(lambda wait: tell(Waits(profile, wait))):
                standing = await _stands(profile)
            tell(standing)

    async def _stands(profile: str) -> Standing:
        def report(what: str, number: int) -> None:
            tell(Reading(profile, what, number, ahead_of(what)))

        try:
            return await work(opened(profile), report, stop)
        except Exception as several:
            errors = [error for error in leaves(several, Exception) if not isinstance(error, Stopped)]
            if not errors:
                return Standing(profile=profile, verdict="stopped")
            why, ended = explain(errors[0])
            return Standing(profile=profile, verdict=ended, why=why)

    with turns_shared(), renewals_shared(), reads_end_on(None if writes else stop):
        async with asyncio.TaskGroup() as group:
            for profile in profiles:
                group.create_task(one(profile))
