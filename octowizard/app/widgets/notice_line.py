"""What the app has just said, above the keys: it has lines of its own, covers none, and is gone when it is read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.content import Content
from textual.widgets import Static

from octowizard.app.commands import shown
from octowizard.app.content import content, hung, style_of
from octowizard.locale import _

KEY = "ctrl+n"  # shows all that was said
MOST = 3  # lines; what is longer is read with the key
MARKS = ("✔", "✖", "▲", "●", "i", "?")


class Notice(msgspec.Struct, frozen=True):
    """One message; `wrong`: something did not work, and it stays until a key is pressed."""

    text: str
    wrong: bool = False

    @property
    def mark(self) -> str:
        """Its own, where the text begins with one."""
        own, space, _rest = self.text.partition(" ")
        return own if space and own in MARKS else "✖" if self.wrong else "i"

    @property
    def words(self) -> str:
        """The text without its mark."""
        own, space, rest = self.text.partition(" ")
        return rest if space and own in MARKS else self.text


class NoticeLine(Static):
    """As high as it has to be; not there while there is nothing to say."""

    DEFAULT_CSS = "NoticeLine { height: auto; display: none; background: $panel; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._notices: Sequence[Notice] = ()

    def tell(self, notices: Sequence[Notice]) -> None:
        """Show these, the newest last; none hides the line."""
        if tuple(notices) != tuple(self._notices):
            self._notices = tuple(notices)
            self.display = bool(notices)
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.update(told(self._notices, max(20, self.app.size.width - 2)))


def told(notices: Sequence[Notice], width: int) -> Content:
    """The lines of the newest that fit; a last one names the key that shows the rest."""
    lines = [
        line
        for notice in notices
        for line in hung(f"{notice.mark} ", style_of(notice.mark), notice.words, width)
    ]
    if len(lines) > MOST:
        newest = hung(f"{notices[-1].mark} ", style_of(notices[-1].mark), notices[-1].words, width)
        more = content(("  " + shown(KEY), "bold $primary"), " " + _("shows all of it"))
        lines = [*newest[: MOST - 1], more]
    return Content("\n").join(lines)
