"""The set-up as a timeline: its phases, and the steps of each with what was answered there.

The mark carries the meaning, colour repeats it. The cursor is on a step; where not all of them have room, the phase
of that step is the one that is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.onboarding.model import State, Step
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.setup_pane import recalled
from octowizard.presentation.setup_phases import PhaseStanding, phases
from octowizard.presentation.setup_steps import MARKS


class Line(NamedTuple):
    """A phase, a step, or what was answered at one: a line without `step` takes no cursor."""

    phase: PhaseStanding
    step: Step | None = None
    recall: str = ""


class StepRail(LineList[Line], inherit_bindings=False):
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
        self._steps: Sequence[Step] = ()
        self._at: str | None = None  # the id of the step under the cursor

    class Paged(Message):
        """A page of the step's own text is wanted: the rail itself needs no paging."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    @property
    def step(self) -> Step | None:
        """The step under the cursor."""
        return next((step for step in self._steps if step.id == self._at), None)

    def show_steps(self, steps: Sequence[Step], current: str | None) -> None:
        """Show these; `current` is marked."""
        self._current, self._steps = current, steps
        if self.step is None and steps:
            self._at = steps[0].id
        self._lay_out()

    def title(self) -> str:
        return _("Steps")

    def show_step(self, id: str, *, by_user: bool = False) -> None:
        """Put the cursor on a step."""
        self._at = id
        self._lay_out()
        self.post_message(self.Moved(self, by_user))

    # --- the lines ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """The most lines that fit: all steps with their answers, or those of one phase, at last without answers."""
        room = self.size.height
        layouts = (
            list(self._lines(whole=whole, answers=answers))
            for whole, answers in ((True, True), (False, True), (False, False))
        )
        lines: list[Line] = []
        for lines in layouts:
            if len(lines) <= room:
                break
        self.lines = lines
        self.redraw()
        place = next(
            (number for number, line in enumerate(lines) if line.step and line.step.id == self._at), 0
        )
        self.cursor = place
        if room:
            top = min(max(0, place - room + 1), max(0, len(lines) - room))
            self.scroll_to(y=max(top, min(self.scroll_offset.y, place)), animate=False, immediate=True)

    def _lines(self, *, whole: bool, answers: bool) -> Iterator[Line]:
        for phase in phases(self._steps, self._current):
            yield Line(phase)
            if not whole and all(step.id != self._at for step in phase.steps):
                continue
            for step in phase.steps:
                yield Line(phase, step)
                if answers and (recall := recalled(step)):
                    yield Line(phase, recall=recall)

    def cells(self, line: Line, width: int) -> list[Cell]:
        if line.step is not None:
            return self._step_cells(line.step, width - 1)
        if line.recall:
            return [("   ", "soft"), (cell(line.recall, width - 3), "soft")]
        phase, progress = line.phase, line.phase.progress
        room = width - 3 - len(progress)
        title = "soft" if phase.mark == "○" else "head"
        return [
            (f"{phase.mark} ", tone_of(phase.mark)),
            (cell(phase.title, room), title),
            (f"{progress} ", "soft"),
        ]

    def _step_cells(self, step: Step, width: int) -> list[Cell]:
        mark = MARKS[step.state]
        tone = "warn" if step.state is State.UNKNOWN else tone_of(mark)
        if step.state is State.TODO and step.id != self._current:
            mark = "○"
        title = "head" if step.id == self._current else "soft" if tone == "soft" else "text"
        return [(f"{mark} ", tone), (cell(step.title, width - 2), title)]

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        if index >= self.length or self.lines[index].step is None:
            return super().render_line(y)
        width, under = self.scrollable_content_region.width, index == self.cursor
        indent = Segment(" ", self._tone("text", under))
        return Strip([indent, *super().render_line(y)]).adjust_cell_length(width, self._tone("text", under))

    # --- moving ---------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        ids = [step.id for step in self._steps]
        if self._at in ids:
            self.show_step(ids[max(0, min(ids.index(self._at) + by, len(ids) - 1))], by_user=True)

    def action_page(self, by: int) -> None:
        self.post_message(self.Paged(by))

    def action_edge(self, end: int) -> None:
        if self._steps:
            self.show_step(self._steps[-1 if end else 0].id, by_user=True)

    def go(self, index: int, *, by_user: bool = False) -> None:
        """A line was clicked: its step, or the first of its phase that asks for something."""
        if not 0 <= index < self.length:
            return
        line = self.lines[index]
        before = next((one.step for one in reversed(self.lines[:index]) if one.step is not None), None)
        step = line.step or (before if line.recall else None)
        own = line.phase.steps
        step = step or next((one for one in own if one.id == self._current), own[0])
        self.show_step(step.id, by_user=by_user)

    def on_resize(self) -> None:
        if self._steps:
            self._lay_out()
