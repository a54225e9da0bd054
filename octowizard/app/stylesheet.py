"""The looks of all screens: parsed once for each theme, and before a screen is opened that nobody has seen yet."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from octowizard.app.places import PLACES

Parsed = LRUCache[tuple[Any, ...], list[RuleSet]]
SOURCES = 512  # pieces of CSS of which the rules are kept; the app has about a hundred
THEMES = 3  # themes whose rules are kept
HERE = Path(__file__).parent
# What is opened from nearly every place, and so is made ready with the places; the rest is parsed at its first visit.
FROM_MANY = ("detail", "confirm", "form", "help", "records")


class KeptStylesheet(Stylesheet):
    """Textual's, which parses a piece of CSS again only under variables that it has not seen.

    Textual parses all of them whenever one is added, because a mistake in one must not spoil the others while somebody
    writes it. That holds up the loop for 40 ms and more at the first visit of each screen (measured).
    """

    _kept: ClassVar[dict[tuple[tuple[str, str], ...], Parsed]] = {}

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache = self._of(variables)

    @classmethod
    def _of(cls, variables: dict[str, str]) -> Parsed:
        """What was parsed under these variables."""
        key = tuple(sorted(variables.items()))
        parsed = cls._kept.pop(key, None) or LRUCache(SOURCES)
        cls._kept[key] = parsed
        for old in list(cls._kept)[:-THEMES]:
            del cls._kept[old]
        return parsed

    def set_variables(self, variables: dict[str, str]) -> None:
        """As Textual does, which clears the rules that it has parsed."""
        self._parse_cache = LRUCache(1)
        super().set_variables(variables)
        self._parse_cache = self._of(variables)

    def reparse(self) -> None:
        """Take in what was added."""
        self.parse()

    def make_ready(self) -> list[Path]:
        """Import the screens and parse their looks; the files. For a thread: nothing of it shows yet."""
        for name in (*(place.mode for place in PLACES), *FROM_MANY):
            import_module(f"octowizard.app.screens.{name}")
        files = sorted(HERE.rglob("*.tcss"))
        for file in files:
            if not self.has_source(str(file)):
                self._parse_rules(file.read_text(encoding="utf-8"), (str(file), ""))
        return files

    def take_in(self, files: Iterable[Path]) -> None:
        """Have these looks among the others."""
        for file in files:
            if not self.has_source(str(file)):
                self.read(file)
