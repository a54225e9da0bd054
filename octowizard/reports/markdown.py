"""The report as Markdown, of the kind that has tables (GitHub's). Text from outside never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from octowizard.locale import _
from octowizard.locale.formats import colon
from octowizard.presentation.bars import chart, heading
from octowizard.presentation.blocks import (
    Bars,
    Block,
    Cell,
    Entry,
    Gap,
    Heading,
    Item,
    Keys,
    Page,
    Table,
    colon_after,
    shown,
)
from octowizard.presentation.visible import plain

if TYPE_CHECKING:
    from octowizard.presentation.report import Report

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&]|(?<=[a-z]):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_FIRST = re.compile(r"^(?:([#+=-])|(\d+)(?=[.)](?:\s|$)))")  # what begins a heading, a list or a rule
_BAR = 24  # columns of a bar, where a chart has eighty


def escaped(text: str) -> str:
    """The text letter for letter on one line, as Markdown that shows exactly that."""
    return _SPECIAL.sub(r"\\\g<0>", plain(text.strip()))


def first(text: str) -> str:
    """As `escaped`, where a line begins with it."""
    return _FIRST.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\", escaped(text))


def markdown(report: Report) -> str:
    """The whole report."""
    return "\n".join(_tidied(_lines(report))) + "\n"


def _tidied(lines: Iterable[str]) -> Iterator[str]:
    """One empty line between blocks, never two."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escaped(report.title)}"
    yield from _blocks(report.notes, 2)
    for chapter in report.chapters:
        yield from ("", f"## {escaped(chapter.title)}")
        yield from _blocks(chapter.blocks, 3)
        for page in chapter.pages:
            yield from _page(page)


def _page(page: Page) -> Iterator[str]:
    yield from ("", f"### {_marked(page.mark, page.title)}")
    yield from _blocks(page.blocks, 4)
    if page.under:
        heading = escaped(_("All that it concerns"))
        yield from ("", f"- **{heading}**{colon()} {', '.join(map(escaped, page.under))}")


def _blocks(blocks: Iterable[Block], level: int) -> Iterator[str]:
    listing = False
    for block in blocks:
        if not (listing and isinstance(block, Entry)):
            yield ""
        listing = isinstance(block, Entry)
        match block:
            case Heading():
                aside = f" ({escaped(block.aside)})" if block.aside else ""
                yield f"{'#' * level} {_marked(block.mark, block.text)}{aside}"
            case Entry() if block.label:
                yield f"- **{_marked(block.mark, block.label)}**{colon_after(block.label)} {_several(block.text)}"
            case Entry():
                yield f"  - {_several(block.text)}"
            case Item():
                yield _marked(block.mark, block.text)
            case Table():
                yield from _table(block)
            case Bars():
                yield from _chart(block)
            case Gap() | Keys():
                pass
    yield ""


def _several(text: str) -> str:
    begun, *rest = text.strip().split("\n")
    return "<br>".join((first(begun), *map(escaped, rest)))


def _marked(mark: str, text: str) -> str:
    return f"{escaped(mark)} {_several(text)}" if mark else _several(text)


def _table(block: Table) -> Iterator[str]:
    if block.caption:
        yield from (f"**{escaped(block.caption)}**", "")
    columns = len(block.head or (block.rows[0] if block.rows else ()))
    if columns:
        yield _row(block.head or ("",) * columns)
        yield _row_of(["---:" if number in block.right else "---" for number in range(columns)])
        yield from map(_row, block.rows)
        if block.foot:
            yield _row_of([f"**{text}**" if (text := escaped(shown(cell))) else "" for cell in block.foot])


def _row(cells: Iterable[Cell]) -> str:
    return _row_of(escaped(shown(cell)) for cell in cells)


def _row_of(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _chart(block: Bars) -> Iterator[str]:
    yield from (f"**{escaped(heading(block))}**", "")
    yield "|  |  |  |  |"
    yield "| --- | --- | ---: | --- |"
    for line in chart(block, bar=_BAR).lines:
        yield _row_of((*map(escaped, (line.label, line.name, line.figure)), line.bar.rstrip()))
