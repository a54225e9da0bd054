"""A report in which what comes from outside stands in every field, and wants to be more than text."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from octowizard.presentation.blocks import Bars, Block, Entry, Gap, Heading, Item, Keys, Page, Series, Table
from octowizard.presentation.report import Chapter, Report

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> & 'b' &lt;",
    "</td></table><h1>Paid</h1>",
    "<svg/onload=alert(1)><style>*{display:none}</style><!-- ",
    "{{ 7*7 }}{% raw %}",
    "# Foo [BE](https://example.org) **bold** _em_ `code` ![x](y) | cell |",
    "- - 1. > ~~gone~~ https://example.org www.example.org \\",
    '=HYPERLINK("https://example.org";"x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "a\x1b[31mred\x00\x07\u202e0,00\u2066 \ud800 \ufffe",
    "line\r\nbreak\ttab",
    "שלום בע״מ مرحبا 👩‍👩‍👧",
    "very " * 200 + "x" * 600,
)


def blocks(said: str) -> tuple[Block, ...]:
    """Every kind of block, with `said` in every text."""
    return (
        Heading(said, "✖", said),
        Item(said, "▲"),
        Item(said),
        Entry(said, said, mark="✔"),
        Entry("", said, "soft"),
        Keys((("d", said),)),
        Table(
            rows=((said, Decimal("-1210.00"), 3), ("", Decimal("0.01"), 20000)),
            right=frozenset({1, 2}),
            caption=said,
            head=(said, "total", ""),
            foot=(said, Decimal("-1209.99"), 20003),
        ),
        Bars(said, said, (said, "2"), (Series(said, (Decimal("5.50"), -3)), Series("b", (0, 7)))),
        Gap(),
    )


def report(said: str) -> Report:
    """The report of a company that is called so."""
    page = Page(title=said, mark="✖", aside=said, blocks=blocks(said), under=(said, "2"), address=said)
    chapters = (
        Chapter(id="findings", title=said, blocks=blocks(said), pages=(page,)),
        Chapter(id="questions", title="Questions", blocks=(Entry(said, said),), language="nl"),
    )
    moment = datetime(2026, 11, 20, 8, tzinfo=UTC)
    return Report(
        title=said,
        profile="acme",
        language="nl",
        spoken="en",
        made_at=moment,
        read_at=moment,
        notes=(Item(said, "▲"),),
        chapters=chapters,
    )
