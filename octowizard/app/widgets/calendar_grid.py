"""The calendar as a grid: a block for each fiscal year, its periods as columns, its journals as lines.

The cursor is on one place (period and journal). Periods that do not fit scroll sideways with the cursor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell as Shown
from octowizard.app.widgets.line_list import LineList
from octowizard.books.money import ZERO
from octowizard.checks.calendar import Calendar, Cell, PeriodRow, YearBlock
from octowizard.locale import _
from octowizard.locale.formats import short_amount
from octowizard.presentation.calendar_marks import MARKS
from octowizard.presentation.calendar_marks import sums as sums_of

if TYPE_CHECKING:
    from octowizard.snapshot.model import DocumentHead

TONES = {
    "open": "soft",
    "future": "soft",
    "secured": "warn",
    "closed": "warn",
    "missing": "bad",
    "wrong-type": "bad",
}
NARROWEST, WIDEST = 4, 9
LABEL, LONGEST_LABEL, SHORT_LABEL = 17, 20, 6
REVERSE = Style(reverse=True, bold=True)  # also without colours the place under the cursor shows


def period_name(period: PeriodRow) -> str:
    """`03` of 202603; `–` where no period of Octopus holds the days."""
    return f"{period.number % 100:02}" if period.number else "–"


def shown_cell(one: Cell, amounts: Mapping[str, DocumentHead] | None = None) -> str:
    """`▒ 7✖`, `12`, `·`: the mark unless the place is open, how many wait, and ✖ where they cannot be booked.

    `amounts`: the documents, to show what they come to instead: `1,9k✖`; `+` where it is not of one currency.
    """
    mark = MARKS[one.state]
    if not one.waiting:
        return mark
    if amounts is not None and (sums := sums_of(one, amounts)):
        own = short_amount(sums.get("EUR", ZERO))
        return f"{own}{'+' if sums.keys() - {'EUR'} else ''}{'✖' if one.problem else ''}"
    if one.problem is None:
        return str(one.waiting)
    number = str(one.waiting)
    return f"{mark}{' ' if len(number) < 2 else ''}{number}✖"


class Line(msgspec.Struct, frozen=True):
    """One line of the grid. `journal` -1: the heading of its year; `year` -1: a blank."""

    year: int
    journal: int


class CalendarGrid(LineList[Line]):
    """The grid; tells where its cursor is by `Moved`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "sideways(-1)", show=False),
        Binding("right,l", "sideways(1)", show=False),
        Binding("home", "column(0)", show=False),
        Binding("end", "column(1)", show=False),
    ]

    NAME = "grid"

    def __init__(self) -> None:
        super().__init__()
        self.grid = Calendar(journals=(), years=())
        self.labels: dict[str, str] = {}  # what each journal is for
        self.amounts: Mapping[str, DocumentHead] | None = None  # the documents, where amounts are shown
        self._wanted = 0  # the column the user chose; a year with fewer periods shows its last

    # --- where the cursor is --------------------------------------------------------------------------------

    @property
    def place(self) -> tuple[YearBlock, PeriodRow, Cell] | None:
        """The place under the cursor."""
        line = self.chosen
        if line is None or line.journal < 0:
            return None
        year = self.grid.years[line.year]
        if not year.periods:
            return None
        period = year.periods[self._column(year)]
        return year, period, period.cells[line.journal]

    def _column(self, year: YearBlock) -> int:
        return max(0, min(self._wanted, len(year.periods) - 1))

    def show_calendar(self, grid: Calendar, labels: dict[str, str]) -> None:
        """Show this; the cursor goes to the first place where documents cannot be booked, or stays."""
        first = not self.lines
        self.grid, self.labels = grid, labels
        lines: list[Line] = []
        for number, year in enumerate(grid.years):
            lines += [Line(-1, -1)] * bool(number) + [Line(number, -1)]
            lines += [Line(number, journal) for journal in range(len(grid.journals)) if year.periods]
        self.fill(lines)
        if first or self.place is None:
            self._start()

    def _start(self) -> None:
        """Where something cannot be booked; else where something waits; else the first place."""
        places = [
            (0 if one.problem and one.waiting else 1 if one.waiting else 2, index, column)
            for index, line in enumerate(self.lines)
            if line.journal >= 0
            for column, period in enumerate(self.grid.years[line.year].periods)
            for one in (period.cells[line.journal],)
        ]
        if places:
            _rank, index, self._wanted = min(places)
            self.go(index)

    def action_move(self, by: int) -> None:
        index = self.cursor + by
        while 0 <= index < self.length and self.lines[index].journal < 0:
            index += 1 if by > 0 else -1
        if 0 <= index < self.length:
            self.go(index, by_user=True)
            if index <= 1:
                self.scroll_to(y=0, animate=False, immediate=True)

    def action_page(self, by: int) -> None:
        """To the next or the last fiscal year."""
        if not self.length:
            return
        year = self.lines[self.cursor].year + by
        places = [n for n, line in enumerate(self.lines) if line.year == year and line.journal >= 0]
        if places:
            self.go(places[0], by_user=True)

    def action_sideways(self, by: int) -> None:
        place = self.place
        if place is None:
            return
        last = len(place[0].periods) - 1
        self._wanted = max(0, min(last, self._column(place[0]) + by))
        self.refresh()
        self.post_message(self.Moved(self, True))

    def action_column(self, end: int) -> None:
        self.action_sideways(10**6 if end else -(10**6))

    def on_click(self, event: events.Click) -> None:
        event.prevent_default()
        index = self.clicked(event)
        if index is None or self.lines[index].journal < 0:
            return
        year = self.grid.years[self.lines[index].year]
        label, wide, first, fit = self._columns(year, self.scrollable_content_region.width - 1)
        column = first + (event.x - 1 - label) // wide
        if event.x - 1 < label or not first <= column < min(first + fit, len(year.periods)):
            column = self._column(year)
        again = index == self.cursor and column == self._column(year)
        self._wanted = column
        self.go(index, by_user=True)
        self.refresh()
        if again:
            self.post_message(self.Chosen(self))

    def show_amounts(self, documents: Mapping[str, DocumentHead] | None) -> None:
        """Show what the waiting documents come to, or, without them, how many they are."""
        self.amounts = documents
        self.refresh()

    # --- how it is drawn ------------------------------------------------------------------------------------

    def _columns(self, year: YearBlock, width: int) -> tuple[int, int, int, int]:
        """Columns for the label, for each period, the first period shown and how many fit.

        Years of as many periods stand below each other, and all have labels of one kind.
        """
        needs: dict[int, int] = {}  # number of periods: columns that each needs
        for one in self.grid.years:
            texts = (self._shown(place) for period in one.periods for place in period.cells)
            need = max(NARROWEST, max(map(cell_len, texts), default=0) + 1)
            number = max(1, len(one.periods))
            needs[number] = max(need, needs.get(number, 0))
        wanted = max((cell_len(f"{key} {text}") for key, text in self.labels.items()), default=0) + 2
        label = max(LABEL, min(wanted, LONGEST_LABEL))
        if any(label + need * number > width for number, need in needs.items()):
            label = SHORT_LABEL
        number = max(1, len(year.periods))
        wide = needs.get(number, NARROWEST)
        room = (width - label) // number
        wide = max(wide, min(WIDEST, room))
        fit = max(1, (width - label) // wide)
        here = self._column(year)
        # Never past the end, and the cursor's period among those shown.
        first = max(0, min(here - fit // 2, number - fit))
        return label, wide, first, fit

    def _shown(self, one: Cell) -> str:
        return shown_cell(one, self.amounts)

    def _heading(self, year: YearBlock, width: int) -> list[Shown]:
        label, wide, first, fit = self._columns(year, width)
        if year.id is None:
            text = _("no fiscal year holds these documents")
            return [(cell(year.name, label - 1) + " ", "head"), (cell(text, width - label), "bad")]
        name = year.name
        calendar_year = (year.start.month, year.start.day, year.end.month) == (1, 1, 12)
        if label != SHORT_LABEL and not (calendar_year and year.start.year == year.end.year):
            name = f"{year.start:%m/%y}–{year.end:%m/%y}"
        elif label == SHORT_LABEL and cell_len(name) >= label:
            name = f"{year.start:%Y}" if calendar_year else f"{year.start:%m/%y}"
        if year.closed:
            name = f"{name} █"
        cells: list[Shown] = [(cell(name, label - 1) + " ", "head")]
        shown = year.periods[first : first + fit]
        cells += [(cell(period_name(period), wide), "soft") for period in shown]
        if first + fit < len(year.periods):
            cells.append(("›", "soft"))
        if not year.periods:
            cells.append((cell(_("no periods"), width - label), "soft"))
        return cells

    def title(self) -> str:
        return _("Fiscal years, periods and journals")

    def cells(self, line: Line, width: int) -> list[Shown]:
        if line.year < 0:
            return []
        year = self.grid.years[line.year]
        if line.journal < 0:
            return self._heading(year, width)
        label, wide, first, fit = self._columns(year, width)
        key = self.grid.journals[line.journal]
        lead = f"{key} {self.labels.get(key, '')}" if label != SHORT_LABEL else key
        cells: list[Shown] = [(cell(("‹" if first else " ") + lead, label - 1) + " ", "text")]
        for period in year.periods[first : first + fit]:
            one = period.cells[line.journal]
            tone = TONES[one.state]
            if one.waiting:
                tone = "bad" if one.problem else "ok"
            cells.append((cell(self._shown(one), wide), tone))
        return cells

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        if index >= self.length:
            return Strip.blank(width, self.rich_style)
        line = self.lines[index]
        here = -1
        if index == self.cursor and line.journal >= 0:
            year = self.grid.years[line.year]
            here = self._column(year) - self._columns(year, width - 1)[2] + 1  # the label comes first
        segments = [Segment("›" if here > 0 else " ", self._tone("head", False))]
        for number, (text, tone) in enumerate(self.cells(line, width - 1)):
            if number != here:
                segments.append(Segment(text, self._tone(tone, False)))
                continue
            bare = text.rstrip()
            segments.append(Segment(f"{bare}", self._tone(tone, True) + REVERSE))
            segments.append(Segment(" " * (cell_len(text) - cell_len(bare)), self._tone(tone, True)))
        return Strip(segments).adjust_cell_length(width, self._tone("text", False))
