"""Home: both sides, the counters, what needs attention, and the next sensible step. Reads; never writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import cell, content, hung, style_of, wrapped
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.runner import in_background
from octowizard.app.widgets.attention_list import AttentionList
from octowizard.app.widgets.cards import Card
from octowizard.app.widgets.frame import TitleLine
from octowizard.locale import _
from octowizard.locale.formats import ago, count
from octowizard.presentation.overview import attention, counters, lines_unread, signed_in

if TYPE_CHECKING:
    from datetime import date

    from octowizard.session.overview import Overview, Side
    from octowizard.session.profile_session import Checked

OFFERS = commands(lambda: (
    ("open", "enter", _("open"), _("Open what needs attention: its evidence, what to do, and the records.")),
    ("preview", "p s", _("preview the sync"),
     _("Show exactly what would be written, and what cannot be. Writes nothing.")),
    ("begin", "enter", _("preview the sync"), _("The same, as long as nothing needs attention.")),
    ("again", "r", _("read again"), _("Read both sides again.")),
    ("sign_in", "i", _("sign in again"),
     _("Sign in again to the same accounts: after a new password, or before a sign-in ends.")),
    ("copy", "c", _("copy"), _("Copy this overview as text, for a mail or a ticket.")),
    ("save", "w", _("save"), _("Save this overview to a file.")),
), hidden=("begin", "sign_in", "save"))  # fmt: skip

NOT_SET_UP = "set-up-missing"  # the problem whose cure is a place of its own
FRAME_LINES = 4  # of the screen: its first two lines, the rule or space below, the keys


class HomeScreen(PlaceScreen):
    """What is remembered shows at once; both sides are read in the background."""

    MODE: ClassVar[str] = "home"
    CSS_PATH = "home.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self.overview: Overview | None = None
        self.reading = False
        self.problem = ""
        self._checked: Checked | None = None  # what `overview` is of; None: of an earlier time
        self._checking = False
        self._begun = False
        self._ends: date | None = None  # the sign-in to Octopus, where that is soon

    def about(self) -> str:
        return _(
            "Home shows both accounts and how they stand to each other. ⏎ opens what needs attention; p previews a "
            "sync: it shows what would be written and what cannot be, and writes nothing."
        )

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(id="home", can_focus=False):
            yield Static(id="sides")
            with Horizontal(id="cards"):
                styles = ("$foreground", "$success", "$error", "$soft")
                for style, one in zip(styles, counters(None), strict=True):
                    yield Card(one.shows, one.mark, style, one.name)
            yield Static(id="attention")
            yield AttentionList()
            yield Static(id="next")
            yield Static(id="left-today")

    def on_mount(self) -> None:
        self.query_one(AttentionList).focus()
        self.draw()

    def _begin(self) -> None:
        runner = self.shell.runner
        if runner is not None:
            in_background(self, runner.session.remembered, self._remembered, self._failed)
            in_background(self, runner.session.sign_in_ends, self._sign_in_ends, self._failed)
        self._look()

    def prepared(self, why: str) -> None:
        """The practice company is there, or this sentence says why it is not."""
        for line in self.query(TitleLine):
            line.refresh()
        if why:
            self._failed(why)
        else:
            self._begin()
        self.show_keys()

    def on_screen_resume(self) -> None:
        """What was read, written or checked elsewhere is no longer as it was shown here."""
        runner = self.shell.runner
        if runner is None or self.reading or not self._begun:
            return
        if runner.checked is not None and runner.checked is not self._checked and runner.up_to_date:
            self._show(runner.checked)
        if runner.session.to_look_at and runner.idle:
            self._look()
        elif not runner.up_to_date and not self._checking:
            self._checking = True
            in_background(self, runner.kept_checks, self._show, self._failed)

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        runner = self.shell.runner
        if runner is None:
            return False
        if run == "again":
            return not self.reading and not runner.running
        if run == "sign_in":
            return not runner.session.profile.practice and runner.idle
        if run in ("copy", "save"):
            return self.overview is not None
        if run in ("open", "begin"):
            return bool(self.query_one(AttentionList).length) == (run == "open")
        return True

    def do_open(self) -> None:
        thing = self.query_one(AttentionList).chosen
        if thing is None:
            return
        if thing.problem == NOT_SET_UP:
            self.shell.go_to("setup")
        elif thing.problem:
            self.shell.run_worker(self.shell.go_to_finding(thing.problem, thing.title))
        else:
            self.shell.go_to("checks")

    def do_begin(self) -> None:
        self.do_preview()

    def on_line_list_chosen(self) -> None:
        self.do_open()

    def do_preview(self) -> None:
        self.shell.run_worker(self.shell.go_to_sync(preview=True))

    def do_again(self) -> None:
        self._look(fresh=True)

    def do_sign_in(self) -> None:
        from octowizard.app.screens.connect import ConnectScreen

        self.shell.push_screen(ConnectScreen(self.shell.profile))

    def _look(self, *, fresh: bool = False) -> None:
        runner = self.shell.runner
        if runner is None or runner.running:
            return
        self.reading = True
        self.problem = ""
        self.draw()
        in_background(self, lambda: runner.look(fresh=fresh), self._show, self._failed)

    def on_card_opened(self) -> None:
        self.shell.run_worker(self.shell.go_to_sync(preview=self._nothing_previewed()))

    def _nothing_previewed(self) -> bool:
        return not self.shell.rows()

    # --- what is shown --------------------------------------------------------------------------------------

    def _remembered(self, overview: Overview) -> None:
        if self.overview is None:
            self.overview = overview
            self.draw()

    def _sign_in_ends(self, day: date | None) -> None:
        self._ends = day
        self.draw()

    def _show(self, checked: Checked) -> None:
        self.reading = self._checking = False
        self._checked, self.overview = checked, checked.overview
        self.draw()

    def _failed(self, why: str) -> None:
        self.reading = self._checking = False
        self.problem = why
        self.draw()

    def draw(self) -> None:
        width = self.query_one("#sides").size.width
        if width < 10:
            return
        if not self._begun:
            self._begun = True
            self.shell.once_seen(self._begin)
        overview = self.overview
        sides, attention = self._sides(overview, width), self._attention(overview, width)
        step, left = self._next(overview, width), self._left(overview, width)
        self.query_one("#sides", Static).update(sides)
        for one in counters(overview):
            self.query_one(f"#card-{one.shows}", Card).show(one.number)
        # What needs attention gets the lines that the rest leaves; cards and gaps are lower in a low window.
        spaced = self.size.height >= 24
        used = sum(len(part.plain.split("\n")) for part in (sides, attention, step, left))
        room = self.size.height - FRAME_LINES - used - (8 if spaced else 2)
        self.query_one(AttentionList).limit(overview.attention if overview else (), max(2, room))
        self.query_one("#attention", Static).update(attention)
        self.query_one("#next", Static).update(step)
        self.query_one("#left-today", Static).update(left)
        self.show_keys()

    def _sides(self, overview: Overview | None, width: int) -> Content:
        accounts = self.shell.accounts() or ("", "")
        sides = [
            ("Teamleader", accounts[0], overview.teamleader if overview else None, _("customers")),
            ("Octopus", accounts[1], overview.octopus if overview else None, _("relations")),
        ]
        counted = any(side is not None and side.customers is not None for _n, _a, side, _p in sides)
        found: list[Content] = []
        for name, account, side, people in sides:
            mark, style, state = self._signed_in(side)
            parts: list[str | tuple[str, str]] = [(cell(name, 11), "bold")]
            if width >= 76:
                account = side.name if side is not None and side.declared else account
                parts.append((cell(account, max(16, min(34, width - 63))) + "  ", "$soft"))
            parts += [(f"{mark} ", style), cell(state, 11)]
            if counted and side is not None:
                known = f"{count(side.customers)} {people}" if side.customers is not None else ""
                parts.append(cell(known, 16))
            used = sum(len(part if isinstance(part, str) else part[0]) for part in parts)
            if side is not None and side.detail and width - used > 10:
                parts.append((cell(side.detail, width - used), "$soft"))
            found.append(content(*parts))
            if side is not None and side.problem:
                found += [content(("  " + line, "$error")) for line in wrapped(side.problem, width - 2)]
        if self._ends is not None:
            from octowizard.presentation.connecting import sign_in_ends

            found += hung("▲ ", "$warning", sign_in_ends(self._ends, self.shell.now().date(), "i"), width)
        return Content("\n").join(found)

    def _signed_in(self, side: Side | None) -> tuple[str, str, str]:
        if self.reading and (side is None or (side.signed_in is None and not side.declared)):
            return "●", "$primary", _("reading")
        mark, state = signed_in(side)
        return mark, style_of(mark), state

    def _attention(self, overview: Overview | None, width: int) -> Content:
        if self.shell.preparing:
            when = _("● the practice company is being made ready")
        elif self.reading:
            when = _("● reading both sides")
        elif overview is not None and overview.taken_at is not None:
            offset = self._checked.clock_offset if self._checked is not None else timedelta(0)
            when = _("read {ago}").format(ago=ago(overview.taken_at, self.shell.now() + offset))
        else:
            when = ""
        head = _("Needs attention")
        found = [content((head, "bold $accent"), (cell(when, width - len(head), right=True), "$soft"))]
        if self.problem:
            found += hung("✖ ", "$error", self.problem, width)
        if overview is not None and not self.reading and (unread := lines_unread(overview)):
            found.append(content((unread, "$soft")))
        elif len(found) == 1 and not (overview and overview.attention):
            if overview is None or overview.taken_at is None:
                found.append(content((_("Not known before both sides have been read."), "$soft")))
            elif self.reading or self._checked is None:
                found.append(content((_("Still looking for what needs attention."), "$soft")))
            else:
                found.append(content(("✔ ", "$success"), _("Nothing.")))
        return Content("\n").join(found)

    def _next(self, overview: Overview | None, width: int) -> Content:
        found = hung("", "", _("Next: {step}").format(step=self._step(overview)), width, "bold")
        last = overview.last_run if overview else None
        if last is not None:
            from octowizard.presentation.run_summary import result

            mark, said = result(last)
            kind = _("Last preview") if last.dry_run else _("Last sync")
            found.append(content((cell(f"{kind}: {mark} {said}", width), "$soft")))
        return Content("\n").join(found)

    def _step(self, overview: Overview | None) -> str:
        """What can be done now, by a key that works now."""
        if self.shell.preparing:
            return _("Wait a moment: the practice company is being made ready.")
        if self.shell.runner is None:
            return _("Leave (q), and start octowizard again.")
        step = overview.next_step if overview is not None else ""
        sides = (overview.teamleader, overview.octopus) if overview is not None else ()
        if not self.reading and (self.problem or (not step and any(side.problem for side in sides))):
            return _("Mend what stands above, then read again (r).")
        return step or _("Preview the sync (p): it writes nothing.")

    def _left(self, overview: Overview | None, width: int) -> Content:
        if overview is None or not overview.calls_left:
            return content("")
        from octowizard.presentation.events import calls_left

        return Content("\n").join(hung("", "", calls_left(overview.calls_left), width, "$soft"))

    def text_to_copy(self) -> str:
        width, things = 100, self.overview.attention if self.overview else ()
        parts = (
            self._sides(self.overview, width),
            content(
                ", ".join(
                    f"{one.name} {'·' if one.number is None else count(one.number)}"
                    for one in counters(self.overview)
                )
            ),
            self._attention(self.overview, width),
            content("\n".join(f"{thing.mark} {attention(thing)}" for thing in things)),
            self._next(self.overview, width),
            self._left(self.overview, width),
        )
        return "\n\n".join(part.plain for part in parts if part.plain) + "\n"
