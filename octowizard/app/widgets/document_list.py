"""The documents of a run: mark, number, customer, amount and where it stands; 20,000 of them without a pause."""

from __future__ import annotations

from collections.abc import Collection

from rich.cells import cell_len

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import amount, count, day
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.run_rows import SHOWN_BY, Filter, Row, Section, State, sections

TONES: dict[State, str] = {
    "waiting": "soft",
    "left": "soft",
    "blocked": "warn",
    "booked": "ok",
    "paid": "ok",
    "failing": "bad",
    "unpaid": "bad",
    "question": "warn",
    "drift": "warn",
    "excluded": "soft",
    "awaited": "soft",
}


class DocumentList(LineList[Row | Section]):
    """Rows in the order of the run, or gathered under what has to be done about them."""

    NAME = "documents"

    def __init__(self) -> None:
        super().__init__()
        self.gathered = False
        self.filter: Filter = "all"
        self.words = ""

    def key(self, line: Row | Section) -> object:
        return line.key if isinstance(line, Row) else (line.mark, line.title)

    def show_rows(self, rows: Collection[Row], *, dry_run: bool) -> None:
        """Show these rows, as filter, search words and order say."""
        self.fill(self._arranged(rows, dry_run))

    def _arranged(self, rows: Collection[Row], dry_run: bool) -> list[Row | Section]:
        shown: Collection[Row] = rows
        if self.filter != "all":
            states = SHOWN_BY[self.filter]
            shown = [row for row in shown if row.state in states]
        if self.words:
            words = self.words.casefold()
            shown = [row for row in shown if row.holds(words)]
        if not self.gathered:
            return list(shown)
        lines: list[Row | Section] = []
        for section in sections(shown, dry_run=dry_run):
            lines.append(section)
            lines += section.rows
        return lines

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
        indent = 2 if self.gathered else 0
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
        status = line.status
        if self.gathered and line.explanation is not None:  # the heading says the cause already
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
