"""What the app says in passing: shown above the keys of whatever screen is on top, and kept to be read again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from octowizard.app.widgets.notice_line import Notice, NoticeLine
from octowizard.locale import _
from octowizard.presentation.blocks import Item, Page

if TYPE_CHECKING:
    from textual.app import App

SECONDS = 8.0  # that a message stands which asks for nothing
KEPT = 50  # messages that can be read again


class Notices:
    """The messages of one app: those that tell of a mistake stay until a key is pressed, others for some seconds."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self.past: deque[Notice] = deque(maxlen=KEPT)
        self.present: list[Notice] = []

    def tell(self, text: str, *, wrong: bool) -> None:
        """Say this, beside what nobody has read yet."""
        notice = Notice(text, wrong)
        self.past.append(notice)
        self.present = [one for one in self.present if one.text != text] + [notice]
        if not wrong:
            self._app.set_timer(SECONDS, lambda: self._over(notice))
        self.draw()

    def read(self) -> None:
        """A key was pressed: what stood there was seen."""
        if self.present:
            self.present = []
            self.draw()

    def _over(self, notice: Notice) -> None:
        self.present = [one for one in self.present if one is not notice]
        self.draw()

    def draw(self) -> None:
        """Show them on the screen on top, and on no other."""
        stack = self._app.screen_stack
        for screen in stack:
            line = screen.query_one_optional(NoticeLine)
            shown = self.present if screen is stack[-1] else ()
            if line is None and shown:
                line = NoticeLine()
                screen.mount(line)
            if line is not None:
                line.tell(shown)

    def page(self) -> Page:
        """All that was said, the newest first."""
        return Page(
            title=_("Messages, the newest first"),
            blocks=tuple(Item(notice.words, mark=notice.mark) for notice in reversed(self.past)),
        )
