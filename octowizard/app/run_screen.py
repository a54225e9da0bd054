"""What a run looks like, live or played again: its phases, counters, documents, and the pane that explains one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.widgets.bars import CounterLine, GaugeLine, PhaseLine, WholeLine
from octowizard.app.widgets.document_list import DocumentList
from octowizard.app.widgets.pane import Pane
from octowizard.app.widgets.search_field import SearchField
from octowizard.locale import _
from octowizard.presentation.blocks import Page
from octowizard.presentation.detail import run_line
from octowizard.presentation.folds import folds
from octowizard.presentation.run_live import beside
from octowizard.presentation.run_rows import Filter, Row, RunState, Section

if TYPE_CHECKING:
    from textual.widgets import Input

    from octowizard.app.widgets.line_list import LineList
    from octowizard.app.widgets.pieces import PieceLine

EXPLAIN, DETAILS, FILTER, SEARCH, CLEAR, COPY, SAVE = commands(lambda: (
    ("explain", "enter", _("explain"), _("All about the line under the cursor.")),
    ("details", "e", _("details"),
     _("The same with all its evidence, and with what a vendor said and was asked, letter for letter.")),
    ("filter", "f", _("filter"), _("Show all, blocked and failed, ready, booked or excluded.")),
    ("search", "slash", _("search"), _("Search by number, customer or cause.")),
    ("clear", "escape", _("show all"), _("Leave search and filter: show all documents again.")),
    ("copy", "c", _("copy"), _("Copy what is known of this line.")),
    ("save", "w", _("save"), _("Save what is known of this line to a file.")),
), hidden=("save",), first=("search",))  # fmt: skip

FILTERS: tuple[Filter, ...] = get_args(Filter)
Stage = Literal["idle", "running", "over"]


class RunScreen(PlaceScreen):
    """Shows `state`. Subclasses bring its events, and say in `banner_text` what stands above it."""

    CSS_PATH = Path(__file__).with_name("run_screen.tcss")  # subclasses stand in another folder

    def __init__(self) -> None:
        super().__init__()
        self.state: RunState | None = None
        self.stage: Stage = "idle"
        self.began: datetime | None = None  # when the run began, where that is known
        self._keeps_up = True  # the cursor stays on what was dealt with last

    def body(self) -> Iterable[Widget]:
        yield Static(id="banner")
        yield WholeLine()
        yield PhaseLine()
        yield GaugeLine()
        yield CounterLine()
        yield SearchField(_("number, customer or cause; esc ends the search"))
        yield Container(DocumentList(), Pane(id="pane"), id="lists")

    def on_mount(self) -> None:
        self._update()
        self._list.focus()

    def draw(self) -> None:
        self._banner()

    def banner_text(self, width: int) -> Content:
        """What stands above the run, on `width` columns."""
        raise NotImplementedError

    def _banner(self) -> None:
        banner = self.query_one("#banner", Static)
        width = banner.size.width or self.size.width - 2
        text = self.banner_text(max(20, width))
        banner.display = bool(text)
        banner.update(text)
        banner.set_class(self.stage == "idle", "-idle")

    # --- the run as it goes on ------------------------------------------------------------------------------

    def _anew(self) -> None:
        """Show all documents in the order in which they come, from the first on."""
        documents = self._list
        documents.filter, documents.words = "all", ""
        documents.live = True
        documents.cursor = 0

    def _gather(self) -> None:
        """The run is over: the documents by what has to be done about them, from the first on."""
        self._list.live = False
        self._update()
        if self._list.length:
            self._list.go(0)

    @property
    def _is_live(self) -> bool:
        """Does the list show what goes on, newest first?"""
        return self.stage == "running"

    def _update(self) -> None:
        state = self.state
        documents = self._list
        documents.show_run(state)
        if self._keeps_up and self._is_live and documents.length > 1 and documents.cursor != 1:
            documents.go(1)
        for line in (self.query_one(WholeLine), self.query_one(PhaseLine), self.query_one(GaugeLine)):
            line.state = state
            line.display = self.stage == "running"
            line.refresh()
        counters = self.query_one(CounterLine)
        counters.state, counters.filter, counters.words = state, documents.filter, documents.words
        counters.display = bool(state and (state.rows or state.counted))
        counters.refresh()
        self.query_one("#lists").display = state is not None
        self._banner()
        self._explain()
        self.show_keys()

    def _explain(self) -> None:
        state = self.state
        pane = self.query_one(Pane)
        self._list.display = state is None or state.refused is None
        pane.set_class(not self._list.display, "-alone")
        page = self.page()
        pane.show(self._beside() if self._keeps_up and self._is_live else page)
        self.more_known(self._followed, page)

    def _beside(self) -> Page | None:
        """What a run that goes on has beside its list, as long as nobody looks at a line of it."""
        if self.state is None:
            return None
        return beside(self.state, began=self.began, now=self.shell.now(), wide=self.has_class("-wide"))

    def page(self) -> Page | None:
        chosen = self._chosen
        return run_line(chosen, dry_run=bool(self.state and self.state.dry_run)) if chosen else None

    @property
    def _chosen(self) -> Row | Section | None:
        """What the pane explains: the line under the cursor, or why the run was refused."""
        state, line = self.state, self._list.chosen
        if line is None and state is not None and state.refused is not None:
            return Section(title=state.refused.title, mark="✖", rows=[], explanation=state.refused)
        return line

    @property
    def documents(self) -> Sequence[str]:
        row = self._list.chosen
        return (row.key,) if isinstance(row, Row) and row.document is not None else ()

    @property
    def _list(self) -> DocumentList:
        return self.query_one("#documents", DocumentList)

    @property
    def _search(self) -> SearchField:
        return self.query_one(SearchField)

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        state, searching = self.state, self._search.display
        match run:
            case "filter":
                return bool(state and state.rows)
            case "search":
                return bool(state and state.rows) and not searching
            case "clear":
                shown = self._list
                return searching or (self.stage != "running" and bool(shown.words or shown.filter != "all"))
            case "details":
                page = self.page()
                return page is not None and folds(page)
            case "explain":
                # A group without a cause is all said in its line: there is nothing to open.
                return self._chosen is not None and not self._on_plain_group
            case _:
                return self._chosen is not None

    @property
    def _on_plain_group(self) -> bool:
        """Is the cursor on a group of documents that nothing stops?"""
        chosen = self._chosen
        return isinstance(chosen, Section) and chosen.explanation is None

    def do_explain(self) -> None:
        if (page := self.page()) is not None:
            self.show_page(page, follows=True)

    def do_details(self) -> None:
        if (page := self.page()) is not None:
            self.show_page(page, unfolded=True, follows=True)

    def do_filter(self) -> None:
        self._filter_by(FILTERS[(FILTERS.index(self._list.filter) + 1) % len(FILTERS)])

    def _filter_by(self, wanted: Filter) -> None:
        self._keeps_up = False
        self._list.filter = wanted
        self._update()
        self._list.go(0)

    def do_search(self) -> None:
        self._search.start()

    def do_clear(self) -> None:
        self._search.value = ""
        self._hide_search()
        self._list.words = ""
        self._filter_by("all")

    def _hide_search(self) -> None:
        self._list.focus()
        self._search.end()

    def show_row(self, key: str) -> None:
        """Put the cursor on a document, whatever was filtered."""
        self.do_clear()
        place = self._list.index_of(key)
        if place is not None:
            self._list.go(place, by_user=True)

    # --- from the widgets -----------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._list.words != event.value.strip():
            self._keeps_up = False
            self._list.words = event.value.strip()
            self._update()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._hide_search()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        if event.by_user:
            self._keeps_up = self._is_live and self._list.cursor == 0  # back at the top it follows again
        self._explain()
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("explain")

    def on_piece_line_pressed(self, event: PieceLine.Pressed) -> None:
        """A click on the counters; Textual hands it to the base class too, which does those on the frame."""
        what, _space, which = event.press.partition(" ")
        if what == "filter" and which in FILTERS:
            event.stop()
            self._filter_by(next(one for one in FILTERS if one == which))
        elif what == "search":
            event.stop()
            self.do_search()
