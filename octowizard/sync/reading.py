"""What a run, or its preview, has read of both sides, and what it looks at once more on its way.

It reads through `snapshot.fetch`, whose order is part of exactly-once (see snapshot/part_reader.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, get_args

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import dated_moment
from octowizard.locale.readings import read_name
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Planner
from octowizard.planning.plan import planner_of
from octowizard.planning.problems import parts_of
from octowizard.progress import Report, ahead_of
from octowizard.snapshot import assemble
from octowizard.snapshot.fetch import Fetch
from octowizard.snapshot.kept_parts import YearJournal
from octowizard.snapshot.model import BookingHead, RelationFacts, Snapshot
from octowizard.snapshot.parts import FOR_A_RUN, Freshness, Part
from octowizard.sync import events
from octowizard.sync.accounts import Accounts
from octowizard.transport.errors import VendorError
from octowizard.workspace import links
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile


def as_event(what: str, count: int) -> events.Reading:
    """A Report as an event, with what lies ahead of it."""
    ahead = ahead_of(what)
    return events.Reading(
        what=what,
        count=count,
        vendor=ahead.vendor or None,
        of=ahead.of or None,
        about=ahead.about,
        a_call=ahead.a_call or None,
        limit=ahead.limit or None,
        seconds_left=None if ahead.seconds is None else round(ahead.seconds),
    )


class Meanwhile(NamedTuple):
    """By document id: `ours` asks for a booking known to be octowizard's, `others` are those somebody else made."""

    ours: Callable[[str], links.DocumentLink | None]
    others: Mapping[str, BookingHead]


class Looked:
    """What was read: the Snapshot, and what could not be read or refreshed today (a limit, or its age in words).

    `snapshot` and `planner` are replaced when a second look finds something new; each value is immutable.
    `unlooked`: what others may have written and no call is left to look for; nothing may be written that hangs on it.
    """

    def __init__(
        self,
        workspace: Workspace,
        profile: Profile,
        start: date,
        fetch: Fetch,
        freshness: Freshness,
        taken_at: datetime,
    ) -> None:
        self._workspace = workspace
        self._profile = profile
        self._start = start
        self._fetch = fetch
        self._freshness = freshness
        self._taken_at = taken_at
        self.reader = fetch.reader
        self._years = fetch.years
        self._sorted_out = fetch.sorted_out()
        self.unlooked = self.reader.unlooked
        self.notices: list[VendorError | str] = [
            *self.reader.unread_accounts.values(),
            *spent_words(self.reader.stale),
        ]
        self._turn = asyncio.Lock()
        self._told = len(self.reader.stale)
        self.build()

    def build(self) -> None:
        """Make the Snapshot of what is kept now."""
        self.snapshot: Snapshot = assemble.build(
            self._workspace, self._profile, self._taken_at, self._sorted_out, start=self._start
        )
        self.planner = planner_of(self.snapshot, self._profile)

    def let_go_of_pending(self) -> None:
        """Hold the documents that wait no longer: whoever books them does."""
        self._sorted_out = self._sorted_out._replace(pending=[])
        self.snapshot = msgspec.structs.replace(self.snapshot, pending=())
        self._fetch.let_go()

    async def again(self, reason: Blocker) -> Planner:
        """Before a document is given up: read again what its problem depends on, unless this run just did.

        Somebody may have mended it since it was read. At most one reading per part and run; what Octopus gives
        twice a day not within a minute of a check that read it (inferred: nobody mends it as fast, and the next
        check needs the call). VendorError is swallowed, since the first reading still stands.
        """
        if self._freshness == "kept":
            return self.planner  # a preview of what is kept says how old that is
        async with self._turn:
            fresh = False
            depends = parts_of(reason.problem)
            for part in get_args(Part):
                if part in depends:
                    with suppress(VendorError):
                        fresh |= await self.reader.again(part, self._years)
            if fresh:
                # A year or journal that came to be since the beginning: its bookings are looked at as well.
                self._years = self._fetch.years
                self.build()
            return self.planner

    def spent(self) -> list[str]:
        """What could not be read again since this was last asked, because the limit of the day is used up."""
        before, self._told = self._told, len(self.reader.stale)
        return spent_words(self.reader.stale[before:])

    async def booked_meanwhile(self, last: Mapping[YearJournal, int]) -> Meanwhile | None:
        """What was booked since this run read the bookings; None when the limit of the day lets nobody look.

        `last`: last numbers of journals, read before: a booking is shown, or stands beyond them. Raises VendorError.
        """
        async with self._turn:
            await self.reader.bookings(self._years, self._fetch.keys, last)
            if "bookings" in self.unlooked:
                return None
            sorted_out = assemble.triage(self._workspace, self._start)
            others = {head.id: booking for head, booking in (*sorted_out.differing, *sorted_out.elsewhere)}
            return Meanwhile(partial(links.document, self._workspace), others)

    async def relations_again(self) -> tuple[RelationFacts, ...]:
        """The relations as they stand now. Raises VendorError, LimitSpent too."""
        async with self._turn:
            await self.reader.relations(again=True)
            if limit := self.unlooked.get("relations"):
                raise limit
            return assemble.relations(self._workspace)


async def read_both(
    workspace: Workspace,
    accounts: Accounts,
    profile: Profile,
    start: date,
    *,
    freshness: Freshness,
    report: Report,
) -> Looked:
    """Read both sides, and build the Snapshot; a run that writes is *run* or *resumed*.

    Octopus' clock must be known already (`Octopus.version`). Raises VendorError.
    """
    fetch = Fetch(
        workspace,
        *accounts,
        profile,
        FOR_A_RUN,
        freshness=freshness,
        report=report,
        start=start,
        sparing=True,
    )
    look = await fetch.bring()
    return Looked(workspace, profile, start, fetch, freshness, look.taken_at)


def spent_words(stale: Iterable[tuple[str, datetime]]) -> list[str]:
    """What could not be read again, in a sentence each; `stale` as in the reader and the Snapshot."""
    return [
        _("Today's calls for {what} are used up: what is shown was read at {moment}.").format(
            what=read_name(what), moment=dated_moment(since)
        )
        for what, since in dict(stale).items()
    ]
