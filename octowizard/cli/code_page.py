"""What stands for a character that the code page of a terminal or a pipe lacks: each mark keeps a sign of its own.

A question mark never does: it means that something is not known.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from typing import Final

NAME: Final = "octowizard.code_page"
"""Under which `substitute` is registered as an error handler of codecs."""

SIGNS: Final = {
    "✔": "v",
    "✖": "X",
    "▲": "^",
    "●": "*",
    "○": "o",
    "→": "->",
    "←": "<-",
    "⇄": "<->",
    "–": "-",
    "—": "-",
    "−": "-",
    "·": ".",
    "▒": "%",
    "█": "#",
    "▓": "@",
    "░": ":",
    "▁": "_",
    "▂": ".",
    "▃": "-",
    "▄": "~",
    "▅": "=",
    "▆": "+",
    "▇": "*",
    "─": "-",
    "▶": ">",
    "‹": "<",
    "›": ">",
    "│": "|",
    "×": "x",
    "≠": "!=",
    "≈": "~",
    "…": "...",
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "«": '"',
    "»": '"',
    "€": "EUR",
    "°": "o",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
}


def substitute(error: UnicodeError) -> tuple[str | bytes, int]:
    r"""An error handler of codecs: a sign, the letter without its accent, or `\u….` where nothing is like it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_sign, error.object[error.start : error.end])), error.end


def _sign(character: str) -> str:
    if character in SIGNS:
        return SIGNS[character]
    from unicodedata import combining, normalize

    plain = "".join(c for c in normalize("NFKD", character) if not combining(c))
    return plain if plain and plain.isascii() else character.encode("ascii", "backslashreplace").decode()
