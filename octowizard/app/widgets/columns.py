"""How the columns of a list share out the width that there is: what is short stays whole, what is long gives way."""

from __future__ import annotations

from collections.abc import Sequence


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """The widths of columns that want so much each, on `room` together: no cell is cut beside blank columns.

    Where all fit, each has what it wants; else the widest are cut to one width, and the others stay as they are.
    """
    if sum(wanted) <= room:
        return list(wanted)
    widths = [0] * len(wanted)
    left = max(0, room)
    ordered = sorted(range(len(wanted)), key=wanted.__getitem__)
    for place, column in enumerate(ordered):
        widths[column] = min(wanted[column], left // (len(ordered) - place))
        left -= widths[column]
    return widths


def halves(left: int, right: int, room: int) -> tuple[int, int]:
    """The widths of two columns side by side: halves, as long as no half is too narrow beside one that is not."""
    half = room // 2
    if left <= half and right <= room - half:
        return half, room - half
    one, _other = shared((left, right), room)
    return one, room - one
