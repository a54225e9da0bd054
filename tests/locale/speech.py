"""Another tongue for tests: texts that are 40 % longer, and whether a screen speaks English where it should not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel.messages.pofile import read_po

from octowizard.locale import Catalogue
from octowizard.locale.labels import labels
from tests.locale.catalogues import source

LONGER = 1.4
PART = re.compile(r"\{[^}]*\}|%\(\w+\)[sr]|%[sr]|`[^`]*`|\s+|[^\s{`%]+|.")
MARK = "\N{LATIN SMALL LETTER O WITH STROKE}"  # in no text of ours


def longer(text: str) -> str:
    """The text with each of its words 40 % longer; places and what is typed letter for letter stay."""
    made, owed = [], 0.0
    for part in PART.findall(text):
        made.append(part)
        if len(part) > 1 and part[0].isalpha():
            owed += len(part) * (LONGER - 1)
            made.append(MARK * int(owed))
            owed -= int(owed)
    return "".join(made)


class Longer(Catalogue):
    """A catalogue that has every text, longer than it is."""

    def __init__(self) -> None:  # it has no file
        pass

    def text(self, message: str, context: str = "") -> str:
        return longer(message)

    def plural(self, singular: str, count: int) -> str | None:
        return longer(singular) if count == 1 else None


@cache
def _english(language: str) -> tuple[str, ...]:
    """Parts of English texts, three words or more, that no translation holds."""
    with source(language).open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    translated = " ".join(
        " ".join(one.string if isinstance(one.string, tuple) else (str(one.string),)) for one in messages
    )
    said = {
        " ".join(part.split())
        for message in messages
        for text in ([message.id] if isinstance(message.id, str) else message.id)
        for part in re.split(r"\{[^}]*\}", text)
    }
    wanted = {part.strip(" .,:;()“”") for part in said} - {label.en for label in labels().values()}
    return tuple(part for part in wanted if part.count(" ") > 1 and part not in translated)


def english_in(text: str, language: str) -> Iterator[str]:
    """The English texts of ours that stand on a screen of this language."""
    shown = " ".join(text.split())
    yield from (part for part in _english(language) if part in shown)
