"""One compiled catalogue (`octowizard.mo`), of which only the texts that are shown are decoded.

The standard library's reader decodes all of it when it opens: for some thousands of texts that takes longer than
printing `--help` does. The file holds its keys sorted, so a text is found by halving. Format: GNU gettext manual,
"The Format of GNU MO Files".
"""

from __future__ import annotations

from collections.abc import Callable

_MAGIC = b"\xde\x12\x04\x95"  # little-endian, as `python -m tests.locale.catalogues` writes it
_CONTEXT = "\x04"  # stands between the context of a text and the text


class Catalogue:
    """The texts of one language. `plural`: which of its forms a number takes, counted from 0."""

    def __init__(self, body: bytes, plural: Callable[[int], int]) -> None:
        if body[:4] != _MAGIC:
            raise ValueError("not a compiled catalogue")
        self._body = body
        self._plural = plural
        self._number, self._keys, self._texts = (self._int(at) for at in (8, 12, 16))
        self._read: dict[str, tuple[str, ...] | None] = {}

    def text(self, message: str, context: str = "") -> str | None:
        """The translation of a message; None where there is none."""
        forms = self._forms(f"{context}{_CONTEXT}{message}" if context else message)
        return forms[0] if forms else None

    def plural(self, singular: str, count: int) -> str | None:
        """The translation of a message that counts, in the form that `count` takes; None where there is none."""
        forms = self._forms(singular)
        return forms[min(self._plural(count), len(forms) - 1)] if forms else None

    def _forms(self, key: str) -> tuple[str, ...] | None:
        """All forms of a text, kept once they were decoded."""
        try:
            return self._read[key]
        except KeyError:
            forms = self._read[key] = self._find(key.encode())
            return forms

    def _find(self, key: bytes) -> tuple[str, ...] | None:
        low, high = 0, self._number
        while low < high:
            middle = (low + high) // 2
            # The key of a text that counts is `singular NUL plural`; NUL sorts before all that a text holds.
            present = self._bytes(self._keys, middle).partition(b"\0")[0]
            if present == key:
                return tuple(self._bytes(self._texts, middle).decode().split("\0"))
            if present < key:
                low = middle + 1
            else:
                high = middle
        return None

    def _bytes(self, table: int, row: int) -> bytes:
        length, start = self._int(table + 8 * row), self._int(table + 8 * row + 4)
        return self._body[start : start + length]

    def _int(self, at: int) -> int:
        return int.from_bytes(self._body[at : at + 4], "little")
