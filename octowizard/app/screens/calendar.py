"""Calendar: every document on fiscal year, period and journal, where it can be booked and where not, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import content, wrapped
from octowizard.app.job_screen import STOP
from octowizard.app.place_screen import WHY
from octowizard.app.screens.checked import ALL, PaneScreen
from octowizard.app.screens.records import RecordsScreen
from octowizard.app.widgets.calendar_grid import CalendarGrid, period_name, shown_cell
from octowizard.app.widgets.pane import Pane
from octowizard.checks.registry import Record
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, day
from octowizard.presentation.blocks import Block, Entry, Page
from octowizard.presentation.calendar_marks import legend, state_name
from octowizard.presentation.detail import explained_cure
from octowizard.presentation.events import not_read

if TYPE_CHECKING:
    from octowizard.checks.calendar import Cell, PeriodRow, YearBlock
    from octowizard.problems.explain import Explained

OFFERS = (
    STOP,
    *commands(lambda: (
        ("records", "enter", _("documents"), _("Show the documents that wait there.")),
    )),
    WHY,
    *commands(lambda: (
        ("again", "r", _("check again"), _("Check this place again: reads only what it depends on.")),
    )),
    ALL,
    *commands(lambda: (
        ("explain", "e", _("explain"), _("Everything about this place, on a page.")),
        ("card", "g", _("troubleshoot"), _("Go to Troubleshoot with what stops it there.")),
        ("copy", "c", _("copy"), _("Copy what is known of this place.")),
        ("save", "w", _("save"), _("Save the whole calendar to a file.")),
    ), hidden=("save",)),
)  # fmt: skip
NAMED = 6  # documents named in the pane


class CalendarScreen(PaneScreen):
    """The grid and the pane that explains the place under the cursor."""

    MODE: ClassVar[str] = "calendar"
    CSS_PATH = "calendar.tcss"
    OFFERS = OFFERS

    def about(self) -> str:
        return _(
            "The calendar puts every document that waits on its fiscal year, period and journal. A number is how "
            "many wait; ✖ beside it: they cannot be booked there. The arrow keys go from place to place, pgup and "
            "pgdn from year to year. {legend}."
        ).format(legend=legend())

    def body(self) -> Iterable[Widget]:
        yield Static(id="calendar-head")
        yield Container(CalendarGrid(), Pane(id="pane"), id="lists")
        yield Static(id="legend")

    @property
    def _grid(self) -> CalendarGrid:
        return self.query_one(CalendarGrid)

    @property
    def lines(self) -> CalendarGrid:
        return self._grid

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
        if checked is not None and checked.taken_at is not None:
            self._grid.show_calendar(checked.grid, self._labels)
        self._grid.styles.height = max(3, self._grid.length)
        marks = legend() + "  7✖ " + _("blocked")
        self.query_one("#legend", Static).update(content(("\n".join(wrapped(marks, self.columns)), "$soft")))
        self.draw_head()
        self.explain()
        self.show_keys()

    def draw_head(self) -> None:
        width = self.columns
        shown = self.head(self._counts(), width)
        checked = self.checked
        if checked is not None and checked.taken_at is None and not self.error:
            text = _(
                "Nothing has been read yet. a reads both sides and shows the calendar; it writes nothing."
            )
            shown = shown + content("\n\n", "\n".join(wrapped(text, min(76, width))))
        for part, why in checked.not_read.items() if checked and checked.taken_at is not None else ():
            text = not_read(part, why)
            shown = shown + content("\n", ("? ", "$soft"), (wrapped(text, width - 2)[0], "$soft"))
        self.query_one("#calendar-head", Static).update(shown)

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
        explained = None
        if one.problem and one.waiting and self.asking is not None:
            explained = self.asking.of(one.problem, one.documents[0])
        return self._page_of(place, explained)

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
            documents = self.checked.documents if self.checked else {}
            names = [documents[id].number for id in one.documents[:NAMED] if id in documents]
            more = f" … +{count(one.waiting - NAMED)}" if one.waiting > NAMED else ""
            blocks.append(Entry(_("Waiting"), text.format(count=count(one.waiting))))
            blocks.append(Entry("", ", ".join(names) + more, "soft"))
        elif one.problem:
            blocks.append(Entry(_("Waiting"), _("nothing: it does not matter now"), "soft"))
        else:
            blocks.append(Entry(_("Waiting"), _("nothing"), "soft"))
        if explained is not None:
            blocks += explained_cure(explained)
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
            case "again" | "card":
                known = one is not None and bool(one.problem)
                return known and (run == "card" or self.idle)
            case "records" | "why":
                return one is not None and bool(one.documents)
            case _:
                return one is not None

    def do_again(self) -> None:
        place = self._grid.place
        if place is not None and place[2].problem:
            self.check(place[2].problem)

    def do_records(self) -> None:
        place, checked = self._grid.place, self.checked
        if place is None or checked is None:
            return
        heads = [checked.documents[id] for id in place[2].documents if id in checked.documents]
        records = [Record(kind=head.kind, label=head.number, id=head.id) for head in heads]
        title = self._page_of(place, None).title
        self.shell.push_screen(RecordsScreen(title, records, checked.documents, place=self.MODE))

    @property
    def documents(self) -> Sequence[str]:
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
