"""Home: what comes next, how all documents stand, what needs attention, and the last sync. Writes nothing itself."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.columns import GAP
from octowizard.app.commands import commands
from octowizard.app.content import cell, content, hung, style_of, wrapped
from octowizard.app.place_screen import BUDGETS, PlaceScreen
from octowizard.app.runner import in_background
from octowizard.app.widgets.attention_list import AttentionList
from octowizard.app.widgets.frame import TitleLine
from octowizard.app.widgets.pane import Pane
from octowizard.locale import _
from octowizard.locale.formats import ago, count, moment
from octowizard.locale.keys import key_of
from octowizard.presentation.next_step import instead, sentence
from octowizard.presentation.overview import attention, few_left, in_words, lines_unread, parts_of, weekly
from octowizard.session.next_step import Way

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from octowizard.app.mending import Mending
    from octowizard.app.screens.home_beside import Beside
    from octowizard.onboarding.apply import Outcome
    from octowizard.presentation.blocks import Page
    from octowizard.session.next_step import Next
    from octowizard.session.overview import Attention, Overview
    from octowizard.session.profile_session import Checked
    from octowizard.session.state import SessionState

OFFERS = (*commands(lambda: (
    ("stop", "escape", _("stop"), _("Stop reading. What was read so far is kept.")),
    ("go_on", "enter", _("do it"), _("Do what stands under Next.")),
    ("open", "enter", _("open"), _("Open what needs attention: its evidence, what to do, and the records.")),
    ("other", "p", _("instead"), _("Do what stands under Next after “or”.")),
    ("preview", "p", _("preview"), _("Show what a sync would write, and what cannot be. Writes nothing.")),
    ("mend", "d", _("does it"),
     _("Make the change that mends the line under the cursor: shows exactly what is sent, and asks first.")),
    ("details", "e", _("explain"), _("All about what stands beside the list, with its evidence.")),
    ("again", "r", _("read again"), _("Read both sides again.")),
)), BUDGETS, *commands(lambda: (
    ("sign_in", "i", _("sign in again"),
     _("Sign in again to the same accounts: after a new password, or before a sign-in ends.")),
    ("copy", "c", _("copy"), _("Copy this overview as text, for a mail or a ticket.")),
    ("save", "w", _("save"), _("Save this overview to a file.")),
), hidden=("sign_in", "save")))  # fmt: skip

NOT_SET_UP = "set-up-missing"  # the problem whose cure is a place of its own
FRAME_LINES = 4  # of the screen: its first two lines, the rule or space below, the keys
BROAD = 150  # columns from which a whole year of the calendar has room beside the list
ASIDE = 4  # columns of the line and the blanks before what stands beside
BAR_STYLES = {"booked": "$success", "ready": "$primary", "blocked": "$error", "excluded": "$soft"}


class HomeScreen(PlaceScreen):
    """What is remembered shows at once; both sides are read in the background."""

    MODE: ClassVar[str] = "home"
    CSS_PATH = "home.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self.problem = ""
        self._checking = False  # what is kept is being looked at
        self._begun = False
        self._ends: date | None = None  # the sign-in to Octopus, where that is soon
        self._budgets = False
        self._mender: Mending | None = None
        self._beside: Beside | None = None
        self._page: Page | None = None  # what stands beside the list
        self._wanted = ""  # the problem whose change is shown once it is known

    def about(self) -> str:
        return _(
            "Home shows what comes next and how all documents stand. {enter} does what stands under Next. The "
            "arrow keys "
            "go down to what needs attention, where {enter} opens the line under the cursor; ↑ goes back to Next."
        ).format(enter=key_of("home.go_on", "⏎"))

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="columns"):
            with VerticalScroll(id="home", can_focus=False):
                yield Static(id="next")
                yield Static(id="bar")
                yield Static(id="attention")
                yield AttentionList()
                yield Static(id="last")
            yield Pane(id="pane")
            yield Static(id="aside")
        yield Static(id="below")

    def on_mount(self) -> None:
        self.query_one("#next").border_title = _("Next")
        self._list.focus()
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

    # --- the state ------------------------------------------------------------------------------------------

    @property
    def state(self) -> SessionState | None:
        """What all screens read."""
        return self.shell.runner.state if self.shell.runner is not None else None

    @property
    def overview(self) -> Overview | None:
        """What is so, as far as it is known."""
        return self.state.overview if self.state is not None else None

    @property
    def reading(self) -> bool:
        """Are both sides being read for Home?"""
        runner = self.shell.runner
        return runner is not None and runner.looking is not None

    @property
    def _unsure(self) -> bool:
        """Was something changed, so that what is known may be so no longer? It is being looked at."""
        state, runner = self.state, self.shell.runner
        if state is None or runner is None or state.checked is None or state.settled or runner.running:
            return False
        return self._checking or (self.reading and runner.looks_after_a_change)

    def live_moved(self) -> None:
        runner = self.shell.runner
        if runner is not None and runner.watching:  # each of its looks may have seen something arrive
            self.follow()
        else:
            self.draw()

    def follow(self) -> None:
        """Show what is so; what may not be so any more is looked at first."""
        runner = self.shell.runner
        if runner is None or not self._begun:
            return
        if not runner.up_to_date and not self._checking and not self.reading and not runner.running:
            if runner.session.unseen and runner.idle:  # only a look tells what became of it
                self._look()
            else:
                self._checking = True
                in_background(self, runner.kept_checks, self._kept, self._failed)
        elif runner.session.to_look_at and runner.idle and not self.reading and not self._checking:
            self._look()
        self.draw()

    def _kept(self, _checked: Checked) -> None:
        self._checking = False
        self.follow()

    # --- commands -------------------------------------------------------------------------------------------

    @property
    def _list(self) -> AttentionList:
        return self.query_one(AttentionList)

    @property
    def _next(self) -> Next | None:
        state = self.state
        return state.next if state is not None and not self._unsure and not self.problem else None

    def is_enabled(self, run: str) -> bool:
        runner, thing = self.shell.runner, self._list.chosen
        if runner is None:
            return False
        match run:
            case "stop":
                return runner.looking is not None and not runner.looking.cancelled
            case "again":
                return not self.reading and not runner.running
            case "sign_in":
                return not runner.session.profile.practice and runner.idle
            case "copy" | "save" | "budgets":
                return self.overview is not None
            case "open":
                return thing is not None
            case "details":
                return self.page() is not None
            case "mend":
                return thing is not None and bool(thing.does) and runner.idle
            case "go_on":
                return thing is None and self._can(self._next.way if self._next else Way(leads="read_again"))
            case "other":
                return not runner.running and self._other is not None and self._can(self._other)
            case "preview":
                return not runner.running and self._other is None
            case _:
                return True

    def named(self) -> Container[str]:
        return {"go_on", "open", "other", "mend", "stop", "details"}

    def page(self) -> Page | None:
        return self._page

    def do_details(self) -> None:
        self.do_explain()

    @property
    def _other(self) -> Way | None:
        """What stands after “or”; only where that line is shown."""
        after, shell = self._next, self.shell
        if after is None or shell.preparing or shell.runner is None:
            return None
        return None if after.way.leads == "read" and self.reading else after.other

    def _can(self, way: Way) -> bool:
        """Can it be done now?"""
        runner = self.shell.runner
        if runner is None:
            return False
        if way.leads in ("read", "read_again", "done"):
            return not self.reading and not runner.running
        return way.leads != "mend" or runner.idle

    def do_go_on(self) -> None:
        self._do(self._next.way if self._next is not None else Way(leads="read_again"))

    def do_other(self) -> None:
        if self._other is not None:
            self._do(self._other)

    def do_preview(self) -> None:
        self._do(Way(leads="preview"))

    def _do(self, way: Way) -> None:
        shell = self.shell
        match way.leads:
            case "read" | "read_again" | "done":
                self._look(fresh=way.leads != "read")
            case "setup":
                shell.go_to("setup")
            case "mend":
                self._mend(way.problem)
            case "finding":
                shell.run_worker(shell.go_to_finding(way.problem, way.title))
            case "preview":
                shell.run_worker(shell.go_to_sync(preview=True))
            case _:
                shell.go_to("sync")

    def do_open(self) -> None:
        thing = self._list.chosen
        if thing is None:
            return
        if thing.problem == NOT_SET_UP:
            self.shell.go_to("setup")
        elif thing.problem:
            self.shell.run_worker(self.shell.go_to_finding(thing.problem, thing.title))
        else:
            self.shell.go_to("checks")

    def do_mend(self) -> None:
        thing = self._list.chosen
        if thing is not None:
            self._mend(thing.problem)

    @property
    def _mending(self) -> Mending:
        if self._mender is None:
            from octowizard.app.mending import Mending  # the first frame needs none

            self._mender = Mending(self, self._offered, self._mended)
        return self._mender

    def _mend(self, problem: str) -> None:
        """Show what would be sent, as soon as it is known."""
        if self._mending.of(problem):
            self._wanted = ""
            self._mending.begin(problem)
        else:
            self._wanted = problem

    def _offered(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted and self.shell.screen is self:
            self._mending.begin(wanted)

    def _mended(self, problem: str, made: Sequence[Outcome]) -> None:
        del problem
        if made:
            self._look()

    def on_line_list_chosen(self) -> None:
        self.do_open()

    def on_line_list_moved(self) -> None:
        self.draw()

    def do_again(self) -> None:
        self._look(fresh=True)

    def do_budgets(self) -> None:
        self._budgets = not self._budgets
        self.draw()

    def do_stop(self) -> None:
        runner = self.shell.runner
        if runner is not None and runner.looking is not None:
            runner.looking.cancel()
            self.draw()

    def do_sign_in(self) -> None:
        from octowizard.app.screens.connect import ConnectScreen

        self.shell.push_screen(ConnectScreen(self.shell.profile))

    def _look(self, *, fresh: bool = False) -> None:
        runner = self.shell.runner
        if runner is None or runner.running or runner.looking is not None:
            return
        self.problem = ""
        runner.look(self, lambda _checked: self.draw(), self._failed, fresh=fresh)
        self.draw()

    # --- what is shown --------------------------------------------------------------------------------------

    def _remembered(self, overview: Overview) -> None:
        runner = self.shell.runner
        if runner is not None:
            runner.remembered = overview
        self.draw()

    def _sign_in_ends(self, day: date | None) -> None:
        self._ends = day
        self.draw()

    def _failed(self, why: str) -> None:
        self._checking = False
        self.problem = why
        self.draw()

    def draw(self) -> None:
        """Show everything as it now is."""
        width = self.query_one("#attention").size.width
        if width < 10:
            return
        if not self._begun:
            self._begun = True
            self.shell.once_seen(self._begin)
        overview = self.overview
        things = overview.attention if overview is not None and not self._unsure else ()
        step, bar, head, last = (
            self._step(width - 4),
            self._bar(overview, width),
            self._head(overview, width),
            self._last(overview, width),
        )
        box = self.query_one("#next", Static)
        box.update(step)
        box.set_class(self._list.on_next, "-here")
        for name, part in (("#bar", bar), ("#attention", head), ("#last", last)):
            self.query_one(name, Static).update(part)
            self.query_one(name).display = bool(part.plain)
        # What needs attention gets the lines that the rest leaves.
        used = sum(len(part.plain.split("\n")) for part in (step, bar, head, last) if part.plain)
        spaced = 2 if self.size.height >= 24 else 0
        height = self.size.height - FRAME_LINES - self._draw_beside(things)
        self._list.limit(things, max(3, height - used - 2 - spaced))
        self.show_keys()

    def _draw_beside(self, things: Sequence[Attention]) -> int:
        """In a wide window, what is known of a line beside the list, and in a high one more below: how many lines.

        Where no line has anything to be told, what would stand below stands beside, in a broad window.
        """
        pane, below, aside = (
            self.query_one(Pane),
            self.query_one("#below", Static),
            self.query_one("#aside", Static),
        )
        wide = self.has_class("-wide") and self.state is not None and self.state.checked is not None
        pane.display = wide
        below.display = aside.display = False
        self._page = None
        runner = self.shell.runner
        if not wide or runner is None:
            return 0
        if self._beside is None:
            from octowizard.app.screens.home_beside import Beside  # a narrow window needs none

            self._beside = Beside(self, runner)
        after = self._next
        meant = next((one for one in things if after is not None and one.problem == after.way.problem), None)
        here = self._list.chosen
        key = key_of("home.mend", "d") if here is not None else key_of("home.go_on", "⏎")
        self._page = self._beside.page(here or meant or next(iter(things), None), key)
        pane.show(self._page)
        where = aside if not pane.display and self.size.width >= BROAD else below
        if where is below and not self.has_class("-high"):
            return 0
        lines = self._beside.below(self.columns if where is below else self.columns * 6 // 10 - ASIDE)
        where.update(Content("\n").join(lines))
        where.display = bool(lines)
        return len(lines) + 1 if where is below else 0

    def _step(self, width: int) -> Content:
        """What comes next, by a key that works now, and what could be done instead."""
        here = self._list.on_next
        lines: list[Content] = []
        key = (f"{key_of('home.go_on', '⏎')}  ", "bold $primary") if here else ("↑  ", "$soft")
        after, state = self._next, self.state
        if self.shell.preparing:
            lines += hung(
                "●  ", "$primary", _("Wait a moment: the practice company is being made ready."), width
            )
            if (live := self.shell.live()) is not None and live.detail:
                lines += hung("   ", "$soft", live.detail, width)
        elif self.shell.runner is None:
            lines += hung(
                f"{key_of('quit', 'q')}  ", "bold $primary", _("Leave, and start octowizard again."), width
            )
        elif self.problem:
            lines += hung(*key, _("Mend what stands below, then read both sides again."), width, "bold")
        elif after is None or state is None or (after.way.leads == "read" and self.reading):
            lines += hung("●  ", "$primary", self._going_on(), width)
        else:
            lines += hung(*key, self._sentence(after.way), width, "bold")
            if self._other is not None:
                lines += hung(f"{key_of('home.other', 'p')}  ", "bold $primary", instead(self._other), width)
        return Content("\n").join(lines)

    def _sentence(self, way: Way) -> str:
        live = self.shell.live()
        if way.leads == "run" and live is not None:
            from octowizard.presentation.live import whole

            return _("Look at what goes on: {what}").format(what=whole(live))
        return sentence(way, self.overview.setup if self.overview is not None else None)

    def _going_on(self) -> str:
        """What is being read, how far it is, or why it stands still."""
        live = self.shell.live()
        if live is None or live.syncs:
            return _("One moment: what has changed is being looked at.")
        return live.waits or live.detail or _("One moment: both sides are being read.")

    def _bar(self, overview: Overview | None, width: int) -> Content:
        """How all documents stand, as one bar, and how many each week has."""
        counts = overview.counts if overview is not None else None
        if overview is None or counts is None or self._unsure:
            return content("")
        if not counts.total:
            return content((_("No document yet since the start date."), "$soft"))
        whole = f"{count(counts.total)}  "
        parts = parts_of(counts, width - cell_len(whole))
        shown: list[str | tuple[str, str]] = [(whole, "bold")]
        for part in parts:
            style = BAR_STYLES[part.id]
            shown += [(f"{part.label} ", f"bold {style}"), (part.bar, style), "  "]
        lines = [content(*shown)]
        label = _("each week") + "  "
        weeks = weekly(overview.weeks, width - cell_len(label)) if self.size.height >= 24 else ""
        if weeks:
            lines.append(content((label, "$soft"), (weeks, "$accent")))
        if unread := lines_unread(overview):
            lines += [content((line, "$soft")) for line in wrapped(unread, width)]
        return Content("\n").join(lines)

    def _head(self, overview: Overview | None, width: int) -> Content:
        """How many things need attention, and as of when; what keeps a side from being read."""
        number = len(overview.attention) if overview is not None and not self._unsure else 0
        head = _("Needs attention")
        figure = f" {count(number)}" if number else ""
        when, style = self._when(overview)
        room = width - cell_len(head) - cell_len(figure) - GAP
        aside = cell(when, max(0, room), right=True)
        lines = [content((head, "bold $accent"), (figure, "bold"), " " * GAP, (aside, style))]
        if self.problem:
            lines += hung("✖ ", "$error", self.problem, width)
        for side in (overview.teamleader, overview.octopus) if overview is not None else ():
            if side.problem:
                lines += hung("✖ ", "$error", side.problem, width)
        if self._ends is not None:
            from octowizard.presentation.connecting import sign_in_ends

            lines += hung(
                "▲ ",
                "$warning",
                sign_in_ends(self._ends, self.shell.now().date(), key_of("home.sign_in", "i")),
                width,
            )
        if len(lines) == 1 and not number:
            if overview is None or overview.taken_at is None:
                lines.append(content((_("Not known before both sides have been read."), "$soft")))
            elif self._unsure or self.state is None or self.state.checked is None:
                lines.append(content((_("Still looking for what needs attention."), "$soft")))
            else:
                lines.append(content(("✔ ", "$success"), _("Nothing.")))
        return Content("\n").join(lines)

    def _when(self, overview: Overview | None) -> tuple[str, str]:
        if self.shell.preparing:
            return _("● the practice company is being made ready"), "$primary"
        live = self.shell.live()
        if self.reading and live is not None:
            from octowizard.presentation.live import whole

            told = self._next is None  # in whole, where what comes next will stand
            return f"● {live.text if told else whole(live)}", "$primary"
        if overview is None or overview.taken_at is None:
            return "", "$soft"
        if live is not None and live.syncs and live.writes:
            return _("as before this sync"), "$soft"
        checked = self.state.checked if self.state is not None else None
        offset = checked.clock_offset if checked is not None else timedelta(0)
        return _("read {ago}").format(ago=ago(overview.taken_at, self.shell.now() + offset)), "$soft"

    def _last(self, overview: Overview | None, width: int) -> Content:
        """How the last sync ended, the numbers that come next, and the calls that are left where they are few."""
        if overview is None:
            return content("")
        lines: list[Content] = []
        known = ", ".join(overview.numbers)
        numbers = _("next {numbers}").format(numbers=known) if known else ""
        last = overview.last_run
        if last is not None and not self._unsure:
            from octowizard.presentation.run_summary import result

            mark, outcome = result(last)
            when = moment(overview.last_began, self.shell.now()) if overview.last_began else ""
            text = " · ".join(part for part in (outcome, numbers) if part)
            line = _("Last sync {moment}: {result}").format(moment=when, result=text)
            lines += hung(f"{mark} ", style_of(mark), line, width, "$soft")
        elif numbers:
            lines.append(content((_("Next numbers {numbers}").format(numbers=known), "$soft")))
        left = overview.calls_left if self._budgets else few_left(overview.calls_left)
        if left:
            from octowizard.presentation.events import calls_left

            lines += hung("", "", calls_left(left), width, "$soft" if self._budgets else "$warning")
        return Content("\n").join(lines)

    def text_to_copy(self) -> str:
        width, overview = 100, self.overview
        things: Sequence[Attention] = overview.attention if overview is not None else ()
        counts = overview.counts if overview is not None else None
        parts = (
            self._step(width).plain,
            in_words(counts) if counts is not None else "",
            self._head(overview, width).plain,
            "\n".join(f"{thing.mark} {attention(thing)}" for thing in things),
            self._last(overview, width).plain,
        )
        return "\n\n".join(part for part in parts if part) + "\n"
