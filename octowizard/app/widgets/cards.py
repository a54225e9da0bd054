"""The counters of Home as cards; a click on one opens Sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from octowizard.app.content import content
from octowizard.locale.formats import count

if TYPE_CHECKING:
    from octowizard.presentation.run_rows import Filter


class Card(Widget):
    """A figure and what it counts."""

    DEFAULT_CSS = """
    Card {
        width: 1fr; height: 4; padding: 1 0; background: $surface; text-align: center;
        margin-right: 1;
        &:hover { background: $panel; }
    }
    """

    class Opened(Message):
        """A card was clicked."""

    def __init__(self, filter: Filter, mark: str, style: str, name: str) -> None:
        super().__init__(id=f"card-{filter}")
        self._mark = mark
        self._style = style
        self._label = name
        self.number: int | None = None

    def show(self, number: int | None) -> None:
        """The figure; None when nobody knows it yet."""
        self.number = number
        self.refresh()

    def render(self) -> Content:
        style = self._style if self.number else "$soft"
        figure = "·" if self.number is None else count(self.number)
        return content((figure, f"bold {style}"), "\n", (f"{self._mark} ", style), (self._label, "$soft"))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Opened())
