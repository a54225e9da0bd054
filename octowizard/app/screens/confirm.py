"""A question: the exact summary before something that writes, yes and no; where no is an answer too, a way out."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from octowizard.app.content import content, drawn
from octowizard.locale import _
from octowizard.presentation.confirmation import Question


class ConfirmScreen(ModalScreen[bool]):
    """Answers True for yes, False for no, None when it was left without an answer.

    `y` and `n` answer at once, escape leaves; arrows, tab and enter go by the buttons.

    Where something is lost, or care is needed, enter says no unless moved.
    """

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(1)", show=False),
    ]

    def __init__(self, question: Question) -> None:
        super().__init__(classes="-red" if question.red else None)
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Static(content((self._question.title, "bold")), id="question-title")
            with VerticalScroll(can_focus=False, id="question-body"):
                yield Static(self._drawn(), id="question-text")
            with Horizontal(id="answers"):
                yield Button(content((" y ", "bold"), f" {self._question.yes} "), id="yes", compact=True)
                yield Button(content((" n ", "bold"), f" {self._question.no} "), id="no", compact=True)
                yield Static(id="question-more")

    def on_mount(self) -> None:
        careful = self._question.red or self._question.careful
        self.query_one("#no" if careful else "#yes").focus()

    def _drawn(self) -> Content:
        width = max(30, min(68, self.app.size.width - 10))
        # Where there is little room a long label has a line of its own: its column would take that of the values.
        return Content("\n").join(drawn(self._question.blocks, width, widest=min(30, width // 2 - 4)))

    def on_resize(self) -> None:
        self.query_one("#question-text", Static).update(self._drawn())
        self.call_after_refresh(self._say_more)

    def _say_more(self) -> None:
        """Longer than the window: say which key shows the rest."""
        body = self.query_one("#question-body", VerticalScroll)
        beside = self.query_one("#question-more", Static)
        words = " " + _("shows the rest")
        if cell_len(f"pgdn{words}") > beside.size.width:
            words = " ↓"
        beside.update(content(("pgdn", "bold $primary"), words) if body.max_scroll_y > 0 else "")

    def action_scroll(self, way: int) -> None:
        body = self.query_one("#question-body", VerticalScroll)
        body.scroll_relative(y=way * max(1, body.size.height - 1), animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
