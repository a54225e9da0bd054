"""Reading both sides as far as a sync needs them: one order of calls for preview, run and Home.

The order is part of exactly-once (see snapshot/take.py): first the last numbers of the journals, and only then what
others may have written: bookings, relations, matches, customers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple, get_args

from octowizard.locale import _
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Planner, years_of
from octowizard.planning.plan import planner_of
from octowizard.planning.problems import parts_of
from octowizard.progress import Report
from octowizard.snapshot import build
from octowizard.snapshot.model import BookingHead, DocumentHead, RelationFacts, Snapshot
from octowizard.snapshot.take import Part, Place, Taking, kept_documents
from octowizard.sync.accounts import Accounts
from octowizard.transport.errors import VendorError
from octowizard.workspace import links
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile


class Meanwhile(NamedTuple):
    """By document id: `ours` every booking known to be octowizard's, `others` those somebody else made."""

    ours: Mapping[str, links.DocumentLink]
    others: Mapping[str, BookingHead]


class Looked:
    """What was read: the Snapshot, and what could not be read or refreshed today (a limit, or its age in words).

    `snapshot` and `planner` are replaced when a second look finds something new; each value is immutable.
    `unlooked`: what others may have written and no call is left to look for; nothing may be written that hangs on it.
    """

    def __init__(
        self,
        workspace: Workspace,
        accounts: Accounts,
        profile: Profile,
        start: date,
        taking: Taking,
        years: list[int],
        sorted_out: build.Triage,
        notices: list[VendorError | str],
    ) -> None:
        self._workspace = workspace
        self._accounts = accounts
        self._profile = profile
        self._start = start
        self.taking = taking
        self._years = years
        self.unlooked = taking.unlooked
        self._sorted_out = sorted_out
        self.notices = notices
        self._turn = asyncio.Lock()
        self._told = len(taking.stale)
        self.build()

    def build(self) -> None:
        """Make the Snapshot of what is kept now."""
        profile = self._profile
        self.snapshot: Snapshot = build.build(
            self._workspace,
            taken_at=self._accounts.octopus.clock.now(),
            start=self._start,
            department_id=profile.department_id,
            own_currency=build.EURO,
            sorted_out=self._sorted_out,
        )
        self.planner = planner_of(self.snapshot, profile)

    async def again(self, reason: Blocker) -> Planner:
        """Before a document is given up: read again what its problem depends on, unless this run just did.

        Somebody may have mended it since it was read. At most one reading per part and run; what Octopus gives
        twice a day not within a minute of a check that read it (inferred: nobody mends it as fast, and the next
        check needs the call). VendorError is swallowed, since the first reading still stands.
        """
        async with self._turn:
            fresh = False
            depends = parts_of(reason.problem)
            for part in get_args(Part):
                if part not in depends:
                    continue
                with suppress(VendorError):
                    fresh |= await self.taking.again(part, self._years)
            if fresh:
                # A year or journal that came to be since the beginning: its bookings are looked at as well.
                self._years = _concerned(self._workspace)
                self.build()
            return self.planner

    def spent(self) -> list[str]:
        """What could not be read again since this was last asked, because the limit of the day is used up."""
        told, self._told = self._told, len(self.taking.stale)
        return _spent(self.taking.stale[told:])

    async def booked_meanwhile(self, last: Mapping[Place, int]) -> Meanwhile | None:
        """What was booked since this run read the bookings; None when the limit of the day lets nobody look.

        `last`: last numbers of journals, read before: a booking is shown, or stands beyond them. Raises VendorError.
        """
        profile = self._profile
        async with self._turn:
            journals = sorted({profile.invoice_journal, profile.credit_note_journal})
            if not await self.taking.bookings_again(self._years, journals, last):
                return None
            sorted_out = build.triage(self._workspace, self._start)
            others = {head.id: booking for head, booking in (*sorted_out.differing, *sorted_out.elsewhere)}
            return Meanwhile(links.documents(self._workspace), others)

    async def relations_again(self) -> tuple[RelationFacts, ...]:
        """The relations as they stand now. Raises VendorError, LimitSpent too."""
        async with self._turn:
            self.unlooked.pop("relations", None)
            await self.taking.relations()
            if limit := self.unlooked.get("relations"):
                raise limit
            return build.relations(self._workspace)


async def read_both(
    workspace: Workspace,
    accounts: Accounts,
    profile: Profile,
    start: date,
    *,
    resumed: bool,
    report: Report,
    writing: bool = False,
) -> Looked:
    """Read, and build the Snapshot; `writing`: for a run that writes.

    Octopus' clock must be known already (`Octopus.version`). Raises VendorError.
    """
    taking = Taking(
        workspace,
        accounts.octopus,
        accounts.teamleader,
        department_id=profile.department_id,
        resumed=resumed,
        report=report,
        writing=writing,
    )

    async def teamleader() -> None:
        await taking.settings()
        await taking.documents(start)

    async def octopus() -> None:
        await taking.bookyears()
        await taking.codes()

    await _side_by_side(teamleader(), octopus())
    years = build.years(workspace)
    concerned = _concerned(workspace)
    await taking.journals(concerned)
    await taking.bookings(concerned, sorted({profile.invoice_journal, profile.credit_note_journal}))
    sorted_out = build.triage(workspace, start)
    # What keeps a document out may have been removed since: bookings that are gone show in no other feed.
    if (sorted_out.differing or sorted_out.elsewhere) and await taking.deletions():
        sorted_out = build.triage(workspace, start)
    known = links.customers(workspace)
    unknown = [head for head in sorted_out.pending if head.customer_id not in known]

    async def charts_and_relations() -> None:
        await taking.matches()
        await taking.accounts(years_of(years, [head.date for head in sorted_out.pending]))
        if unknown:
            await taking.relations()

    await _side_by_side(taking.customers(unknown), charts_and_relations())
    notices: list[VendorError | str] = list(taking.unread_accounts.values())
    notices += _spent(taking.stale)
    return Looked(workspace, accounts, profile, start, taking, concerned, sorted_out, notices)


def _spent(stale: Iterable[tuple[str, datetime]]) -> list[str]:
    return [
        _("Today's calls for {what} are used up: what is shown was read at {moment}.").format(
            what=what, moment=f"{since.astimezone():%d/%m/%Y %H:%M}"
        )
        for what, since in dict(stale).items()
    ]


async def _side_by_side(*sides: Awaitable[None]) -> None:
    """Both vendors at once; both come to an end before an error of either is raised."""
    for result in await asyncio.gather(*sides, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def _concerned(workspace: Workspace) -> list[int]:
    """The fiscal years of documents that are not linked yet."""
    linked = links.documents(workspace)
    days = {head.date for head in _kept_heads(workspace) if head.id not in linked}
    return [year.id for year in build.years(workspace) if any(year.start <= day <= year.end for day in days)]


def _kept_heads(workspace: Workspace) -> Iterator[DocumentHead]:
    return chain(kept_documents(workspace, "invoice"), kept_documents(workspace, "credit_note"))
