"""Bars laid out in columns of letters, for plain text and for the screen.

A bar never stands alone: the name of its series and its figure are written before it, and each series has a filling
of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from octowizard.locale import _
from octowizard.locale.formats import count
from octowizard.presentation.blocks import Bars, shown

WIDTH = 80  # columns, where none are given
FILLINGS = ("█", "▒")
_AXIS = "│"
_WIDEST_LABEL, _WIDEST_NAME = 20, 14
_SHORTEST_BAR = 4


class Part(NamedTuple):
    """A part of one bar: its label, its filling repeated as long as its share is, and what it is of."""

    id: str
    label: str
    bar: str


def stacked(parts: Sequence[tuple[str, str, str, str, int]], width: int) -> list[Part]:
    """One bar of several parts on `width` columns, each behind its label; parts of nothing are left out.

    Of each part: id, mark, name, filling, number. In a narrow room the names go, and the mark says what it is.
    """
    there = [part for part in parts if part[4]]
    for named in (True, False):
        labels = [
            f"{mark} {count(number)} {name}" if named else f"{mark} {count(number)}"
            for _id, mark, name, _filling, number in there
        ]
        room = width - sum(map(len, labels)) - 3 * len(there) + 2
        if room >= 3 * len(there):
            break
    whole = sum(part[4] for part in there)
    room = max(len(there), room)
    return [
        Part(id, label, filling * (1 + number * (room - len(there)) // whole))
        for (id, _mark, _name, filling, number), label in zip(there, labels, strict=True)
    ]


class Bar(NamedTuple):
    """One line: its label (on the first of its lines only), the name of the series, the figure, the bar."""

    label: str
    name: str
    figure: str
    bar: str
    series: int


class Chart(NamedTuple):
    """The lines, and the columns that their first three parts take."""

    lines: list[Bar]
    widths: tuple[int, int, int]


def heading(bars: Bars) -> str:
    """The title with its unit."""
    if not bars.unit:
        return bars.title
    return _("{title} ({unit})").format(title=bars.title, unit=bars.unit)


def chart(bars: Bars, width: int = 0, bar: int = 0) -> Chart:
    """The bars on `width` columns, two blanks between the parts; nothing negative: all begin at the left.

    `bar`: the columns of a bar itself, where not the whole line counts.
    """
    width = width or WIDTH
    values = [[series.values[place] for series in bars.series] for place in range(len(bars.labels))]
    figures = [[shown(value) for value in row] for row in values]
    widths = (
        min(_WIDEST_LABEL, width // 4, max(map(len, bars.labels), default=0)),
        min(_WIDEST_NAME, width // 5, max((len(series.name) for series in bars.series), default=0)),
        max((len(text) for row in figures for text in row), default=0),
    )
    room = bar or max(_SHORTEST_BAR, width - sum(part + 2 for part in widths if part))
    flat = [value for row in values for value in row]
    low, high = min([0, *flat]), max([0, *flat])
    left = max(1, _columns(-low, high - low, room - 1)) if low else 0
    right = room - left - 1 if low else room
    lines = []
    for place, label in enumerate(bars.labels):
        for number, series in enumerate(bars.series):
            value = values[place][number]
            filling = FILLINGS[number % len(FILLINGS)]
            if low:
                minus = min(left, _columns(-value, high - low, room - 1)) if value < 0 else 0
                plus = min(right, _columns(value, high - low, room - 1)) if value > 0 else 0
                drawn = f"{(filling * minus).rjust(left)}{_AXIS}{filling * plus}"
            else:
                drawn = filling * _columns(value, high, room)
            lines.append(Bar("" if number else label, series.name, figures[place][number], drawn, number))
    return Chart(lines, widths)


def _columns(value: Decimal | int, most: Decimal | int, room: int) -> int:
    """How long a bar is; what is not nothing is seen."""
    if not value or not most:
        return 0
    return max(1, round(Decimal(value) * room / Decimal(most)))
