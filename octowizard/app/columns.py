"""The columns of a list: each as wide as its widest text where there is room; where not, the widest name gives way.

Two columns never touch, and nothing is cut while another column, or its own row, has blanks to spare.
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
    return [widest(column) for column in zip(*rows, strict=True)]


def widest(texts: Sequence[str]) -> int:
    """The columns of the widest of these; of many in no time as long as they are plain letters."""
    if all(map(str.isascii, texts)) and all(map(str.isprintable, texts)):
        return max(map(len, texts), default=0)
    return max(map(cell_len, map(plain, texts)), default=0)


def fair(wants: Sequence[int], room: int) -> list[int]:
    """The widths of texts that want so much each, on `room` together.

    Where all fit, each has what it wants; else the widest are cut to one width, and the others stay as they are.
    A column that is over goes to the narrower one: it may be all that it lacks.
    """
    if sum(wants) <= room:
        return list(wants)
    widths = [0] * len(wants)
    left = max(0, room)
    ordered = sorted(range(len(wants)), key=wants.__getitem__)
    for place, column in enumerate(ordered):
        widths[column] = min(wants[column], -(-left // (len(ordered) - place)))
        left -= widths[column]
    return widths


def halves(left: int, right: int, room: int) -> tuple[int, int]:
    """The widths of two columns side by side: halves, as long as no half is too narrow beside one that is not."""
    half = room // 2
    if left <= half and right <= room - half:
        return half, room - half
    one, _other = fair((left, right), room)
    return one, room - one


def shared(
    wants: Sequence[int], width: int, *, whole: Collection[int] = (), spare: int | None = None
) -> list[int]:
    """The width of each column on `width`, gaps left out. `whole`: places of figures, which are cut last.

    `spare`: the place of the column that gets what is left over; by default the first name.
    """
    widths = list(wants)
    names = [place for place in range(len(widths)) if place not in whole]
    figures = [place for place in range(len(widths)) if place in whole]
    room = max(0, width - GAP * (len(widths) - 1))
    least = sum(min(LEAST, wants[place]) for place in names)
    _give(widths, figures, room - least)
    _give(widths, names, room - sum(widths[place] for place in figures))
    if names and sum(widths) < room:
        widths[names[0] if spare is None else spare] += room - sum(widths)
    return widths


def ended(text: str, end: str, width: int) -> tuple[str, str]:
    """A text, and what stands at the right end of its line: on `width` together, and the longer one is cut."""
    if not end:
        return cell(text, width), ""
    _left, right = fair((cell_len(plain(text)), cell_len(plain(end))), max(0, width - GAP))
    return cell(text, width - GAP - right), " " * GAP + cell(end, right, right=True)


def _give(widths: list[int], places: Sequence[int], room: int) -> None:
    """Share out the room among the columns at these places."""
    for place, has in zip(places, fair([widths[place] for place in places], room), strict=True):
        widths[place] = has


def cells(
    texts: Sequence[str],
    widths: Sequence[int],
    *,
    right: Collection[int] = (),
    still: Collection[int] = (),
) -> list[str]:
    """Each text on the width of its column, all but the last with the gap behind it. `right`: places of figures.

    A text that its column would cut takes the blanks that the others of its row leave: what stands between moves.
    `still`: places of columns that keep theirs.
    """
    last = len(texts) - 1
    return [
        cell(text, width, right=place in right) + (" " * GAP if place < last else "")
        for place, (text, width) in enumerate(zip(texts, _lent(texts, widths, still), strict=True))
    ]


def _lent(texts: Sequence[str], widths: Sequence[int], still: Collection[int]) -> Sequence[int]:
    """The widths for this row: blanks of one column go to another that lacks them, those behind it first."""
    wants = [cell_len(plain(text)) for text in texts]
    lacks = [max(0, want - width) for want, width in zip(wants, widths, strict=True)]
    spare = [max(0, width - want) for want, width in zip(wants, widths, strict=True)]
    for place in still:
        spare[place] = 0
    if not any(lacks) or not any(spare):
        return widths
    lent = list(widths)
    places = range(len(widths))
    for place, got in enumerate(fair(lacks, sum(spare))):
        for other in (*places[place + 1 :], *reversed(places[:place])):
            given = min(got, spare[other])
            spare[other] -= given
            lent[other] -= given
            lent[place] += given
            got -= given
    return lent
