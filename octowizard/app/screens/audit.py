"""Audit: whether both sides say the same; each difference and each total opens down to its documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec
from rich.cells import cell_len
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.columns import GAP, cells, ended
from octowizard.app.commands import commands
from octowizard.app.content import cell, content, hung, style_of
from octowizard.app.job_screen import STOP, JobScreen
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.place_screen import WHY
from octowizard.app.widgets.empty import empty
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.app.widgets.pane import Pane
from octowizard.books.money import ZERO
from octowizard.locale import _, ngettext
from octowizard.locale.formats import ago, amount, count, day
from octowizard.locale.keys import key_of
from octowizard.presentation import audit as shown
from octowizard.presentation.audit_words import dimension_name, kind_name, mark, row_name, sentence, subject
from octowizard.presentation.blocks import Block, Item, Page, tone_of
from octowizard.presentation.text import copied
from octowizard.sync.audit.model import DIMENSIONS, Dimension, Row

if TYPE_CHECKING:
    from octowizard.snapshot.model import ListedDocument
    from octowizard.sync.audit.model import Audit

BAR = 6  # columns that a bar has at least
SUBJECT, DAY, SUM = 11, 10, 13  # columns of the documents, and of their amounts
ROWS_SHOWN = 40  # of a table in the pane; the list has them all


class Line(msgspec.Struct, frozen=True):
    """A line of the overview. `of`: a kind of difference, or what a table is by."""

    what: Literal["difference", "table", "open", "lacking"]
    of: str
    mark: str
    text: str
    figure: str


def overview(audit: Audit) -> list[Line]:
    """The differences by kind, the tables, what is open, what was not compared."""
    lines = [
        Line("difference", kind, mark(kind), kind_name(kind), count(len(differences)))
        for kind, differences in shown.grouped(audit.differences).items()
    ]
    for dimension in DIMENSIONS if audit.compared else ():
        rows = audit.tables[dimension].rows
        apart = sum(1 for row in rows if row.apart)
        text = ngettext("{count} row", "{count} rows", len(rows)).format(count=count(len(rows)))
        if apart:
            text = ngettext("{count} row differs", "{count} rows differ", apart).format(count=count(apart))
        lines.append(Line("table", dimension, "✖" if apart else "✔", dimension_name(dimension), text))
    same = audit.open_teamleader == audit.open_octopus
    if audit.compared:
        lines.append(Line("open", "", "✔" if same else "✖", _("Open invoices by age"), ""))
    if audit.not_compared:
        whole = audit.is_whole
        lines.append(
            Line(
                "lacking",
                "",
                "–" if whole else "▲",
                _("Not compared"),
                count(len(list(shown.lacking(audit)))),
            )
        )
    return lines


def _was_read(audit: Audit) -> bool:
    """Whether anybody was ever asked: else there is no reason to tell beside that."""
    return bool(audit.taken_at.timestamp())


class OverviewList(LineList[Line]):
    """One line for each kind of difference and each table."""

    NAME = "audit-lines"

    def title(self) -> str:
        return _("What was compared")

    def cells(self, line: Line, width: int) -> list[Cell]:
        text, figure = ended(line.text, line.figure, width - 2)
        return [
            (f"{line.mark} ", tone_of(line.mark)),
            (text, "head" if line.what == "difference" else "text"),
            (figure, "soft"),
        ]

    def key(self, line: Line) -> object:
        return line.what, line.of


OPEN, AGAIN, ALL_LINES, BROWSE = commands(lambda: (
    ("open", "enter", _("open"), _("Open the line under the cursor, down to its documents.")),
    ("again", "r", _("read again"), _("Read both sides as far as what is kept is too old, and compare.")),
    ("all_lines", "a", _("read all lines"),
     _("Read the lines of all documents, a call each: ledger accounts and VAT codes stand on them.")),
    ("browse", "o", _("open in browser"), _("Open the document in Teamleader.")),
))  # fmt: skip


class AuditScreen(JobScreen):
    """The verdict, the list of what differs and of all totals, and what is known of the line under the cursor."""

    CSS_PATH = "audit.tcss"
    OFFERS = (STOP, BACK, OPEN, AGAIN, ALL_LINES, COPY, SAVE)

    def __init__(self, *, place: str) -> None:
        super().__init__()
        self.MODE = place  # type: ignore[misc] # of this screen only
        self.audit: Audit | None = None
        self._looking = False
        self._asked = False  # was it read here since it was opened?
        self._offset = timedelta(0)

    def successor(self) -> AuditScreen:
        return AuditScreen(place=self.MODE)

    def about(self) -> str:
        return _(
            "The audit adds up the documents of Teamleader and the bookings of Octopus, each by itself, and names "
            "what is not the same. It looks at no link and no plan, and writes nothing. What is kept is compared at "
            "once; {again} reads what is too old first."
        ).format(again=key_of("audit.again", "r"))

    def body(self) -> Iterable[Widget]:
        yield Static(id="audit-head")
        yield Container(OverviewList(), Pane(id="pane"), id="lists")

    @property
    def _lines(self) -> OverviewList:
        return self.query_one(OverviewList)

    def on_mount(self) -> None:
        self._lines.focus()
        runner = self.shell.runner
        if runner is not None:
            self._looking = True
            self.in_thread(runner.session.audit.kept, self._show, self.failed)
        self.draw()

    def _set_clock(self, there: datetime) -> None:
        """The vendors' clock counts: by it what was read has an age."""
        self._offset = there - self.shell.now()
        self.draw_head()

    def _show(self, audit: Audit) -> None:
        self._looking = False
        self.audit = audit
        if self.shell.runner is not None:
            self.in_thread(self.shell.runner.session.moment_there, self._set_clock)
        self._lines.fill(overview(audit) if _was_read(audit) else [])
        self.draw()
        runner = self.shell.runner
        outdated = runner is not None and runner.session.to_look_at and _was_read(audit)
        if outdated and not self._asked and self.is_enabled("again"):
            self.do_again()  # a sync has written since: what is kept would call all of it missing

    def failed(self, why: str) -> None:
        """It broke off, for this reason."""
        self._looking = False
        super().failed(why)

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        self.draw_head()
        self._explain()
        self.show_keys()

    def draw_head(self) -> None:
        width, audit = self.columns, self.audit
        lines: list[Content] = []
        if audit is not None:
            verdict = shown.verdict(audit)
            lines += hung(f"{verdict.mark} ", style_of(verdict.mark), verdict.text, width, "bold")
        going = self.going_on or (_("● looking at what is kept") if self._looking else "")
        if going:
            lines.append(content((cell(going, width), "$primary")))
        elif audit is not None and _was_read(audit):
            lines.append(content((cell(f"{shown.span(audit)} · {self._age(audit)}", width), "$soft")))
        elif audit is not None:
            shown_empty = empty(
                _("Nothing to compare yet"),
                _("Nothing was read yet for an audit; it writes nothing."),
                key_of("audit.again", "r"),
                _("reads both sides and compares them to the cent"),
            )
            lines = [shown_empty]
        if self.error:
            lines += hung("✖ ", "$error", self.error, width)
        self.query_one("#audit-head", Static).update(Content("\n").join(lines) if lines else "")

    def _age(self, audit: Audit) -> str:
        return _("read {ago}").format(ago=ago(audit.taken_at, self.shell.now() + self._offset))

    def _explain(self) -> None:
        self.query_one(Pane).show(self.page())

    def page(self) -> Page | None:
        line, audit = self._lines.chosen, self.audit
        if line is None or audit is None:
            return None
        blocks: list[Block] = []
        match line.what:
            case "difference":
                differences = shown.grouped(audit.differences)[line.of]  # type: ignore[index] # a kind
                blocks += [Item(sentence(audit, one)) for one in differences[: shown.SHOWN]]
                if len(differences) > shown.SHOWN:
                    all_of_them = _("{open} lists all of them.").format(open=key_of("audit.open", "⏎"))
                    blocks.append(Item(all_of_them, tone="soft"))
            case "table" if line.of == "month":
                blocks.append(shown.months(audit))
            case "table":
                totals = audit.tables[line.of]  # type: ignore[index] # a dimension
                rows = sorted(totals.rows, key=lambda row: not row.apart)[:ROWS_SHOWN]
                kept = {row.key for row in rows}
                blocks.append(shown.table(totals, [row for row in totals.rows if row.key in kept]))
                blocks += shown.beneath(totals)
            case "open":
                blocks.append(shown.open_amounts(audit))
            case "lacking":
                blocks += shown.lacking(audit)
        return Page(title=line.text, mark=line.mark, aside=line.figure, blocks=tuple(blocks))

    def on_line_list_moved(self) -> None:
        self._explain()
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("open")

    def text_to_save(self) -> str:
        return copied(shown.page(self.audit, every=True)) if self.audit is not None else ""

    # --- what can be done -----------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        match run:
            case "stop":
                return self.stoppable
            case "back":
                return not self.stoppable
            case "again" | "all_lines":
                return self.idle and self.job is None
            case "open":
                return self._lines.chosen is not None
            case _:
                return self.audit is not None

    def do_back(self) -> None:
        self.dismiss(None)

    def do_again(self) -> None:
        self._read(all_lines=False)

    def do_all_lines(self) -> None:
        self._read(all_lines=True)

    def _read(self, *, all_lines: bool) -> None:
        """Say how many calls it takes, then read and compare."""
        runner = self.shell.runner
        if runner is None:
            return
        session, self._asked = runner.session, True

        def begin(calls: str) -> None:
            self.shell.tell(calls)
            self.begin(
                _("reading"),
                lambda report, _stop: session.audit.read(report, all_lines=all_lines),
                self._show,
            )

        self.in_thread(
            lambda: shown.calls(session.audit.needed(None, None, all_lines=all_lines, fresh=False)),
            begin,
            self.failed,
        )

    def do_open(self) -> None:
        line, audit = self._lines.chosen, self.audit
        if line is None or audit is None:
            return
        if line.what == "difference":
            differences = shown.grouped(audit.differences)[line.of]  # type: ignore[index] # a kind
            entries = [one.entry for one in differences if one.entry >= 0]
            if entries:
                self.shell.push_screen(EntriesScreen(line.text, audit, entries, place=self.MODE))
                return
        if line.what == "table":
            self.shell.push_screen(RowsScreen(audit, line.of, place=self.MODE))  # type: ignore[arg-type] # so it is
        elif (page := self.page()) is not None:
            self.show_page(page)


