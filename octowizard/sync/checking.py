"""Looking at both sides for the checks: with the fewest calls, kept, again for one finding, or offline.

What a limit, a right or the network withholds is named in the Snapshot (`unread`, `partial`, `troubles`), so that
no check can take it for fine. Nothing is written to a vendor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, get_args

import msgspec

from octowizard.books.fiscal import FiscalYear
from octowizard.checks.registry import checks_of
from octowizard.locale import _, ngettext
from octowizard.octopus import models as oc
from octowizard.octopus.contract import max_calls_per_day
from octowizard.planning.blockers import OCTOPUS, SIGNING_IN, TEAMLEADER, problem_of
from octowizard.planning.booking import years_of
from octowizard.planning.plan import plan
from octowizard.planning.problems import Part, has, parts_of
from octowizard.progress import Report
from octowizard.snapshot import build
from octowizard.snapshot.model import DocumentHead, Snapshot, Trouble
from octowizard.snapshot.more import (
    Afresh,
    Look,
    clock_offset,
    completed,
    keep_look,
    last_look,
    look_of_what_is_kept,
    read_imported,
    read_sides,
)
from octowizard.snapshot.take import CODES, NOT_AT_ALL, TWICE_A_DAY, kept_documents
from octowizard.sync.overview import CallsLeft
from octowizard.transport.errors import (
    Forbidden,
    LimitReached,
    LimitSpent,
    SignInRefused,
    Unreachable,
    VendorError,
)
from octowizard.workspace import kept, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.ledgers import SpentCalls
from octowizard.workspace.profiles import Profile

if TYPE_CHECKING:
    from octowizard.sync.accounts import Accounts

_ALL: tuple[Part, ...] = get_args(Part)
_NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)


def _silent(_what: str, _count: int) -> None:
    """Nobody listens."""


async def take(root: Path, profile: Profile, report: Report = _silent) -> Snapshot:
    """Read both sides, with the lines of every waiting document, and keep it all.

    Raises WorkspaceError, ProfileError, ConfigurationError and SecretsUnavailable; what a vendor refuses is told
    in the Snapshot.
    """
    return await _read(root, profile, report, None)


async def again(root: Path, profile: Profile, problem: str, report: Report = _silent) -> Snapshot:
    """Read once more only what the checks of this problem depend on; the rest is as it was kept.

    At most three calls to Octopus, signing in aside. For an unknown problem, or when nothing was kept: everything.
    """
    parts = parts_of(problem)
    if parts and "accounts" not in parts and any("accounts" in check.needs for check in checks_of(problem)):
        # A year opened again brings in charts that were never read: without them its documents are not judged.
        kept_now = await asyncio.to_thread(offline, root, profile)
        if "accounts" in kept_now.unread or "accounts" in kept_now.partial:
            parts |= {"accounts"}
    return await _read(root, profile, report, parts or None)


async def for_setup(
    root: Path, profile: Profile, parts: frozenset[Part] | None, report: Report = _silent
) -> Snapshot:
    """As `take`, or with `parts` only these; with the journals of every year to come, whatever waits.

    Where nothing waits, the chart of the present year is read as well: its accounts are to be chosen from.
    """
    return await _read(root, profile, report, parts, widely=True)


def offline(root: Path, profile: Profile) -> Snapshot:
    """What was kept; `taken_at` is when it was read, and everything is unread where nothing ever was.

    What a sync or Home has read counts where nothing was checked yet; what only a check reads is then unread.
    """
    with workspace_of(root, profile) as workspace:
        look = last_look(workspace) or look_of_what_is_kept(workspace)
        if look is None:
            nothing = _("nothing has been read yet: check once without --offline")
            look = Look(taken_at=_NO_CLOCK, unread=dict.fromkeys(_ALL, nothing))
        return _built(workspace, profile, look)


class Calls(NamedTuple):
    """Calls that were counted for a profile so far, signing in aside, and what is left of today's limits."""

    octopus: int
    teamleader: int
    left: tuple[CallsLeft, ...]

    def since(self, before: Calls) -> Calls:
        """Those made after `before` was looked at."""
        return Calls(self.octopus - before.octopus, self.teamleader - before.teamleader, self.left)


