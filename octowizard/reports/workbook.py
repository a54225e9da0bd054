"""The report as a workbook: a sheet for each chapter, amounts as numbers, charts that the program draws itself.

Text is written as text: what begins with =, +, - or @ is never a formula, here or where it is copied to.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from octowizard.locale import _
from octowizard.presentation.bars import heading
from octowizard.presentation.blocks import Bars, Block, Cell, Entry, Gap, Heading, Item, Keys, Table
from octowizard.presentation.visible import lines_kept

if TYPE_CHECKING:
    from octowizard.presentation.report import Chapters, Report

_LONGEST = 32_000  # letters of a cell; Excel takes 32,767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CHART_ROWS = 18
# Told apart without colours too.
_FILLINGS: tuple[dict[str, dict[str, str]], ...] = (
    {"fill": {"color": "#1F5FA8"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#B3541E", "bg_color": "#FFFFFF"}},
)


def workbook(report: Report) -> bytes:
    """The whole report as an .xlsx file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties(
            {"title": lines_kept(report.title), "created": report.made_at.replace(tzinfo=None)}
        )
        for chapter in report.chapters:
            sheet = _Sheet(book, _name(chapter.id))
            sheet.line(report.title, "title")
            sheet.blocks(report.notes)
            sheet.gap()
            sheet.line(chapter.title, "chapter")
            sheet.blocks(chapter.blocks)
            for page in chapter.pages:
                sheet.gap()
                sheet.blocks([Heading(page.title, page.mark, page.aside), *page.blocks])
                for line in page.under:
                    sheet.cells(("", line))
    return out.getvalue()


def _name(chapter: Chapters) -> str:
    """The name of a sheet: at most 31 letters."""
    return {
        "connection": _("Connection"),
        "findings": _("Findings"),
        "booked": _("Booked"),
        "audit": _("Audit"),
        "questions": _("Questions"),
    }[chapter][:31]


class _Sheet:
    """One sheet, written from the top."""

    def __init__(self, book: Any, name: str) -> None:
        self._book, self._row = book, 0
        self._name = name
        self._sheet = book.add_worksheet(name)
        self._sheet.set_column(0, 0, 34)
        self._sheet.set_column(1, 8, 20)
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._kept: dict[tuple[Any, ...], Any] = {}

    def _format(self, **wanted: Any) -> Any:
        """A format, made once; a workbook holds only so many."""
        key = tuple(sorted(wanted.items()))
        if key not in self._kept:
            self._kept[key] = self._book.add_format({"valign": "top", **wanted})
        return self._kept[key]

    def gap(self) -> None:
        """An empty line."""
        self._row += 1

    def line(self, text: str, how: str = "") -> None:
        """A text over the columns."""
        size = {"title": 16, "chapter": 13}.get(how, 11)
        self._text(0, text, bold=bool(how), font_size=size)
        self._row += 1

    def cells(self, cells: tuple[Cell, ...], **style: Any) -> None:
        """A line of cells."""
        for column, cell in enumerate(cells):
            self._cell(column, cell, **style)
        self._row += 1

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Blocks below each other."""
        for block in blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self.line(" ".join(part for part in (block.mark, block.text, block.aside) if part), "heading")
            case Entry():
                label = " ".join(part for part in (block.mark, block.label) if part)
                self.cells((label, block.text))
            case Item():
                self.line(f"{block.mark} {block.text}" if block.mark else block.text)
            case Table():
                self._table(block)
            case Bars():
                self._bars(block)
            case Gap():
                self.gap()
            case Keys():
                pass

    def _table(self, block: Table) -> None:
        self.gap()
        if block.caption:
            self.line(block.caption, "caption")
        if block.head:
            self.cells(block.head, bold=True, bottom=1)
        for row in block.rows:
            self.cells(row)
        if block.foot:
            self.cells(block.foot, bold=True, top=1)
        self.gap()

    def _bars(self, block: Bars) -> None:
        """The figures, and beside them a chart of them."""
        self.gap()
        self.line(heading(block), "caption")
        self.cells(("", *(series.name for series in block.series)), bold=True, bottom=1)
        first = self._row
        for place, label in enumerate(block.labels):
            self.cells((label, *(series.values[place] for series in block.series)))
        if block.labels:
            chart = self._book.add_chart({"type": "column"})
            last = self._row - 1
            for number in range(1, len(block.series) + 1):
                chart.add_series(
                    {
                        "name": [self._name, first - 1, number],
                        "categories": [self._name, first, 0, last, 0],
                        "values": [self._name, first, number, last, number],
                        **_FILLINGS[(number - 1) % len(_FILLINGS)],
                    }
                )
            self._sheet.insert_chart(first - 1, len(block.series) + 2, chart)
            self._row = max(self._row, first + _CHART_ROWS)
        self.gap()

    def _cell(self, column: int, cell: Cell, **style: Any) -> None:
        if isinstance(cell, str):
            self._text(column, cell, **style)
        else:
            number = "#,##0.00" if isinstance(cell, Decimal) else "#,##0"
            self._sheet.write_number(self._row, column, cell, self._format(num_format=number, **style))

    def _text(self, column: int, text: str, **style: Any) -> None:
        written = lines_kept(text)[:_LONGEST]
        if written.startswith(_FORMULA):
            style["quote_prefix"] = True  # so that it stays a text when the cell is written on
        self._sheet.write_string(self._row, column, written, self._format(**style))
