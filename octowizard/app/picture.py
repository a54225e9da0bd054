"""The screen as an SVG: readable offline, without secrets; on wish without any word that is not octowizard's own."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment, Segments

from octowizard.transport.redact import redact

if TYPE_CHECKING:
    from octowizard.app.shell import Shell

_FONTS = re.compile(r"@font-face\s*\{[^}]*\}\s*")  # they lie on somebody's server
_WORD = re.compile(r"[^\W\d_]+")


def svg(app: Shell, *, own_words: Collection[str] | None = None, own_rows: Collection[int] = ()) -> str:
    """What is on the screen now.

    `own_words`: the words that octowizard says itself. Where they are given, every other word and all digits are
    masked, letter by letter, except on `own_rows`.
    """
    width, height = app.size
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    shown = app.screen._compositor.render_update(
        full=True, screen_stack=app._background_screens, simplify=True
    )
    assert shown is not None  # a full update always is
    rows: list[list[Segment]] = []
    for number, row in enumerate(Segment.split_lines(console.render(shown))):
        text = "".join(segment.text for segment in row if not segment.control)
        if redact(text) != text:
            rows.append(_masked(row, ()))
        elif own_words is not None and number not in own_rows:
            rows.append(_masked(row, own_words))
        else:
            rows.append(row)
    console.print(Segments([part for row in rows for part in (*row, Segment.line())]), end="")
    return _FONTS.sub("", console.export_svg(title=app.title), count=2)


def _masked(row: Iterable[Segment], own_words: Collection[str]) -> list[Segment]:
    return [Segment(mask(part.text, own_words), part.style) for part in row if not part.control]


def mask(text: str, own_words: Collection[str]) -> str:
    """The text with other words and all digits replaced by x and 0; as wide as it was."""

    def word(match: re.Match[str]) -> str:
        return match.group() if match.group().casefold() in own_words else _crossed(match.group())

    return re.sub(r"\d", "0", _WORD.sub(word, text))


def _crossed(word: str) -> str:
    return "".join(("X" if letter.isupper() else "x") * cell_len(letter) for letter in word)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of these texts, as `own_words` wants them."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))
