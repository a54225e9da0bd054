"""What needs attention, for Home: a line for each thing, worst first. Above the first line the cursor is on *Next*."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from octowizard.app.columns import GAP, cells, shared, wanted
from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import tone_of

if TYPE_CHECKING:
    from octowizard.session.overview import Attention

ON_NEXT = -1  # the cursor is on no line of the list: Enter does what comes next


class AttentionList(LineList["Attention"]):
    """As high as it has lines, up to what its screen gives it."""

    NAME = "things"

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(AttentionList.cursor, ON_NEXT)
        self._wants = [0, 0]  # the columns of what things are, and of what they bring about
        self._does = False

    @property
    def on_next(self) -> bool:
        """Is the cursor on no line?"""
        return self.chosen is None

    def key(self, thing: Attention) -> object:
        return thing.problem, thing.title

    def limit(self, things: Sequence[Attention], most: int) -> None:
        """Show these, at most `most` lines of them at once. What is mended takes the cursor back to what comes next."""
        self.styles.height = min(
            len(things), most
        )  # never hidden: it has the keys, also while the cursor is on Next
        self._wants = wanted([(thing.title, thing.consequence) for thing in things]) or [0, 0]
        self._does = any(thing.does for thing in things)
        before = self._key()
        self.fill(things)
        if before != self._key():  # only then: whoever hears of a move draws, and so comes back here
            self.go(ON_NEXT)

    def go(self, index: int, *, by_user: bool = False) -> None:
        if index > ON_NEXT:
            super().go(index, by_user=by_user)
            return
        self.cursor = ON_NEXT
        self.scroll_to(y=0, animate=False, immediate=True)
        self.post_message(self.Moved(self, by_user))

    def action_edge(self, end: int) -> None:
        self.go(self.length - 1 if end else ON_NEXT, by_user=True)

    def cells(self, thing: Attention, width: int) -> list[Cell]:
        offer = _("{mend} does it").format(mend=key_of("home.mend", "d"))
        does = offer if thing.does and thing is self.chosen else ""  # its key works where the cursor is
        last = cell_len(offer) + GAP if self._does and width >= 70 else 0
        if sum(self._wants) + GAP > width - 2 - last and not does:
            last = 0  # nothing is cut for words that another line has
        widths = shared(self._wants, width - 2 - last)
        title, consequence = cells((thing.title, thing.consequence), widths)
        return [
            (f"{thing.mark} ", tone_of(thing.mark)),
            (title, "text"),
            (consequence, "soft"),
            (cell(f"  {does}", last), "busy"),
        ]
