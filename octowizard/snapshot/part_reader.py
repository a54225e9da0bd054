"""Reading one part of both sides with the fewest calls: what is kept is taken over, or refreshed through a feed.

`parts.py` says how old a part may be; `fetch.py` says which parts are wanted, and in what order they are read.

The invariant of exactly-once: others write too (a bookkeeper, another octowizard, this one before an older copy of
its workspace was put back). So what decides about a write (bookings, relations, matches) is read after the last
number of the journals it is written to, in every run, whoever read it before and however young that is. A last
number beyond the highest known booking has been looked at (`_look_beyond`) before it is counted on: only then does
a document that somebody else booked meanwhile either show here, or stand at the next number, where Octopus refuses
ours (-13). Where a limit of the day forbids the look, `unlooked` says so, and nothing that hangs on it is written.
A run that was cut off goes on with lists (years, journals, settings) that were read a few minutes ago: an older
last number only leads to that refusal.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from octowizard.octopus import bookings as oc_bookings
from octowizard.octopus import models as oc
from octowizard.snapshot import convert
from octowizard.snapshot.assemble import CUSTOMERS_ASKED, EURO
from octowizard.snapshot.kept_parts import KeptParts, YearJournal, encode
from octowizard.snapshot.listing import Listing, all_at_once
from octowizard.snapshot.model import CustomerFacts, DocumentHead
from octowizard.snapshot.parts import (
    CLOCK_JITTER,
    DAY,
    FORM,
    NOT_AT_ALL,
    Cursor,
    Part,
    journals_read,
)
from octowizard.teamleader import models as tl
from octowizard.teamleader.pages import PAGE_SIZE, Page
from octowizard.transport.errors import LimitReached, LimitSpent
from octowizard.workspace import kept, links

T = TypeVar("T")

SELL = 2  # journal type of a report of lines
# Octopus does not name the time zone of its feeds; three hours cover every zone it could mean.
OCTOPUS_OVERLAP = timedelta(hours=3)
TEAMLEADER_OVERLAP = timedelta(minutes=5)
# What is given twice a day is not asked again for a finding that a check has just told: the second call of the day
# is for looking whether it was mended. A minute, but for what a clock known to the second may be off.
JUST_CHECKED = timedelta(minutes=1) - 2 * CLOCK_JITTER


class PartReader(KeptParts):
    """Reads parts of both sides into the workspace, each at most once unless told otherwise."""

    async def again(self, part: Part, years: Sequence[int]) -> bool:
        """Read a part again that this reader had only taken over; False when there is nothing newer to be had."""
        before = set(self._read_now)
        doubted = part in self._suspect
        self._suspect.add(part)
        try:
            match part:
                case "years":
                    await self.bookyears()
                case "journals":
                    await self.journals(years)
                case "accounts":
                    await self.accounts(years)
                case "vat_codes":
                    await self.vat_codes(JUST_CHECKED if self._runs else None)
                case "currencies":
                    await self.currencies(JUST_CHECKED if self._runs else None)
                case "settings":
                    await self.settings()
        finally:
            if not doubted:
                self._suspect.discard(part)
        return self._read_now != before

    # --- Teamleader ------------------------------------------------------------------------------------

    async def settings(self) -> None:
        """Tax rates and product categories of the department."""
        rates = partial(self._teamleader.tax_rates, self._department_id)
        await self._list("settings", "tl/tax_rates", rates, list[tl.TaxRate])
        # Of all departments: the filter leaves out those without an account, and it is these that matter.
        categories = self._teamleader.product_categories
        await self._list("settings", "tl/categories", categories, list[tl.ProductCategory])

    async def documents(self, start: date) -> None:
        """Invoices and credit notes dated from `start`; whole once a day, then what changed."""
        await self._feed_documents(
            "invoice",
            start,
            lambda since: self._teamleader.invoices(
                department_id=self._department_id,
                since=start,
                status=("outstanding", "matched"),
                updated_since=since,
            ),
            lambda record: convert.listed_invoice(record, EURO),
        )
        await self._feed_documents(
            "credit_note",
            start,
            lambda since: self._teamleader.credit_notes(
                department_id=self._department_id, since=start, updated_since=since
            ),
            lambda record: convert.listed_credit_note(record, EURO),
        )

    async def _feed_documents(
        self,
        kind: str,
        start: date,
        pages: Callable[[datetime | None], AsyncIterator[Page[Any]]],
        head_of: Callable[[Any], DocumentHead | None],
    ) -> None:
        cursor, now = self._cursor(kind), self._now()
        taken_over = self._takes_over("documents", f"cursor/{kind}")
        if taken_over and cursor is not None and cursor.start == start and cursor.form >= FORM:
            return
        whole = (
            cursor is None
            or cursor.start != start
            or cursor.form < FORM
            or now - cursor.whole > DAY
            or cursor.is_ahead_of(now)
        )
        since = None if whole or cursor is None else cursor.since - TEAMLEADER_OVERLAP
        known = sum(1 for _key in kept.keys(self._workspace, kind, "")) if whole else 0
        listing = Listing(self._report, kind, self._teamleader.window, a_call=PAGE_SIZE, of=known, about=True)
        count = 0
        seen: set[str] = set()
        latest = cursor.since if cursor and not whole else datetime(1980, 1, 1, tzinfo=UTC)
        async for page in pages(since):
            heads = [head for record in page.records if (head := head_of(record))]
            # A document moved before the start date, or unbooked, must not linger in what is kept.
            kept.keep_records(
                self._workspace,
                kind,
                (kept.Record(h.id, encode(h), h.stamp) for h in heads if h.date >= start),
            )
            count += len(heads)
            if whole:
                seen.update(h.id for h in heads if h.date >= start)
            latest = max([latest, *(r.updated_at for r in page.records if r.updated_at)])
            if page.matches is not None:
                listing.of, listing.about = page.matches, False
            listing.tell(count)
        if whole:
            # Only now, when all was read: a reading that is cut off must not lose what an earlier one kept.
            kept.keep_only(self._workspace, kind, seen)
        began = now if whole or cursor is None else cursor.whole
        self._keep(f"cursor/{kind}", Cursor(min(latest, now), began, start, form=FORM), now)

    async def customers(self, wanted: Iterable[DocumentHead]) -> None:
        """The customers of these documents, a hundred a call; where others are young, only those that lack."""
        known: set[str] = set()
        asked: set[str] = set()  # also those that were deleted since, and so are not given
        if self._takes_over("customers", CUSTOMERS_ASKED):
            known.update(kept.keys(self._workspace, "customer", ""))
            asked.update(self._kept(CUSTOMERS_ASKED, list[str]) or ())
        else:
            kept.drop_kind(self._workspace, "customer")
            self._keep(CUSTOMERS_ASKED, [], self._now())
        companies: dict[str, None] = {}
        contacts: dict[str, None] = {}
        for head in wanted:
            if head.customer_id not in known:
                (companies if head.customer_type == "company" else contacts)[head.customer_id] = None
        if not (number := len(companies) + len(contacts)):
            return
        listing = Listing(self._report, "customer", self._teamleader.window, a_call=PAGE_SIZE, of=number)
        count = 0

        def keep(customers: Iterable[CustomerFacts]) -> None:
            nonlocal count
            records = [kept.Record(customer.id, encode(customer)) for customer in customers]
            kept.keep_records(self._workspace, "customer", records)
            count += len(records)
            listing.tell(count)

        if companies:
            async for page in self._teamleader.companies_by_id(companies):
                keep(map(convert.company, page.records))
        if contacts:
            async for people in self._teamleader.contacts_by_id(contacts):
                keep(map(convert.contact, people.records))
        reading = kept.reading(self._workspace, CUSTOMERS_ASKED)
        assert reading is not None  # kept above
        self._keep(CUSTOMERS_ASKED, sorted({*asked, *companies, *contacts}), reading.taken_at)

    async def imported(self) -> None:
        """The companies that Teamleader's import of Octopus' relations has made, by the tag it gives them."""
        if self._takes_over("imported", "tl/imported"):
            return
        made = [
            convert.company(record)
            async for page in self._teamleader.companies(tags=[tl.IMPORT_TAG])
            for record in page.records
        ]
        self._keep("tl/imported", made, self._now())

    # --- Octopus ---------------------------------------------------------------------------------------

    async def sides(self) -> None:
        """The dossiers that the login sees, and Teamleader's departments."""
        await self._list("sides", "oc/dossiers", self._octopus.dossiers, list[oc.Dossier])
        await self._list("sides", "tl/departments", self._teamleader.departments, list[tl.Department])

    async def bookyears(self) -> list[oc.Bookyear]:
        """All fiscal years with their periods."""
        return await self._list("years", "oc/bookyears", self._octopus.bookyears, list[oc.Bookyear])

    async def returns(self, years: Sequence[int]) -> None:
        """The details of these fiscal years, which name the rhythm of their VAT returns."""
        for year in years:

            async def read(year: int = year) -> list[oc.BookyearDetail]:
                return [await self._octopus.bookyear(year)]

            name = f"oc/returns/{year}"
            await self._list("returns", name, read, list[oc.BookyearDetail], needed=len(years))

    async def journals(self, years: Sequence[int]) -> None:
        """The journals of these fiscal years."""
        for year in years:
            read, name = partial(self._octopus.journals, year), f"oc/journals/{year}"
            await self._list("journals", name, read, list[oc.Journal], needed=len(years))

    async def vat_codes(self, age: timedelta | None = None) -> None:
        """The VAT codes, whole."""
        await self._list("vat_codes", "oc/vat_codes", self._octopus.vat_codes, list[oc.VatCode], age=age)

    async def currencies(self, age: timedelta | None = None) -> None:
        """The currencies, whole."""
        await self._list("currencies", "oc/currencies", self._octopus.currencies, list[str], age=age)

    async def accounts(self, years: Sequence[int], *, known_will_do: bool = False) -> None:
        """The chart of accounts of these years: whole once each, then through the feed, unless what is kept will do.

        A year whose chart cannot be had today is named in `unread_accounts`.
        """
        charts: dict[int, list[oc.Account]] = {}
        ages: dict[int, datetime] = {}
        for year in years:
            name = f"oc/accounts/{year}"
            self.names.setdefault("accounts", set()).add(name)
            reading, chart = kept.reading(self._workspace, name), self._kept(name, list[oc.Account])
            if reading is not None and chart is not None:
                charts[year], ages[year] = chart, reading.taken_at
                continue
            try:
                chart = await self._octopus.accounts(year)
            except (LimitSpent, LimitReached) as limit:
                self.unread_accounts[year] = limit
                continue
            self._keep(name, chart, self._now())
            self._report("account", len(chart))
        if known_will_do or all(self._takes_over("accounts", f"oc/accounts/{year}") for year in charts):
            return
        try:
            changes = await self._octopus.modified_accounts(min(ages.values()) - OCTOPUS_OVERLAP)
        except (LimitSpent, LimitReached):
            self.stale.append(("accounts", min(ages.values())))
            return
        for year, chart in charts.items():
            self._keep(f"oc/accounts/{year}", convert.changed_chart(year, chart, changes), self._now())

    async def relations(self, *, again: bool = False) -> None:
        """All relations, the inactive ones too, through their feed from the beginning; `again`: whatever was read."""
        cursor, now = self._cursor("relation"), self._now()
        if self._takes_over("relations", "cursor/relation") and not again:
            return
        since = cursor.since - OCTOPUS_OVERLAP if cursor else None
        self.unlooked.pop("relations", None)
        all_at_once(self._report, "relation")
        try:
            changed, deleted = await self._octopus.each_modified_relation(since)
        except (LimitSpent, LimitReached) as limit:
            if cursor is None:
                raise
            self.stale.append(("relations", cursor.since))
            self.unlooked["relations"] = limit
            return
        facts = (fact for record in changed if (fact := convert.relation(record)))
        count = kept.keep_records(
            self._workspace, "relation", (kept.Record(str(fact.id), encode(fact)) for fact in facts)
        )
        gone = (r.relation_identification_service_data.relation_key for r in deleted)
        kept.drop_records(self._workspace, "relation", (str(key.id) for key in gone if key))
        self._read_until("relation", now, cursor)
        self._report("relation", count)

    async def bookings(
        self, years: Sequence[int], journals: Sequence[str], last: Mapping[YearJournal, int] | None = None
    ) -> None:
        """The sales bookings of these journals, as far as they help to recognise a document.

        The first time one call per year and journal, as Octopus asks; afterwards one for all. A run always reads them
        (see the top of this file), and so does whoever gives `last`: last numbers newer than the kept ones.
        """
        now = self._now()
        self.unlooked.pop("bookings", None)
        take_over = last is None
        whole: set[YearJournal] = set()
        loaded = []
        for year in years:
            for journal in journals:
                name = f"booking/{year}/{journal}"
                cursor = self._cursor(name)
                if cursor is not None and cursor.form >= FORM:
                    loaded.append((name, cursor))
                    take_over &= self._takes_over("bookings", f"cursor/{name}")
                    continue
                await self._whole_journal(year, journal, now)
                whole.add((year, journal))
        if loaded and not take_over:
            since = min(cursor.since for _, cursor in loaded)
            try:
                feed = await self._octopus.each_modified_booking(-1, None, since - OCTOPUS_OVERLAP)
            except (LimitSpent, LimitReached) as limit:
                self.stale.append(("bookings", since))
                self.unlooked["bookings"] = limit
                return
            self._keep_bookings(b for b in feed if b.journal_key in journals)
            for name, cursor in loaded:
                self._read_until(name, now, cursor)
        places = [(year, journal) for year in years for journal in journals]
        await self._look_beyond(places, whole, self._last_numbers(years) | dict(last or {}))

    async def _whole_journal(self, year: int, journal: str, now: datetime) -> None:
        all_at_once(self._report, "booking")
        self._keep_bookings(await self._octopus.each_modified_booking(year, journal, None))
        self.names.setdefault("bookings", set()).add(f"cursor/booking/{year}/{journal}")
        self._whole_now.add((year, journal))
        self._read_until(f"booking/{year}/{journal}", now, None)

    def _last_numbers(self, years: Iterable[int]) -> dict[YearJournal, int]:
        return {
            (year, journal.journal_key): journal.last_booked_document_nr
            for year in years
            for journal in self._kept(f"oc/journals/{year}", list[oc.Journal]) or ()
        }

    async def _look_beyond(
        self, places: Iterable[YearJournal], whole: Collection[YearJournal], last: Mapping[YearJournal, int]
    ) -> None:
        """Read a journal whole whose last number is beyond the highest known booking, once for each such number.

        The feed goes by time stamps, and time stamps can be wrong; a number that is taken cannot. A journal whose
        numbers begin above 1 shows nothing there: that is remembered.
        """
        for year, journal in places:
            number = last.get((year, journal), 0)
            name = f"looked/{year}/{journal}"
            if number <= self._highest(year, journal):
                continue
            if (self._kept(name, int) or 0) >= number:
                continue
            now = self._now()
            if (year, journal) not in whole:
                try:
                    await self._whole_journal(year, journal, now)
                except (LimitSpent, LimitReached) as limit:
                    self.stale.append(("bookings", now))
                    self.unlooked["bookings"] = limit
                    return
            kept.keep_reading(self._workspace, name, encode(number), now)

    def _highest(self, year: int, journal: str) -> int:
        prefix = f"{year}/{journal}/"
        return max(
            (int(key.removeprefix(prefix)) for key in kept.keys(self._workspace, "booking", prefix)),
            default=0,
        )

    def loaded_years(self) -> tuple[int, ...]:
        """The fiscal years of which bookings were ever read."""
        return tuple(sorted({year for year, _journal in journals_read(self._workspace)}))

    async def deletions(self, unless: timedelta = NOT_AT_ALL) -> bool:
        """Forget the bookings that were removed since they were read; False when none was, or `unless` is not over.

        Only the report of changed lines names them (official); one call, for all journals. A document whose booking
        is gone waits again, as it would for an octowizard that had never seen it. A number that was given again is
        among the changed lines: that booking stands. Bookings of which octowizard has read none are not missed.
        """
        journals = journals_read(self._workspace)
        cursors = [cursor for year, key in journals if (cursor := self._cursor(f"booking/{year}/{key}"))]
        if not cursors:
            return False
        kept_until, now = self._cursor("deletion"), self._now()
        if self._takes_over("bookings", "cursor/deletion"):
            return False
        since = kept_until.since if kept_until else min(cursor.whole for cursor in cursors)
        if now - since <= unless:
            return False
        if kept_until is None and self._whole_now.issuperset(journals) and not self._runs:
            self._read_until("deletion", since, None)
            return False
        try:
            changed = await self._octopus.booking_lines(-1, -1, since - OCTOPUS_OVERLAP)
        except (LimitSpent, LimitReached):
            self.stale.append(("deleted bookings", since))
            return False
        standing = {
            (row.bookyear_key.id, row.journal_nr, row.document_sequence_nr)
            for row in changed.modified_bookings
            if row.journal_type == SELL
        }
        gone = [
            (key[0], f"V{key[1]}", key[2])
            for one in changed.deleted_bookings
            if one.journal_type == SELL
            and (key := (one.bookyear_key.id, one.journal_sequence_nr, one.document_sequence_nr))
            not in standing
        ]
        dropped = links.drop_documents(self._workspace, gone) if gone else 0
        keys = [f"{year}/{journal}/{number}" for year, journal, number in gone]
        known = [key for key in keys if kept.record(self._workspace, "booking", key) is not None]
        kept.drop_records(self._workspace, "booking", known)
        self._read_until("deletion", now, None)
        return bool(known) or dropped > 0

    def _keep_bookings(self, bookings: Iterable[oc_bookings.BuySellBooking]) -> None:
        records = (
            kept.Record(
                "/".join(map(str, (head := convert.booking_head(booking)).place)),
                encode(head),
                detail=encode(convert.booking_detail(booking)),
            )
            for booking in bookings
        )
        if count := kept.keep_records(self._workspace, "booking", records):
            self._report("booking", count)

    async def matches(self, *, again: bool = False) -> None:
        """The matches (balancings) of customers, made, changed and undone; `again`: whatever was read."""
        cursor, now = self._cursor("match"), self._now()
        if self._takes_over("matches", "cursor/match") and not again:
            return
        self.unlooked.pop("matches", None)
        all_at_once(self._report, "match")
        try:
            changed, deleted = await self._octopus.each_modified_balancing(
                cursor.since - OCTOPUS_OVERLAP if cursor else None
            )
        except (LimitSpent, LimitReached) as limit:
            self.stale.append(("matches", cursor.since if cursor else now))
            self.unlooked["matches"] = limit
            return
        gone = list(deleted)
        taken_back = (match for record in gone if (match := convert.match(record)))
        kept.keep_records(self._workspace, "undone", (kept.Record(m.key, encode(m)) for m in taken_back))
        kept.drop_records(self._workspace, "match", (record.key for record in gone))
        # Undone and made again within the overlap: what stands now decides, so it comes last.
        made = (match for record in changed if (match := convert.match(record)))
        standing: list[str] = []

        def to_keep() -> Iterator[kept.Record]:
            for match in made:
                standing.append(match.key)
                yield kept.Record(match.key, encode(match))

        count = kept.keep_records(self._workspace, "match", to_keep())
        kept.drop_records(self._workspace, "undone", standing)
        self._read_until("match", now, cursor)
        self._report("match", count)
