"""Where a replay stands: `▶  124 of 512 events   20 a second   ━━━━━●───────────`; a click goes there."""

from __future__ import annotations

from octowizard.app.widgets.pieces import Piece, PieceLine, width_of
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count


class Slider(PieceLine):
    """One line; each column of the bar is `seek POSITION`."""

    def __init__(self) -> None:
        super().__init__(id="slider")
        self.position = self.total = 0
        self.speed = 1
        self.playing = False

    def pieces(self, width: int) -> list[Piece]:
        stands = ngettext("{position} of {total} event", "{position} of {total} events", self.total).format(
            position=count(self.position).rjust(len(count(self.total))), total=count(self.total)
        )
        pace = _("{count} a second").format(count=count(self.speed))
        pieces = [
            Piece(" ▶ " if self.playing else " ‖ ", "bold $primary", "command pause"),
            Piece(f" {stands}   "),
            Piece(f"{pace}   ", "$soft"),
        ]
        room = width - width_of(pieces) - 1
        if room < 5 or not self.total:
            return pieces
        here = self.position * (room - 1) // self.total
        for column in range(room):
            sign, style = (
                ("━", "$primary")
                if column < here
                else ("●", "bold $primary")
                if column == here
                else ("─", "$soft")
            )
            pieces.append(Piece(sign, style, f"seek {round(column * self.total / (room - 1))}"))
        return pieces
