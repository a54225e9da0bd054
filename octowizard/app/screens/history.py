"""History: all runs, newest first; what happened in one of them, or to one document, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual.widgets import Static

from octowizard.app.asking import Asking
from octowizard.app.columns import GAP, cells
from octowizard.app.commands import commands
from octowizard.app.content import cell, content
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.place_screen import WHY
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import dated_moment, duration, moment
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Block, Entry, Gap, Item, Page, tone_of
from octowizard.presentation.live import whole
from octowizard.presentation.run_bars import bar, legend, most
from octowizard.presentation.run_causes import Causes
from octowizard.presentation.run_summary import StoryLine, cut_off, ending, named, result, story
from octowizard.session.recordings import of_run

if TYPE_CHECKING:
    from octowizard.app.shell import Shell
    from octowizard.session.profile_session import PastRun
    from octowizard.session.recordings import Recording


BAR = 10  # columns of a bar
ROOM_FOR_BARS = 50


class RunList(LineList["PastRun"]):
    """One line for each run."""

    NAME = "runs"

    def __init__(self) -> None:
        super().__init__()
        self._longest = 0
        self._when = 0

    def show_runs(self, runs: Sequence[PastRun]) -> None:
        """Show these; the cursor stays with its run."""
        self._longest = most(run.result for run in runs)
        self._when = max((len(self._moment(run)) for run in runs), default=0)
        self.fill(runs)

    def key(self, run: PastRun) -> object:
        return run.id

    def told(self, run: PastRun) -> tuple[str, str]:
        """The mark of a run and how it stands."""
        live = cast("Shell", self.app).live()
        if run.result is None and live is not None and live.run == run.id:
            return "●", whole(live)
        return result(run.result) if run.result else cut_off()

    def _moment(self, run: PastRun) -> str:
        return moment(run.started, cast("Shell", self.app).now())

    def cells(self, run: PastRun, width: int) -> list[Cell]:
        mark, words = self.told(run)
        kinds = _("sync"), _("preview")
        kind = kinds[run.dry_run]
        number = max(2, len(str(self.lines[0].id))) if self.lines else 2
        columns = BAR if width >= ROOM_FOR_BARS else 0
        before: list[Cell] = [
            (f"{mark} ", tone_of(mark)),
            (cell(str(run.id), number, right=True) + "  ", "soft"),
            (cell(self._moment(run), self._when) + "  ", "text"),
            (cell(kind, max(map(cell_len, kinds)) + 2), "head" if not run.dry_run else "soft"),
        ]
        room = width - sum(cell_len(text) for text, _tone in before)
        if columns:  # words that are longer begin where the bar ends
            parts = bar(run.result, self._longest, columns)[:-1]
            full = "".join(text for text, _tone in parts)
            behind, words = cells((full, words), (columns, max(0, room - GAP - columns)))
            before += [*parts, (behind[len(full) :], "text")]
        else:
            words = cell(words, max(0, room))
        return [*before, (words, tone_of(mark) if mark != "○" else "text")]


class StoryList(LineList[StoryLine]):
    """One line for each thing that happened."""

    NAME = "story"

    def cells(self, line: StoryLine, width: int) -> list[Cell]:
        return [(f"{line.mark} ", tone_of(line.mark)), (cell(line.text, width - 2), "text")]


RUNS = (
    *commands(lambda: (
        ("open", "enter", _("open"), _("Show what happened in this run, line by line.")),
        ("replay", "p", _("play again"), _("Play this run again, as the Sync screen showed it.")),
    ("again", "r", _("read again"), _("Read the list of runs again.")),
    ), hidden=("again",)),
    COPY,
    SAVE,
)  # fmt: skip


class HistoryScreen(LinesScreen):
    """All runs; in a wide window the one under the cursor beside them, with what needed attention in it."""

    MODE = "history"
    OFFERS = RUNS
    EXPLAINS = True

    def __init__(self) -> None:
        self._runs = RunList()
        super().__init__(_("Runs, newest first"), self._runs)
        self._asking: Asking[tuple[Block, ...]] | None = None

    def about(self) -> str:
        return _(
            "History keeps every preview and every sync of this profile. Open one to read what happened, "
            "line by line. The history of a single document opens with {story} on the Sync screen. The bars: {legend}."
        ).format(story=key_of("sync.story", "h"), legend=legend())

    def on_mount(self) -> None:
        super().on_mount()
        if self.shell.runner is not None:
            self._asking = Asking(self, self._happened, self.draw)

    def follow(self) -> None:
        self.do_again()

    def live_moved(self) -> None:
        self.lines.refresh()

    def do_again(self) -> None:
        if self.shell.runner is not None:
            self.in_thread(self.shell.runner.session.runs, self._show, self.failed)

    def _show(self, runs: list[PastRun]) -> None:
        self._runs.show_runs(runs)
        self.say("")
        if not runs:
            self.say_empty(
                _("No run yet"),
                _("Every preview and every sync is kept here; nothing has run for this profile."),
                key_of("sync", "7"),
                _("goes to Sync, where {preview} previews without writing").format(
                    preview=key_of("sync.preview", "p")
                ),
            )
        self.draw()

    def draw(self) -> None:
        head: list[str | tuple[str, str]] = [(self._title, "bold $accent")]
        if self._runs.length and cell_len(f"{self._title}   {legend()}") <= self.columns:
            head.append((f"   {legend()}", "$soft"))
        self.query_one("#lines-head", Static).update(content(*head))
        super().draw()

    # --- the run under the cursor ---------------------------------------------------------------------------

    def page(self) -> Page | None:
        run = self._runs.chosen
        if run is None:
            return None
        now = self.shell.now()
        mark, words = self._runs.told(run)
        blocks: list[Block] = list(ending(run.result, now)) if run.result is not None else [Item(words)]
        if run.result is not None:
            number = duration(run.result.seconds)
            blocks += [Gap(), Entry(_("Began"), dated_moment(run.started, now)), Entry(_("Took"), number)]
            known = self._asking.of(str(run.id)) if self._asking is not None else None
            blocks += known or ()
        title = named(run.id, run.started, now, dry_run=run.dry_run)
        return Page(title=title, mark=mark, blocks=tuple(blocks))

    def _happened(self, run: str) -> tuple[Block, ...]:
        """What needed attention in a run, by cause."""
        causes = Causes()
        runner = self.shell.runner
        if runner is not None:
            for event in runner.session.run_events(int(run)):
                causes.add(event)
        return tuple(causes.blocks())

    def is_enabled(self, run: str) -> bool:
        return run == "again" or bool(self.lines.length)

    @property
    def run_shown(self) -> int | None:
        run = self.query_one(RunList).chosen
        return run.id if run is not None else None

    def on_line_list_chosen(self) -> None:
        self.do_open()

    def do_open(self) -> None:
        run, runner = self.query_one(RunList).chosen, self.shell.runner
        if runner is None or run is None:
            return
        title = named(run.id, run.started, self.shell.now(), dry_run=run.dry_run)
        self.shell.push_screen(
            StoryScreen(title, lambda: story(runner.session.run_events(run.id)), place=self.MODE, run=run.id)
        )

    def do_replay(self) -> None:
        run, runner = self.query_one(RunList).chosen, self.shell.runner
        if runner is None or run is None:
            return
        session, number = runner.session, run.id

        def show(recording: Recording) -> None:
            from octowizard.app.screens.replay import ReplayScreen

            self.shell.push_screen(ReplayScreen(recording, place=self.MODE))

        self.in_thread(lambda: of_run(session, number), show)


class StoryScreen(LinesScreen):
    """What happened in one run, or to one document."""

    OFFERS = (BACK, WHY, COPY, SAVE)

    def __init__(
        self, title: str, happened: Callable[[], Iterator[StoryLine]], *, place: str, run: int | None = None
    ) -> None:
        super().__init__(title, StoryList(), place=place)
        self._happened = happened
        self._run_shown = run

    @property
    def run_shown(self) -> int | None:
        return self._run_shown

    def about(self) -> str:
        return _("What happened, in the order in which it happened.")

    def on_mount(self) -> None:
        self.in_thread(lambda: list(self._happened()), self._show, self.failed)

    def _show(self, lines: list[StoryLine]) -> None:
        self.lines.fill(lines)
        self.say("" if lines else _("Nothing is known of it yet."))

    @property
    def documents(self) -> Sequence[str]:
        line = self.query_one(StoryList).chosen
        return (line.document,) if line is not None and line.document else ()

    def is_enabled(self, run: str) -> bool:
        if run == "why":
            return bool(self.documents)
        return run == "back" or bool(self.lines.length)