class RowList(LineList[Row]):
    """One line for each row of a table; where there is room, a bar of what both sides have and what only one has."""

    NAME = "audit-rows"

    def __init__(self, rows: Sequence[Row], dimension: Dimension) -> None:
        super().__init__(rows)
        self._dimension = dimension
        self._longest = max((abs(one) for row in rows for one in shown.sums(row)), default=ZERO)
        self._widest = max((cell_len(row_name(dimension, row)) for row in rows), default=0)
        largest = max((abs(row.difference.total) for row in rows), default=ZERO)
        self._money = GAP + cell_len(amount(-max(largest, self._longest)))
        self._number = GAP + cell_len(count(max((row.teamleader.number for row in rows), default=0)))

    def room_for_bars(self, width: int) -> int:
        """The columns that a bar can have at most; 0 where there is no room for any."""
        columns = self._room(width) - self._widest - GAP
        return columns if columns >= BAR else 0

    def _room(self, width: int) -> int:
        """The columns beside the figures."""
        return max(0, width - 2 - self._number - 3 * self._money)

    def cells(self, row: Row, width: int) -> list[Cell]:
        money, number = self._money, self._number
        sign = "✖" if row.apart else "✔"
        difference = row.difference.total
        room = self._room(width)
        columns = self.room_for_bars(width)
        name = self._widest + 1 if columns else room
        both, alone = shown.bar(row, self._longest, columns)
        bars: list[Cell] = [(both, "ok"), (alone, "bad"), (" " * (room - name - len(both + alone)), "text")]
        return [
            (f"{sign} ", tone_of(sign)),
            (cell(row_name(self._dimension, row), name), "text"),
            *bars,
            (cell(count(row.teamleader.number), number, right=True), "soft"),
            (cell(amount(row.teamleader.total), money, right=True), "text"),
            (cell(amount(row.octopus.total), money, right=True), "text"),
            (cell(amount(difference), money, right=True), "bad" if difference else "soft"),
        ]


