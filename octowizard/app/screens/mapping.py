"""Mapping: where categories, VAT rates, discounts and payments lead to; what leads nowhere first; choices beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from octowizard.app.commands import commands
from octowizard.app.content import cell, content, hung, render
from octowizard.app.job_screen import STOP, JobScreen
from octowizard.app.screens.form import Field
from octowizard.app.widgets.empty import empty
from octowizard.app.widgets.mapping_list import MappingList
from octowizard.app.widgets.picker import Picker
from octowizard.app.widgets.search_field import SearchField
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.locale.keys import key_of
from octowizard.onboarding.mapping import MIRROR_ACCOUNT, MIRROR_JOURNAL, Row
from octowizard.presentation.blocks import Block, Entry, Item, Page
from octowizard.presentation.confirmation import Question
from octowizard.presentation.mapping_rows import about, mark_of, searched

if TYPE_CHECKING:
    from octowizard.app.widgets.line_list import LineList
    from octowizard.session.mapping import Mapped, Mapping
    from octowizard.workspace.profiles import Profile

OFFERS = (STOP, *commands(lambda: (
    ("take", "enter", _("take it"), _("While choosing: take the marked one.")),
    ("leave", "escape", _("leave it"), _("While choosing: choose nothing.")),
    ("choose", "enter right", _("choose"),
     _("Choose where the row leads to: type a part of a name or number, enter takes the marked one.")),
    ("search", "slash", _("search"), _("Only the rows that hold some words: of a name, a number, a value.")),
    ("clear", "escape", _("show all"), _("End the search.")),
    ("accept", "a", _("accept all"), _("Accept every proposal that is sure, after showing them.")),
    ("unsure", "A", _("doubtful ones too"),
     _("Accept every proposal, those that may be meant otherwise too, after showing them.")),
    ("take_back", "u", _("take back"),
     _("Take your choice back: Teamleader's own setting, or a proposal, holds again.")),
    ("again", "r", _("check again"), _("Read accounts, VAT codes and settings again.")),
    ("suggest", "s", _("per VAT rate"),
     _("The account that fits each VAT rate, for the automatic suggestion in Teamleader.")),
    ("setup", "backspace", _("back to set up"), _("Go back to the steps of the set-up.")),
    ("copy", "c", _("copy"), _("Copy all that is known of this row.")),
    ("save", "w", _("save"), _("Save all rows to a file.")),
), hidden=("unsure", "copy", "save"), first=("search",)))  # fmt: skip


class MappingScreen(JobScreen):
    """Rows on the left, the choices of the one under the cursor on the right."""

    MODE: ClassVar[str] = "mapping"
    CSS_PATH = "mapping.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self._mapped: Mapped | None = None
        self._loading = False
        self._looked = False
        self._onward = False  # a choice was made: go to what leads nowhere next

    def about(self) -> str:
        return _(
            "Each product category of Teamleader leads to a ledger account, each VAT rate to a VAT code. What leads "
            "nowhere keeps its documents from being booked, and stands first. {choose} chooses; {accept} accepts "
            "what is sure. What "
            "you choose holds for octowizard's bookings; nothing is written to either side."
        ).format(choose=key_of("mapping.choose", "⏎"), accept=key_of("mapping.accept", "a"))

    def body(self) -> Iterable[Widget]:
        yield Static(id="mapping-head")
        yield SearchField(_("words of a name, a number or a value; esc ends the search"))
        yield Static(id="mapping-empty", markup=False)
        with Horizontal(id="lists"):
            yield MappingList()
            with Vertical(id="side"):
                yield Static(id="row-text", markup=False)
                yield Picker(id="picker")

    def on_mount(self) -> None:
        self._list.focus()
        self.draw()

    def follow(self) -> None:
        if self.job is None and not self._picker.open:
            self._load()

    @property
    def _mapper(self) -> Mapping | None:
        return self.shell.runner.session.mapping if self.shell.runner is not None else None

    @property
    def _list(self) -> MappingList:
        return self.query_one(MappingList)

    @property
    def _search(self) -> SearchField:
        return self.query_one(SearchField)

    @property
    def _picker(self) -> Picker:
        return self.query_one(Picker)

    def _load(self) -> None:
        if self._mapper is not None and not self._loading:
            self._loading = True
            self.in_thread(self._mapper.kept, self._loaded, self.failed)

    def _loaded(self, mapped: Mapped) -> None:
        self._loading = False
        self._mapped = mapped
        self._fill()
        if self._onward and mapped.rows and mark_of(mapped.rows[0])[0] == "✖":
            self._list.go(0)
        self._onward = False
        self.draw()
        if not mapped.looked and not self._looked and self.idle:
            self.do_again()

    def _fill(self) -> None:
        """Show the rows that hold all words of the search."""
        words = self._search.value.casefold().split()
        rows = self._mapped.rows if self._mapped is not None else ()
        self._list.fill([row for row in rows if all(word in searched(row) for word in words)])

    def failed(self, why: str) -> None:
        self._loading = False
        super().failed(why)

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        self.draw_head()
        row = self._list.chosen
        width = self.query_one("#row-text", Static).size.width
        self.query_one("#side").display = row is not None
        # Each by itself: with a class of the screen all of its widgets would be styled anew.
        self.query_one("#lists").display = bool(self._list.length)
        nothing = self.query_one("#mapping-empty", Static)
        nothing.display = not self._list.length
        nothing.update(self._empty())
        if row is not None:
            if width:
                self.query_one("#row-text", Static).update(render(about(row), width) + content("\n"))
            self._picker.show(row.choices, row.value or row.proposal)
        self.show_keys()

    def draw_head(self) -> None:
        width = self.columns
        left, style = self._verdict()
        right = self.going_on
        room = max(0, width - len(left) - 2)
        lines = [content((left, style), "  ", (cell(right, room, right=True), "$primary"))]
        mapped = self._mapped
        if mapped is not None and mapped.uncategorised and mapped.rows:
            text = ngettext(
                "{count} document has a line without a product category, and so without an account: 3 names it.",
                "{count} documents have a line without a product category, and so without an account: 3 names them.",
                mapped.uncategorised,
            )
            lines += hung("▲ ", "$warning", text.format(count=count(mapped.uncategorised)), width)
        if self.error:
            lines += hung("✖ ", "$error", self.error, width)[:2]
        elif mapped is not None and mapped.why:
            lines += hung("? ", "$soft", mapped.why, width)[:2]
        self.query_one("#mapping-head", Static).update(Content("\n").join(lines))

    def _empty(self) -> Content:
        if self._search.value:
            return empty(
                _("No row with these words"),
                _("Each word has to stand in the name, the number or the value."),
                key_of("mapping.clear", "esc"),
                _("shows all rows again"),
            )
        if self._mapped is None or self.going_on:
            return content("")
        return empty(
            _("Nothing to map yet"),
            _("Neither product categories nor VAT rates were read so far."),
            key_of("mapping.again", "r"),
            _("reads accounts, VAT codes and settings; it writes nothing"),
        )

    def _verdict(self) -> tuple[str, str]:
        """How the rows stand, and its style."""
        if self._mapped is None:
            return _("Mapping"), "bold $accent"
        rows = self._mapped.rows
        if self._mapped.why and all(mark_of(row)[0] == "–" for row in rows):
            return _("Nothing is known yet"), "bold"
        nowhere = sum(mark_of(row)[0] == "✖" for row in rows)
        if not nowhere:
            return _("✔ Every row leads somewhere"), "$success"
        text = ngettext("✖ {count} leads nowhere", "✖ {count} lead nowhere", nowhere)
        verdict = text.format(count=count(nowhere))
        if sure := sum(bool(row.proposal and row.sure and not row.optional) for row in rows):
            verdict += " · " + _("{count} with a sure proposal: {accept} accepts them").format(
                count=count(sure), accept=key_of("mapping.accept", "a")
            )
        return verdict, "$error"

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        row, mapped = self._list.chosen, self._mapped
        if run == "stop":
            return self.stoppable
        if run in ("take", "leave") or self._picker.open:
            return self._picker.open and run in ("take", "leave")
        if self._search.has_focus:
            return run == "clear"
        match run:
            case "search":
                return bool(mapped and mapped.rows)
            case "clear":
                return bool(self._search.value)
            case "copy" | "save":
                return row is not None
            case "choose":
                return row is not None and bool(row.choices)
            case "accept":
                return bool(mapped and _proposed(mapped.rows, unsure=False))
            case "unsure":
                return bool(mapped and _proposed(mapped.rows, unsure=True))
            case "take_back":
                return row is not None and row.origin == "chosen"
            case "again":
                return self.idle
            case "suggest":
                return bool(mapped and mapped.suggestions)
            case _:
                return True

    def do_take(self) -> None:
        self._picker.take()

    def do_leave(self) -> None:
        self._close()

    def do_choose(self) -> None:
        row = self._list.chosen
        if row is None:
            return
        if row.id in (MIRROR_JOURNAL, MIRROR_ACCOUNT):
            self._ask_mirror()
        else:
            self._picker.start(_("type a part; ⏎ takes it"), row.proposal or row.value)
            self.show_keys()

    def _ask_mirror(self) -> None:
        """Journal and money account: one is nothing without the other."""
        mapper, rows = self._mapper, self._mapped.rows if self._mapped is not None else ()
        by_id = {row.id: row for row in rows}
        if mapper is None or not {MIRROR_JOURNAL, MIRROR_ACCOUNT} <= by_id.keys():
            return
        fields = [
            Field(
                name=id,
                label=by_id[id].label,
                hint=by_id[id].detail,
                value=by_id[id].value or by_id[id].proposal,
                choices=partial(tuple, by_id[id].choices),
            )
            for id in (MIRROR_JOURNAL, MIRROR_ACCOUNT)
        ]

        def chosen(given: dict[str, str]) -> None:
            journal, account = given.get(MIRROR_JOURNAL, ""), given.get(MIRROR_ACCOUNT, "")
            self._decide(lambda: mapper.choose_mirror(rows, journal, account))

        self.fill_in(_("Where payments made in Teamleader are booked"), fields, chosen)

    def _decide(self, work: Callable[[], Profile], done_text: str = "") -> None:
        """Keep a choice in a thread, then show what it changes."""

        def done(profile: Profile) -> None:
            self.shell.adopt(profile, then=self._load)
            if done_text:
                self.shell.tell(done_text)

        self.in_thread(work, done)

    def do_take_back(self) -> None:
        row, mapper = self._list.chosen, self._mapper
        if row is not None and mapper is not None:
            self._decide(lambda: mapper.choose(row, ""))

    def do_accept(self) -> None:
        self._accept(unsure=False)

    def do_unsure(self) -> None:
        self._accept(unsure=True)

    def _accept(self, *, unsure: bool) -> None:
        mapper, mapped = self._mapper, self._mapped
        if mapper is None or mapped is None:
            return
        taken = _proposed(mapped.rows, unsure=unsure)
        number = len(taken)
        accepted = ngettext("✔ {count} proposal accepted.", "✔ {count} proposals accepted.", number)
        blocks: list[Block] = []
        for row in taken:
            blocks += [Item(f"{row.label} → {row.proposal} {row.proposed}", tone="head")]
            blocks += [Item(row.reason, "" if row.sure else "?", "soft", "warn", indent=2)]
        title = ngettext("Accept {count} proposal?", "Accept {count} proposals?", number)
        question = Question(
            title=title.format(count=count(number)), blocks=tuple(blocks), yes=_("accept"), no=_("not now")
        )
        self.confirm(
            question,
            lambda: self._decide(
                lambda: mapper.accept(mapped.rows, unsure), accepted.format(count=count(number))
            ),
        )

    def do_again(self) -> None:
        from octowizard.onboarding.steps.check_accounts import check_accounts

        runner = self.shell.runner
        if runner is not None:
            self._looked = True
            self.begin(
                _("reading"),
                lambda report, _stop: runner.session.setup.look(check_accounts.id, report),
                lambda _guide: self._load(),
            )

    def do_suggest(self) -> None:
        if self._mapped is not None:
            blocks = tuple(
                Entry(one.rate, f"{one.account} {one.named} ({one.code}). {one.reason}")
                for one in self._mapped.suggestions
            )
            title = _("The account that fits each VAT rate")
            self.show_page(Page(mark="○", title=title, blocks=blocks))

    def do_setup(self) -> None:
        self.shell.go_to("setup")

    def do_search(self) -> None:
        self._search.start()
        self.show_keys()

    def do_clear(self) -> None:
        self._search.value = ""
        self._end_search()
        self._fill()
        self.draw()

    def _end_search(self) -> None:
        self._list.focus()
        self._search.end()
        self.show_keys()

    def page(self) -> Page | None:
        row = self._list.chosen
        return about(row) if row is not None else None

    def text_to_save(self) -> str:
        return self._list.texts()

    # --- from the widgets -----------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()
        self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._list.length:
            self._end_search()
            self.draw()

    def on_picker_picked(self, event: Picker.Picked) -> None:
        event.stop()
        row, mapper = self._list.chosen, self._mapper
        self._close()
        if row is not None and mapper is not None:
            self._onward = True
            self._decide(lambda: mapper.choose(row, event.value))

    def on_picker_left(self, event: Picker.Left) -> None:
        event.stop()
        self._close()

    def _close(self) -> None:
        self._list.focus()
        self._picker.end()
        self.draw()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()
        self.draw()

    def on_line_list_chosen(self) -> None:
        self.action_command("choose")


def _proposed(rows: Iterable[Row], *, unsure: bool) -> list[Row]:
    """The rows whose proposal would be accepted."""
    return [row for row in rows if row.proposal and not row.optional and (row.sure or unsure)]
