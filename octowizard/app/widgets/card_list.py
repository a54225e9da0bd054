"""The problems that octowizard knows, to pick one from: found by any word of it, in any of the three languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.app.content import cell
from octowizard.app.widgets.finding_list import TONES
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.planning.problems import MARKS

if TYPE_CHECKING:
    from octowizard.session.explanations import CardLine


class CardList(LineList):
    """One line for each card."""

    def __init__(self) -> None:
        super().__init__(id="cards-list")
        self.all: Sequence[CardLine] = ()
        self._shown: list[CardLine] = []

    @property
    def length(self) -> int:
        return len(self._shown)

    @property
    def chosen(self) -> CardLine | None:
        """The card under the cursor."""
        return self._shown[self.cursor] if self.cursor < len(self._shown) else None

    def search(self, text: str) -> None:
        """Only cards that hold every word of `text`."""
        words = text.casefold().split()
        self._fill([card for card in self.all if all(word in card.words for word in words)])

    def only(self, problems: Sequence[str]) -> None:
        """Only these, in this order."""
        known = {card.problem: card for card in self.all}
        self._fill([known[problem] for problem in problems if problem in known])

    def _fill(self, cards: list[CardLine]) -> None:
        if cards != self._shown:
            self._shown = cards
            self.cursor = 0
            self.redraw()
            self.go(0)

    def cells(self, index: int, width: int) -> list[Cell]:
        card = self._shown[index]
        area = 14
        return [
            (f"{MARKS[card.severity]} ", TONES[card.severity]),
            (cell(card.title, width - 2 - area), "text"),
            (cell(card.area, area), "soft"),
        ]
