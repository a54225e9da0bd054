"""Watching Teamleader's own integration at work: look, tell what has arrived and what is missing, wait, look again.

Nothing is written to a vendor. What is recognised in Octopus is linked by the look itself (`assemble.triage`), in the
workspace, so that a watch that was cut off tells no document twice; `arrivals.py` says what a look shows.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from math import ceil
from pathlib import Path
from typing import Literal, NamedTuple

from octowizard.locale import _
from octowizard.planning.problems import has
from octowizard.problems.card_text import Screens
from octowizard.progress import Stop, Stopped, Wait, reads_end_on, unless_stopped, waits_told_to
from octowizard.snapshot.assemble import booking_at
from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.parts import clock_offset
from octowizard.sync import events
from octowizard.sync.accounts import NotConnected
from octowizard.sync.arrivals import Standing, came_back, changed, next_look, standing
from octowizard.sync.calls import calls, looks_left
from octowizard.sync.look import look
from octowizard.sync.progress import document, explained
from octowizard.sync.reading import as_event, spent_words
from octowizard.transport.errors import ConfigurationError
from octowizard.transport.ledger import day_ends
from octowizard.workspace import decisions, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.profiles import Profile, load

Emit = Callable[[events.Event], None]


class Clock(NamedTuple):
    """How a watch tells the time, and lets it pass; while it waits it says so every `tick` seconds."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    tick: float = 1.0


REAL = Clock()


def refuse_to_watch(profile: Profile) -> None:
    """Raise ConfigurationError where nothing can be seen to arrive.

    A profile that books itself has nobody beside it that does; without Octopus nobody shows what is booked.
    """
    if "Octopus" in profile.unconnected:
        raise NotConnected(profile)
    if profile.mode != "observer":
        raise ConfigurationError(
            _(
                "The profile “{name}” books itself (connector mode), so there is nobody to watch: `octowizard sync` "
                "books what waits. Where Teamleader's own integration books, `octowizard profiles edit {name} mode "
                "observer` makes it watch."
            ).format(name=profile.name)
        )


