"""An audit as blocks, for screen, command line and report, and as `--json` gives it. The words: `audit_words`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

import msgspec

from octowizard.books.money import ZERO
from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount, count, day
from octowizard.presentation.audit_words import (
    dimension_name,
    kind_name,
    mark,
    not_compared,
    place,
    row_name,
    sentence,
    subject,
)
from octowizard.presentation.blocks import Bars, Block, Cell, Gap, Heading, Item, Page, Series, Table
from octowizard.sync.audit.model import (
    AGES,
    DIMENSIONS,
    OPEN_QUESTIONS,
    Audit,
    Difference,
    Dimension,
    Entry,
    Kind,
    Measure,
    NotCompared,
    Row,
)
from octowizard.sync.audit.model import Table as Totals

if TYPE_CHECKING:
    from octowizard.snapshot.needed import Needed

SINCE = (0, *(bound + 1 for bound in AGES))  # the first day of each age
SHOWN = 10  # differences of a kind that are named unless all are asked for


def grouped(differences: Iterable[Difference]) -> dict[Kind, list[Difference]]:
    """The differences by kind, each in their order; kinds in the order in which they weigh."""
    by_kind: dict[Kind, list[Difference]] = defaultdict(list)
    for one in differences:
        by_kind[one.kind].append(one)
    return {kind: by_kind[kind] for kind in get_args(Kind) if kind in by_kind}


# --- blocks ---------------------------------------------------------------------------------------------------


def verdict(audit: Audit) -> Heading:
    """Whether both sides say the same, in a line."""
    differing, documents = len(audit.in_the_way), audit.compared
    if differing:
        text = ngettext(
            "{count} difference between Teamleader and Octopus",
            "{count} differences between Teamleader and Octopus",
            differing,
        )
        return Heading(text.format(count=count(differing)), "✖")
    if not documents:
        text = _("There is nothing to compare.") if audit.is_whole else _("Nothing could be compared.")
        return Heading(text, "?")
    if not audit.is_whole:
        text = ngettext(
            "No difference in {count} document, as far as it could be compared",
            "No difference in {count} documents, as far as they could be compared",
            documents,
        )
        return Heading(text.format(count=count(documents)), "▲")
    text = ngettext(
        "Both sides say the same of {count} document",
        "Both sides say the same of {count} documents",
        documents,
    )
    return Heading(text.format(count=count(documents)), "✔")


def span(audit: Audit) -> str:
    """`Documents from 01/01/2026 to 20/11/2026`."""
    return _("Documents from {first} to {last}").format(first=day(audit.first), last=day(audit.last))


def page(audit: Audit, *, every: bool = False) -> Page:
    """The whole audit. `every`: all differences and all customers, not only the first and those that differ."""
    head = verdict(audit)
    blocks: list[Block] = [Item(span(audit), tone="soft")]
    if audit.differences:
        blocks += [Gap(), *differences(audit, every=every)]
    if audit.compared:
        blocks += [Gap(), *tables(audit, every=every), months(audit), Gap(), open_amounts(audit)]
    if reasons := list(lacking(audit)):
        blocks += [Gap(), Heading(_("Not compared")), *reasons]
    return Page(title=head.text, mark=head.mark, blocks=tuple(blocks))


def not_audited(why: str) -> Page:
    """What stands in place of the audit where there can be none."""
    return Page(title=_("Nothing was compared."), mark="?", blocks=(Item(why),))


def differences(audit: Audit, *, every: bool = False) -> Iterator[Block]:
    """Each kind with its sentences, the first of them unless `every`."""
    for kind, of_kind in grouped(audit.differences).items():
        yield Heading(kind_name(kind), mark(kind), aside=count(len(of_kind)))
        shown = of_kind if every else of_kind[:SHOWN]
        yield from (Item(sentence(audit, one), indent=2) for one in shown)
        if rest := len(of_kind) - len(shown):
            text = ngettext(
                "{count} more like this is not listed here.",
                "{count} more like this are not listed here.",
                rest,
            )
            yield Item(text.format(count=count(rest)), tone="soft", indent=2)


def tables(audit: Audit, *, every: bool = False) -> Iterator[Block]:
    """The totals along each dimension; of customers only those that differ unless `every`."""
    for dimension in DIMENSIONS:
        totals = audit.tables[dimension]
        if dimension == "month":
            continue  # shown as bars
        rows = totals.rows
        if dimension == "customer" and not every:
            rows = tuple(row for row in rows if row.apart)
        if rows:
            yield table(totals, rows)
            yield from beneath(totals)
            yield Gap()


def beneath(totals: Totals) -> Iterator[Item]:
    """What a reader of a table has to know of its numbers: what counts more than once, what it does not have."""
    if totals.dimension in ("rate", "vat-code", "account") and len(totals.rows) > 1:
        yield Item(_("A document counts once in each row that it has a share in."), tone="soft")
    if totals.left_out:
        text = ngettext(
            "{count} document is left out on both sides: see what was not compared.",
            "{count} documents are left out on both sides: see what was not compared.",
            totals.left_out,
        )
        yield Item(text.format(count=count(totals.left_out)), tone="soft")


def table(totals: Totals, rows: Sequence[Row]) -> Table:
    """Number, base, VAT and total of both sides: one line where they are the same, else three."""
    lines: list[tuple[Cell, ...]] = []
    for row in rows:
        lines += _lines(row_name(totals.dimension, row), row.teamleader, row.octopus)
    foot: tuple[Cell, ...] = ()
    if len(rows) > 1 and len(rows) == len(totals.rows):
        *before, foot = _lines(_("Total"), totals.teamleader, totals.octopus)
        lines += before
    head = ("", _("side"), _("number"), _("base"), _("VAT"), _("total"))
    return Table(
        tuple(lines),
        frozenset({2, 3, 4, 5}),
        caption=dimension_name(totals.dimension),
        head=head,
        foot=foot,
    )


def _lines(name: str, teamleader: Measure, octopus: Measure) -> list[tuple[Cell, ...]]:
    if teamleader == octopus:
        return [(name, _("both"), *teamleader)]
    return [
        (name, "Teamleader", *teamleader),
        ("", "Octopus", *octopus),
        ("", _("difference"), *octopus.less(teamleader)),
    ]


def months(audit: Audit) -> Bars:
    """A bar per month of both sides, VAT included."""
    rows = audit.tables["month"].rows
    return Bars(
        _("Per month, VAT included"),
        audit.currency,
        tuple(row_name("month", row) for row in rows),
        (
            Series("Teamleader", tuple(row.teamleader.total for row in rows)),
            Series("Octopus", tuple(row.octopus.total for row in rows)),
        ),
    )


def sums(row: Row) -> tuple[Decimal, Decimal]:
    """What both sides have in a row, VAT included: Teamleader, Octopus."""
    return row.teamleader.total, row.octopus.total


def bar(row: Row, longest: Decimal, width: int) -> tuple[str, str]:
    """A row as a bar on `width` columns at most: what both sides have, and what only one of them has."""
    if not longest or not width:
        return "", ""
    small, large = sorted(abs(one) for one in sums(row))
    if min(sums(row)) < 0 < max(sums(row)):
        small = Decimal(0)
    whole = max(1, int(large * width / longest)) if large else 0
    both = min(whole - 1, int(small * width / longest)) if small != large else whole
    return "█" * max(0, both), "▒" * (whole - max(0, both))


def bar_legend() -> str:
    """What the parts of the bars are."""
    return _("█ on both sides  ▒ on one side only")


def age_names() -> tuple[str, ...]:
    """`0-30 days`, `31-60 days`, `61-90 days`, `more than 90 days`."""
    closed = [
        _("{first}-{last} days").format(first=since, last=until)
        for since, until in zip(SINCE, AGES, strict=False)
    ]
    return (*closed, _("more than {count} days").format(count=AGES[-1]))


def open_amounts(audit: Audit) -> Table:
    """What is open on both sides, by the days since it was due."""
    ours, theirs = audit.open_teamleader, audit.open_octopus
    rows: list[tuple[Cell, ...]] = [
        (name, *ours_of, *theirs_of, theirs_of[1] - ours_of[1])
        for name, *(ours_of, theirs_of) in zip(
            age_names(),
            zip(ours.numbers, ours.amounts, strict=True),
            zip(theirs.numbers, theirs.amounts, strict=True),
            strict=True,
        )
    ]
    mine, its = sum(ours.amounts, ZERO), sum(theirs.amounts, ZERO)
    return Table(
        tuple(rows),
        frozenset({1, 2, 3, 4, 5}),
        caption=_("Open invoices, by the days since they were due"),
        head=("", _("number"), "Teamleader", _("number"), "Octopus", _("difference")),
        foot=(_("Total"), sum(ours.numbers), mine, sum(theirs.numbers), its, its - mine),
    )


def lacking(audit: Audit) -> Iterator[Item]:
    """What was not compared, and why."""
    alike: dict[tuple[str, str], list[NotCompared]] = defaultdict(list)
    for at, one in enumerate(audit.not_compared):  # parts that lack for one reason are named together
        alike[one.obstacle, one.detail or str(at)].append(one)
    for several in alike.values():
        yield Item(not_compared(*several), "▲" if several[0].obstacle in OPEN_QUESTIONS else "–")


def entry_page(audit: Audit, entry: int) -> Page:
    """All that an audit says of one document or booking."""
    shown = audit.entries[entry]
    known, booking = shown.known, shown.booking
    of_entry = [one for one in audit.differences if one.entry == entry]
    blocks: list[Block] = [Item(sentence(audit, one), mark(one.kind)) for one in of_entry]
    if not of_entry:
        blocks.append(Item(_("Both sides say the same of it."), "✔"))
    rows: list[tuple[Cell, ...]] = []
    if known is not None:
        money = amount(known.booked_amount, known.currency)
        rows.append(("Teamleader", known.number, day(known.date), known.customer_name, money))
    if booking is not None:
        head, detail = booking
        money = amount(head.amount, detail.currency if detail else audit.currency)
        rows.append(("Octopus", place(head), day(head.date), head.comment or head.reference, money))
    blocks += [Gap(), Table(tuple(rows), frozenset({4}))]
    return Page(
        title=subject(shown),
        mark=mark(of_entry[0].kind) if of_entry else "✔",
        blocks=tuple(blocks),
        address=(known.web_url or "") if known is not None else "",
    )


# --- before reading -------------------------------------------------------------------------------------------


def calls(needed: Needed) -> str:
    """How many calls reading will take at most."""
    octopus = ngettext("{count} call to Octopus", "{count} calls to Octopus", needed.octopus)
    teamleader = ngettext("{count} call to Teamleader", "{count} calls to Teamleader", needed.teamleader)
    text = (
        _("The audit makes at most {octopus}, and one to Teamleader for each hundred documents.")
        if needed.pages_unknown
        else _("The audit makes at most {octopus} and {teamleader}.")
    ).format(
        octopus=octopus.format(count=count(needed.octopus)),
        teamleader=teamleader.format(count=count(needed.teamleader)),
    )
    if needed.lines:
        lines = ngettext(
            "{count} of them reads the lines of a document; 200 a minute are allowed.",
            "{count} of them read the lines of a document each; 200 a minute are allowed.",
            needed.lines,
        )
        text = f"{text} {lines.format(count=count(needed.lines))}"
    return text


# --- JSON -----------------------------------------------------------------------------------------------------


class Sums(msgspec.Struct):
    """One side's totals."""

    number: int
    base: Decimal
    vat: Decimal
    total: Decimal


