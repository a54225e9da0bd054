"""What an audit says. Amounts are Decimal in the dossier's currency, below zero for credit notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from octowizard.books.money import ZERO
from octowizard.progress import Verdict
from octowizard.snapshot.model import ListedDocument, SalesBooking

# What is not the same. not-in-teamleader: a connector's booking of a document that Teamleader does not have.
# by-hand: a booking that no connector made. split: base and VAT differ, their sum does not. kept-out: missing, and the
# user wants it so. paid: Teamleader says paid, Octopus not matched; matched: the other way round.
Kind = Literal[
    "missing", "kept-out", "by-hand", "not-in-teamleader", "twice", "amount", "split", "rounding", "currency",
    "period", "date", "journal", "vat-code", "account", "customer", "paid", "matched", "gap",
]  # fmt: skip
Dimension = Literal["year", "journal", "period", "return", "month", "rate", "vat-code", "account", "customer"]
DIMENSIONS: tuple[Dimension, ...] = (
    "year", "journal", "period", "return", "month", "rate", "vat-code", "account", "customer",
)  # fmt: skip
# Why something could not be compared.
Obstacle = Literal[
    "before-start",  # what is asked for lies before the day on which the connection begins
    "part-unread",  # a part of both sides was not read: `detail` says why
    "part-partial",  # some of it was not
    "bookings-unread",  # of a journal in a fiscal year
    "other-journals",  # something is missing, and may stand in a sales journal that is not the profile's
    "documents-of-before",  # kept before base and VAT were
    "bookings-of-before",
    "no-lines",  # accounts and VAT codes stand on the lines
    "no-account",  # a line leads to no ledger account
    "no-code",  # or to no VAT code
    "no-rate",  # no exchange rate
    "no-rhythm",  # of VAT returns
    "no-open-amount",  # Teamleader tells none of a credit note
    "relation-unknown",  # nothing tells whether the relation is the customer
]
# Nothing that anybody has to put right: the user wants it so.
WANTED: frozenset[Kind] = frozenset({"kept-out"})
# What keeps the proof from being whole, and can be had: another look, or the lines, does it.
OPEN_QUESTIONS: frozenset[Obstacle] = frozenset(
    {"part-unread", "part-partial", "bookings-unread", "documents-of-before", "bookings-of-before", "no-rate",
     "no-lines"}
)  # fmt: skip
AGES = (30, 60, 90)  # days; a fourth column is for more


class Measure(NamedTuple):
    """How many documents, and what they come to."""

    number: int = 0
    base: Decimal = ZERO
    vat: Decimal = ZERO
    total: Decimal = ZERO

    def plus(self, number: int, base: Decimal, vat: Decimal, total: Decimal) -> Measure:
        """With these added."""
        return Measure(self.number + number, self.base + base, self.vat + vat, self.total + total)

    def less(self, other: Measure) -> Measure:
        """What it is more than the other, member by member."""
        return Measure(
            self.number - other.number,
            self.base - other.base,
            self.vat - other.vat,
            self.total - other.total,
        )


class Entry(NamedTuple):
    """A document and the booking that it is; either may be lacking. `twin`: of which the booking is one too many."""

    document: ListedDocument | None
    booking: SalesBooking | None
    twin: Entry | None = None

    @property
    def known(self) -> ListedDocument | None:
        """The document, also where the booking is one too many of it."""
        return self.document or (self.twin.document if self.twin is not None else None)

    @property
    def day(self) -> date:
        """The day that it counts by: the document's, else the booking's."""
        if self.document is not None:
            return self.document.date
        assert self.booking is not None
        return self.booking.head.date


class Difference(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that is not the same. `entry`: the number of the entry; -1 for a gap in the numbers.

    `teamleader`, `octopus`: what each side says, as it is written there. `amount`: Octopus less Teamleader, VAT
    included; of payments: matched less paid. `days`: the age of an open amount, by its due date. `of`: the kind of
    document that a gap in Teamleader's numbers is among.
    """

    kind: Kind
    entry: int = -1
    teamleader: str = ""
    octopus: str = ""
    amount: Decimal = ZERO
    days: int = 0
    of: str = ""


class Row(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One line of a table. `key` names it for good; `label` is how the vendors write it, empty where none does.

    `entries`: the numbers of those that stand in it, in no order; `apart`: of those that weigh otherwise on the other
    side.
    """

    key: str
    label: str
    teamleader: Measure
    octopus: Measure
    entries: Sequence[int] = ()
    apart: tuple[int, ...] = ()

    @property
    def difference(self) -> Measure:
        """Octopus less Teamleader."""
        return self.octopus.less(self.teamleader)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The totals along one dimension. `left_out`: documents that could not be put in a row, on either side."""

    dimension: Dimension
    rows: tuple[Row, ...]
    left_out: int = 0

    @property
    def teamleader(self) -> Measure:
        """The sum of the rows; a document with two rates counts in two."""
        return _sum(row.teamleader for row in self.rows)

    @property
    def octopus(self) -> Measure:
        """The same of Octopus."""
        return _sum(row.octopus for row in self.rows)


def _sum(measures: Iterable[Measure]) -> Measure:
    total = Measure()
    for one in measures:
        total = total.plus(*one)
    return total


class Aged(NamedTuple):
    """Invoices that are open, by how long they are due: up to 30 days or not yet, 31-60, 61-90, more."""

    numbers: tuple[int, int, int, int]
    amounts: tuple[Decimal, Decimal, Decimal, Decimal]


class NotCompared(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be compared, how much of it, and why. `detail`: in a vendor's or the reader's words."""

    obstacle: Obstacle
    count: int = 0
    subject: str = ""
    detail: str = ""


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides from `first` to `last`, by the date of the document. `taken_at`: as of when both are."""

    first: date
    last: date
    taken_at: datetime
    currency: str
    entries: tuple[Entry, ...]
    tables: Mapping[Dimension, Table]
    differences: tuple[Difference, ...]
    open_teamleader: Aged
    open_octopus: Aged
    not_compared: tuple[NotCompared, ...]
    compared: int  # documents that are in the tables
    kept: tuple[tuple[str, datetime], ...] = ()  # what could not be read again today, and when it was read

    @property
    def in_the_way(self) -> list[Difference]:
        """The differences that a person has to look at."""
        return [one for one in self.differences if one.kind not in WANTED]

    @property
    def is_whole(self) -> bool:
        """Whether all was compared that can be."""
        return not any(one.obstacle in OPEN_QUESTIONS for one in self.not_compared)

    @property
    def verdict(self) -> Verdict:
        """Whether both sides say the same, as far as could be told."""
        if self.in_the_way:
            return "attention"
        return "well" if self.is_whole and self.compared else "unknown"

    @property
    def teamleader(self) -> Measure:
        """All of Teamleader."""
        return self.tables["year"].teamleader

    @property
    def octopus(self) -> Measure:
        """All of Octopus."""
        return self.tables["year"].octopus

    @property
    def of_entries(self) -> dict[int, list[Difference]]:
        """The differences by entry."""
        grouped: dict[int, list[Difference]] = {}
        for one in self.differences:
            grouped.setdefault(one.entry, []).append(one)
        return grouped
