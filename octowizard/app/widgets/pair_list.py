"""The pairs of customers that may be one, a line each: how sure, both names, and what the user said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from octowizard.app.columns import GAP, cells, halves, wanted
from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.presentation.one_pair import apart, reason, same_name

if TYPE_CHECKING:
    from octowizard.customers.review import Kind, Queue
    from octowizard.session.duplicates import Names

_MARKS = {"sure": ("= ", "ok"), "doubtful": ("? ", "warn"), "telling": ("≠ ", "soft")}
_REASON = 24  # columns for the evidence, where both names have enough beside it
_ENOUGH = 30
SAMPLE = 200  # pairs that are looked at for the widths of the columns


class PairList(LineList[int]):
    """The places of a queue; `answers` are those that the queue does not know yet."""

    NAME = "pairs"

    def __init__(self) -> None:
        super().__init__()
        self._queue: Queue | None = None
        self._answers: Mapping[Names, bool] = {}
        self._wants = (0, 0)  # the columns of both names

    def show_queue(self, queue: Queue, answers: Mapping[Names, bool]) -> None:
        """Show these. `answers` is looked at again whenever a line is drawn."""
        self._queue, self._answers = queue, answers
        places = range(
            0, len(queue), max(1, len(queue) // SAMPLE)
        )  # among thousands some tell how wide they are
        left, right = wanted([self._texts(queue, place) for place in places]) or (0, 0)
        self._wants = left, right
        self.fill(range(len(queue)))

    @staticmethod
    def _texts(queue: Queue, place: int) -> tuple[str, str]:
        """Both names; what sets them apart where they are one."""
        line = queue.line(place)
        return line.left.name, apart(*queue.identities(place)) if same_name(line) else line.right.name

    def answered(self, place: int) -> bool | None:
        """What was said of the pair at a place; None: nothing yet."""
        if self._queue is None:
            return None
        return self._answers.get(self._queue.names(place), self._queue.said(place))

    def kind(self, place: int) -> Kind | None:
        """Of which kind the pair at a place is now."""
        if self._queue is None:
            return None
        return "judged" if self.answered(place) is not None else self._queue.kind(place)

    def kinds(self) -> Counter[Kind]:
        """How many pairs are of each kind, with the answers that the queue does not know yet."""
        if self._queue is None:
            return Counter()
        numbers = self._queue.kinds()
        for names in self._answers:
            place = self._queue.index(names)
            if place is not None:
                numbers[self._queue.kind(place)] -= 1
                numbers["judged"] += 1
        return numbers

    def title(self) -> str:
        return _("Pairs")

    def cells(self, place: int, width: int) -> list[Cell]:
        if self._queue is None:
            return []
        line = self._queue.line(place)
        answer = self.answered(place)
        mark, tone = _MARKS.get(line.kind, ("  ", "soft"))
        if answer is not None:
            mark, tone = ("✔ ", "ok") if answer else ("– ", "soft")
        tint = "text" if answer is None else "soft"
        room = max(0, width - 2)
        wide = room >= 2 * _ENOUGH + _REASON + 4
        two = max(0, room - GAP - (_REASON + GAP if wide else 0))
        name, other = cells(self._texts(self._queue, place), halves(*self._wants, two))
        shown = [
            (mark, tone),
            (name, tint),
            (other, "soft" if same_name(line) else tint),
        ]
        if wide:
            shown.append((" " * GAP + cell(reason(line), _REASON), "soft"))
        return shown
