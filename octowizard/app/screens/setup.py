"""Set up: the steps to a first sync on a rail, and the one under the cursor with what can be done about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.cells import cell_len
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import cell, content, drawn, hung, wrapped
from octowizard.app.mending import tell_of
from octowizard.app.papers import letter_on_step
from octowizard.app.screens.form import Field
from octowizard.app.screens.setup_choices import SetupChoices
from octowizard.app.widgets.step_rail import StepRail
from octowizard.locale import _
from octowizard.locale.keys import key_of
from octowizard.onboarding import connection
from octowizard.onboarding.model import SCENARIOS, SETTLED, Guide, State, Step
from octowizard.presentation import setup_steps
from octowizard.presentation.blocks import Block, Gap, Heading, Item, Page
from octowizard.presentation.confirmation import Question, proposal
from octowizard.presentation.folds import said_by_vendor
from octowizard.presentation.letters import template_of_step
from octowizard.presentation.setup_pane import Pane, asked, entering, pane, sent
from octowizard.presentation.setup_phases import of_all
from octowizard.presentation.setup_steps import choice

if TYPE_CHECKING:
    from octowizard.app.widgets.line_list import LineList
    from octowizard.onboarding.apply import Outcome
    from octowizard.progress import Report, Stop
    from octowizard.session.profile_session import Checked

    Made = Mapping[str, Sequence[Outcome]]  # what became of the changes, by step

LEAST = 3  # lines of how a step stands, however small the window
RESTING = (*SETTLED, State.NOT_YET)  # the cursor goes on from such a step
LEAST_BAR = 8  # columns below which a bar says nothing
HIGH = 36  # lines of a window that has room for the counts behind the situation

OFFERS = commands(lambda: (
    ("stop", "escape", _("stop"), _("Stop what is going on; a write in flight is ended first.")),
    ("go_on", "enter", _("go on"), _("Do the next thing that the step asks for.")),
    ("act", "d", _("do it for me"),
     _("Make the change for me: shows exactly what is sent, and asks, before anything is written.")),
    ("yes", "y", _("yes"), _("Answer the question of the step with yes.")),
    ("no", "n", _("no"), _("Answer the question of the step with no.")),
    ("choose", "p", _("choose"),
     _("Choose the dossier, the start date, the journals, the languages, or import: what the step is about.")),
    ("open", "o", _("open"), _("Open the screen where the step is done.")),
    ("explain", "e", _("explain"), _("Everything about the step, on a page.")),
    ("show", "s", _("show me"), _("How it is done by hand, with the menu paths.")),
    ("again", "r", _("check again"), _("Read again what the step depends on.")),
    ("all", "R", _("check all"), _("Read both sides whole, and derive all steps again.")),
    ("files", "f", _("files"), _("Show the ready files of the step, to copy or save.")),
    ("letter", "m", _("mail"), _("A ready mail that asks the accountant what the step needs to know.")),
    ("skip", "k", _("skip"), _("Leave the step out, after reading what that brings; or take it up again.")),
    ("sum_up", "g", _("sum-up"), _("What a complete set-up has come to, and what comes next.")),
    ("scenario", "c", _("change scenario"), _("Choose another scenario than the one that was detected.")),
), hidden=("all",))  # fmt: skip


def _drawn(pane: Pane, width: int, room: int) -> Content:
    """A step on `width` columns. How it stands gets what is left of `room` lines, so that what can be done shows."""
    head, stands, keys, rest = (drawn(blocks, width) for blocks in pane)
    most = max(LEAST, room - len(head) - len(keys))
    if len(stands) > most:
        stands[most - 1 :] = drawn(
            [
                Item(
                    _("… {explain} shows all of it").format(explain=key_of("setup.explain", "e")), tone="soft"
                )
            ],
            width,
        )
    return Content("\n").join([*head, *stands, *keys, *rest])


def _bar(done: int, number: int, width: int) -> list[str | tuple[str, str]]:
    """How far the steps are, on exactly `width` columns."""
    halves = round(2 * width * done / number) if number else 0
    full, half = divmod(min(halves, 2 * width), 2)
    return [
        ("━" * full + "╸" * half, "$primary"),
        ("─" * (width - full - half), "$soft"),
    ]


class SetupScreen(SetupChoices):
    """What is kept shows at once; both sides are read the first time, and when asked for."""

    MODE: ClassVar[str] = "setup"
    CSS_PATH = "setup.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self.guide: Guide | None = None
        self._made: dict[str, Sequence[Outcome]] = {}
        self._loading = False
        self._looked = False
        self._summed_up = False  # was the closing shown since a step last asked for something?
        self._at = ""  # the step that the cursor begins on

    def successor(self) -> SetupScreen:
        after = SetupScreen()
        after._at = step.id if (step := self._rail.step) is not None else ""
        after._summed_up = self._summed_up
        return after

    def about(self) -> str:
        return _(
            "Set up leads from two accounts to a clean first sync, step by step, in the documented order. How a step "
            "stands is told by what both sides hold, not by keys. {enter} does the next thing; {act} makes a "
            "change for you, "
            "after showing exactly what is sent. Quitting loses nothing."
        ).format(enter=key_of("setup.go_on", "⏎"), act=key_of("setup.act", "d"))

    def body(self) -> Iterable[Widget]:
        yield Static(id="setup-head")
        with Horizontal(id="steps"):
            yield StepRail()
            with VerticalScroll(id="step", can_focus=False):
                yield Static(id="step-text", markup=False)
            with VerticalScroll(id="sent", can_focus=False):
                yield Static(id="sent-text", markup=False)

    def on_mount(self) -> None:
        self._rail.focus()
        self.draw()

    def follow(self) -> None:
        """Show the steps as the state has them; what was changed since is looked at first."""
        runner = self.shell.runner
        if runner is None or self.job is not None or self._loading:
            return
        if runner.checked is not None and runner.up_to_date:
            self._known(runner.checked)
        elif self.guide is None or not runner.running:
            self._loading = True
            self.in_thread(runner.kept_checks, self._looked_at, self.failed)

    def _looked_at(self, checked: Checked) -> None:
        self._loading = False
        runner = self.shell.runner
        if runner is not None and (runner.up_to_date or runner.running):
            self._known(checked)
        else:  # a decision was kept meanwhile, so this may be of before it
            self.follow()

    @property
    def _rail(self) -> StepRail:
        return self.query_one(StepRail)

    @property
    def _step(self) -> Step:
        """The step under the cursor: without one no command is enabled."""
        step = self._rail.step
        assert step is not None
        return step

    def _known(self, checked: Checked) -> None:
        """Show the steps; both sides are read where nothing can be said of the first of them."""
        from octowizard.onboarding.guide import is_unknown

        guide = checked.guide
        if guide is not self.guide:
            first = self.guide is None
            self.show_guide(guide, move=first)
            if first and any(step.id == self._at for step in guide.steps):
                self._rail.show_step(self._at)
        if is_unknown(guide) and not self._looked and self.idle:
            self.read("", move=True)

    def failed(self, why: str) -> None:
        self._loading = False
        super().failed(why)

    # --- what is shown --------------------------------------------------------------------------------------

    def show_guide(self, guide: Guide, *, move: bool = False) -> None:
        """Show the guide; `move`: go to the step that asks for something, when the present one no longer does."""
        before, self.guide = self._rail.step, guide
        self._rail.show_steps(guide.steps, guide.current)
        now = next((step for step in guide.steps if before is not None and step.id == before.id), None)
        rests = now is None or now.state in RESTING
        # Something was settled elsewhere meanwhile, on another screen: then go on from there too.
        if rests and (move or (before is not None and before.state not in RESTING)):
            self._rail.show_step(guide.current or setup_steps.resting(guide).id)
        self.draw()
        if guide.closing is None:
            self._summed_up = False
        elif not self._summed_up:
            self.do_sum_up()

    def draw(self) -> None:
        """Show everything as it now is."""
        self.draw_head()
        step = self._rail.step
        text = self.query_one("#step-text", Static)
        width = text.size.width
        if step is not None and width:
            room = self.query_one("#step", VerticalScroll).size.height
            text.update(_drawn(pane(step, self._made.get(step.id, ()), self._enters(step)), width, room))
            beside = self.query_one("#sent-text", Static)
            if beside.size.width:
                beside.update(Content("\n").join(drawn(sent(step), beside.size.width, widest=30)))
        elif step is None:
            text.update(content(("● ", "$primary"), _("One moment: the steps are being derived.")))
        self.show_keys()

    def _enters(self, step: Step) -> str:
        """What Enter does at the step, in words; "" for nothing."""
        steps = self.guide.steps if self.guide is not None else ()
        current = self.guide.current if self.guide is not None else None
        next_title = next((one.title for one in steps if one.id == current), "")
        return entering(step, self._next(step), next_title)

    def draw_head(self) -> None:
        width = self.columns
        guide, right, style = self.guide, self.going_on, "$primary"
        if guide is not None and not right:
            right, style = of_all(guide), "$soft"
        left, below = setup_steps.situation(guide) if guide is not None else _("Set up"), ""
        if self.going_on and cell_len(left) + cell_len(right) + 4 > width:  # how long and why is worth a line
            right, below = "", right.removeprefix("● ")
        left = cell(left, min(cell_len(left), width - cell_len(right) - 4)).rstrip()
        room = max(0, width - cell_len(left) - cell_len(right) - 4)
        parts: list[str | tuple[str, str]] = [(left, "bold $accent"), "  "]
        if guide is not None and room >= LEAST_BAR:
            parts += _bar(guide.done, len(guide.steps), room)
        else:
            parts.append(" " * room)
        lines = [content(*parts, "  ", (right, style))]
        lines += hung("● ", style, below, width)[:2] if below else []
        if guide is not None and self.size.height >= HIGH:
            shown = [line for text in setup_steps.evidence(guide) for line in wrapped(text, width)]
            lines += [content((line, "$soft")) for line in shown[:3]]
        if self.error:
            lines += hung("✖ ", "$error", self.error, width)[:3]
        self.query_one("#setup-head", Static).update(Content("\n").join(lines))

    # --- asking both sides ----------------------------------------------------------------------------------

    def read(self, step: str, *, move: bool = False, telling: bool = False) -> None:
        """Read again what a step depends on, everything when it is empty; `telling`: say what came of it."""
        runner = self.shell.runner
        if runner is None:
            return
        self._looked, before = True, self.guide

        def ended(checked: Checked) -> None:
            self.show_guide(checked.guide, move=move)
            if telling and before is not None:
                self.shell.tell(setup_steps.read_again(before, checked.guide, step))

        self.begin(
            _("reading"),
            lambda report, _stop: runner.read_for_setup(step, report),
            ended,
            keeps_checks=True,
        )

    def decide(self, work: Callable[[], object]) -> None:
        """Keep a decision in a thread, and show what it changes."""
        runner = self.shell.runner
        if runner is None:
            return
        self.error = ""

        def decide() -> Checked:
            work()
            return runner.kept_checks()

        self.in_thread(decide, lambda checked: self.show_guide(checked.guide, move=True), self.failed)

    # --- commands -------------------------------------------------------------------------------------------

    def named(self) -> Container[str]:
        return {"stop", "go_on", "act", "yes", "no", "choose", "open", "again", "explain"}

    def is_enabled(self, run: str) -> bool:
        step = self._rail.step
        if run == "stop":
            return self.stoppable
        if step is None or (run not in ("show", "explain", "files", "letter") and self.job is not None):
            return False
        match run:
            case "act":
                offers = bool(step.changes or step.consenting) and asked(step) is None
                return offers and step.state is not State.WAITS and self.idle
            case "yes" | "no":
                return bool(step.declarations) and step.state not in (State.WAITS, State.NOT_YET)
            case "choose":
                waits = step.state is State.WAITS and step.opens == "duplicates"
                return bool(choice(step)) and not waits and self.idle
            case "open":
                return step.opens in self.shell.MODES
            case "show":
                return bool(step.show)
            case "again" | "all":
                return self.idle
            case "files":
                return bool(step.files)
            case "sum_up":
                return self.guide is not None and self.guide.closing is not None
            case "skip":
                return step.skip is not None and step.state not in (State.DONE, State.NOT_NEEDED)
            case "letter":
                return template_of_step(step.id) is not None
            case "go_on":
                return self._next(step) is not None
            case _:
                return True

    def _next(self, step: Step) -> str | None:
        """The command that does what the step asks for next."""
        guide = self.guide
        if step.state is State.NOT_YET and (guide is None or guide.current is None):
            return "again" if self.idle else None  # a document that has come in since brings it back
        if guide is not None and step.state in (*RESTING, State.WAITS):
            if guide.closing is not None:
                return "sum_up"
            return "current" if guide.current not in (None, step.id) else None
        # A smart import, on the screen of duplicates, comes before one that makes everything anew.
        first_open = step.opens == "duplicates" and not step.declares
        last = ("open", "choose") if first_open else ("choose", "open")
        if asked(step) is not None:
            return None  # only y and n answer it
        for run in ("act", "again", *last):
            if run == "again" and step.state is not State.UNKNOWN:
                continue
            if self.is_enabled(run):
                return run
        return "again" if self.idle else None

    def do_go_on(self) -> None:
        run, current = self._next(self._step), self.guide.current if self.guide is not None else None
        if run == "current":
            self._rail.show_step(current or self._step.id)
        elif run is not None:
            getattr(self, f"do_{run}")()

    def do_letter(self) -> None:
        if (step := self._rail.step) is not None:
            letter_on_step(self.shell, step)

    def do_again(self) -> None:
        step = self._step
        if step.state is State.NOT_YET and self.guide is not None:
            step = setup_steps.resting(self.guide)  # what the others wait for
        self.read(step.id, move=True, telling=True)

    def do_all(self) -> None:
        self.read("", move=True, telling=True)

    def do_act(self) -> None:
        step = self._step
        self.confirm(proposal(step), lambda: self._make(step))

    def _make(self, step: Step) -> None:
        runner = self.shell.runner
        if runner is None:
            return

        async def make(report: Report, stop: Stop) -> tuple[Made, Checked]:
            made, _guide = await runner.session.setup.make_all(step, report, stop)
            return made, await asyncio.to_thread(runner.kept_checks)

        def ended(result: tuple[Made, Checked]) -> None:
            made, checked = result
            self._made.update(made)
            outcomes = [one for of_step in made.values() for one in of_step]
            tell_of(self.shell, outcomes)
            self.show_guide(checked.guide, move=all(one.state == "done" for one in outcomes))

        self.begin(_("writing"), make, ended, writes=True, keeps_checks=True)

    def _declare(self, key: str, answer: bool) -> None:
        if key == connection.START and not answer:
            self.do_choose()  # no to this day is the wish for another one
        elif self.setup is not None:
            self.decide(partial(self.setup.declare, key, answer))

    def _answer(self, answer: bool) -> None:
        step = self._rail.step
        if step is not None and step.declarations:
            one = setup_steps.meant(step, answer) or step.declarations[0]
            self._declare(one.key, answer)

    def do_yes(self) -> None:
        self._answer(True)

    def do_no(self) -> None:
        self._answer(False)

    def do_choose(self) -> None:
        self.choose(self._step)

    def do_open(self) -> None:
        opens = self._step.opens
        if opens == "sync":
            self.shell.run_worker(self.shell.go_to_sync(preview=True, then_ask=True))
        elif opens is not None:
            self.shell.go_to(opens)

    def do_show(self) -> None:
        self._page_of(setup_steps.by_hand(self._step))

    def do_files(self) -> None:
        self._page_of(setup_steps.files(self._step))

    def _page_of(self, blocks: list[Block]) -> None:
        self.show_page(Page(mark="○", title=self._step.title, blocks=tuple(blocks)))

    def do_skip(self) -> None:
        step, setup = self._rail.step, self.setup
        if step is None or setup is None or step.skip is None:
            return
        if step.state is State.SKIPPED:
            self.decide(partial(setup.skip, step.id, True))
            return
        question = Question(
            title=_("Skip this step?"),
            blocks=(Heading(step.title), Gap(), Item(step.skip)),
            yes=_("skip it"),
            no=_("no"),
        )
        self.confirm(question, lambda: self.decide(partial(setup.skip, step.id, False)))

    def do_sum_up(self) -> None:
        """The closing, over the steps."""
        from octowizard.app.screens.setup_closing import SetupClosingScreen

        guide = self.guide
        if guide is not None and guide.closing is not None and self.shell.screen is self:
            self._summed_up = True
            self.shell.push_screen(SetupClosingScreen(guide))

    def do_scenario(self) -> None:
        guide, setup = self.guide, self.setup
        if guide is None or setup is None:
            return
        from octowizard.onboarding.detect import title

        detected = " · " + _("detected")
        names = [(name, title(name) + (detected if name == guide.detected else "")) for name in SCENARIOS]
        field = Field(
            name="scenario",
            label=_("scenario"),
            hint=guide.reason,
            value=guide.scenario,
            choices=lambda: names,
        )

        def chosen(given: dict[str, str]) -> None:
            wanted = next((name for name in SCENARIOS if given.get("scenario", "").lower() == name), None)
            if wanted is not None and any(step.unconnected for step in guide.steps):
                self.decide(partial(setup.choose_scenario, wanted))  # nobody counts it: a word settles it
            elif wanted is not None and wanted != guide.scenario:
                self.decide(partial(setup.choose_scenario, None if wanted == guide.detected else wanted))

        self.fill_in(_("Which scenario holds?"), [field], chosen)

    def page(self) -> Page | None:
        step = self._rail.step
        if step is None:
            return None
        page = setup_steps.page(step)
        vendor_lines = said_by_vendor(one.vendor_text for one in self._made.get(step.id, ()))
        return msgspec.structs.replace(page, blocks=(*page.blocks, *vendor_lines))

    # --- from the widgets -----------------------------------------------------------------------------------

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()
        if event.by_user:
            self.query_one("#step", VerticalScroll).scroll_home(animate=False)
        self.draw()

    def on_step_rail_paged(self, event: StepRail.Paged) -> None:
        event.stop()
        pane = self.query_one("#step", VerticalScroll)
        pane.scroll_relative(y=event.by * max(1, pane.size.height - 1), animate=False)

    def on_line_list_chosen(self) -> None:
        self.action_command("go_on")