async def watch(
    root: Path,
    profile: Profile,
    seconds: float | None,
    emit: Emit,
    stop: Stop,
    *,
    clock: Clock = REAL,
    turn: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> events.WatchFinished:
    """Watch until all has arrived, or for `seconds`; every event goes to `emit`, the last one is the result.

    `turn`: held while both sides are looked at, and not while it waits. Raises ConfigurationError where the profile
    books itself, also when it comes to do so meanwhile; WorkspaceError, ProfileError, SecretsUnavailable.
    """
    refuse_to_watch(profile)
    return await _Watch(root, profile, seconds, emit, stop, clock, turn).go()


class _Watch:
    """The state of one watch."""

    def __init__(
        self,
        root: Path,
        profile: Profile,
        seconds: float | None,
        emit: Emit,
        stop: Stop,
        clock: Clock,
        turn: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self._root = root
        self._profile = profile
        self._seconds = seconds
        self._emit = emit
        self._stop = stop
        self._clock = clock
        self._turn = turn
        self._began = self._changed = clock.monotonic()
        self._calls = calls(root, profile)
        with workspace_of(root, profile) as workspace:
            self._known = set(links.documents(workspace))
            self._screens = Screens(profile.screens, bool(decisions.booster(workspace)))
            left = looks_left(workspace, profile)
        self._reserve = None if seconds is None or left is None else left // 2
        self._standing: Standing | None = None
        self._awaited: set[str] = set()
        self._noticed: set[str] = set()
        self._looks = self._arrived = self._back = self._in_sync = 0
        self._blind: events.WatchOutcome | None = None  # why the last look showed nothing

    @property
    def _ends_in(self) -> float | None:
        """Seconds until it ends by itself."""
        if self._seconds is None:
            return None
        return max(self._seconds - (self._clock.monotonic() - self._began), 0.0)

    async def go(self) -> events.WatchFinished:
        """All of it; always ends with watch_finished."""
        profile = self._profile
        self._emit(
            events.WatchStarted(
                profile=profile.name,
                octopus=f"{profile.dossier_id} {profile.dossier_name}".strip(),
                teamleader=profile.department_name,
                start_date=profile.start_date,
                seconds=None if self._seconds is None else round(self._seconds),
            )
        )
        try:
            with reads_end_on(self._stop):
                outcome, message = await self._watch()
        except* Stopped:
            outcome, message = "cancelled", ""
        return self._finished(outcome, message)

    async def _watch(self) -> tuple[events.WatchOutcome, str]:
        while True:
            with self._turn():
                snapshot = await self._look()
                left, renewed_in = self._shown(snapshot)
            trouble = next((one for one in snapshot.troubles if not has(one.problem, "passes")), None)
            if self._blind and trouble is not None:
                return "unreachable", trouble.said
            if self._blind is None and self._standing is not None and self._standing.complete:
                return "complete", ""
            ends_in = self._ends_in
            if ends_in == 0:
                return self._blind or "attention", ""
            quiet_for = self._clock.monotonic() - self._changed
            pause = next_look(left, self._reserve, renewed_in, ends_in, quiet_for)
            spent = left is not None and pause >= renewed_in
            await self._wait(pause if ends_in is None else min(pause, ends_in), spent=spent)

    # --- looking ------------------------------------------------------------------------------------------------

    async def _look(self) -> Snapshot:
        """Both sides as they are now, by the profile as it is now."""
        self._profile = load(self._root, self._profile.name)
        refuse_to_watch(self._profile)

        def report(what: str, count: int) -> None:
            self._emit(as_event(what, count))

        with waits_told_to(self._told):
            return await look(self._root, self._profile, freshness="watch", report=report)

    def _told(self, wait: Wait | None) -> None:
        """A vendor keeps a look waiting."""
        seconds = ceil(wait.seconds) if wait is not None else 0
        vendor, why, limit = (wait.vendor, wait.why, wait.limit) if wait is not None else ("", "asked", 0)
        self._emit(events.Waiting(vendor=vendor, why=why, seconds=seconds, limit=limit))

    def _shown(self, snapshot: Snapshot) -> tuple[int | None, float]:
        """Tell what is new. Returns how many looks are left today, and the seconds until there are more."""
        self._looks += 1
        with workspace_of(self._root, self._profile) as workspace:
            self._notice(snapshot)
            now = standing(snapshot, self._profile)
            spent = any(name == "bookings" for name, _at in snapshot.kept)
            self._blind = "limit" if spent else "unreachable" if now is None else None
            if now is not None:
                self._tell(workspace, snapshot, now)
            left = looks_left(workspace, self._profile)
            there = datetime.now(UTC) + clock_offset(workspace)
        counts = self._counts()
        seen = self._standing is not None
        self._emit(events.WatchLooked(look=self._looks, looks_left=left, seen=seen, **counts))
        return left, (day_ends(there) - there).total_seconds()

    def _notice(self, snapshot: Snapshot) -> None:
        """What kept the look from seeing all, each thing once."""
        troubles = [trouble.said for trouble in snapshot.troubles]
        for words in (*troubles, *spent_words(snapshot.kept)):
            if words not in self._noticed:
                self._noticed.add(words)
                self._emit(events.Notice(message=words, level="warning"))

    def _tell(self, workspace: Workspace, snapshot: Snapshot, now: Standing) -> None:
        before, self._standing, self._in_sync = self._standing, now, snapshot.in_sync
        if before is None or before.missing.keys() != now.missing.keys():
            self._changed = self._clock.monotonic()
        new = (booked for key, booked in now.there.items() if key not in self._known)
        for booked in sorted(new, key=lambda booked: booked.place):
            self._known.add(booked.head.id)
            self._arrived += before is not None
            booking = booking_at(workspace, booked.place)
            self._emit(
                events.DocumentArrived(
                    document=document(booked.head),
                    bookyear=booked.bookyear,
                    journal=booked.journal,
                    number=booked.number,
                    relation=booking.relation or None if booking is not None else None,
                    already=before is None,
                )
            )
        for head, blocker in changed(before, now):
            if head.id in self._known and blocker is None:
                gone = _("{document} is no longer in Octopus: its booking was removed, and it waits again.")
                self._emit(events.Notice(message=gone.format(document=head.number), level="warning"))
            self._known.discard(head.id)
            about = document(head)
            if blocker is None:
                self._emit(events.DocumentWaiting(document=about))
            else:
                self._emit(
                    events.DocumentFailed(document=about, explanation=explained(blocker, self._screens))
                )
        for key, head in now.excluded.items():
            if before is None or key not in before.excluded:
                self._emit(events.kept_out(document(head)))
        self._tell_payments(workspace, before, now)

    def _tell_payments(self, workspace: Workspace, before: Standing | None, now: Standing) -> None:
        links.keep(workspace, *came_back(now))
        for payment in now.back.values() if before is not None else ():
            self._back += 1
            self._emit(
                events.PaymentRegistered(
                    document=document(payment.booked.head),
                    amount=payment.amount,
                    paid_on=payment.day,
                    in_full=payment.booked.head.open_amount == 0,
                )
            )
        for key, payment in now.awaited.items():
            if key not in self._awaited:
                self._awaited.add(key)
                self._emit(
                    events.PaymentAwaited(
                        document=document(payment.booked.head), amount=payment.amount, paid_on=payment.day
                    )
                )

    # --- waiting and ending -------------------------------------------------------------------------------------

    async def _wait(self, seconds: float, *, spent: bool) -> None:
        """Stand still, and say so. Raises Stopped as soon as somebody asks."""
        until = self._clock.monotonic() + seconds
        why: Literal["spent", "next_look"] = "spent" if spent else "next_look"
        while (left := until - self._clock.monotonic()) > 0:
            self._emit(events.Waiting(vendor="Octopus", why=why, seconds=ceil(left)))
            await unless_stopped(partial(self._clock.sleep, min(left, self._clock.tick)))
        self._emit(events.Waiting(vendor="Octopus", why=why, seconds=0))

    def _counts(self) -> dict[str, int]:
        now = self._standing
        missing, blocked = (len(now.missing), now.blocked) if now is not None else (0, 0)
        return {
            "in_sync": self._in_sync,
            "arrived": self._arrived,
            "waiting": missing - blocked,
            "blocked": blocked,
            "excluded": len(now.excluded) if now is not None else 0,
            "payments_awaited": len(now.awaited) if now is not None else 0,
            "payments_back": self._back,
            "payments_unfollowed": now.unfollowed if now is not None else 0,
        }

    def _finished(self, outcome: events.WatchOutcome, message: str) -> events.WatchFinished:
        finished = events.WatchFinished(
            outcome=outcome,
            looks=self._looks,
            calls=calls(self._root, self._profile).since(self._calls).octopus,
            seconds=round(self._clock.monotonic() - self._began, 3),
            message=message,
            seen=self._standing is not None,
            **self._counts(),
        )
        self._emit(finished)
        return finished
