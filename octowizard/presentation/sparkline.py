"""A row of figures as one line of little columns, and a pace that is kept as such a row, however long a run takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_COLUMNS = "▁▂▃▄▅▆▇█"
_KEPT = 120  # figures; then each two become one


def sparkline(figures: Sequence[float], width: int) -> str:
    """One column for each figure, on `width` columns at most; the highest is full, and 0 the lowest that there is."""
    if not figures or width <= 0:
        return ""
    shown = _squeezed(figures, width)
    top = max(shown)
    return "".join(_COLUMNS[round(figure * (len(_COLUMNS) - 1) / top) if top > 0 else 0] for figure in shown)


def _squeezed(figures: Sequence[float], width: int) -> list[float]:
    """As many means of neighbours as there are columns."""
    number = len(figures)
    if number <= width:
        return list(figures)
    edges = [place * number // width for place in range(width + 1)]
    return [sum(figures[begin:end]) / (end - begin) for begin, end in pairwise(edges)]


class Rates:
    """Figures that come one after the other; a long row is kept coarser, so that its memory does not grow."""

    def __init__(self) -> None:
        self._figures: list[float] = []
        self._each = 1  # so many that came make one that is kept
        self._coming: list[float] = []

    def add(self, figure: float) -> None:
        """One more."""
        self._coming.append(figure)
        if len(self._coming) < self._each:
            return
        self._figures.append(sum(self._coming) / len(self._coming))
        self._coming = []
        if len(self._figures) >= _KEPT:
            self._figures = _squeezed(self._figures, _KEPT // 2)
            self._each *= 2

    def take(self, lately: float | None, before: float | None) -> None:
        """A pace of the last seconds; of recordings that have none, that of the last minute."""
        rate = lately if lately is not None else before
        if rate is not None:
            self.add(rate)

    def drawn(self, width: int) -> str:
        """All of them as a line of little columns."""
        return sparkline(self._figures, width)
