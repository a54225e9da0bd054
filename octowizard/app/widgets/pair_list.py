"""The pairs of customers that may be one, a line each: how sure, both names, and what the user said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList

if TYPE_CHECKING:
    from octowizard.customers.review import Queue
    from octowizard.session.duplicates import Names

_MARKS = {"sure": ("= ", "ok"), "doubtful": ("? ", "warn"), "not": ("≠ ", "soft")}


def percent(score: float) -> str:
    """A score as people read it; never 100, since nothing is that sure."""
    return f"{min(99, int(score * 100))} %"


class PairList(LineList):
    """Draws only the lines in sight; `said` are answers that the queue does not know yet."""

    def __init__(self) -> None:
        super().__init__(id="pairs")
        self._queue: Queue | None = None
        self._said: Mapping[Names, bool] = {}

    @property
    def length(self) -> int:
        return len(self._queue) if self._queue is not None else 0

    def fill(self, queue: Queue, said: Mapping[Names, bool]) -> None:
        """Show these. `said` is looked at again whenever a line is drawn."""
        self._queue, self._said = queue, said
        self.redraw()

    def answered(self, index: int) -> bool | None:
        """What was said of the pair at a place; None: nothing yet."""
        if self._queue is None:
            return None
        return self._said.get(self._queue.names(index), True if self._queue.agreed(index) else None)

    def cells(self, index: int, width: int) -> list[Cell]:
        if self._queue is None:
            return []
        zone, left, right, score = self._queue.line(index)
        answer = self.answered(index)
        mark, tone = _MARKS[zone]
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
