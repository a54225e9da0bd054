"""The side pane: explains the selected row. Beside the list in a wide window, below it in a small one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from octowizard.app.explain import drawn
from octowizard.app.run_state import Row, Section


class Pane(VerticalScroll, can_focus=False):
    """Shows one row or one group; empty when nothing is selected."""

    DEFAULT_CSS = """
    Pane { height: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Pane > Static { height: auto; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._line: Row | Section | None = None
        self._dry_run = False

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def explain(self, line: Row | Section | None, *, dry_run: bool) -> None:
        """Show this line, from its top."""
        if line is not self._line:
            self.scroll_home(animate=False)
        self._line, self._dry_run = line, dry_run
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.query_one(Static).size.width
        if width:
            said = drawn(self._line, width, dry_run=self._dry_run) if self._line is not None else ""
            self.query_one(Static).update(said)
