"""Bring a wanted set of parts of both sides up to date, within the limits: for check, set-up, Home, preview and run.

`part_reader.py` reads one part; here is what documents that wait need of it, and the order in which parts are read.
That order is part of exactly-once (see part_reader.py): first the last numbers of the journals, and only then what
others may have written: bookings, relations, matches, customers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial

from octowizard.books.fiscal import BRUSSELS, open_years_of, years_between
from octowizard.books.vat_return import RHYTHMS, return_of
from octowizard.locale import _, ngettext
from octowizard.octopus.client import Octopus
from octowizard.progress import Report
from octowizard.snapshot import assemble, audited
from octowizard.snapshot.details import Details, is_passing, kept_detail
from octowizard.snapshot.listing import Listing
from octowizard.snapshot.model import DocumentHead, Trouble
from octowizard.snapshot.part_reader import PartReader
from octowizard.snapshot.parts import (
    AN_HOUR,
    NOT_AT_ALL,
    PARTS,
    READABLE,
    Freshness,
    Look,
    Part,
    journals_read,
    keep_look,
    last_look,
    nothing_read,
)
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import (
    AllowanceSpent,
    Forbidden,
    LimitReached,
    LimitSpent,
    SignInRefused,
    Unreachable,
    VendorError,
    plainly,
)
from octowizard.workspace import kept, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import leaves
from octowizard.workspace.profiles import Profile, Vendor

# Phase by phase; within one, both columns at once, each from left to right.
_ORDER: tuple[tuple[tuple[Part, ...], ...], ...] = (
    (("settings", "documents", "imported"), ("sides", "years", "vat_codes", "currencies")),
    (("journals", "bookings"),),
    (("customers", "details"), ("matches", "accounts", "relations", "returns")),
)
_POST_BOOKING = "POST /dossiers/{dossierId}/buysellbookings"
# The parts that show whether a vendor answers again.
_ASKS: dict[str, frozenset[Part]] = {
    "Octopus": frozenset({"years", "journals"}),
    "Teamleader": frozenset({"settings", "documents"}),
}


class Fetch:
    """One reading of both sides. What it reads is kept at once, so that one that is cut off loses nothing.

    `refusal`: what a refusal is, and whether it ends asking that vendor; told in the Look, it spoils no other part.
    Without it VendorError is raised. `sparing`: only what documents that wait need, as a run does. `widely`: the
    journals of every year to come. `lines`: the most documents
    whose lines are read; None: all. `resting`: vendors that are not asked, whose parts stay as they are kept.
    `span`: first and last day of what an audit looks at: the bookings of its fiscal years, closed ones too, and the
    lines of its documents whether they are booked or not.
    `remembered`: how it went is kept as the last look; what was read is kept in any case. `most`: calls to Octopus;
    then the bookings of `first`, one of the two journals, are read before those of the other. Asked once the documents
    are read.
    """

    def __init__(
        self,
        workspace: Workspace,
        octopus: Octopus,
        teamleader: Teamleader,
        profile: Profile,
        wanted: Iterable[Part] = READABLE,
        *,
        freshness: Freshness,
        report: Report,
        start: date | None = None,
        refusal: Callable[[VendorError], tuple[Trouble, bool]] | None = None,
        sparing: bool = False,
        widely: bool = False,
        lines: int | None = None,
        resting: Collection[Vendor] = (),
        span: tuple[date, date] | None = None,
        remembered: bool = True,
        most: int | None = None,
        first: Callable[[], str] | None = None,
    ) -> None:
        self._workspace = workspace
        self._octopus = octopus
        self._teamleader = teamleader
        self._profile = profile
        self._freshness = freshness
        self._report = report
        self._start = start or profile.start_date
        self._refusal = refusal
        self._sparing = sparing
        self._widely = widely
        self._lines = lines
        self._resting = resting
        self._span = span
        self._remembered = remembered
        self._spared = most is not None
        self._first = first
        if most is not None:
            octopus.at_most(most)
        self._wanted = frozenset(wanted)
        companions = frozenset(also for part in self._wanted for also in PARTS[part].judged_with)
        self._brought: frozenset[Part] = frozenset() if sparing else companions - self._wanted
        # What is not read again stays as unread as it was.
        last = last_look(workspace)
        self._before = before = last or nothing_read()
        self._unread, self._partial = dict(before.unread), dict(before.partial)
        self._missing = dict(before.missing_details)
        self._troubles = [t for t in before.troubles if not self._wanted & _ASKS[t.vendor]]
        self._dead: dict[str, str] = {}
        self._triage: assemble.Triage | None = None
        self.reader = PartReader(
            workspace,
            octopus,
            teamleader,
            department_id=profile.department_id,
            limits=profile.limits,
            freshness=freshness,
            report=report,
            suspect=last.unread if last is not None else {},
        )
        self._read: dict[Part, Callable[[], Awaitable[object]]] = {
            "settings": self.reader.settings,
            "documents": partial(self.reader.documents, self._start),
            "imported": self.reader.imported,
            "sides": self.reader.sides,
            "years": self.reader.bookyears,
            "vat_codes": self.reader.vat_codes,
            "currencies": self.reader.currencies,
            "journals": self._journals,
            "bookings": self._bookings,
            "customers": self._customers,
            "details": self._details,
            "matches": self._matches,
            "accounts": self._accounts,
            "relations": self._relations,
            "returns": self._returns,
        }

    async def bring(self) -> Look:
        """Read what of the wanted parts is not young enough, and keep how that went. VendorError as said above."""
        every = self._wanted | self._brought
        for phase in _ORDER:
            await _side_by_side(*(self._in_turn([part for part in turn if part in every]) for turn in phase))
        if "bookings" in self._partial and self._spared:  # calls that nothing else took
            await self._bookings_as_far_as_allowed(self.years, self.keys)
        return self.keep()

    async def _in_turn(self, parts: Sequence[Part]) -> None:
        for part in parts:
            await self._bring(part)

    async def _bring(self, part: Part) -> None:
        vendor = PARTS[part].vendor
        if vendor in self._resting or PARTS[part].beside in self._resting:
            return
        lacking = [self._unread[need] for need in PARTS[part].needs if need in self._unread]
        if lacking or vendor in self._dead:
            self._unread[part] = lacking[0] if lacking else self._dead[vendor]
            return
        spent = len(self.reader.stale)
        try:
            await self._read[part]()
        except VendorError as error:
            if self._refusal is None:
                raise
            if isinstance(error, AllowanceSpent):  # what was kept before still stands
                if part in self._before.unread:
                    self._unread[part] = plainly(error)
                return
            self._unread[part] = plainly(error)
            self.refused(error)
        else:
            # A run asks for nothing that no document needs; lines are kept with their documents, not by a name.
            if not self._sparing or part == "details" or part in self.reader.names:
                self._unread.pop(part, None)
            if part in self._wanted and len(self.reader.stale) == spent:
                self.reader.done(part)

    def refused(self, error: VendorError) -> None:
        """Remember what a vendor refused, and whether it is to be asked further."""
        assert self._refusal is not None
        trouble, ends = self._refusal(error)
        self._troubles.append(trouble)
        if ends:
            self._dead[error.vendor] = plainly(error)

    def asks(self, vendor: Vendor) -> bool:
        """Whether the vendor is asked: nothing was refused that it would refuse again."""
        return vendor not in self._dead and vendor not in self._resting

    def keep(self) -> Look:
        """How it went so far; kept, so that looking at what is kept tells the same."""
        octopus = self._octopus
        if "matches" in self.reader.unlooked and not kept.readings(self._workspace, "cursor/match"):
            self._unread["matches"] = _("today's calls for matches are used up, and none were ever read")
        at: dict[str, datetime] = {
            part: min(moments)
            for part, names in self.reader.names.items()
            if (moments := [r.taken_at for name in names if (r := kept.reading(self._workspace, name))])
        }
        clock = octopus.clock if self.asks("Octopus") else self._teamleader.clock
        look = Look(
            clock_offset=octopus.clock.offset.total_seconds(),
            looked_at=clock.now(),
            at={**self._before.at, **at},
            unread=self._unread,
            partial=self._partial,
            missing_details=self._missing,
            troubles=tuple(self._troubles),
            bookings_left=octopus.remaining(_POST_BOOKING) if self._profile.limits else None,
            kept=self._before.kept if self._spared else tuple(self.reader.stale),
        )
        if self._remembered:
            keep_look(self._workspace, look)
        return look

    # --- what the documents that wait need ---------------------------------------------------------------------

    @property
    def years(self) -> list[int]:
        """The fiscal years of documents that are not linked yet."""
        linked = {link.document for link in links.each_document(self._workspace)}
        days = {day for id_, day in assemble.document_days(self._workspace) if id_ not in linked}
        years = assemble.years(self._workspace)
        return [year.id for year in years if any(year.start <= day <= year.end for day in days)]

    def _span_years(self) -> list[int]:
        """The fiscal years of what an audit looks at."""
        return years_between(assemble.years(self._workspace), *self._span) if self._span is not None else []

    @property
    def keys(self) -> list[str]:
        """The journals that are booked in."""
        return sorted({self._profile.invoice_journal, self._profile.credit_note_journal})

    def sorted_out(self) -> assemble.Triage:
        """Where each document stands, once the bookings are read."""
        if self._triage is None:
            self._triage = assemble.triage(
                self._workspace, self._start, observing=self._profile.mode == "observer"
            )
        return self._triage

    def let_go(self) -> None:
        """Hold what was sorted out no longer; asked again, it is sorted out anew."""
        self._triage = None

    def _unknown(self) -> list[DocumentHead]:
        known = links.customers(self._workspace)
        return [head for head in self.sorted_out().pending if head.customer_id not in known]

    async def _journals(self) -> None:
        wanted = dict.fromkeys(self.years)
        if not self._sparing:
            today = max(self._start, self._octopus.clock.now().date())
            later = [y.id for y in assemble.years(self._workspace) if not y.closed and y.end >= today]
            if self._freshness == "forced" and not self._widely:
                later = [year for year in later if self._lacks_journals(year)]
            wanted |= dict.fromkeys([*later, *self._span_years()])
        await self.reader.journals(list(wanted))

    def _lacks_journals(self, year: int) -> bool:
        """Whether a year to come was left without the journals that the next documents will need."""
        journals = assemble.journals(self._workspace, year)
        return not set(self.keys) <= {journal.key for journal in journals}

    async def _bookings(self) -> None:
        years = self.years
        if not self._sparing:
            # Also where nothing waits any more: what was booked twice may have been put right.
            years = list(dict.fromkeys([*years, *self.reader.loaded_years(), *self._span_years()]))
        self._partial.pop("bookings", None)
        if self._spared and "bookings" in self._before.unread:
            journal = self._first() if self._first is not None else self.keys[0]
            await self._bookings_as_far_as_allowed(years, [journal])
            return
        await self.reader.bookings(years, self.keys)
        sorted_out = self.sorted_out()
        # What keeps a document out may have been removed since: bookings that are gone show in no other feed.
        keeps_out = not self._sparing or sorted_out.differing or sorted_out.elsewhere
        if not await self.reader.deletions(unless=NOT_AT_ALL if keeps_out else AN_HOUR):
            return
        self._triage = None
        if again := [year for year in self.years if year not in years]:
            # Documents wait again: first the last numbers of their journals, then what others booked there.
            await self.reader.journals(again)
            await self.reader.bookings(again, self.keys)
            self._triage = None

    async def _bookings_as_far_as_allowed(self, years: Sequence[int], keys: Sequence[str]) -> None:
        """Journal by journal, as many as the calls that are left bring; AllowanceSpent where none was ever read."""
        try:
            for key in keys:
                for year in years:
                    await self.reader.bookings([year], [key])
        except AllowanceSpent:
            if not self.reader.loaded_years():
                raise
        read = journals_read(self._workspace)
        unread = [key for key in self.keys if any((year, key) not in read for year in years)]
        self._partial.pop("bookings", None)
        if unread:
            self._partial["bookings"] = _("the bookings of {journals} were not read").format(
                journals=", ".join(unread)
            )
        self._triage = None

    async def _matches(self) -> None:
        await self.reader.matches()
        if self._sparing and not self._spared and self._brings_payments():
            # Where nothing waits no booking was read: whoever is paid must still stand at the number it had.
            await self.reader.bookings(self.reader.loaded_years(), self.keys)
            self._triage = None

    def _brings_payments(self) -> bool:
        """Whether a match of a booked document is no payment yet."""
        registered = links.payments(self._workspace).keys()
        return any(
            match.key not in registered and links.is_linked(self._workspace, match.place)
            for match in assemble.each_match(self._workspace)
        )

    async def _customers(self) -> None:
        await self.reader.customers(self._unknown() if self._sparing else self.sorted_out().pending)

    async def _relations(self) -> None:
        if not self._sparing or self._unknown():
            await self.reader.relations()

    async def _returns(self) -> None:
        """The rhythm of the VAT returns of years with a document whose return, whatever the rhythm, is near."""
        today, ahead = self._octopus.clock.now().astimezone(BRUSSELS).date(), self._profile.return_warning
        near = [
            head.date
            for head in self.sorted_out().pending
            if any(return_of(head.date, rhythm).is_near(today, ahead) for rhythm in RHYTHMS)
        ]
        years = open_years_of(assemble.years(self._workspace), near)
        await self.reader.returns(list(dict.fromkeys([*years, *self._span_years()])))

    async def _accounts(self) -> None:
        days = [head.date for head in self.sorted_out().pending]
        if not self._sparing and not days:
            days.append(max(self._start, self._octopus.clock.now().date()))
        wanted = open_years_of(assemble.years(self._workspace), days)
        years = list(dict.fromkeys([*wanted, *self._span_years()]))
        await self.reader.accounts(years, known_will_do="accounts" in self._brought)
        self._partial.pop("accounts", None)
        if self.reader.unread_accounts:
            reasons = dict.fromkeys(plainly(limit) for limit in self.reader.unread_accounts.values())
            self._partial["accounts"] = "; ".join(reasons)

    async def _details(self) -> None:
        """The lines of the documents that wait, a few at a time; raises only what concerns them all."""
        details = Details(self._workspace, self._teamleader, assemble.EURO, keep=True)
        unread = [
            head
            for head in self.sorted_out().pending
            if (known := kept_detail(self._workspace, head)) is None or is_passing(known)
        ]
        if self._span is not None:
            unread = audited.without_lines(self._workspace, *self._span)
        self._missing.clear()
        self._partial.pop("details", None)
        if self._lines is not None and len(unread) > self._lines:
            return  # the Snapshot tells how many are not read
        if not unread:
            return
        listing = Listing(self._report, "detail", self._teamleader.window, a_call=1, of=len(unread))
        count = 0

        async def read(head: DocumentHead) -> None:
            nonlocal count
            try:
                await details.read(head)
            except (SignInRefused, Unreachable, LimitReached, LimitSpent, Forbidden):
                raise
            except VendorError as error:
                self._missing[head.id] = plainly(error)
            count += 1
            listing.tell(count)

        try:
            async with asyncio.TaskGroup() as group:
                for head in unread:
                    group.create_task(read(head))
        except* VendorError as several:
            raise next(leaves(several, VendorError)) from None
        if self._missing:
            number = len(self._missing)
            self._partial["details"] = ngettext(
                "{count} document could not be read: {why}",
                "{count} documents could not be read: {why}",
                number,
            ).format(count=number, why=next(iter(self._missing.values())))


async def _side_by_side(*sides: Awaitable[None]) -> None:
    """All at once; each comes to an end before an error of any is raised."""
    for result in await asyncio.gather(*sides, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
