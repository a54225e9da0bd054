"""The blocks that everything shown consists of. A renderer (screen, plain text) reads these and decides nothing else.

Texts are whole sentences in the user's language. What came from outside stands in them letter for letter: each
renderer makes it harmless for its own medium.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.locale.formats import amount, colon, count

if TYPE_CHECKING:
    from octowizard.locale.labels import Language

Tone = Literal["text", "head", "soft", "accent", "quote", "ok", "bad", "warn", "busy"]

TONES: dict[str, Tone] = {
    "✔": "ok",
    "=": "ok",
    "✖": "bad",
    "▲": "warn",
    "i": "busy",
    "●": "busy",
    "○": "soft",
    "–": "soft",
    "?": "soft",
}


def tone_of(mark: str) -> Tone:
    """The colour that repeats what a mark says."""
    return TONES.get(mark, "text")


Cell = str | Decimal | int
"""A text, an amount or a number of things; the latter two are formatted by whoever shows them."""


def shown(cell: Cell) -> str:
    """A cell as people write it."""
    match cell:
        case str():
            return cell
        case Decimal():
            return amount(cell)
        case int():
            return count(cell)


class Heading(msgspec.Struct, frozen=True, tag="heading", tag_field="block"):
    """A line of its own with its mark. `aside`: a word or two behind it."""

    text: str
    mark: str = ""
    aside: str = ""


def colon_after(label: str, language: Language | None = None) -> str:
    """What stands between a label and its value: a question has its own mark. `language`: else the one spoken."""
    return "" if label.endswith("?") else colon(language)


class Entry(msgspec.Struct, frozen=True, tag="entry", tag_field="block"):
    """A label and its value; without a label it goes on under the one above. `mark`: before the label.

    `id`: by what code finds it among others, since a label is translated.
    """

    label: str
    text: str
    tone: Tone = "text"
    mark: str = ""
    indent: int = 0
    id: str = ""


class Item(msgspec.Struct, frozen=True, tag="item", tag_field="block"):
    """A paragraph; with a mark its lines hang behind it. `lead`: the tone of the mark, if not the mark's own."""

    text: str
    mark: str = ""
    tone: Tone = "text"
    lead: Tone | None = None
    indent: int = 0


class Keys(msgspec.Struct, frozen=True, tag="keys", tag_field="block"):
    """What keys do, on one line: (key, words). `aside`: what was answered. Only where there are keys."""

    keys: tuple[tuple[str, str], ...]
    aside: str = ""
    indent: int = 0
    tone: Tone = "text"


class Table(msgspec.Struct, frozen=True, tag="table", tag_field="block"):
    """Rows of cells under each other. `right`: the columns with figures. `foot`: the sums.

    The first cell of a row names it.
    """

    rows: tuple[tuple[Cell, ...], ...]
    right: frozenset[int] = frozenset()
    caption: str = ""
    head: tuple[str, ...] = ()
    foot: tuple[Cell, ...] = ()


class Series(msgspec.Struct, frozen=True):
    """One figure for each label of `Bars`."""

    name: str
    values: tuple[Decimal | int, ...]


class Bars(msgspec.Struct, frozen=True, tag="bars", tag_field="block"):
    """Figures as bars under a title: for each label one of each series, of which there are at most two.

    A Decimal is an amount, an int a number of things; both may be negative. `unit`: such as EUR, or empty.
    """

    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


class Gap(msgspec.Struct, frozen=True, tag="gap", tag_field="block"):
    """An empty line."""


Block = Heading | Entry | Item | Keys | Table | Bars | Gap


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one thing. `under`: lines that only copies and files have. `address`: a web page."""

    title: str
    mark: str = ""
    aside: str = ""
    blocks: tuple[Block, ...] = ()
    under: tuple[str, ...] = ()
    address: str = ""


def listed(
    label: str, texts: Iterable[str], tone: Tone = "text", indent: int = 0, id: str = ""
) -> list[Block]:
    """Texts under one label; empty ones are left out. `id`: that of the first."""
    return [
        Entry("" if number else label, text, tone, indent=indent, id="" if number else id)
        for number, text in enumerate(filter(None, texts))
    ]


def items(texts: Iterable[str], mark: str = "", tone: Tone = "text") -> list[Block]:
    """Each text behind the same mark."""
    return [Item(text, mark, tone) for text in texts if text]
