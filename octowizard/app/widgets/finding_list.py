"""The findings of the checks, worst first, and below them what could not be checked and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from octowizard.app.columns import GAP, cells, ended, shared, wanted
from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.checks.registry import Finding, NotChecked, Record, tally
from octowizard.locale import _
from octowizard.planning.problems import MARKS
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.visible import plain

Line = Finding | NotChecked
SAMPLE = 20  # columns from which some records of a finding are named beside it
MOST = 12  # of them


def _lead(line: NotChecked) -> str:
    return _("not checked: {what}").format(what=line.title)


def _sample(records: Sequence[Record], width: int) -> str:
    """The first records by their labels, as many of them as are whole on exactly `width` columns."""
    shown, wider = "", ""
    labels = [record.label for record in records[:MOST] if record.label]
    for label in labels:
        wider = f"{wider}, {label}" if wider else label
        if cell_len(plain(wider)) > width - (
            0 if label is labels[-1] and len(records) <= MOST else len(", …")
        ):
            return cell(f"{shown}, …" if shown else wider, width)
        shown = wider
    return cell(f"{shown}, …" if len(labels) < len(records) else shown, width)


class FindingList(LineList[Line]):
    """One line for each cause; it is told apart by its mark, its colour repeats it."""

    NAME = "findings"

    def __init__(self) -> None:
        super().__init__()
        self._missing = [0, 0]  # columns that what was not checked wants, and why

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

    def redraw(self) -> None:
        """The columns of what was not checked are as wide as what stands in them."""
        missing = [line for line in self.lines if isinstance(line, NotChecked)]
        self._missing = wanted([(_lead(line), line.why) for line in missing]) or [0, 0]
        super().redraw()

    def cells(self, line: Line, width: int) -> list[Cell]:
        if isinstance(line, NotChecked):
            room, text = width - 2 - GAP, _lead(line)
            lead = shared(self._missing, width - 2, spare=1)[0]
            if lead < self._missing[0]:  # no column for all of them: none is cut beside blanks of another
                lead = min(cell_len(plain(text)), max(room * 2 // 3, room - cell_len(plain(line.why))))
            text, why = cells((text, line.why), (lead, room - lead))
            return [("? ", "soft"), (text, "soft"), (why, "soft")]
        mark = MARKS[line.severity]
        tone, number = tone_of(mark), tally(line.records)
        title, number = ended(line.title, number, width - 2)
        sample, free = "", len(title) - len(title.rstrip()) - GAP
        if free >= SAMPLE:
            title, sample = title[: -free - GAP], " " * GAP + _sample(line.records, free)
        return [
            (f"{mark} ", tone),
            (title, "head" if line.severity == "blocking" else "text"),
            (sample, "soft"),
            (number, tone),
        ]
