"""Choosing one of many: a field that filters what is below it. Enter takes the marked one, escape leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from octowizard.app.widgets.choice_list import ChoiceList
from octowizard.session.practice_desk import Choice, fitting

if TYPE_CHECKING:
    from octowizard.app.widgets.line_list import LineList


class Picker(Vertical):
    """Posts `Picked` and `Left`. It takes keys only while it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False, priority=True),
        Binding("down", "pick(1)", show=False, priority=True),
        Binding("pageup", "pick(-8)", show=False, priority=True),
        Binding("pagedown", "pick(8)", show=False, priority=True),
        Binding("escape", "leave", show=False),
    ]

    class Picked(Message):
        """One was taken."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    class Left(Message):
        """None was."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._choices: Sequence[Choice] = ()

    def compose(self) -> ComposeResult:
        yield Input(id="filter", compact=True, disabled=True)
        yield ChoiceList()

    @property
    def open(self) -> bool:
        """Does it take the keys?"""
        return not self.query_one("#filter", Input).disabled

    def show(self, choices: Sequence[Choice], present: str) -> None:
        """Show these, the present one marked first; only while it is not open."""
        self._choices = choices
        if not self.open:
            self._fill("", present)

    def start(self, hint: str, preferred: str) -> None:
        """Take the keys; `preferred` is marked."""
        field = self.query_one("#filter", Input)
        field.placeholder, field.value, field.disabled = hint, "", False
        field.focus()
        self._fill("", preferred)

    def end(self) -> None:
        """Take no keys any more."""
        field = self.query_one("#filter", Input)
        with self.prevent(Input.Changed):
            field.value = ""
        field.placeholder, field.disabled = "", True

    def _fill(self, typed: str, preferred: str) -> None:
        shown = fitting(list(self._choices), typed)
        choices = self.query_one(ChoiceList)
        choices.offer(shown, picking=self.open)
        place = next((index for index, one in enumerate(shown) if one[0] == preferred), 0)
        choices.go(place if not typed else 0)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.open:
            self._fill(event.value, "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.take()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.take()

    def take(self) -> None:
        """Take the marked one."""
        picked = self.query_one(ChoiceList).picked
        if picked is not None:
            self.post_message(self.Picked(picked))

    def action_pick(self, by: int) -> None:
        choices = self.query_one(ChoiceList)
        choices.go(choices.cursor + by)

    def action_leave(self) -> None:
        self.post_message(self.Left())
