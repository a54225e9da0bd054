"""Bars as a drawing of a web page: SVG with the figures written beside them, so that it is read without colours too.

Shapes only, no texts of its own: `report.html.j2` puts them in place and escapes what is written.
"""

from __future__ import annotations

from typing import NamedTuple

from octowizard.presentation.blocks import Bars, shown
from octowizard.presentation.text import cut

WIDTH, ROW, BETWEEN = 680, 16, 8
_LABEL, _FIGURE = 150, 110
_LONGEST = 24  # letters of a label


class Drawn(NamedTuple):
    """One bar: where it lies, its series, and the figure that is written beside it."""

    x: float
    y: float
    width: float
    series: int
    figure: str


class Label(NamedTuple):
    """A label, above its bars."""

    y: float
    text: str


class Drawing(NamedTuple):
    """All of a chart, in units of its view box. `axis`: the x of nothing."""

    width: int
    height: int
    axis: float
    labels: list[Label]
    bars: list[Drawn]


def drawing(bars: Bars) -> Drawing:
    """Horizontal bars, those of a label below each other; what is below zero lies left of the axis."""
    values = [float(value) for series in bars.series for value in series.values]  # a drawing, no sum
    low, high = min([0.0, *values]), max([0.0, *values])
    scale = (WIDTH - _LABEL - _FIGURE) / ((high - low) or 1.0)
    axis = _LABEL - low * scale
    labels, drawn, y = list[Label](), list[Drawn](), 0.0
    for place, label in enumerate(bars.labels):
        labels.append(Label(y + ROW * len(bars.series) / 2, cut(label, _LONGEST)))
        for number, series in enumerate(bars.series):
            value = series.values[place]
            width = abs(float(value)) * scale
            drawn.append(Drawn(axis - width if value < 0 else axis, y, round(width, 1), number, shown(value)))
            y += ROW
        y += BETWEEN
    return Drawing(WIDTH, max(1, int(y)), round(axis, 1), labels, drawn)
