"""The vendors' menu labels in the language their screens are shown in: `labels.toml`, read once.

Not the language octowizard itself speaks: a profile names the language of the user's Octopus apart from it.
Sources: the vendors' manuals and help pages; what nobody has seen on a screen is marked uncertain there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Language = Literal["en", "nl", "fr"]


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One label. `nl`, `fr`: empty where only the English one is known. `uncertain`: languages not seen."""

    id: str
    en: str
    nl: str = ""
    fr: str = ""
    uncertain: tuple[Language, ...] = ()

    def shown(self, language: Language) -> str:
        """The label as the screen shows it; where that is uncertain, the English one beside it."""
        own = {"en": self.en, "nl": self.nl, "fr": self.fr}[language]
        if not own or own == self.en:
            return self.en
        return f"{own} ({self.en})" if language in self.uncertain else own


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: tuple[Label, ...]


@cache
def labels() -> dict[str, Label]:
    """All labels by id."""
    read = msgspec.toml.decode((files("octowizard.locale") / "labels.toml").read_bytes(), type=_File)
    return {label.id: label for label in read.label}


def shown(id: str, language: Language) -> str:
    """One label, by its id."""
    return labels()[id].shown(language)


def path(ids: Iterable[str], language: Language) -> str:
    """A menu path: `Beheer > Dagboeken`."""
    return " > ".join(shown(id, language) for id in ids)
