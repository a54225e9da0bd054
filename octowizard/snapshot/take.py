"""Taking a Snapshot with the fewest calls: what is kept is refreshed through the vendors' feeds.

Octopus gives its lists of accounts and VAT codes twice a day, bookyears and journals 24 times, every feed 48
times. So a list is read whole once and then kept, with its age; a feed brings the changes since.

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
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Generic, Literal, TypeVar

import msgspec

from octowizard.octopus import bookings as oc_bookings
from octowizard.octopus import models as oc
from octowizard.octopus.client import Octopus
from octowizard.progress import Report
from octowizard.snapshot import facts
from octowizard.snapshot.model import BookingHead, CustomerFacts, DocumentHead
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.pages import Page
from octowizard.transport.errors import LimitReached, LimitSpent
from octowizard.workspace import kept, links
from octowizard.workspace.db import Workspace

T = TypeVar("T")

# A vendor's clock is known to the second only: what was just read can seem to lie this far ahead.
CLOCK_JITTER = timedelta(seconds=2)
NOT_AT_ALL = timedelta(microseconds=-1)  # as an age: always read
JUST_READ = timedelta(seconds=5)  # younger than this nothing is asked again, e.g. between preview and run
SELL = 2  # journal type of a report of lines
RESUMED = timedelta(minutes=10)  # lists that a run that was cut off may still rely on
TWICE_A_DAY = timedelta(hours=12)  # lists that Octopus gives twice a day
WHOLE_AGAIN = timedelta(hours=24)  # deletions never show in Teamleader's feeds
# Octopus does not name the time zone of its feeds; three hours cover every zone it could mean.
OCTOPUS_OVERLAP = timedelta(hours=3)
TEAMLEADER_OVERLAP = timedelta(minutes=5)

# What is given twice a day is not asked again for a finding that a check has just told: the second call of the day
# is for looking whether it was mended. A minute, but for what a clock known to the second may be off.
JUST_CHECKED = timedelta(minutes=1) - 2 * CLOCK_JITTER

Part = Literal["years", "journals", "accounts", "vat_codes", "currencies", "settings"]
Code = Literal["vat_codes", "currencies"]
Decisive = Literal["bookings", "relations", "matches"]  # what others may have written, and what hangs on it
Place = tuple[int, str]  # bookyear id, journal key
CODES: tuple[Code, ...] = ("vat_codes", "currencies")

_SHARED = ("customer_id", "customer_type", "customer_name", "currency", "date", "due_on", "stamp")

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Counted(Generic[T]):
    """An iterator that knows how many it has given: what is read is kept one by one, never all at once."""

    def __init__(self, records: Iterable[T]) -> None:
        self.count = 0
        self._records = records

    def __iter__(self) -> Iterator[T]:
        for record in self._records:
            self.count += 1
            yield record


class Cursor(msgspec.Struct, frozen=True):
    """How far a feed was read: `since` by the vendor's clock, `whole` when all of it was last read."""

    since: datetime
    whole: datetime
    start: date | None = None


def _cursor(workspace: Workspace, name: str) -> Cursor | None:
    found = kept.reading(workspace, f"cursor/{name}")
    return msgspec.json.decode(found.body, type=Cursor) if found else None


def _keep_cursor(workspace: Workspace, name: str, cursor: Cursor, now: datetime) -> None:
    kept.keep_reading(workspace, f"cursor/{name}", _encode(cursor), now)


