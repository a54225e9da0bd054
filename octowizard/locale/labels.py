"""The vendors' menu labels, in the language that each vendor shows its screens in: `labels.toml`, read once.

Not the language octowizard itself speaks: a profile names those of the user's Octopus and Teamleader apart from it.
Sources: the vendors' manuals and help pages; what nobody has seen on a screen is marked there, and bears `MARK`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

import msgspec

Language = Literal["en", "nl", "fr"]
MARK = "*"


class Languages(NamedTuple):
    """In which language each vendor shows its screens."""

    octopus: Language = "en"
    teamleader: Language = "en"

    @classmethod
    def both(cls, language: Language) -> Languages:
        """The same for both."""
        return cls(language, language)


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One label. `nl`, `fr`: empty where only the English one is known.

    `uncertain`: languages in which it is the vendor's own word, but was not seen in this place. `unseen`: languages in
    which it was not seen at all.
    """

    id: str
    en: str
    nl: str = ""
    fr: str = ""
    uncertain: tuple[Language, ...] = ()
    unseen: tuple[Language, ...] = ()

    def shown(self, languages: Languages) -> str:
        """The label as its vendor shows it; one that nobody has seen bears the mark, and the English one beside it."""
        language = languages.octopus if self.id.startswith("octopus.") else languages.teamleader
        own = {"en": self.en, "nl": self.nl, "fr": self.fr}[language] or self.en
        if language in self.uncertain:
            return f"{own}{MARK}"
        if language in self.unseen:
            return f"{own}{MARK} ({self.en})" if own != self.en else f"{own}{MARK}"
        return own


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: tuple[Label, ...]


@cache
def labels() -> dict[str, Label]:
    """All labels by id."""
    from importlib.resources import files  # a profile needs the languages alone

    read = msgspec.toml.decode((files("octowizard.locale") / "labels.toml").read_bytes(), type=_File)
    return {label.id: label for label in read.label}


def shown(id: str, languages: Languages) -> str:
    """One label, by its id."""
    return labels()[id].shown(languages)


def path(ids: Iterable[str], languages: Languages) -> str:
    """A menu path: `Beheer > Dagboeken`."""
    return " > ".join(shown(id, languages) for id in ids)
