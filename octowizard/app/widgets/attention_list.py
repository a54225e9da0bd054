"""What needs attention, for Home: a line for each thing, worst first; what stands behind one can be opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.presentation.blocks import tone_of

if TYPE_CHECKING:
    from octowizard.session.overview import Attention


class AttentionList(LineList["Attention"]):
    """As high as it has lines, up to what its screen gives it."""

    NAME = "things"

    def limit(self, things: Sequence[Attention], most: int) -> None:
        """Show these, at most `most` lines of them at once."""
        self.display = bool(things)
        self.styles.height = max(1, min(len(things), most))
        self.fill(things)

    def cells(self, thing: Attention, width: int) -> list[Cell]:
        right = min(34, width // 3)
        return [
            (f"{thing.mark} ", tone_of(thing.mark)),
            (cell(thing.title, width - 4 - right), "text"),
            ("  " + cell(thing.consequence, right), "soft"),
        ]