class RowsScreen(LinesScreen):
    """The rows of one table: documents, Teamleader, Octopus, difference, VAT included."""

    OFFERS = (BACK, OPEN, COPY, SAVE)

    def __init__(self, audit: Audit, dimension: Dimension, *, place: str) -> None:
        self._audit, self._dimension = audit, dimension
        rows = sorted(audit.tables[dimension].rows, key=lambda row: not row.apart)
        self._list = RowList(rows, dimension)
        name = dimension_name(dimension)
        super().__init__(
            _("{name}: documents, Teamleader, Octopus, difference (VAT included)").format(name=name),
            self._list,
            place=place,
        )

    def draw(self) -> None:
        head: list[str | tuple[str, str]] = [(self._title, "bold $accent")]
        if self._list.room_for_bars(self.size.width - 1):
            head.append((f"   {shown.bar_legend()}", "$soft"))
        self.query_one("#lines-head", Static).update(content(*head))

    def about(self) -> str:
        return _(
            "The totals along one dimension; what differs comes first. Each opens down to its documents."
        )

    def is_enabled(self, run: str) -> bool:
        return run == "back" or bool(self._list.length)

    def on_line_list_chosen(self) -> None:
        self.do_open()

    def do_open(self) -> None:
        row = self._list.chosen
        if row is not None:
            apart = set(row.apart)
            entries = sorted(row.entries, key=lambda entry: (entry not in apart, entry))
            title = f"{dimension_name(self._dimension)} {row_name(self._dimension, row)}"
            self.shell.push_screen(EntriesScreen(title, self._audit, entries, place=self.MODE))


