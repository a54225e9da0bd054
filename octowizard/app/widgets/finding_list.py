"""The findings of the checks, worst first, and below them what could not be checked and why."""

from __future__ import annotations

from collections.abc import Sequence

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.checks.registry import Finding, NotChecked, tally
from octowizard.locale import _
from octowizard.planning.problems import MARKS
from octowizard.presentation.blocks import tone_of

Line = Finding | NotChecked


class FindingList(LineList[Line]):
    """One line for each cause; it is told apart by its mark, its colour repeats it."""

    NAME = "findings"

    def fill(self, lines: Sequence[Line]) -> None:
        """Show these; the cursor stays with the finding of its problem, whose title may count otherwise now."""
        before = self.chosen
        self.lines = lines
        self.redraw()
        if isinstance(before, Finding):
            self.show_problem(before.problem, before.title, by_user=False)

    def show_problem(self, problem: str, title: str = "", by_user: bool = True) -> bool:
        """Put the cursor on the finding of this problem, of this title where there are several."""
        places = [
            (line.title != title, index)
            for index, line in enumerate(self.lines)
            if isinstance(line, Finding) and line.problem == problem
        ]
        if places:
            self.go(min(places)[1], by_user=by_user)
        return bool(places)

    def title(self) -> str:
        return _("Findings")

    def cells(self, line: Line, width: int) -> list[Cell]:
        if isinstance(line, NotChecked):
            room = max(20, min(40, width // 3))
            lead = _("not checked: {what}").format(what=line.title)
            return [
                ("? ", "soft"),
                (cell(lead, room) + "  ", "soft"),
                (cell(line.why, width - room - 4), "soft"),
            ]
        mark = MARKS[line.severity]
        tone = tone_of(mark)
        number = 15 if width >= 70 else 13
        sample = width // 3 if width >= 100 else 0
        title = width - 2 - number - sample - (2 if sample else 0)
        cells: list[Cell] = [
            (f"{mark} ", tone),
            (cell(line.title, title), "head" if line.severity == "blocking" else "text"),
        ]
        if sample:
            labels = ", ".join(record.label for record in line.records[:12] if record.label)
            cells.append(("  " + cell(labels, sample), "soft"))
        cells.append((cell(tally(line.records), number, right=True), tone))
        return cells