def calls(root: Path, profile: Profile) -> Calls:
    """By our own count, offline."""
    with workspace_of(root, profile) as workspace:
        now = datetime.now(UTC) + clock_offset(workspace)
        return Calls(
            _counted(workspace, "octopus"), _counted(workspace, "teamleader"), _left(workspace, profile, now)
        )


def moment_there(root: Path, profile: Profile) -> datetime:
    """Now, by the vendors' clock as it was last seen: by it the age of what is kept counts."""
    with workspace_of(root, profile) as workspace:
        return datetime.now(UTC) + clock_offset(workspace)


def _left(workspace: Workspace, profile: Profile, now: datetime) -> tuple[CallsLeft, ...]:
    if not profile.limits:
        return ()
    spent = SpentCalls(workspace, OCTOPUS)
    inside = "/dossiers/{dossierId}"
    wanted = (
        (_("bookings"), f"POST {inside}/buysellbookings"),
        (_("fiscal years"), f"GET {inside}/bookyears"),
        (_("journals"), f"GET {inside}/bookyears/{{bookyearId}}/journals"),
        (_("accounts"), f"GET {inside}/accounts"),
        (_("VAT codes"), f"GET {inside}/vatcodes"),
        (_("relations"), f"GET {inside}/relations/modified"),
    )
    found = []
    for label, operation in wanted:
        limit = max_calls_per_day(operation)
        if limit is not None:
            left = limit - spent.spent(f"octopus/{profile.dossier_id}", operation, now)
            found.append(CallsLeft(label=label, left=max(left, 0), limit=limit))
    return tuple(found)


def _counted(workspace: Workspace, vendor: str) -> int:
    row = workspace.row(
        "SELECT count(*) FROM spent WHERE scope LIKE ? AND operation NOT IN (?, ?)",
        f"{vendor}/%",
        *SIGNING_IN,
    )
    return int(row[0]) if row else 0


def _built(workspace: Workspace, profile: Profile, look: Look) -> Snapshot:
    sorted_out = build.triage(workspace, profile.start_date)
    snapshot = build.build(
        workspace,
        taken_at=look.taken_at,
        start=profile.start_date,
        department_id=profile.department_id,
        own_currency=build.EURO,
        sorted_out=sorted_out,
    )
    snapshot = completed(workspace, snapshot, look, department_id=profile.department_id)
    return _raised(workspace, _admitting(snapshot))


def _admitting(snapshot: Snapshot) -> Snapshot:
    """Say so where a document came, or a year was created, since charts and lines were read."""
    found = dict(snapshot.partial)
    needed = set(years_of(snapshot.years, [head.date for head in snapshot.pending]))
    names = [year.name for year in snapshot.years if year.id in needed - snapshot.accounts.keys()]
    if names and "accounts" not in snapshot.unread:
        found.setdefault(
            "accounts", _("the accounts of {years} were not read").format(years=", ".join(names))
        )
    if snapshot.missing_details and "details" not in snapshot.unread:
        number = len(snapshot.missing_details)
        found.setdefault(
            "details",
            ngettext("{count} document was not read", "{count} documents were not read", number).format(
                count=number
            ),
        )
    return msgspec.structs.replace(snapshot, partial=found)


def _raised(workspace: Workspace, snapshot: Snapshot) -> Snapshot:
    """Journals whose next number counts what this profile has booked since they were read."""
    highest: dict[tuple[int, str], int] = {}
    for link in links.documents(workspace).values():
        place = (link.bookyear, link.journal)
        highest[place] = max(highest.get(place, 0), link.number)
    journals = {
        place: msgspec.structs.replace(journal, last_number=max(journal.last_number, highest.get(place, 0)))
        for place, journal in snapshot.journals.items()
    }
    return msgspec.structs.replace(snapshot, journals=journals)


