"""The steps of the set-up, one line each, with how they stand. The mark carries the meaning, colour repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.onboarding.model import State, Step
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.setup_steps import MARKS


class StepRail(LineList[Step], inherit_bindings=False):
    """`current` is the step that asks for something next. j and k do not move here: k skips a step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    NAME = "rail"

    def __init__(self) -> None:
        super().__init__()
        self._current: str | None = None

    class Paged(Message):
        """A page of the step's own text is wanted: the rail itself needs no paging."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def action_page(self, by: int) -> None:
        self.post_message(self.Paged(by))

    def key(self, step: Step) -> object:
        return step.id

    def show_steps(self, steps: Sequence[Step], current: str | None) -> None:
        """Show these; `current` is marked."""
        self._current = current
        self.fill(steps)

    def title(self) -> str:
        return _("Steps")

    def cells(self, step: Step, width: int) -> list[Cell]:
        mark = MARKS[step.state]
        tone = "warn" if step.state is State.UNKNOWN else tone_of(mark)
        if step.state is State.TODO and step.id != self._current:
            mark = "○"
        title = "head" if step.id == self._current else "soft" if tone == "soft" else "text"
        return [(f"{mark} ", tone), (cell(step.title, width - 2), title)]
