"""The documents of a run: mark, number, customer, amount and where it stands; 20,000 of them without a pause."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

from rich.cells import cell_len

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import amount, count, day
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.run_rows import (
    SHOWN_BY,
    Filter,
    Row,
    RunState,
    Section,
    State,
    live_sections,
    standing_sections,
)

TONES: dict[State, str] = {
    "waiting": "soft",
    "ready": "soft",
    "left": "soft",
    "blocked": "bad",
    "booked": "ok",
    "paid": "ok",
    "failing": "bad",
    "unpaid": "bad",
    "question": "warn",
    "drift": "warn",
    "excluded": "soft",
    "awaited": "soft",
}


class Lines(Sequence[Row | Section]):
    """The sections, each followed by its rows, without a copy of them."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sections
        self._heads = [0, *accumulate(len(section.rows) + 1 for section in sections)]

    def __len__(self) -> int:
        return self._heads[-1]

    @overload
    def __getitem__(self, index: int) -> Row | Section: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row | Section]: ...
    def __getitem__(self, index: int | slice) -> Row | Section | Sequence[Row | Section]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        place = bisect_right(self._heads, index) - 1
        section, row = self._sections[place], index - self._heads[place] - 1
        return section if row < 0 else section.rows[row]

    def __iter__(self) -> Iterator[Row | Section]:
        for section in self._sections:
            yield section
            yield from section.rows


class DocumentList(LineList[Row | Section]):
    """Rows under what has to be done about them; while a run goes on, what was dealt with last stands on top."""

    NAME = "documents"

    def __init__(self) -> None:
        super().__init__()
        self.live = False
        self.filter: Filter = "all"
        self.words = ""

    def key(self, line: Row | Section) -> object:
        return line.key if isinstance(line, Row) else (line.mark, line.title)

    def show_run(self, state: RunState | None) -> None:
        """Show these rows, as filter and search words say."""
        self.fill(Lines(self._sections(state)))

    def _sections(self, state: RunState | None) -> list[Section]:
        if state is None:
            return []
        words, states = self.words.casefold(), SHOWN_BY[self.filter]
        shown = (lambda row: row.holds(words)) if words else None
        return (live_sections if self.live else standing_sections)(state, shown, states=states)

    def title(self) -> str:
        return _("Documents")

    def cells(self, line: Row | Section, width: int) -> list[Cell]:
        if isinstance(line, Section):
            return self._heading(line, width)
        tone = TONES[line.state]
        document = line.document
        number = 12 if width >= 70 else 10
        dated = width >= 84
        money = 13 if width >= 70 else 10
        indent = 1
        left = width - indent - 2 - number - 1 - money - 1 - (12 if dated else 0)
        where = max(10, min(48, left // 2))
        name = left - where - 1
        cells: list[Cell] = [
            (" " * indent, "text"),
            (f"{line.mark} ", tone),
            (cell(line.name or _("customer"), number) + " ", "text"),
        ]
        if dated:
            cells.append((cell(day(document.date) if document else "", 11) + " ", "soft"))
        paid = amount(document.amount, document.currency) if document else ""
        if document is not None and document.kind == "credit_note":
            paid = f"-{paid}"
        wider = max(0, cell_len(paid) + 1 - money)  # an amount is never cut, and touches no name
        cells.append((cell(line.customer, name - wider), "text"))
        cells.append((cell(paid, money + wider, right=True) + "  ", "text"))
        stands = line.booked is not None and line.state in ("booked", "paid", "ready")
        status = f"→ {line.status}" if stands else line.status
        if line.state == "waiting":  # the heading says it already, as it says a cause
            status = ""
        elif line.explanation is not None:
            status = _("holds up {count}").format(count=count(line.blocks)) if line.blocks else ""
        cells.append((cell(status, where), tone))
        return cells

    def _heading(self, section: Section, width: int) -> list[Cell]:
        tally = count(len(section.rows))
        room = width - 3 - len(tally)
        return [
            (f"{section.mark} ", tone_of(section.mark)),
            (cell(section.title, room), "head"),
            (f"{tally} ", "soft"),
        ]
