"""Both sides compared from one day to another: the one question of the package. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from octowizard.books.fiscal import years_between
from octowizard.books.money import ZERO
from octowizard.books.numbers import bare
from octowizard.snapshot.model import ListedDocument, SalesBooking, Snapshot
from octowizard.snapshot.parts import Part
from octowizard.sync.audit.alike import Alike, Comparing
from octowizard.sync.audit.customers import Customers
from octowizard.sync.audit.differences import compared, gaps
from octowizard.sync.audit.model import Audit, Difference, Entry, Kind, NotCompared, Obstacle
from octowizard.sync.audit.open_amounts import OpenAmounts
from octowizard.sync.audit.pairing import is_comment_of, is_of_connector, is_void, pair
from octowizard.sync.audit.sides import Side, Sides, Unknown
from octowizard.sync.audit.totals import Totals
from octowizard.workspace.links import BookingPlace
from octowizard.workspace.profiles import Profile

# The parts that an audit stands on; without one of them it says so.
READ: tuple[Part, ...] = (
    "documents", "bookings", "years", "journals", "vat_codes", "relations", "settings", "matches", "details",
    "accounts", "returns",
)  # fmt: skip


def audit(
    snapshot: Snapshot, profile: Profile, today: date, first: date | None = None, last: date | None = None
) -> Audit:
    """Compare both sides by documents dated from `first` to `last`, both inclusive; None: from the start date on.

    `today`: by which open amounts have an age.
    """
    return _Making(snapshot, profile, today, first or snapshot.start_date, last or date.max).audit()


class _Making:
    """One audit in the making."""

    def __init__(self, snapshot: Snapshot, profile: Profile, today: date, first: date, last: date) -> None:
        self._snapshot = snapshot
        self._profile, self._today = profile, today
        self._asked, self._first, self._last = first, max(first, snapshot.start_date), last
        self._sides = Sides(snapshot, profile)
        self._customers = Customers(snapshot.listed, snapshot.relations)
        self._totals = Totals(snapshot, self._customers, self._sides)
        self._open_amounts = OpenAmounts(snapshot, today)
        self._comparing = Comparing(snapshot, self._sides)
        self._obstacles: Counter[Obstacle] = Counter()
        self._unread: Counter[str] = Counter()

    def audit(self) -> Audit:
        """The whole."""
        entries = tuple(self._entries())
        self._customers.learn(entries)
        differences: list[Difference] = []
        payments: list[Difference] = []
        count = 0
        for index, entry in enumerate(entries):
            document, booking, _twin = entry
            if (
                document is not None
                and booking is not None
                and (same := self._alike(document, booking)) is not None
            ):
                count += 1
                payment = self._add_alike(index, document, booking, same)
            elif not self._both_were_read(entry):
                continue
            else:
                sides = self._both(entry)
                if sides is None:
                    if entry.document is not None and entry.booking is None:  # whatever it comes to
                        differences.append(self._missing(index, entry.document, ZERO))
                    continue
                count += 1
                named = list(self._named(index, entry, *sides))
                differences += named
                other = any(one.kind == "customer" for one in named)
                self._totals.add(index, entry, *sides, other_customer=other)
                payment = self._open_amounts.add(index, entry, *sides)
            if payment is not None:
                payments.append(payment)
        if "matches" not in self._snapshot.unread:
            differences += payments
        if self._open_amounts.untold:
            self._obstacles["no-open-amount"] += self._open_amounts.untold
        differences += gaps(self._snapshot.sales, self._snapshot.listed, self._first, self._last)
        return Audit(
            first=self._first,
            last=max(
                self._first, min(self._last, max(self._today, entries[-1].day if entries else self._today))
            ),
            taken_at=self._snapshot.taken_at,
            currency=self._snapshot.own_currency,
            entries=entries,
            tables=self._totals.tables(),
            differences=tuple(differences),
            open_teamleader=self._open_amounts.teamleader.total(),
            open_octopus=self._open_amounts.octopus.total(),
            not_compared=tuple(self._not_compared(differences)),
            compared=count,
            kept=self._snapshot.kept,
        )

    def _entries(self) -> list[Entry]:
        """Documents with their bookings, those of the span, in the order of their days."""
        bookings = (one for one in self._snapshot.sales if not is_void(one))
        paired = pair(self._snapshot.listed, bookings, self._customers.same)
        first, last = self._first.toordinal(), self._last.toordinal()
        ordered = sorted(paired, key=_order)
        begin = bisect_left(ordered, first, key=_day_of)
        return ordered[begin : bisect_right(ordered, last, begin, key=_day_of)]

    def _alike(self, document: ListedDocument, booking: SalesBooking) -> Alike | None:
        """What both sides say alike of what a connector booked on its customer; None for anything else."""
        if not is_comment_of(booking.head.comment, document.number):
            return None
        same = self._comparing.alike(document, booking)
        return same if same is not None and self._customers.same(booking.head, document) else None

    def _add_alike(
        self, index: int, document: ListedDocument, booking: SalesBooking, same: Alike
    ) -> Difference | None:
        """Add an entry that is the same on both sides; the payment that only one of them has."""
        if same.by_line is None:
            self._obstacles["no-lines"] += 1
        year, _period, to_return = self._sides.place(document.date)
        if year and to_return is None:
            self._obstacles["no-rhythm"] += 1
        self._totals.add_alike(index, document, same)
        return self._open_amounts.add_alike(index, document, booking)

    def _both_were_read(self, entry: Entry) -> bool:
        """Whether what it lacks would be known if it were there."""
        if entry.document is None:
            return not self._never_read("documents")
        return entry.booking is not None or self._was_read(entry.document)

    def _both(self, entry: Entry) -> tuple[Side | None, Side | None] | None:
        """Both sides of an entry; None where they cannot be told."""
        document, booking, _twin = entry
        mine = self._sides.of_document(document, booking) if document is not None else None
        its = self._sides.of_booking(booking) if booking is not None else None
        for side in (mine, its):
            if isinstance(side, Unknown):
                self._obstacles[side.obstacle] += 1
                return None
        assert not isinstance(mine, Unknown)
        assert not isinstance(its, Unknown)
        if mine is not None and mine.obstacle is not None:
            self._obstacles[mine.obstacle] += 1
        if mine is not None and mine.year and mine.to_return is None:
            self._obstacles["no-rhythm"] += 1
        return mine, its

    def _never_read(self, part: Part) -> bool:
        """Whether it could not be read now, nor was it ever: what is kept of an earlier look still proves something."""
        return part in self._snapshot.unread and part not in self._snapshot.ages

    def _was_read(self, document: ListedDocument) -> bool:
        """Whether the bookings among which it would stand were read."""
        if self._never_read("bookings") or self._never_read("years"):
            return False
        year, _period, _return = self._sides.place(document.date)
        journal = self._sides.journal(document)
        if not year or (year, journal) in self._snapshot.sales_read:
            return True
        name = next((one.name for one in self._snapshot.years if one.id == year), str(year))
        self._unread[f"{journal} {name}"] += 1
        return False

    def _named(self, index: int, entry: Entry, mine: Side | None, its: Side | None) -> Iterator[Difference]:
        document, booking, twin = entry
        if document is not None and booking is not None:
            assert mine is not None
            assert its is not None
            verdict = self._customers.verdict(booking.head, document)
            if verdict is None:
                self._obstacles["relation-unknown"] += 1
            other = verdict is False
            yield from compared(index, document, booking, mine, its, self._customers, other_customer=other)
        elif document is not None:
            assert mine is not None
            yield self._missing(index, document, -mine.own(mine.total))
        elif booking is not None:
            assert its is not None
            connector = is_of_connector(booking.head)
            kind: Kind = "twice" if twin else "not-in-teamleader" if connector else "by-hand"
            yield Difference(
                kind=kind,
                entry=index,
                teamleader=entry.known.number if entry.known else "",
                octopus=booking.head.comment or booking.head.reference,
                amount=its.own(its.total),
            )

    def _missing(self, index: int, document: ListedDocument, amount: Decimal) -> Difference:
        kept_out = {document.id, bare(document.number)} & self._snapshot.kept_out
        return Difference(
            kind="kept-out" if kept_out else "missing",
            entry=index,
            teamleader=document.number,
            amount=amount,
        )

    def _not_compared(self, differences: list[Difference]) -> Iterator[NotCompared]:
        if self._asked < self._first:
            yield NotCompared(obstacle="before-start", detail=self._first.isoformat())
        for part in READ:
            if part == "accounts":  # a chart names accounts; which one a line leads to is known without it
                continue
            if part in self._snapshot.unread:
                yield NotCompared(obstacle="part-unread", subject=part, detail=self._snapshot.unread[part])
            elif part in self._snapshot.partial and part != "details":
                yield NotCompared(obstacle="part-partial", subject=part, detail=self._snapshot.partial[part])
        for place, count in sorted(self._unread.items()):
            yield NotCompared(obstacle="bookings-unread", subject=place, count=count)
        others = self._other_journals() if any(one.kind == "missing" for one in differences) else []
        if others:
            yield NotCompared(obstacle="other-journals", count=len(others), subject=", ".join(others))
        for obstacle, count in sorted(self._obstacles.items()):
            yield NotCompared(obstacle=obstacle, count=count)

    def _other_journals(self) -> list[str]:
        """Sales journals of these days that have bookings and are not looked at: the profile books in others."""
        snapshot, profile = self._snapshot, self._profile
        years = years_between(snapshot.years, self._first, self._last)
        own = (profile.invoice_journal, profile.credit_note_journal)
        return sorted(
            {
                key
                for (year, key), journal in snapshot.journals.items()
                if key.startswith("V") and key not in own and year in years and journal.last_number
            }
        )


def _order(entry: Entry) -> tuple[int, str, BookingPlace]:
    document, booking, _twin = entry
    place = booking.head[:3] if booking is not None else (0, "", 0)
    # The number of a day is compared sooner than a date.
    if document is not None:
        return document.date.toordinal(), document.number, place
    return entry.day.toordinal(), "", place


def _day_of(entry: Entry) -> int:
    return _order(entry)[0]
