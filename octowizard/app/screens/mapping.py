"""Mapping: where categories, VAT rates, discounts and payments lead to; what leads nowhere first; choices beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import Command, bindings
from octowizard.app.content import cell, content, wrapped
from octowizard.app.runner import in_background
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.form import Field, FormScreen
from octowizard.app.screens.working import WorkingScreen
from octowizard.app.told import Told
from octowizard.app.widgets.mapping_list import MappingList, kind_name, mark_of
from octowizard.app.widgets.picker import Picker
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.onboarding.mapping import MIRROR_ACCOUNT, MIRROR_JOURNAL, Row

if TYPE_CHECKING:
    from octowizard.app.widgets.line_list import LineList
    from octowizard.session.mapping import Mapped, Mapping
    from octowizard.workspace.profiles import Profile

OFFERS: tuple[Command, ...] = (
    Command("stop", ("escape",), lambda: _("stop"), lambda: _("Stop reading. What was read so far is kept.")),
    Command("take", ("enter",), lambda: _("take it"), lambda: _("While choosing: take the marked one.")),
    Command("leave", ("escape",), lambda: _("leave it"), lambda: _("While choosing: choose nothing.")),
    Command(
        "choose",
        ("enter", "right"),
        lambda: _("choose"),
        lambda: _(
            "Choose where the row leads to: type a part of a name or number, enter takes the marked one."
        ),
    ),
    Command(
        "accept",
        ("a",),
        lambda: _("accept all"),
        lambda: _("Accept every proposal that is sure, after showing them."),
    ),
    Command(
        "unsure",
        ("A",),
        lambda: _("doubtful ones too"),
        lambda: _("Accept every proposal, those that may be meant otherwise too, after showing them."),
        footer=False,
    ),
    Command(
        "take_back",
        ("x", "backspace"),
        lambda: _("take back"),
        lambda: _("Take your choice back: Teamleader's own setting, or a proposal, holds again."),
    ),
    Command(
        "again", ("r",), lambda: _("check again"), lambda: _("Read accounts, VAT codes and settings again.")
    ),
    Command(
        "suggest",
        ("s",),
        lambda: _("per VAT rate"),
        lambda: _("The account that fits each VAT rate, for the automatic suggestion in Teamleader."),
    ),
    Command("setup", ("b",), lambda: _("back to set up"), lambda: _("Go back to the steps of the set-up.")),
)


class MappingScreen(WorkingScreen):
    """Rows on the left, the choices of the one under the cursor on the right."""

    MODE: ClassVar[str] = "mapping"
    CSS_PATH = "mapping.tcss"
    OFFERS: ClassVar[tuple[Command, ...]] = OFFERS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(OFFERS)]

    def __init__(self) -> None:
        super().__init__()
        self._mapped: Mapped | None = None
        self._loading = False
        self._looked = False
        self._onward = False  # a choice was made: go to what leads nowhere next

    def about(self) -> str:
        return _(
            "Each product category of Teamleader leads to a ledger account, each VAT rate to a VAT code. What leads "
            "nowhere keeps its documents from being booked, and stands first. ⏎ chooses; a accepts what is sure. What "
            "you choose holds for octowizard's bookings; nothing is written to either side."
        )

    def body(self) -> Iterable[Widget]:
        yield Static(id="mapping-head")
        with Horizontal(id="lists"):
            yield MappingList()
            with Vertical(id="side"):
                yield Static(id="row-text", markup=False)
                yield Picker(id="picker")

    def on_mount(self) -> None:
        self._list.focus()
        self.draw()

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def on_screen_resume(self) -> None:
        self._load()

    @property
    def _mapper(self) -> Mapping | None:
        return self.shell.runner.session.mapping if self.shell.runner is not None else None

    @property
    def _list(self) -> MappingList:
        return self.query_one(MappingList)

    @property
    def _picker(self) -> Picker:
        return self.query_one(Picker)

    def _load(self) -> None:
        if self._mapper is not None and not self._loading:
            self._loading = True
            in_background(self, self._mapper.kept, self._loaded, self.failed)

    def _loaded(self, mapped: Mapped) -> None:
        self._loading = False
        self._mapped = mapped
        self._list.fill(mapped.rows)
        if self._onward and mapped.rows and mark_of(mapped.rows[0])[0] == "✖":
            self._list.go(0)
        self._onward = False
        self.draw()
        if not mapped.looked and not self._looked and self.idle:
            self.do_again()

    def failed(self, why: str) -> None:
        self._loading = False
        super().failed(why)

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        self.draw_head()
        row = self._list.chosen
        width = self.query_one("#row-text", Static).size.width
        self.query_one("#side").display = row is not None
        if row is not None:
            if width:
                self.query_one("#row-text", Static).update(_about_row(row, width))
            self._picker.show(row.choices, row.value or row.proposal)
        self.show_keys()

    def draw_head(self) -> None:
        width = max(20, self.size.width - 2)
        rows = self._mapped.rows if self._mapped is not None else ()
        open_ = sum(mark_of(row)[0] == "✖" for row in rows)
        sure = sum(bool(row.proposal and row.sure and not row.optional) for row in rows)
        if self._mapped is None:
            left, style = _("Mapping"), "bold $accent"
        elif self._mapped.why and not rows:
            left, style = _("Nothing is known yet"), "bold"
        elif open_:
            left = ngettext("✖ {count} leads nowhere", "✖ {count} lead nowhere", open_).format(
                count=count(open_)
            )
            style = "$error"
            if sure:
                left += " · " + _("{count} with a sure proposal: a accepts them").format(count=count(sure))
        else:
            left, style = _("✔ Everything leads somewhere"), "$success"
        right = self.going_on
        room = max(0, width - len(left) - 2)
        found = [content((left, style), "  ", (cell(right, room, right=True), "$primary"))]
        why = self.error or (self._mapped.why if self._mapped is not None else "")
        if why:
            mark = ("✖ ", "$error") if self.error else ("? ", "$soft")
            found += [
                content(mark if number == 0 else "  ", line)
                for number, line in enumerate(wrapped(why, width - 2)[:2])
            ]
        self.query_one("#mapping-head", Static).update(Content("\n").join(found))

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        row, mapped = self._list.chosen, self._mapped
        if run == "stop":
            return self.job is not None and not self.job.cancelled
        if run in ("take", "leave") or self._picker.open:
            return self._picker.open and run in ("take", "leave")
        match run:
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

        def chosen(given: dict[str, str] | None) -> None:
            if given is not None:
                journal, account = given.get(MIRROR_JOURNAL, ""), given.get(MIRROR_ACCOUNT, "")
                self._decide(lambda: mapper.choose_mirror(rows, journal, account))

        self.shell.push_screen(FormScreen(_("Where payments made in Teamleader are booked"), fields), chosen)

    def _decide(self, work: Callable[[], Profile], said: str = "") -> None:
        """Keep a choice in a thread, then show what it changes."""

        def done(profile: Profile) -> None:
            self.shell.adopt(profile, then=self._load)
            if said:
                self.shell.tell(said)

        in_background(self, work, done, lambda why: self.shell.tell(why, wrong=True))

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
        said = ngettext("✔ {count} proposal accepted.", "✔ {count} proposals accepted.", number)
        lines = []
        for row in taken:
            lines.append(content((row.label, "bold"), f" → {row.proposal} {row.proposed}"))
            lines.append(content("  ", ("" if row.sure else "? ", "$warning"), (row.reason, "$soft")))
        self.shell.push_screen(
            ConfirmScreen(
                ngettext("Accept {count} proposal?", "Accept {count} proposals?", number).format(
                    count=count(number)
                ),
                Content("\n").join(lines),
                yes=_("accept"),
                no=_("not now"),
            ),
            lambda sure: (
                self._decide(lambda: mapper.accept(mapped.rows, unsure), said.format(count=count(number)))
                if sure
                else None
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
            entries = [
                (one.rate, f"{one.account} {one.named} ({one.code}). {one.reason}", "")
                for one in self._mapped.suggestions
            ]
            title = _("The account that fits each VAT rate")
            self.shell.push_screen(DetailScreen(Told(mark="○", title=title, entries=entries)))

    def do_setup(self) -> None:
        self.shell.go_to("setup")

    # --- from the widgets -----------------------------------------------------------------------------------

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


def _about_row(row: Row, width: int) -> Content:
    """Where a row leads to and why, above its choices."""
    mark, tone = mark_of(row)
    style = {"bad": "$error", "ok": "$success", "soft": "$soft"}[tone]
    found = [
        content((f"{mark} " if number == 0 else "  ", style), (line, "bold"))
        for number, line in enumerate(wrapped(row.label, width - 2))
    ]
    origin = {
        "teamleader": _("set in Teamleader"),
        "chosen": _("your choice"),
        "proposed": _("by rate and name"),
        "none": _("leads nowhere"),
    }[row.origin]
    parts = [f"{kind_name(row)} · {origin}", row.detail, row.trouble, row.note]
    if not row.trouble and row.value:
        parts.append(f"→ {row.value} {row.named}")
    for part in filter(None, parts):
        found += [content("  ", (line, "$soft")) for line in wrapped(part, width - 2)]
    if row.proposal:
        lead = _("Proposal") if row.sure else _("Doubtful proposal")
        said = f"{lead}: {row.proposal} {row.proposed}. {row.reason}"
        found += [content("  ", (line, "$primary")) for line in wrapped(said, width - 2)]
    elif row.reason:
        found += [content("  ", (line, "$soft")) for line in wrapped(row.reason, width - 2)]
    return Content("\n").join([*found, content("")])
