"""The pairs of customers that may be one, a line each: how sure, both names, and what the user said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.presentation.pairs import ZONES

if TYPE_CHECKING:
    from octowizard.customers.review import Queue
    from octowizard.session.duplicates import Names

_TONES = {"sure": "ok", "doubtful": "warn", "not": "soft"}


def percent(score: float) -> str:
    """A score as people read it; never 100, since nothing is that sure."""
    return f"{min(99, int(score * 100))} %"


class PairList(LineList[int]):
    """The places of a queue; `answers` are those that the queue does not know yet."""

    NAME = "pairs"

    def __init__(self) -> None:
        super().__init__()
        self._queue: Queue | None = None
        self._answers: Mapping[Names, bool] = {}

    def show_queue(self, queue: Queue, answers: Mapping[Names, bool]) -> None:
        """Show these. `answers` is looked at again whenever a line is drawn."""
        self._queue, self._answers = queue, answers
        self.fill(range(len(queue)))

    def answered(self, place: int) -> bool | None:
        """What was said of the pair at a place; None: nothing yet."""
        if self._queue is None:
            return None
        return self._answers.get(self._queue.names(place), True if self._queue.agreed(place) else None)

    def title(self) -> str:
        return _("Pairs")

    def cells(self, place: int, width: int) -> list[Cell]:
        if self._queue is None:
            return []
        zone, left, right, score = self._queue.line(place)
        answer = self.answered(place)
        mark, tone = f"{ZONES[zone]} ", _TONES[zone]
        if answer is not None:
            mark, tone = ("✔ ", "ok") if answer else ("– ", "soft")
        room = max(0, width - 2 - 5)
        half = max(0, (room - 1) // 2)
        return [
            (mark, tone),
            (cell(left, half) + " ", "text" if answer is None else "soft"),
            (cell(right, room - half - 1), "text" if answer is None else "soft"),
            (cell(percent(score), 5, right=True), tone),
        ]
