"""A line of pieces, each of which can be clicked: the base of the frame, the filters and the keys."""

from __future__ import annotations

import msgspec
from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from octowizard.app.content import content


class Piece(msgspec.Struct, frozen=True):
    """Text with its style; `press` names what a click does, empty for nothing."""

    text: str
    style: str = ""
    press: str = ""


class PieceLine(Widget):
    """One line. Subclasses say in `pieces` what stands on `width` columns."""

    DEFAULT_CSS = "PieceLine { height: 1; width: 1fr; }"

    class Pressed(Message):
        """A piece was clicked."""

        def __init__(self, line: PieceLine, press: str) -> None:
            super().__init__()
            self.line = line
            self.press = press

    def pieces(self, width: int) -> list[Piece]:
        """What stands on the line, from left to right."""
        raise NotImplementedError

    def render(self) -> Content:
        shown = [
            (piece.text, piece.style) if piece.style else piece.text for piece in self.pieces(self.size.width)
        ]
        return content(*shown)

    def on_click(self, event: events.Click) -> None:
        column = 0
        for piece in self.pieces(self.size.width):
            column += cell_len(piece.text)
            if event.x < column:
                if piece.press:
                    event.stop()
                    self.post_message(self.Pressed(self, piece.press))
                return


def width_of(pieces: list[Piece]) -> int:
    """The columns that the pieces take."""
    return sum(cell_len(piece.text) for piece in pieces)