class RowLine(msgspec.Struct):
    """A row of a table. `documents`: what makes its difference."""

    key: str
    label: str
    teamleader: Sums
    octopus: Sums
    difference: Sums
    documents: list[str]


class TableLine(msgspec.Struct):
    """A table."""

    left_out: int
    rows: list[RowLine]


class DocumentLine(msgspec.Struct):
    """A document of Teamleader."""

    kind: str
    id: str
    number: str
    date: date
    customer: str
    amount: Decimal
    currency: str


class BookingLine(msgspec.Struct):
    """A booking in Octopus."""

    bookyear: int
    journal: str
    number: int
    date: date
    relation: int
    amount: Decimal
    comment: str


class DifferenceLine(msgspec.Struct):
    """One thing that is not the same."""

    kind: str
    text: str
    document: DocumentLine | None
    booking: BookingLine | None
    teamleader: str
    octopus: str
    amount: Decimal
    days: int


class LackingLine(msgspec.Struct):
    """What was not compared."""

    obstacle: str
    count: int
    subject: str
    text: str


class AgeLine(msgspec.Struct):
    """Open invoices of one age."""

    days: str
    teamleader: tuple[int, Decimal]
    octopus: tuple[int, Decimal]


class AuditBody(msgspec.Struct):
    """What `audit --json` gives."""

    taken_at: datetime
    first: date
    last: date
    currency: str
    compared: int
    whole: bool
    totals: dict[str, Sums]
    counts: dict[str, int]
    differences: list[DifferenceLine]
    tables: dict[str, TableLine]
    open: list[AgeLine]
    not_compared: list[LackingLine]


