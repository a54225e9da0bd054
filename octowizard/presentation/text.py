"""Blocks as plain lines: for the command line, copies and files. They read aloud well; no colour carries a meaning."""

from __future__ import annotations

import textwrap
from collections.abc import Container, Iterable, Iterator

from octowizard.presentation.blocks import (
    Bars,
    Block,
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
from octowizard.presentation.quantities import joined, parted

_NARROWEST = 8  # columns that are left to a column of names


def lines(blocks: Iterable[Block], width: int = 0, indent: int = 0) -> Iterator[str]:
    """The blocks, `indent` columns from the left; broken between words at `width` columns where one is given."""
    blank, labelled = " " * indent, False
    for block in blocks:
        match block:
            case Heading():
                aside = f"  {block.aside}" if block.aside else ""
                yield from _broken(f"{block.text}{aside}", width, blank + _lead(block.mark))
            case Entry() if (
                "\n" in block.text
            ):  # a file stands below its name, so that it can be taken over as it is
                yield f"{blank}{' ' * block.indent}{_lead(block.mark)}{block.label}{colon_after(block.label)}"
                yield from block.text.rstrip("\n").split("\n")
            case Entry():
                label = (
                    f"{_lead(block.mark)}{block.label}{colon_after(block.label)} "
                    if block.label
                    else "  " * labelled
                )
                first = blank + " " * block.indent
                yield from _broken(f"{label}{block.text}", width, first, first + "  ")
                labelled = labelled or bool(block.label)
            case Item():
                yield from _broken(block.text, width, blank + " " * block.indent + _lead(block.mark))
            case Table():
                yield from (blank + line for line in _rows(block, width - indent if width else 0))
            case Bars():
                yield from (blank + line for line in _bars(block, width - indent if width else 0))
            case Gap():
                yield ""
            case Keys():
                pass  # whoever types commands has no keys


def page(one: Page, width: int = 0, indent: int = 0) -> Iterator[str]:
    """A whole page; its blocks `indent` columns under its title."""
    yield from lines([Heading(one.title, one.mark, one.aside)], width)
    yield from lines(one.blocks, width, indent)


def copied(one: Page) -> str:
    """A whole page for a mail, a ticket or a file, letter for letter, with what only these have."""
    return "\n".join([*page(one), *one.under]) + "\n"


def _lead(mark: str) -> str:
    return f"{mark} " if mark else ""


def _broken(text: str, width: int, first: str, then: str | None = None) -> Iterator[str]:
    """The text behind `first`, broken lines behind `then` (blanks as wide as `first`)."""
    if not width:
        yield f"{first}{text}".rstrip()
        return
    shown = textwrap.wrap(
        joined(text),
        width,
        initial_indent=first,
        subsequent_indent=" " * len(first) if then is None else then,
        expand_tabs=False,
        replace_whitespace=False,  # whatever steers a terminal is made visible by the stream, not lost here
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from map(parted, shown or [first.rstrip()])


def _rows(table: Table, width: int) -> Iterator[str]:
    if table.caption:
        yield table.caption
    parts = [tuple(map(shown, part)) for part in (table.head, *table.rows, table.foot) if part]
    if not parts:
        return
    widths = _narrowed([max(map(len, column)) for column in zip(*parts, strict=True)], table.right, width)
    ruled = "  ".join("-" * width for width in widths)

    def line(row: tuple[str, ...]) -> str:
        cells = (
            cell.rjust(width) if number in table.right else cut(cell, width).ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    if table.head:
        yield line(parts.pop(0))
        yield ruled
    foot = [ruled, line(parts.pop())] if table.foot else []
    yield from map(line, parts)
    yield from foot


def _narrowed(widths: list[int], right: Container[int], width: int) -> list[int]:
    """The widths of the columns on `width`: figures stay whole, the widest column of names gives way."""
    names = [number for number in range(len(widths)) if number not in right]
    over = sum(widths) + 2 * (len(widths) - 1) - width
    if not width or over <= 0 or len(names) in (0, len(widths)):
        return widths
    widest = max(names, key=widths.__getitem__)
    widths[widest] = max(min(widths[widest], _NARROWEST), widths[widest] - over)
    return widths


def cut(text: str, width: int) -> str:
    """The text in at most so many letters."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _bars(bars: Bars, width: int) -> Iterator[str]:
    from octowizard.presentation.bars import chart, heading  # few screens have any

    yield from _broken(heading(bars), width, "")
    made = chart(bars, width)
    label, name, figure = made.widths
    for line in made.lines:
        parts = (line.label[:label].ljust(label), line.name[:name].ljust(name), line.figure.rjust(figure))
        yield "  ".join((*filter(None, parts), line.bar)).rstrip()
