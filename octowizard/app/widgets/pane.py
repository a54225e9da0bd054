"""The side pane: explains the selected line. Beside the list in a wide window, below it in a small one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from octowizard.app.content import fitting
from octowizard.presentation.blocks import Page


class Pane(VerticalScroll, can_focus=False):
    """Shows a page; hidden while nothing is selected."""

    DEFAULT_CSS = """
    Pane { height: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Pane > Static { height: auto; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: Page | None = None

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, page: Page | None) -> None:
        """Show this; from its top, when it is about something else than before."""
        self.display = page is not None
        before = self._page
        if page is None or before is None or (page.mark, page.title) != (before.mark, before.title):
            self.scroll_home(animate=False)
        self._page = page
        self._draw()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)  # once the text inside has its new width too

    def _draw(self) -> None:
        width = self.query_one(Static).size.width
        if width:
            shown = fitting(self._page, width, self._room) if self._page is not None else ""
            self.query_one(Static).update(shown)

    @property
    def _room(self) -> int:
        """The most lines of text that it may have. Its own height does not tell that where it follows the text."""
        height, most = self.styles.height, self.styles.max_height
        if height is None or not height.is_auto or most is None:
            return self.size.height
        return int(most.resolve(self.container_size, self.app.size)) - self.gutter.height
