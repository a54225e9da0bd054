"""History: all runs, newest first; what happened in one of them, or to one document, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from octowizard.app.commands import commands
from octowizard.app.content import cell
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.place_screen import WHY
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import moment
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.live import whole
from octowizard.presentation.run_summary import StoryLine, cut_off, named, result, story
from octowizard.session.recordings import of_run

if TYPE_CHECKING:
    from octowizard.app.shell import Shell
    from octowizard.session.profile_session import PastRun
    from octowizard.session.recordings import Recording


class RunList(LineList["PastRun"]):
    """One line for each run."""

    NAME = "runs"

    def cells(self, run: PastRun, width: int) -> list[Cell]:
        shell = cast("Shell", self.app)
        live = shell.live()
        if run.result is not None:
            mark, words = result(run.result)
        elif live is not None and live.run == run.id:
            mark, words = "●", whole(live)
        else:
            mark, words = cut_off()
        when = moment(run.started, shell.now())
        kind = _("preview") if run.dry_run else _("sync")
        return [
            (f"{mark} ", tone_of(mark)),
            (cell(str(run.id), 4, right=True) + "  ", "soft"),
            (cell(when, 16) + "  ", "text"),
            (cell(kind, 9), "head" if not run.dry_run else "soft"),
            (cell(words, width - 35), tone_of(mark) if mark != "○" else "text"),
        ]


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
    """All runs."""

    MODE = "history"
    OFFERS = RUNS

    def __init__(self) -> None:
        super().__init__(_("Runs, newest first"), RunList())

    def about(self) -> str:
        return _(
            "History keeps every preview and every sync of this profile. Open one to read what happened, "
            "line by line. The history of a single document opens with h on the Sync screen."
        )

    def on_screen_resume(self) -> None:
        self.do_again()

    def state_changed(self) -> None:
        self.do_again()

    def live_moved(self) -> None:
        self.lines.refresh()

    def do_again(self) -> None:
        if self.shell.runner is not None:
            self.in_thread(self.shell.runner.session.runs, self._show, self.failed)

    def _show(self, runs: list[PastRun]) -> None:
        self.lines.fill(runs)
        none = _("Nothing has run yet. A preview (key 7, then p) writes nothing and is kept here.")
        self.say("" if runs else none)

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

    def on_line_list_moved(self) -> None:
        self.show_keys()

    def is_enabled(self, run: str) -> bool:
        if run == "why":
            return bool(self.documents)
        return run == "back" or bool(self.lines.length)