class Taking:
    """One taking of a Snapshot: reads both sides into the workspace, each thing at most once.

    `writing`: it is for a run that writes, so that nothing decisive is taken over from an earlier reading.
    `stale`: notes in words about what could not be refreshed because a limit is spent, and how old it is.
    `unlooked`: what is decisive among that, with the limit: nothing may be written that hangs on it.
    """

    def __init__(
        self,
        workspace: Workspace,
        octopus: Octopus,
        teamleader: Teamleader,
        *,
        department_id: str,
        resumed: bool,
        report: Report,
        writing: bool = False,
    ) -> None:
        self._workspace = workspace
        self._octopus = octopus
        self._teamleader = teamleader
        self._department_id = department_id
        self._young = RESUMED if resumed else JUST_READ
        self._writing = writing
        self._report = report
        self.unlooked: dict[Decisive, LimitSpent | LimitReached] = {}
        self.stale: list[tuple[str, datetime]] = []
        self.unread_accounts: dict[int, LimitSpent | LimitReached] = {}
        self._read_now: set[str] = set()

    def _now(self) -> datetime:
        """The vendors' clock, as Octopus tells it: it is the first to be asked."""
        return self._octopus.clock.now()

    # --- Teamleader ------------------------------------------------------------------------------------

    async def settings(self) -> None:
        """Tax rates and product categories of the department."""
        now = self._now()
        if self._old("tl/tax_rates", now, self._young):
            rates = await self._teamleader.tax_rates(self._department_id)
            self._keep("tl/tax_rates", rates, self._now())
        if self._old("tl/categories", now, self._young):
            # Of all departments: the filter leaves out those without an account, and it is these that matter.
            categories = await self._teamleader.product_categories()
            self._keep("tl/categories", categories, self._now())

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
            facts.invoice_head,
        )
        await self._feed_documents(
            "credit_note",
            start,
            lambda since: self._teamleader.credit_notes(
                department_id=self._department_id, since=start, updated_since=since
            ),
            facts.credit_note_head,
        )

    async def _feed_documents(
        self,
        kind: str,
        start: date,
        pages: Callable[[datetime | None], AsyncIterator[Page[Any]]],
        head_of: Callable[[Any], DocumentHead | None],
    ) -> None:
        cursor = _cursor(self._workspace, kind)
        now = self._now()
        whole = (
            cursor is None
            or cursor.start != start
            or now - cursor.whole > WHOLE_AGAIN
            or now < cursor.whole - CLOCK_JITTER
        )
        since = None if whole or cursor is None else cursor.since - TEAMLEADER_OVERLAP
        count = 0
        seen: set[str] = set()
        latest = cursor.since if cursor and not whole else datetime(1980, 1, 1, tzinfo=UTC)
        async for page in pages(since):
            heads = [head for record in page.records if (head := head_of(record))]
            # A document moved before the start date, or unbooked, must not linger in what is kept.
            kept.keep_records(
                self._workspace,
                kind,
                (kept.Record(h.id, _encode(h), h.stamp) for h in heads if h.date >= start),
            )
            count += len(heads)
            if whole:
                seen.update(h.id for h in heads if h.date >= start)
            latest = max([latest, *(r.updated_at for r in page.records if r.updated_at)])
            self._report(kind, count)
        if whole:
            # Only now, when all was read: a reading that is cut off must not lose what an earlier one kept.
            kept.keep_only(self._workspace, kind, seen)
        _keep_cursor(
            self._workspace,
            kind,
            Cursor(since=latest, whole=now if whole or cursor is None else cursor.whole, start=start),
            now,
        )

    async def customers(self, wanted: Iterable[DocumentHead]) -> None:
        """The customers of these documents, a hundred a call."""
        companies: dict[str, None] = {}
        contacts: dict[str, None] = {}
        for head in wanted:
            (companies if head.customer_type == "company" else contacts)[head.customer_id] = None
        kept.drop_kind(self._workspace, "customer")
        count = 0
        if companies:
            async for page in self._teamleader.companies_by_id(companies):
                self._keep_customers(map(facts.company, page.records))
                count += len(page.records)
                self._report("customer", count)
        if contacts:
            async for people in self._teamleader.contacts_by_id(contacts):
                self._keep_customers(map(facts.contact, people.records))
                count += len(people.records)
                self._report("customer", count)

    def _keep_customers(self, customers: Iterable[CustomerFacts]) -> None:
        records = [kept.Record(customer.id, _encode(customer)) for customer in customers]
        kept.keep_records(self._workspace, "customer", records)

    # --- Octopus ---------------------------------------------------------------------------------------

    async def bookyears(self) -> list[oc.Bookyear]:
        """All fiscal years with their periods."""
        return await self._list("oc/bookyears", self._octopus.bookyears, list[oc.Bookyear], self._young)

    async def again(self, part: Part, years: Sequence[int]) -> bool:
        """Read a part again that this taking had only taken over; False when there is nothing newer to be had."""
        before = set(self._read_now)
        young, self._young = self._young, NOT_AT_ALL
        try:
            match part:
                case "years":
                    if "oc/bookyears" not in before:
                        await self.bookyears()
                case "journals":
                    await self.journals([y for y in years if f"oc/journals/{y}" not in before])
                case "accounts":
                    await self.accounts([y for y in years if f"oc/accounts/{y}" not in before])
                case "vat_codes" | "currencies":
                    await self.codes(JUST_CHECKED, (part,))
                case "settings":
                    if "tl/tax_rates" not in before:
                        await self.settings()
        finally:
            self._young = young
        return self._read_now != before

    async def journals(self, years: Sequence[int]) -> None:
        """The journals of these fiscal years."""
        for year in years:
            read = partial(self._octopus.journals, year)
            await self._list(f"oc/journals/{year}", read, list[oc.Journal], self._young)

    async def codes(self, limit: timedelta = TWICE_A_DAY, which: Sequence[Code] = CODES) -> None:
        """VAT codes and currencies: whole, each at most twice a day.

        Currencies hardly change, and one that is missing is asked for again by itself: a day is young enough.
        """
        if "vat_codes" in which and "oc/vat_codes" not in self._read_now:
            await self._list("oc/vat_codes", self._octopus.vat_codes, list[oc.VatCode], limit)
        if "currencies" in which and "oc/currencies" not in self._read_now:
            age = WHOLE_AGAIN if limit == TWICE_A_DAY else limit
            await self._list("oc/currencies", self._octopus.currencies, list[str], age)

    async def accounts(self, years: Sequence[int]) -> None:
        """The chart of accounts of these years: whole once each, then through the feed.

        A year whose chart cannot be had today is named in `unread_accounts`.
        """
        for year in years:
            if kept.reading(self._workspace, f"oc/accounts/{year}") is not None:
                continue
            try:
                charts = await self._octopus.accounts(year)
            except (LimitSpent, LimitReached) as limit:
                self.unread_accounts[year] = limit
                continue
            self._keep(f"oc/accounts/{year}", charts, self._now())
            self._report("account", len(charts))
        known = [year for year in years if year not in self.unread_accounts]
        ages = [
            found.taken_at
            for year in known
            if (found := kept.reading(self._workspace, f"oc/accounts/{year}"))
        ]
        if not ages or self._is_young(min(ages), self._now()):
            return
        since = min(ages) - OCTOPUS_OVERLAP
        try:
            changes = await self._octopus.modified_accounts(since)
        except (LimitSpent, LimitReached):
            self.stale.append(("accounts", min(ages)))
            return
        for year in known:
            self._apply_accounts(year, changes, self._now())

    def _apply_accounts(self, year: int, changes: oc.SyncAccounts, now: datetime) -> None:
        found = kept.reading(self._workspace, f"oc/accounts/{year}")
        if found is None:
            return
        chart = {a.account_key.id: a for a in msgspec.json.decode(found.body, type=list[oc.Account])}
        for changed in changes.modified:
            if changed.account_key.bookyear_key.id == year:
                chart[changed.account_key.id] = changed
        for gone in changes.deleted:
            if gone.account_key.bookyear_key.id == year:
                chart.pop(gone.account_key.id, None)
        self._keep(f"oc/accounts/{year}", list(chart.values()), now)

    async def relations(self) -> None:
        """All relations, the inactive ones too, through their feed from the beginning."""
        cursor, now = _cursor(self._workspace, "relation"), self._now()
        if cursor and self._is_young(cursor.since, now, NOT_AT_ALL if self._writing else None):
            return
        since = cursor.since - OCTOPUS_OVERLAP if cursor else None
        try:
            changed, deleted = await self._octopus.each_modified_relation(since)
        except (LimitSpent, LimitReached) as limit:
            if cursor is None:
                raise
            self.stale.append(("relations", cursor.since))
            self.unlooked["relations"] = limit
            return
        counted = Counted(fact for record in changed if (fact := facts.relation(record)))
        kept.keep_records(
            self._workspace, "relation", (kept.Record(str(fact.id), _encode(fact)) for fact in counted)
        )
        gone = (r.relation_identification_service_data.relation_key for r in deleted)
        kept.drop_records(self._workspace, "relation", (str(key.id) for key in gone if key))
        _keep_cursor(self._workspace, "relation", Cursor(now, cursor.whole if cursor else now), now)
        self._report("relation", counted.count)

    async def bookings(
        self, years: Sequence[int], journals: Sequence[str], last: Mapping[Place, int] | None = None
    ) -> None:
        """The sales bookings of these journals, as far as they help to recognise a document.

        The first time one call per year and journal, as Octopus asks; afterwards one for all. Always read (see the
        top of this file). `last`: last numbers of journals that are newer than the kept ones.
        """
        now = self._now()
        whole: set[Place] = set()
        loaded = []
        for year in years:
            for journal in journals:
                name = f"booking/{year}/{journal}"
                cursor = _cursor(self._workspace, name)
                if cursor is not None:
                    loaded.append((name, cursor))
                    continue
                await self._whole_journal(year, journal, now)
                whole.add((year, journal))
        if loaded:
            since = min(cursor.since for _, cursor in loaded)
            try:
                found = await self._octopus.each_modified_booking(-1, None, since - OCTOPUS_OVERLAP)
            except (LimitSpent, LimitReached) as limit:
                self.stale.append(("bookings", since))
                self.unlooked["bookings"] = limit
                return
            self._keep_bookings(b for b in found if b.journal_key in journals)
            for name, cursor in loaded:
                _keep_cursor(self._workspace, name, Cursor(now, cursor.whole), now)
        places = [(year, journal) for year in years for journal in journals]
        await self._look_beyond(places, whole, self._last_numbers(years) | dict(last or {}))

    async def _whole_journal(self, year: int, journal: str, now: datetime) -> None:
        self._keep_bookings(await self._octopus.each_modified_booking(year, journal, None))
        _keep_cursor(self._workspace, f"booking/{year}/{journal}", Cursor(now, now), now)

    def _last_numbers(self, years: Iterable[int]) -> dict[Place, int]:
        return {
            (year, journal.journal_key): journal.last_booked_document_nr
            for year in years
            if (found := kept.reading(self._workspace, f"oc/journals/{year}"))
            for journal in msgspec.json.decode(found.body, type=list[oc.Journal])
        }

    async def _look_beyond(
        self, places: Iterable[Place], whole: Collection[Place], last: Mapping[Place, int]
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
            looked = kept.reading(self._workspace, name)
            if looked is not None and int(looked.body) >= number:
                continue
            now = self._now()
            if (year, journal) not in whole:
                try:
                    await self._whole_journal(year, journal, now)
                except (LimitSpent, LimitReached) as limit:
                    self.stale.append(("bookings", now))
                    self.unlooked["bookings"] = limit
                    return
            kept.keep_reading(self._workspace, name, str(number).encode(), now)

    def _highest(self, year: int, journal: str) -> int:
        prefix = f"{year}/{journal}/"
        return max(
            (int(key.removeprefix(prefix)) for key in kept.keys(self._workspace, "booking", prefix)),
            default=0,
        )

    async def bookings_again(
        self, years: Sequence[int], journals: Sequence[str], last: Mapping[Place, int]
    ) -> bool:
        """Read what was booked since the last reading, however young that is; False when the limit is spent."""
        self.unlooked.pop("bookings", None)
        await self.bookings(years, journals, last)
        return "bookings" not in self.unlooked

    def loaded_years(self) -> tuple[int, ...]:
        """The fiscal years of which bookings were ever read."""
        names = kept.readings(self._workspace, "cursor/booking/")
        return tuple(sorted({int(name.partition("/")[0]) for name in names}))

    async def deletions(self) -> bool:
        """Forget the bookings that were removed in Octopus since they were read; False when nothing was.

        Only the report of changed lines names them (official); one call, for all journals. A document whose booking
        is gone waits again, as it would for an octowizard that had never seen it. A number that was given again is
        among the changed lines: that booking stands. Bookings of which octowizard has read none are not missed.
        """
        cursors = kept.readings(self._workspace, "cursor/booking/")
        if not cursors:
            return False
        kept_until, now = _cursor(self._workspace, "deletion"), self._now()
        since = (
            kept_until.since
            if kept_until
            else min(msgspec.json.decode(found.body, type=Cursor).whole for found in cursors.values())
        )
        if self._is_young(since, now, NOT_AT_ALL if self._writing else None):
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
        _keep_cursor(self._workspace, "deletion", Cursor(now, now), now)
        return bool(known) or dropped > 0

    def _keep_bookings(self, bookings: Iterable[oc_bookings.BuySellBooking]) -> None:
        heads = Counted(map(facts.booking_head, bookings))
        kept.keep_records(
            self._workspace,
            "booking",
            (kept.Record(f"{h.bookyear}/{h.journal}/{h.number}", _encode(h)) for h in heads),
        )
        if heads.count:
            self._report("booking", heads.count)

    async def matches(self) -> None:
        """The matches (balancings) of customers, made, changed and undone. Always read."""
        cursor, now = _cursor(self._workspace, "match"), self._now()
        try:
            changed, deleted = await self._octopus.each_modified_balancing(
                cursor.since - OCTOPUS_OVERLAP if cursor else None
            )
        except (LimitSpent, LimitReached) as limit:
            self.stale.append(("matches", cursor.since if cursor else now))
            self.unlooked["matches"] = limit
            return
        gone = list(deleted)
        taken_back = (match for record in gone if (match := facts.match(record)))
        kept.keep_records(self._workspace, "undone", (kept.Record(m.key, _encode(m)) for m in taken_back))
        kept.drop_records(self._workspace, "match", (record.key for record in gone))
        # Undone and made again within the overlap: what stands now decides, so it comes last.
        made = Counted(match for record in changed if (match := facts.match(record)))
        standing: list[str] = []

        def to_keep() -> Iterator[kept.Record]:
            for match in made:
                standing.append(match.key)
                yield kept.Record(match.key, _encode(match))

        kept.keep_records(self._workspace, "match", to_keep())
        kept.drop_records(self._workspace, "undone", standing)
        _keep_cursor(self._workspace, "match", Cursor(now, cursor.whole if cursor else now), now)
        self._report("match", made.count)

    # --- what they share -------------------------------------------------------------------------------

    def _is_young(self, taken_at: datetime, now: datetime, limit: timedelta | None = None) -> bool:
        """Younger than the limit; something from the future (a clock was wrong) is not."""
        within = self._young if limit is None else limit
        return within > timedelta(0) and -CLOCK_JITTER <= now - taken_at <= within

    def _old(self, name: str, now: datetime, limit: timedelta) -> bool:
        found = kept.reading(self._workspace, name)
        return found is None or not self._is_young(found.taken_at, now, limit)

    def _keep(self, name: str, body: object, taken_at: datetime) -> None:
        self._read_now.add(name)
        kept.keep_reading(self._workspace, name, _encode(body), taken_at)

    async def _list(
        self, name: str, read: Callable[[], Awaitable[list[T]]], kind: type[list[T]], limit: timedelta
    ) -> list[T]:
        found = kept.reading(self._workspace, name)
        now = self._now()
        if found is None or not self._is_young(found.taken_at, now, limit):
            try:
                records = await read()
            except (LimitSpent, LimitReached):
                if found is None:
                    raise
                self.stale.append((name.removeprefix("oc/"), found.taken_at))
            else:
                self._keep(name, records, self._now())
                self._report(name.removeprefix("oc/"), len(records))
                return records
        assert found is not None
        return msgspec.json.decode(found.body, type=kind)


def kept_bookings(workspace: Workspace) -> Iterable[BookingHead]:
    """The kept sales bookings, one by one."""
    decoder = msgspec.json.Decoder(BookingHead)
    return (decoder.decode(body) for body in kept.records(workspace, "booking"))


def kept_documents(workspace: Workspace, kind: str) -> Iterable[DocumentHead]:
    """The kept document heads of a kind, one by one.

    What many of them share (customer, dates, currency) is held once: twenty thousand may wait at the same time.
    """
    decoder = msgspec.json.Decoder(DocumentHead)
    shared: dict[object, object] = {}
    for body in kept.records(workspace, kind):
        head = decoder.decode(body)
        for name in _SHARED:
            value = getattr(head, name)
            # Not frozen yet: nobody else has it.
            msgspec.structs.force_setattr(head, name, shared.setdefault(value, value))
        if head.open_amount == head.amount:
            msgspec.structs.force_setattr(head, "open_amount", head.amount)
        yield head
