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


class ConfirmScreen(ModalScreen[bool]):
    """Answers True for yes. `y` and `n` answer at once; arrows, tab and enter go by the buttons."""

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n,escape,q", "answer(False)", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, summary: Content, *, yes: str, no: str) -> None:
        super().__init__()
        self._title = title
        self._summary = summary
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Static(content((self._title, "bold")), id="question-title")
            with VerticalScroll(can_focus=False, id="question-body"):
                yield Static(self._summary)
            with Horizontal(id="answers"):
                yield Button(content((" y ", "bold"), f" {self._yes} "), id="yes", compact=True)
                yield Button(content((" n ", "bold"), f" {self._no} "), id="no", compact=True)

    def on_mount(self) -> None:
        self.query_one("#yes").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
