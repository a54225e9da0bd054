"""The one door between text from outside and a widget: everything becomes textual `Content` here, letter for letter.

Customer names and vendors' messages are never parsed as markup (`Foo [BE] bvba` would lose its brackets, `[/x]`
would end the app). What a terminal would act upon instead of showing (control characters, characters that turn
the writing direction of a whole line) is shown as a visible sign, so that nothing from outside can move the
cursor, colour the screen or disguise an amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.content import Content

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
    Tone,
    tone_of,
)
from octowizard.presentation.folds import folded, without_details
from octowizard.presentation.quantities import joined, parted
from octowizard.presentation.text import lines as plain_lines
from octowizard.presentation.visible import lines_kept, plain


def content(*parts: str | tuple[str, str]) -> Content:
    """Content of texts and of (text, style) pairs; a style is one of textual's (`bold $error`). Line breaks stay."""
    return Content.assemble(
        *(lines_kept(part) if isinstance(part, str) else (lines_kept(part[0]), part[1]) for part in parts)
    )


def cell(text: str, width: int, *, right: bool = False) -> str:
    """The text on exactly `width` columns: cut with `…`, filled with blanks, counted in terminal columns."""
    if width <= 0:
        return ""
    shown = plain(text)
    room = cell_len(shown)
    if room > width:
        shown = _cut(shown, width - 1) + "…"
        room = cell_len(shown)
    blank = " " * (width - room)
    return blank + shown if right else shown + blank


def _cut(text: str, width: int) -> str:
    if text.isascii():
        return text[:width]
    taken = 0
    for index, letter in enumerate(text):
        taken += cell_len(letter)
        if taken > width:
            return text[:index]
    return text


def wrapped(text: str, width: int) -> list[str]:
    """The text broken between words into lines of at most `width` columns."""
    broken: list[str] = []
    for line in joined(lines_kept(text)).split("\n"):
        present = ""
        for word in line.split(" "):
            longer = f"{present} {word}" if present else word
            if cell_len(longer) <= width:
                present = longer
                continue
            if present:
                broken.append(present)
            present = word
            while cell_len(present) > width:
                head = _cut(present, width)
                if "://" in word:  # an address is broken behind a part of it
                    head = head[: max(head.rfind(sign) for sign in "/?&=-") + 1] or head
                broken.append(head)
                present = present[len(head) :]
        broken.append(present)
    return [parted(line) for line in broken]


# --- blocks ---------------------------------------------------------------------------------------------------

STYLES: dict[Tone, str] = {
    "text": "",
    "head": "bold",
    "soft": "$soft",
    "accent": "$accent",
    "quote": "italic",
    "ok": "$success",
    "bad": "$error",
    "warn": "$warning",
    "busy": "$primary",
}
BAR_STYLES = ("$primary", "$accent")
WIDEST_LABEL = 14


def style_of(mark: str) -> str:
    """The style that repeats what a mark says."""
    return STYLES[tone_of(mark)]


def hung(lead: str, style: str, text: str, width: int, body: str = "") -> list[Content]:
    """The text behind its lead, broken lines below each other."""
    indent = cell_len(lead)
    return [
        content((" " * indent if number else lead, style), (line, body))
        for number, line in enumerate(wrapped(text, max(10, width - indent)))
    ]


def drawn(blocks: Iterable[Block], width: int, *, widest: int = WIDEST_LABEL) -> list[Content]:
    """The lines of the blocks on `width` columns. Fields that follow each other have their values in one column."""
    lines: list[Content] = []
    fields: list[Entry] = []
    for block in blocks:
        if isinstance(block, Entry):
            if block.label and fields and not any(field.label for field in fields):
                lines += _fields(fields, width, widest)  # what is told of the item above them
                fields = []
            fields.append(block)
            continue
        lines += _fields(fields, width, widest)
        fields = []
        match block:
            case Heading():
                lines += hung(
                    f"{block.mark} " if block.mark else "", style_of(block.mark), block.text, width, "bold"
                )
                if block.aside:
                    lines[-1] += content((f"  {block.aside}", "$soft"))
            case Item():
                lead = f"{block.mark} " if block.mark else ""
                style = STYLES[block.lead or tone_of(block.mark)]
                lines += [
                    content(" " * block.indent) + line
                    for line in hung(lead, style, block.text, width - block.indent, STYLES[block.tone])
                ]
            case Keys() if len(block.keys) == 1:
                lines += hung(
                    f"{block.keys[0][0]}  ", "bold $primary", block.keys[0][1], width, STYLES[block.tone]
                )
            case Keys():
                parts = [
                    part for key, words in block.keys for part in ((key, "bold $primary"), f" {words}   ")
                ]
                lines.append(content(" " * block.indent, *parts, (block.aside, "$soft")))
            case Table():
                lines += [content(line) for line in plain_lines([block], width)]
            case Bars():
                lines += _bars(block, width)
            case Gap():
                lines.append(content(""))
    return lines + _fields(fields, width, widest)


def _fields(fields: Sequence[Entry], width: int, widest: int) -> list[Content]:
    labels = [f"{field.mark} {field.label}" if field.mark else field.label for field in fields]
    column = min(widest, max(map(cell_len, labels), default=0)) + 2
    lines: list[Content] = []
    for field, label in zip(fields, labels, strict=True):
        if cell_len(label) > column - 2:  # the name of a file: on a line of its own
            lines.append(content(" " * field.indent, (label, "$soft")))
            label = ""
        # What is ruled out, and so told softly, is no alarm.
        tone = style_of(field.mark) if field.mark and field.tone != "soft" else "$soft"
        lead = label + " " * (column - cell_len(label))
        indent = content(" " * field.indent)
        lines += [
            indent + line for line in hung(lead, tone, field.text, width - field.indent, STYLES[field.tone])
        ]
    return lines


def _bars(block: Bars, width: int) -> list[Content]:
    from octowizard.presentation.bars import chart, heading  # few screens have any

    made = chart(block, width)
    label, name, figure = made.widths
    return hung("", "", heading(block), width, "bold") + [
        content(
            *(f"{text}  " for text in (cell(line.label, label), cell(line.name, name)) if text),
            f"{cell(line.figure, figure, right=True)}  ",
            (line.bar, BAR_STYLES[line.series % len(BAR_STYLES)]),
        )
        for line in made.lines
    ]


def fitting(page: Page, width: int, height: int) -> Content:
    """The page with its evidence where it has room on so many lines, else folded; raw words of a vendor stay folded."""
    whole = without_details(page)
    shown = render(whole, width)
    return shown if shown.plain.count("\n") < height else render(folded(page), width)


def render(page: Page, width: int) -> Content:
    """A page on `width` columns: its title, and its blocks two columns under it."""
    head = drawn([Heading(page.title, page.mark, page.aside)], width)
    return Content("\n").join([*head, *(content("  ") + line for line in drawn(page.blocks, width - 2))])
