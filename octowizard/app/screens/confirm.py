"""A question before something that writes: the exact summary, yes and no."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from octowizard.app.content import content
from octowizard.locale import _


class ConfirmScreen(ModalScreen[bool]):
    """Answers True for yes. `y` and `n` answer at once; arrows, tab and enter go by the buttons."""

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n,escape,q", "answer(False)", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(1)", show=False),
    ]

    def __init__(
        self, title: str, summary: Content, *, yes: str, no: str, red: bool = False, careful: bool = False
    ) -> None:
        """`red`: something is lost or cannot be undone. `careful`, and red: enter says no unless moved."""
        super().__init__(classes="-red" if red else None)
        self._careful = red or careful
        self._title = title
        self._summary = summary
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Static(content((self._title, "bold")), id="question-title")
            with VerticalScroll(can_focus=False, id="question-body"):
                yield Static(self._summary, id="question-text")
            with Horizontal(id="answers"):
                yield Button(content((" y ", "bold"), f" {self._yes} "), id="yes", compact=True)
                yield Button(content((" n ", "bold"), f" {self._no} "), id="no", compact=True)
                yield Static(id="question-more")

    def on_mount(self) -> None:
        self.app.clear_notifications()  # at 80×24 what was told of the step before would cover the answers
        self.query_one("#no" if self._careful else "#yes").focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._say_more)

    def _say_more(self) -> None:
        """Longer than the window: say which key shows the rest."""
        body = self.query_one("#question-body", VerticalScroll)
        more = body.max_scroll_y > 0
        self.query_one("#question-more", Static).update(
            content(("pgdn", "bold $primary"), f" {_('shows the rest')}") if more else ""
        )

    def action_scroll(self, way: int) -> None:
        body = self.query_one("#question-body", VerticalScroll)
        body.scroll_relative(y=way * max(1, body.size.height - 1), animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
