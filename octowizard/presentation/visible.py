"""Text from outside, letter for letter, with what would act instead of being read made visible.

Control characters move a cursor and are no characters of a web page; those that turn the writing direction disguise
an amount; lone surrogates can be written to no file.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
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
    """The text on one line, with everything that would act upon whatever shows it made visible."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_visible, text)


def lines_kept(text: str) -> str:
    """As `plain`, but the line breaks of the text stay line breaks."""
    return "\n".join(plain(line) for line in text.split("\n"))
