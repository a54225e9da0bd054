"""The report as one web page: no script, nothing loaded from elsewhere, to be read on a screen and printed on A4.

`report.html.j2` is the page. Every value passes jinja's escaping, and before it `visible`: no name from outside can
become markup, steer whatever shows it, or be something that no web page may hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from octowizard.locale import _
from octowizard.presentation.bars import heading
from octowizard.presentation.blocks import Bars, Block, Entry, Gap, Heading, Item, Keys, Table, shown, tone_of
from octowizard.presentation.visible import lines_kept
from octowizard.reports.charts import drawing

if TYPE_CHECKING:
    from octowizard.presentation.report import Report


class Group(msgspec.Struct):
    """Blocks that are one element of the page: a list, a list of terms, or one block by itself.

    A term is a list of entries, of which the first bears the label.
    """

    kind: Literal["terms", "list", "heading", "table", "bars"]
    parts: list[Any]


def grouped(blocks: Iterable[Block]) -> list[Group]:
    """The blocks as elements. An entry without a label belongs to the one before; what keys do is left out."""
    groups: list[Group] = []

    def into(kind: Literal["terms", "list"], part: Any) -> None:
        if not groups or groups[-1].kind != kind:
            groups.append(Group(kind, []))
        groups[-1].parts.append(part)

    for block in blocks:
        match block:
            case Entry() if block.label:
                into("terms", [block])
            case Entry() if groups and groups[-1].kind == "terms":
                groups[-1].parts[-1].append(block)
            case Entry():
                into("list", Item(block.text, block.mark, block.tone))
            case Item():
                into("list", block)
            case Heading():
                groups.append(Group("heading", [block]))
            case Table():
                groups.append(Group("table", [block]))
            case Bars():
                groups.append(Group("bars", [block]))
            case Gap() | Keys():
                pass
    return groups


_LONG_WORD = 16  # letters, which a narrow column still has room for


def whole_words(table: Table) -> frozenset[int]:
    """The columns behind the first whose words are short: they are never broken, however long the first cells are."""
    width = max(map(len, table.rows), default=0)
    cells = [
        [line[column] for line in (table.head, *table.rows, table.foot) if column < len(line)]
        for column in range(width)
    ]
    return frozenset(
        column
        for column, those in enumerate(cells)
        if column and all(len(word) <= _LONG_WORD for cell in those for word in str(cell).split())
    )


def _visible(value: object) -> object:
    """What is put into the page: text from outside as it may stand there; markup of the template as it is."""
    return lines_kept(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def template() -> Template:
    """The page as it is filled in; making it takes as long as filling it."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    source = (files("octowizard.reports") / "report.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)


def html(report: Report) -> str:
    """The whole page."""
    return template().render(
        report=report,
        grouped=grouped,
        drawing=drawing,
        heading=heading,
        shown=shown,
        tone_of=tone_of,
        whole_words=whole_words,
        contents=_("Contents"),
        concerns=_("All that it concerns"),
    )