class EntryList(LineList[int]):
    """One line for each document or booking, by the number of its entry."""

    NAME = "audit-entries"

    def __init__(self, audit: Audit, entries: Sequence[int]) -> None:
        super().__init__(entries)
        self._audit = audit
        self._found = audit.of_entries

    def cells(self, entry: int, width: int) -> list[Cell]:
        its = self._audit.entries[entry]
        document, booking, known = its.document, its.booking, its.known
        differences = self._found.get(entry, [])
        sign = mark(differences[0].kind) if differences else "✔"
        name = known.customer_name if known is not None else booking.head.comment if booking else ""
        total, currency = ZERO, self._audit.currency
        if document is not None:
            total, currency = document.booked_amount, document.currency
        elif booking is not None:
            total, currency = booking.head.amount, booking.detail.currency if booking.detail else currency
        what = " · ".join(kind_name(one.kind) for one in differences)
        texts = subject(its), day(its.day), name, what, amount(total, currency)
        rest = max(0, width - 2 - SUBJECT - DAY - SUM - 4 * GAP)
        widths = SUBJECT, DAY, rest - rest // 2, rest // 2, SUM
        tones = "head", "soft", "text", "soft", "text"
        return [
            (f"{sign} ", tone_of(sign)),
            *zip(cells(texts, widths, right=(4,), still=(0, 1)), tones, strict=True),
        ]


class EntriesScreen(LinesScreen):
    """The documents of a row or of a kind of difference."""

    OFFERS = (BACK, OPEN, BROWSE, WHY, COPY, SAVE)
    EXPLAINS = True

    def __init__(self, title: str, audit: Audit, entries: Sequence[int], *, place: str) -> None:
        self._audit = audit
        self._list = EntryList(audit, entries)
        super().__init__(title, self._list, place=place)

    def about(self) -> str:
        return _(
            "Documents and bookings, those that differ first. Each opens with all that the audit says of it."
        )

    def page(self) -> Page | None:
        entry = self._list.chosen
        return shown.entry_page(self._audit, entry) if entry is not None else None

    @property
    def _known(self) -> ListedDocument | None:
        entry = self._list.chosen
        return self._audit.entries[entry].known if entry is not None else None

    @property
    def documents(self) -> Sequence[str]:
        return (self._known.id,) if self._known is not None else ()

    def on_line_list_chosen(self) -> None:
        self.do_open()

    def is_enabled(self, run: str) -> bool:
        if run == "why":
            return bool(self.documents)
        if run == "browse":
            return self._known is not None and bool(self._known.web_url)
        return run == "back" or bool(self._list.length)

    def do_open(self) -> None:
        self.do_explain()

    def do_browse(self) -> None:
        if self._known is not None:
            self.shell.open_address(self._known.web_url or "")