def body(audit: Audit) -> AuditBody:
    """The audit as `--json` gives it."""
    bounds = (*(f"{low}-{high}" for low, high in zip(SINCE, AGES, strict=False)), f">{AGES[-1]}")
    ours, theirs = audit.open_teamleader, audit.open_octopus
    return AuditBody(
        taken_at=audit.taken_at,
        first=audit.first,
        last=audit.last,
        currency=audit.currency,
        compared=audit.compared,
        whole=audit.is_whole,
        totals=_sums(audit.teamleader, audit.octopus),
        counts={kind: len(of_kind) for kind, of_kind in grouped(audit.differences).items()},
        differences=[_difference(audit, one) for one in audit.differences],
        tables={name: _table(audit, name) for name in DIMENSIONS},
        open=[
            AgeLine(name, (ours.numbers[at], ours.amounts[at]), (theirs.numbers[at], theirs.amounts[at]))
            for at, name in enumerate(bounds)
        ],
        not_compared=[
            LackingLine(one.obstacle, one.count, one.subject, not_compared(one)) for one in audit.not_compared
        ],
    )


def _sums(teamleader: Measure, octopus: Measure) -> dict[str, Sums]:
    return {
        "teamleader": Sums(*teamleader),
        "octopus": Sums(*octopus),
        "difference": Sums(*octopus.less(teamleader)),
    }


def _table(audit: Audit, dimension: Dimension) -> TableLine:
    totals = audit.tables[dimension]
    return TableLine(
        totals.left_out,
        [
            RowLine(
                key=row.key,
                label=row_name(dimension, row),
                documents=[subject(audit.entries[entry]) for entry in row.apart],
                **_sums(row.teamleader, row.octopus),
            )
            for row in totals.rows
        ],
    )


def _difference(audit: Audit, one: Difference) -> DifferenceLine:
    entry = audit.entries[one.entry] if one.entry >= 0 else Entry(None, None)
    known, head = entry.known, entry.booking.head if entry.booking is not None else None
    return DifferenceLine(
        kind=one.kind,
        text=sentence(audit, one),
        document=DocumentLine(
            known.kind,
            known.id,
            known.number,
            known.date,
            known.customer_name,
            known.booked_amount,
            known.currency,
        )
        if known is not None
        else None,
        booking=BookingLine(
            head.bookyear, head.journal, head.number, head.date, head.relation, head.amount, head.comment
        )
        if head is not None
        else None,
        teamleader=one.teamleader,
        octopus=one.octopus,
        amount=one.amount,
        days=one.days,
    )