async def _bookings(taking: Afresh, years: Sequence[int], journals: Sequence[str]) -> None:
    await taking.bookings(years, journals)
    await taking.deletions()


async def _read(
    root: Path, profile: Profile, report: Report, parts: frozenset[Part] | None, *, widely: bool = False
) -> Snapshot:
    from octowizard.sync.accounts import open_accounts  # it loads httpx, which looking offline does without

    with workspace_of(root, profile) as workspace:
        before = last_look(workspace)
        async with open_accounts(root, profile, workspace) as accounts:
            reading = _Reading(
                workspace, accounts, profile, report, before, None if before is None else parts, widely
            )
            return await reading.run()


class _Reading:
    """One look at both sides: each part by itself, so that one that is refused spoils no other."""

    def __init__(
        self,
        workspace: Workspace,
        accounts: Accounts,
        profile: Profile,
        report: Report,
        before: Look | None,
        parts: frozenset[Part] | None,
        widely: bool,
    ) -> None:
        self._widely = widely
        self._workspace = workspace
        self._accounts = accounts
        self._profile = profile
        self._report = report
        self._before = before
        self._parts = parts
        # What is not read again stays as unread as it was.
        self._unread: dict[str, str] = dict(before.unread) if before and parts is not None else {}
        self._partial: dict[str, str] = dict(before.partial) if before and parts is not None else {}
        self._missing: dict[str, str] = dict(before.missing_details) if before and parts is not None else {}
        self._troubles: list[Trouble] = []
        self._dead: dict[str, str] = {}
        self._kept_will_do = False  # of Octopus: Teamleader's sign-in is known as refused
        if before is not None and parts is not None:
            self._troubles = [t for t in before.troubles if not self._asked(t)]

    def _asked(self, trouble: Trouble) -> bool:
        of = {OCTOPUS: {"years", "journals"}, TEAMLEADER: {"settings", "documents"}}[trouble.vendor]
        return self._parts is not None and bool(self._parts & of)

    def _wants(self, *parts: Part) -> bool:
        return self._parts is None or bool(self._parts.intersection(parts))

    async def run(self) -> Snapshot:
        """Read, keep how it went, and build."""
        octopus = self._accounts.octopus
        for client in self._accounts:  # of both, before the first call of either
            if (refused := await client.known_refusal()) is not None:
                self._refused(refused, ())
        # Its calls are counted by the day, and without Teamleader's documents nothing new hangs on them.
        self._kept_will_do = self._parts is None and self._before is not None and TEAMLEADER in self._dead
        if self._parts is None and not (OCTOPUS in self._dead or self._kept_will_do):
            # Costs no limited call, and its answer tells the clock by which limits and ages are counted.
            await self._try(OCTOPUS, (), octopus.version)
        elif self._before is not None:
            octopus.clock.offset = timedelta(seconds=self._before.clock_offset)
        taking = Afresh(
            self._workspace,
            octopus,
            self._accounts.teamleader,
            department_id=self._profile.department_id,
            report=self._report,
        )
        await self._both(taking)
        look = self._look(taking)
        snapshot = _built(self._workspace, self._profile, look)
        if self._parts is None and await self._codes_again(taking, snapshot):
            look = self._look(taking)
            snapshot = _built(self._workspace, self._profile, look)
        keep_look(self._workspace, look)
        return snapshot

    async def _both(self, taking: Afresh) -> None:
        profile, workspace = self._profile, self._workspace
        if self._wants("settings"):
            await self._try(TEAMLEADER, ("settings",), taking.settings)
        if self._wants("documents", "details"):  # only the document's stamp tells that its lines have changed
            await self._try(TEAMLEADER, ("documents",), partial(taking.documents, profile.start_date))
        if self._wants("sides"):
            now = self._accounts.octopus.clock.now()
            sides = partial(read_sides, workspace, *self._accounts, now)
            await self._try(OCTOPUS, ("sides",), sides)
        if self._wants("imported"):
            now = self._accounts.octopus.clock.now()
            imported = partial(read_imported, workspace, self._accounts.teamleader, now)
            await self._try(TEAMLEADER, ("imported",), imported)
        if self._wants("years"):
            await self._try(OCTOPUS, ("years",), taking.bookyears)
        if self._wants("vat_codes", "currencies"):
            which = [part for part in CODES if self._wants(part)]
            age = TWICE_A_DAY if self._parts is None else NOT_AT_ALL
            await self._try(OCTOPUS, which, partial(taking.codes, age, which))
        years = build.years(workspace)
        waiting = list(self._unlinked())
        concerned = [y.id for y in years if any(y.start <= head.date <= y.end for head in waiting)]
        if self._wants("journals"):
            later = [y.id for y in years if not y.closed and y.end >= max(profile.start_date, self._today())]
            if self._parts is not None and not self._widely:
                later = [year for year in later if self._lacks_journals(year)]
            wanted = dict.fromkeys([*concerned, *later])
            await self._after("years", OCTOPUS, "journals", partial(taking.journals, list(wanted)))
        if self._wants("bookings"):
            keys = sorted({profile.invoice_journal, profile.credit_note_journal})
            # Also where nothing waits any more: what was booked twice may have been put right.
            of_years = list(dict.fromkeys([*concerned, *taking.loaded_years()]))
            await self._after("years", OCTOPUS, "bookings", partial(_bookings, taking, of_years, keys))
        if self._wants("matches"):
            await self._try(OCTOPUS, ("matches",), taking.matches)
        await self._rest(taking, years)

    def _lacks_journals(self, year: int) -> bool:
        """Whether a year to come was found without the journals that the next documents will need."""
        found = kept.reading(self._workspace, f"oc/journals/{year}")
        there = msgspec.json.decode(found.body, type=list[oc.Journal]) if found else []
        needed = {self._profile.invoice_journal, self._profile.credit_note_journal}
        return not needed <= {journal.journal_key for journal in there}

    async def _rest(self, taking: Afresh, years: tuple[FiscalYear, ...]) -> None:
        """What depends on which documents wait."""
        pending = build.triage(self._workspace, self._profile.start_date).pending
        if self._wants("accounts"):
            days = [head.date for head in pending]
            if self._widely and not days:
                days.append(max(self._profile.start_date, self._today()))
            wanted = years_of(years, days)
            await self._after("years", OCTOPUS, "accounts", partial(taking.accounts, wanted))
            self._partial.pop("accounts", None)
            if taking.unread_accounts:
                self._partial["accounts"] = "; ".join(
                    dict.fromkeys(str(error) for error in taking.unread_accounts.values())
                )
        if self._wants("relations"):
            await self._try(OCTOPUS, ("relations",), taking.relations)
        if self._wants("customers", "documents"):
            await self._after("documents", TEAMLEADER, "customers", partial(taking.customers, pending))
        if self._wants("details", "documents"):
            await self._after("documents", TEAMLEADER, "details", partial(self._details, pending))

    def _unlinked(self) -> Iterator[DocumentHead]:
        linked = links.documents(self._workspace)
        heads = chain(
            kept_documents(self._workspace, "invoice"), kept_documents(self._workspace, "credit_note")
        )
        return (head for head in heads if head.id not in linked)

    def _today(self) -> date:
        return self._accounts.octopus.clock.now().date()

    async def _codes_again(self, taking: Afresh, snapshot: Snapshot) -> bool:
        """Lists that are given twice a day, where a document waits for just that, read once more.

        What an earlier command read may have been mended since; what this one has read is not asked for twice.
        True when there is something to tell: another reading, or that the limit of the day is used up.
        """
        blocking = (blocker.problem for _planned, blocker in plan(snapshot, self._profile).blocked())
        wanted = frozenset(part for problem in set(blocking) for part in parts_of(problem))
        parts = [code for code in CODES if code in wanted]
        told = len(taking.stale)
        fresh = False
        for part in parts:
            if OCTOPUS not in self._dead:
                with suppress(VendorError):  # what is kept still stands, and is shown with its age
                    fresh |= await taking.again(part, ())
        return fresh or len(taking.stale) > told

    # --- one part --------------------------------------------------------------------------------------

    async def _after(
        self, first: Part, vendor: str, part: Part, read: Callable[[], Awaitable[object]]
    ) -> None:
        """A part that cannot be asked for before another is known."""
        if first in self._unread:
            self._unread[part] = self._unread[first]
        else:
            await self._try(vendor, (part,), read)

    async def _try(self, vendor: str, parts: Sequence[Part], read: Callable[[], Awaitable[object]]) -> None:
        if vendor == OCTOPUS and self._kept_will_do and self._before is not None:
            self._unread.update({p: why for p in parts if (why := self._before.unread.get(p))})
            return
        if vendor in self._dead:
            self._unread.update(dict.fromkeys(parts, self._dead[vendor]))
            return
        try:
            await read()
        except VendorError as error:
            self._refused(error, parts)
        else:
            for part in parts:
                self._unread.pop(part, None)

    def _refused(self, error: VendorError, parts: Iterable[Part]) -> None:
        self._unread.update(dict.fromkeys(parts, str(error)))
        problem = problem_of(error)
        self._troubles.append(Trouble(error.vendor, problem, str(error)))
        if isinstance(error, SignInRefused | Unreachable) or has(problem, "whole-vendor"):
            self._dead[error.vendor] = str(error)  # asked again it would refuse again, and may count

    async def _details(self, pending: Sequence[DocumentHead]) -> None:
        """The lines of all waiting documents, a few at a time; raises only what concerns them all."""
        from octowizard.sync.details import Details

        details = Details(self._workspace, self._accounts.teamleader, build.EURO, keep=True)
        self._missing.clear()
        self._partial.pop("details", None)
        count = 0

        async def one(head: DocumentHead) -> None:
            nonlocal count
            try:
                await details.of(head)
            except (SignInRefused, Unreachable, LimitReached, LimitSpent, Forbidden):
                raise
            except VendorError as error:
                self._missing[head.id] = str(error)
            count += 1
            self._report("detail", count)

        try:
            async with asyncio.TaskGroup() as group:
                for head in pending:
                    group.create_task(one(head))
        except* VendorError as several:
            raise next(_leaves(several)) from None
        if self._missing:
            number = len(self._missing)
            self._partial["details"] = ngettext(
                "{count} document could not be read: {why}",
                "{count} documents could not be read: {why}",
                number,
            ).format(count=number, why=next(iter(self._missing.values())))

    # --- what came of it -------------------------------------------------------------------------------

    def _look(self, taking: Afresh) -> Look:
        from octowizard.outbox.door import POST_BOOKING

        octopus, teamleader = self._accounts
        for what, _since in taking.stale:
            if what == "matches" and not any(
                True for _ in self._workspace.rows("SELECT 1 FROM reading WHERE name = 'cursor/match'")
            ):
                self._unread["matches"] = _("today's calls for matches are used up, and none were ever read")
        clock = teamleader.clock if OCTOPUS in self._dead else octopus.clock
        return Look(
            taken_at=clock.now(),
            clock_offset=octopus.clock.offset.total_seconds(),
            unread=self._unread,
            partial=self._partial,
            missing_details=self._missing,
            troubles=tuple(self._troubles),
            bookings_left=octopus.remaining(POST_BOOKING) if self._profile.limits else None,
            kept=tuple(taking.stale),
        )


def _leaves(group: BaseExceptionGroup[VendorError]) -> Iterator[VendorError]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
