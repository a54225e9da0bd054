"""What needs attention, for Home: a line for each thing, worst first; what stands behind one can be opened."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.presentation.blocks import tone_of


class Thing(msgspec.Struct, frozen=True):
    """One line. `problem`: that of the finding behind it, empty where the checks know of none."""

    mark: str
    title: str
    consequence: str
    problem: str = ""


class AttentionList(LineList[Thing]):
    """As high as it has lines, up to what its screen gives it."""

    NAME = "things"

    def limit(self, things: Sequence[Thing], most: int) -> None:
        """Show these, at most `most` lines of them at once."""
        self.display = bool(things)
        self.styles.height = max(1, min(len(things), most))
        self.fill(things)

    def cells(self, thing: Thing, width: int) -> list[Cell]:
        right = min(34, width // 3)
        return [
            (f"{thing.mark} ", tone_of(thing.mark)),
            (cell(thing.title, width - 4 - right), "text"),
            ("  " + cell(thing.consequence, right), "soft"),
        ]
