"""Calendar: every document on fiscal year, period and journal, where it can be booked and where not, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import content, wrapped
from octowizard.app.job_screen import STOP
from octowizard.app.mending import Mending
from octowizard.app.place_screen import BUDGETS, WHY
from octowizard.app.screens.checked import PaneScreen
from octowizard.app.screens.records import RecordList, RecordsScreen
from octowizard.app.widgets.calendar_grid import CalendarGrid, period_name, shown_cell
from octowizard.app.widgets.empty import empty
from octowizard.app.widgets.pane import Pane
from octowizard.checks.registry import Record
from octowizard.locale import _, ngettext
from octowizard.locale.counted import counted
from octowizard.locale.formats import count, day
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Block, Entry, Page, listed
from octowizard.presentation.calendar_marks import legend, state_name, sums_in_words
from octowizard.presentation.detail import explained_cure, offering
from octowizard.presentation.events import not_read

if TYPE_CHECKING:
    from textual.content import Content

    from octowizard.app.widgets.line_list import LineList
    from octowizard.checks.calendar import Cell, PeriodRow, YearBlock
    from octowizard.onboarding.apply import Outcome
    from octowizard.problems.explain import Explained

OFFERS = (
    STOP,
    *commands(lambda: (
        ("records", "enter", _("documents"), _("Show the documents that wait there.")),
        ("mend", "d", _("do it for me"),
         _("Make the change that mends it: shows exactly what is sent, and asks, before it is written.")),
    )),
    WHY,
    *commands(lambda: (
        ("again", "r", _("check again"), _("Check this place again: reads only what it depends on.")),
    )),
    BUDGETS,
    *commands(lambda: (
        ("amounts", "a", _("amounts"), _("Show what the documents that wait come to, or how many they are.")),
        ("all", "R", _("check all"), _("Read both sides again and check everything.")),
        ("explain", "e", _("explain"), _("Everything about this place, on a page.")),
        ("card", "g", _("troubleshoot"), _("Go to Troubleshoot with what stops it there.")),
        ("copy", "c", _("copy"), _("Copy what is known of this place.")),
        ("save", "w", _("save"), _("Save the whole calendar to a file.")),
    ), hidden=("save",)),
)  # fmt: skip
NAMED = 6  # documents named in the pane
BROAD = 140  # columns from which the documents beside the grid have room for their day


class CalendarScreen(PaneScreen):
    """The grid and the pane that explains the place under the cursor."""

    MODE: ClassVar[str] = "calendar"
    CSS_PATH = "calendar.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self._mending = Mending(self, self.explain, self._mended)

    def about(self) -> str:
        return _(
            "The calendar puts every document that waits on its fiscal year, period and journal. A number is how "
            "many wait; ✖ beside it: they cannot be booked there. The arrow keys go from place to place, pgup and "
            "pgdn from year to year. {legend}."
        ).format(legend=legend())

    def body(self) -> Iterable[Widget]:
        yield Static(id="calendar-head")
        yield Static(id="calendar-empty", markup=False)
        with Container(id="lists"):
            yield Vertical(CalendarGrid(), Pane(id="pane"), id="places")
            with Vertical(id="cell"):
                yield Static(id="cell-head", markup=False)
                yield RecordList((), {})
        yield Static(id="legend")

    @property
    def _grid(self) -> CalendarGrid:
        return self.query_one(CalendarGrid)

    @property
    def lines(self) -> CalendarGrid:
        return self._grid

    @property
    def _beside(self) -> RecordList:
        """The documents of the place under the cursor, beside the grid in a wide window."""
        return self.query_one(RecordList)

    @property
    def _labels(self) -> dict[str, str]:
        profile = self.shell.profile
        if profile is None:
            return {}
        if profile.invoice_journal == profile.credit_note_journal:
            return {profile.invoice_journal: _("all")}
        return {profile.invoice_journal: _("invoices"), profile.credit_note_journal: _("credit notes")}

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        checked = self.checked
        if self.asking is not None:
            self.asking.forget()
        self._mending.forget()
        if checked is not None and checked.taken_at is not None:
            self._beside.documents = checked.documents
            if self._grid.amounts is not None:
                self._grid.amounts = checked.documents
            self._grid.show_calendar(checked.grid, self._labels)
        # Each by itself: with a class of the screen all of its widgets would be styled anew.
        self.query_one("#cell").set_class(self.size.width >= BROAD, "-broad")
        unread = checked is not None and checked.taken_at is None
        nothing = self.query_one("#calendar-empty", Static)
        nothing.display = unread
        nothing.update(self._empty() if unread else "")
        for part in ("#lists", "#legend"):
            self.query_one(part).display = not unread
        self._grid.styles.height = max(3, self._grid.length + self._grid.gutter.height)
        self._draw_legend()
        self.draw_head()
        self.explain()
        self.show_keys()

    def _draw_legend(self) -> None:
        width = self.columns
        marks = self._marks(legend())
        if cell_len(marks) > width:  # then those that stand in the grid
            cells = (one for year in self._grid.grid.years for row in year.periods for one in row.cells)
            marks = self._marks(legend({one.state for one in cells}))
        # Between two marks there are two blanks: a line breaks there, and nowhere else.
        together = re.sub(r"(?<! ) (?! )", "\N{NO-BREAK SPACE}", marks)
        lines = (line.replace("\N{NO-BREAK SPACE}", " ") for line in wrapped(together, width))
        shown = content(("\n".join(lines), "$soft"))
        # In a low window the cure needs the lines.
        if (self._budgets or self.has_class("-high")) and (limits := self.limits(width)).plain:
            shown = shown + content("\n") + limits
        self.query_one("#legend", Static).update(shown)

    def _marks(self, states: str) -> str:
        """The legend, with what stands beside the marks of these states."""
        if self._grid.amounts is not None:
            return _("{marks}  1,9k 1.900 euro  + and other currencies").format(marks=states)
        return f"{states}  7✖ " + _("blocked")

    def draw_head(self) -> None:
        width = self.columns
        shown = self.head(self._counts(), width)
        checked = self.checked
        for part, why in checked.not_read.items() if checked and checked.taken_at is not None else ():
            text = not_read(part, why)
            shown = shown + content("\n", ("? ", "$soft"), (wrapped(text, width - 2)[0], "$soft"))
        self.query_one("#calendar-head", Static).update(shown)

    @staticmethod
    def _empty() -> Content:
        return empty(
            _("No calendar yet"),
            _("Nothing has been read of either side; reading writes nothing."),
            key_of("calendar.all", "R"),
            _("reads both sides and shows where each document falls"),
        )

    def explain(self) -> None:
        """Draw the pane, and the documents beside the grid."""
        super().explain()
        place, checked = self._grid.place, self.checked
        one = place[2] if place is not None else None
        records = self._records(one) if one is not None else []
        self._beside.fill(records)
        parts: list[str | tuple[str, str]] = []
        if one is not None and checked is not None:
            parts.append(
                (counted("document", len(records)) if records else _("No document waits here"), "bold")
            )
            if records:
                parts.append(("  " + sums_in_words(one, checked.documents), "$soft"))
        self.query_one("#cell-head", Static).update(content(*parts))

    def _records(self, one: Cell) -> list[Record]:
        """The documents that wait at a place."""
        documents = self.checked.documents if self.checked else {}
        heads = [documents[id] for id in one.documents if id in documents]
        return [Record(kind=head.kind, label=head.number, id=head.id) for head in heads]

    def _counts(self) -> list[str | tuple[str, str]]:
        checked = self.checked
        if checked is None or checked.taken_at is None or (checked.not_read and not checked.grid.years):
            return [(_("Calendar"), "bold $accent")]
        cells = [one for year in checked.grid.years for period in year.periods for one in period.cells]
        waiting = sum(one.waiting for one in cells)
        stuck = sum(one.waiting for one in cells if one.problem)
        text = ngettext("{count} document waits", "{count} documents wait", waiting)
        counts: list[str | tuple[str, str]] = [(text.format(count=count(waiting)), "bold")]
        if stuck:
            text = ngettext(
                "{count} cannot be booked where it falls", "{count} cannot be booked where they fall", stuck
            )
            counts += [("   ✖ " + text.format(count=count(stuck)), "$error")]
        elif waiting:
            counts += [("   ✔ " + _("all fall where bookings are taken"), "$success")]
        return counts

    def page(self) -> Page | None:
        place = self._grid.place
        if place is None:
            return None
        _year, _period, one = place
        problem = self._stops(one)
        if not problem or self.asking is None:
            return self._page_of(place, None)
        self._mending.of(problem)
        page = self._page_of(place, self.asking.of(problem, one.documents[0]))
        return offering(page, self._mending.offer(problem))

    @staticmethod
    def _stops(one: Cell) -> str:
        """The problem that keeps the documents that wait there from being booked; empty where none does."""
        return one.problem or "" if one.waiting else ""

    def _page_of(self, place: tuple[YearBlock, PeriodRow, Cell], explained: Explained | None) -> Page:
        year, period, one = place
        title = _("{journal}, {year}, period {period} ({start} – {end}): {state}").format(
            journal=one.journal,
            year=year.name,
            period=period_name(period),
            start=day(period.start),
            end=day(period.end),
            state=state_name(one.state),
        )
        if year.id is None:
            title = _("{year}: no fiscal year holds {start} – {end}").format(
                year=year.name, start=day(year.start), end=day(year.end)
            )
        blocks: list[Block] = []
        if one.waiting:
            text = ngettext("{count} document waits", "{count} documents wait", one.waiting)
            if one.problem:
                text = ngettext(
                    "{count} document waits and cannot be booked here",
                    "{count} documents wait and cannot be booked here",
                    one.waiting,
                )
            blocks.append(Entry(_("Waiting"), text.format(count=count(one.waiting))))
        elif one.problem:
            blocks.append(Entry(_("Waiting"), _("nothing: it does not matter now"), "soft"))
        else:
            blocks.append(Entry(_("Waiting"), _("nothing"), "soft"))
        if explained is not None:
            blocks += explained_cure(explained)
        if one.waiting and not self.has_class("-wide"):  # else they stand beside the grid
            documents = self.checked.documents if self.checked else {}
            names = [documents[id].number for id in one.documents[:NAMED] if id in documents]
            more = f" … +{count(one.waiting - NAMED)}" if one.waiting > NAMED else ""
            blocks.append(Entry(_("Documents"), ", ".join(names) + more, "soft"))
            blocks += listed(_("Amount"), (sums_in_words(one, documents),), "soft")
        if one.booked:
            text = ngettext("{count} document stands there", "{count} documents stand there", one.booked)
            blocks.append(Entry(_("Booked"), text.format(count=count(one.booked))))
        mark = "✖" if one.problem and one.waiting else "✔" if one.problem is None else "○"
        return Page(mark=mark, title=title, blocks=tuple(blocks))

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        place = self._grid.place
        one = place[2] if place is not None else None
        match run:
            case "stop":
                return self.stoppable
            case "all":
                return self.idle
            case "budgets":
                return self.checked is not None
            case "again" | "card":
                known = one is not None and bool(one.problem)
                return known and (run == "card" or self.idle)
            case "mend":
                problem = self._stops(one) if one is not None else ""
                return bool(problem) and self.idle and bool(self._mending.of(problem))
            case "records" | "why":
                return one is not None and bool(one.documents)
            case _:
                return one is not None

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        if event.lines is self._grid:
            super().on_line_list_moved(event)
        else:
            event.stop()

    def do_amounts(self) -> None:
        shown = self._grid.amounts is not None
        self._grid.show_amounts(None if shown or self.checked is None else self.checked.documents)
        self._draw_legend()

    def do_again(self) -> None:
        place = self._grid.place
        if place is not None and place[2].problem:
            self.check(place[2].problem)

    def do_mend(self) -> None:
        place = self._grid.place
        if place is not None and place[2].problem:
            self._mending.begin(place[2].problem)

    def _mended(self, problem: str, made: Sequence[Outcome]) -> None:
        """Whether it is fixed now is told by looking, not by what was done."""
        if made:
            self.check(problem)

    def do_records(self) -> None:
        place, checked = self._grid.place, self.checked
        if place is None or checked is None:
            return
        if self._beside.has_focus:
            self.do_why()
            return
        records = self._records(place[2])
        title = self._page_of(place, None).title
        self.shell.push_screen(RecordsScreen(title, records, checked.documents, place=self.MODE))

    @property
    def documents(self) -> Sequence[str]:
        if self._beside.has_focus:
            return (self._beside.chosen.id,) if self._beside.chosen is not None else ()
        place = self._grid.place
        return place[2].documents if place is not None else ()

    def do_card(self) -> None:
        place = self._grid.place
        if place is not None and place[2].problem:
            document = place[2].documents[0] if place[2].documents else ""
            self.shell.run_worker(self.shell.go_to_problem(place[2].problem, document))

    def text_to_save(self) -> str:
        lines = []
        for year in self._grid.grid.years:
            lines.append(f"{year.name}  {day(year.start)} – {day(year.end)}")
            for period in year.periods:
                cells = "  ".join(f"{one.journal} {shown_cell(one)}" for one in period.cells)
                lines.append(f"  {period_name(period)}  {cells}")
        return "\n".join([*lines, legend()]) + "\n"
