"""What may be chosen in a field: names with what they stand for; the first, or the marked one, is taken by enter."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from octowizard.app.columns import GAP, cells
from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.session.practice_desk import Choice


class ChoiceList(LineList[Choice], can_focus=False):
    """What may be written in the field that has the keys; `cursor` -1 while what was typed stands as it is."""

    NAME = "choices"

    def __init__(self) -> None:
        super().__init__()
        self.picking = False

    def offer(self, choices: Sequence[Choice], *, picking: bool) -> None:
        """Show these; `picking`: the first of them is taken by enter."""
        self.lines, self.picking = choices, picking
        self.cursor = 0
        self.redraw()
        self.go(0)

    @property
    def picked(self) -> str | None:
        """What enter takes, None for what was typed."""
        return self.lines[self.cursor][0] if self.picking and self.lines else None

    def cells(self, choice: Choice, width: int) -> list[Cell]:
        written, what = choice
        here = choice is self.chosen and self.picking
        room = width - 2
        if what:  # numbers need little room, names of customers more
            name = min(width // 2, max(cell_len(one[0]) for one in self.lines[:200]))
            written, what = cells((written, what), (name, room - GAP - name))
        else:
            written = cell(written, room)
        return [
            ("⏎ " if here else "  ", "busy"),
            (written, "text"),
            (what, "soft"),
        ]
