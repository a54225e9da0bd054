"""The problems that octowizard knows, to pick one from: found by any word of it, in any of the three languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.app.columns import cells, shared, wanted
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.planning.problems import MARKS
from octowizard.presentation.blocks import tone_of

if TYPE_CHECKING:
    from octowizard.session.explanations import CardLine


class CardList(LineList["CardLine"]):
    """One line for each card."""

    NAME = "cards-list"

    def __init__(self) -> None:
        super().__init__()
        self.all: Sequence[CardLine] = ()
        self._wants = [0, 0]  # the columns of title and area

    def search(self, text: str) -> None:
        """Only cards that hold every word of `text`."""
        words = text.casefold().split()
        self._fill([card for card in self.all if all(word in card.words for word in words)])

    def only(self, problems: Sequence[str]) -> None:
        """Only these, in this order."""
        known = {card.problem: card for card in self.all}
        self._fill([known[problem] for problem in problems if problem in known])

    def _fill(self, cards: list[CardLine]) -> None:
        if cards != self.lines:
            self.lines, self.cursor = cards, 0
            self._wants = wanted([(card.title, card.area) for card in cards]) or [0, 0]
            self.redraw()
            self.go(0)

    def title(self) -> str:
        return _("Problems")

    def cells(self, card: CardLine, width: int) -> list[Cell]:
        mark = MARKS[card.severity]
        title, area = cells((card.title, card.area), shared(self._wants, width - 2))
        return [
            (f"{mark} ", tone_of(mark)),
            (title, "text"),
            (area, "soft"),
        ]
