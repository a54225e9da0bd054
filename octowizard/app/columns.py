"""The columns of a list: each as wide as its widest text where there is room; where not, the widest name gives way.

Two columns never touch, and nothing is cut while another column has blanks to spare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len

from octowizard.app.content import cell
from octowizard.presentation.visible import plain

GAP = 2  # blanks between two columns
LEAST = 4  # columns that a name keeps while anything else can give way


def wanted(rows: Iterable[Sequence[str]]) -> list[int]:
    """The widest text of each column; rows of one length."""
    return [max(map(cell_len, map(plain, column)), default=0) for column in zip(*rows, strict=True)]


def shared(wants: Sequence[int], width: int, *, whole: Collection[int] = ()) -> list[int]:
    """The width of each column on `width`, gaps left out. `whole`: places of figures, which are cut last.

    What is left over goes to the first name.
    """
    widths = list(wants)
    names = [place for place in range(len(widths)) if place not in whole]
    room = max(0, width - GAP * (len(widths) - 1))
    for places, least in ((names, LEAST), (range(len(widths)), 0)):
        while sum(widths) > room and any(widths[place] > least for place in places):
            widths[max(places, key=widths.__getitem__)] -= 1
    if names:
        widths[names[0]] += max(0, room - sum(widths))
    return widths


def cells(texts: Sequence[str], widths: Sequence[int], *, right: Collection[int] = ()) -> list[str]:
    """Each text on the width of its column, all but the last with the gap behind it. `right`: places of figures."""
    last = len(texts) - 1
    return [
        cell(text, width, right=place in right) + (" " * GAP if place < last else "")
        for place, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]
