"""The languages octowizard speaks. Every text a user sees passes through `_` or `ngettext`.

Not the language Octopus is shown in: that one is a setting of the profile, and lives with the vendors' labels.
"""

import os
import sys

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from octowizard.locale.labels import Language

FILE = "octowizard.mo"  # in LC_MESSAGES of a language's folder; without it that language is not spoken
_MAGIC = b"\xde\x12\x04\x95"  # little-endian, as `python -m tests.locale.catalogues` writes it
_CONTEXT = "\x04"  # stands between the context of a text and the text
_WINDOWS = {0x13: "nl", 0x0C: "fr", 0x09: "en"}  # the primary language of a LANGID
_spoken = "en"
_catalogue: "Catalogue | None" = None  # None: English, the language of the sources
_chosen: str | None = None
said: set[str] = set()
"""Every text that was given out: the words of octowizard itself, before names and numbers were put into them."""


def choose(language: str | None = None) -> None:
    """Speak `language` (`nl`, `fr`, `en`) from now on; without one, what the environment or the system asks for.

    A language without a catalogue falls back to English, the language of the sources.
    """
    global _catalogue, _chosen, _spoken
    _chosen = language
    wanted = language or os.environ.get("OCTOWIZARD_LANGUAGE") or next(_of_system(), "")
    made, spoken = None, "en"
    if (code := wanted[:2].lower()) in _PLURALS:
        try:
            with open(_path(code), "rb") as file:  # noqa: PTH123 - pathlib is slow to load
                body = file.read()
        except OSError:
            pass
        else:
            made, spoken = Catalogue(body, _PLURALS[code]), code
    _catalogue, _spoken = made, spoken


def _of_system() -> "Iterator[str]":
    """The languages that the system asks for and octowizard knows, the first one first.

    As GNU gettext reads the environment: LC_ALL, LC_MESSAGES or LANG say which one, and `C` and `POSIX` none;
    LANGUAGE lists others that come before it. Where none of them is set, Windows names its own.
    """
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    named = next(filter(None, variables), "")
    if named.partition(".")[0] in ("C", "POSIX"):
        return
    listed = os.environ.get("LANGUAGE", "").split(":")
    if sys.platform == "win32" and not named and not any(listed):
        from ctypes import windll

        listed = [_WINDOWS.get(windll.kernel32.GetUserDefaultUILanguage() & 0x3FF, "")]
    for one in (*listed, named):
        if (code := one[:2].lower()) == "en" or code in _PLURALS:
            yield code


def _path(language: str) -> str:
    return os.path.join(__path__[0], language, "LC_MESSAGES", FILE)  # noqa: PTH118 - pathlib is slow to load


# The languages beside English, and which form a number takes in each: Dutch has one for 1 alone, French for 0 and 1.
_PLURALS = {"nl": lambda number: int(number != 1), "fr": lambda number: int(number > 1)}


def available() -> list[str]:
    """The languages that there is a catalogue for, and English; in the order in which they follow each other."""
    return ["en", *(code for code in _PLURALS if os.path.exists(_path(code)))]  # noqa: PTH110 - as above


def language_name(code: str) -> str:
    """What a language is called, in the present one."""
    return {"en": _("English"), "nl": _("Dutch"), "fr": _("French")}.get(code, code)


def chosen() -> str | None:
    """The language that `choose` was given last: None for what the environment asks for."""
    return _chosen


def spoken() -> "Language":
    """The language that texts are in: the chosen one where it has a catalogue, else English."""
    return _spoken  # type: ignore[return-value]  # "en", or a key of _PLURALS


def _(message: str) -> str:
    """The message in the chosen language. Placeholders stay `{named}`: format after translating."""
    text = (_catalogue.text(message) if _catalogue else None) or message
    said.add(text)
    return text


def ngettext(singular: str, plural: str, count: int) -> str:
    """The singular or plural form for `count`, in the chosen language."""
    text = (_catalogue.plural(singular, count) if _catalogue else None) or (
        singular if count == 1 else plural
    )
    said.add(text)
    return text


def pgettext(context: str, message: str) -> str:
    """As `_`, for a word that means another thing elsewhere; `context` tells translators which is meant."""
    text = (_catalogue.text(message, context) if _catalogue else None) or message
    said.add(text)
    return text


class Catalogue:
    """One compiled catalogue, of which only the texts that are shown are decoded.

    The standard library's reader decodes all of it when it opens: for some thousands of texts that takes longer than
    printing `--help` does. The file holds its keys sorted, so a text is found by halving. Format: GNU gettext manual,
    "The Format of GNU MO Files". It stands here: to find a file of its own takes as long as all texts of `--help`.
    `plural`: which of its forms a number takes, counted from 0.
    """

    def __init__(self, body: bytes, plural: "Callable[[int], int]") -> None:
        if body[:4] != _MAGIC:
            raise ValueError("not a compiled catalogue")
        self._body = body
        self._plural = plural
        self._number, keys, texts = (int.from_bytes(body[at : at + 4], "little") for at in (8, 12, 16))
        # Of each key and each text its length and its place, one after the other.
        self._keys, self._texts = (_numbers(body[at : at + 8 * self._number]) for at in (keys, texts))
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
        body, keys = self._body, self._keys
        low, high = 0, self._number
        while low < high:
            middle = (low + high) // 2
            start = keys[2 * middle + 1]
            if body[start : start + keys[2 * middle]] < key:
                low = middle + 1
            else:
                high = middle
        if low == self._number:
            return None
        # The key of a text that counts is `singular NUL plural`; NUL sorts before all that a text holds, and every
        # key ends with one that its length does not count.
        start = keys[2 * low + 1]
        if body[start : start + len(key) + 1] != key + b"\0":
            return None
        start, length = self._texts[2 * low + 1], self._texts[2 * low]
        return tuple(body[start : start + length].decode().split("\0"))


def _numbers(table: bytes) -> memoryview:
    """The numbers of four bytes in a table, read where they stand."""
    if sys.byteorder == "big":
        table = b"".join(table[at : at + 4][::-1] for at in range(0, len(table), 4))
    return memoryview(table).cast("I")
