"""The one door between text from outside and a widget: everything becomes textual `Content` here, letter for letter.

Customer names and vendors' messages are never parsed as markup (`Foo [BE] bvba` would lose its brackets, `[/x]`
would end the app). What a terminal would act upon instead of showing (control characters, characters that turn
the writing direction of a whole line) is shown as a visible sign, so that nothing from outside can move the
cursor, colour the screen or disguise an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)  # ␛, ␊, ␉: the Control Pictures block
    if code == 0x7F:
        return "␡"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"‹{code:04X}›"


def plain(text: str) -> str:
    """The text on one line, with everything a terminal would act upon made visible."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_visible, text)


def lines(text: str) -> str:
    """As `plain`, but the line breaks of the text stay line breaks."""
    return "\n".join(plain(line) for line in text.splitlines())


def content(*parts: str | tuple[str, str]) -> Content:
    """Content of texts and of (text, style) pairs; a style is one of textual's (`bold $error`). Line breaks stay."""
    return Content.assemble(
        *(lines_kept(part) if isinstance(part, str) else (lines_kept(part[0]), part[1]) for part in parts)
    )


def lines_kept(text: str) -> str:
    """As `lines`, and an ending line break stays too."""
    return "\n".join(plain(line) for line in text.split("\n"))


def paragraphs(pieces: Iterable[Content]) -> Content:
    """The pieces under each other."""
    return Content("\n").join(list(pieces))


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
    found: list[str] = []
    for line in lines_kept(text).split("\n"):
        present = ""
        for word in line.split(" "):
            joined = f"{present} {word}" if present else word
            if cell_len(joined) <= width:
                present = joined
                continue
            if present:
                found.append(present)
            present = word
            while cell_len(present) > width:
                head = _cut(present, width)
                found.append(head)
                present = present[len(head) :]
        found.append(present)
    return found
