"""History: all runs, newest first; what happened in one of them, or to one document, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import Command, bindings
from octowizard.app.content import cell, content
from octowizard.app.runner import in_background
from octowizard.app.screens.place import PlaceScreen
from octowizard.app.sentences import Line, line, result
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import moment

if TYPE_CHECKING:
    from octowizard.session.profile_session import PastRun
    from octowizard.sync.events import AnyEvent

TONES = {"✔": "ok", "✖": "bad", "▲": "warn", "●": "busy", "○": "soft", "–": "soft"}


class RunList(LineList):
    """One line for each run."""

    def __init__(self) -> None:
        super().__init__(id="runs")
        self.runs: list[PastRun] = []

    @property
    def length(self) -> int:
        return len(self.runs)

    def cells(self, index: int, width: int) -> list[Cell]:
        run = self.runs[index]
        mark, said = result(run.result) if run.result else ("○", _("not finished"))
        when = moment(run.started, getattr(self.app, "now")())  # noqa: B009 - the app's clock, by duck
        kind = _("preview") if run.dry_run else _("sync")
        return [
            (f"{mark} ", TONES[mark]),
            (cell(str(run.id), 4, right=True) + "  ", "soft"),
            (cell(when, 16) + "  ", "text"),
            (cell(kind, 9), "head" if not run.dry_run else "soft"),
            (cell(said, width - 35), TONES[mark] if mark != "○" else "text"),
        ]


class StoryList(LineList):
    """One line for each thing that happened."""

    def __init__(self) -> None:
        super().__init__(id="story")
        self.lines: list[Line] = []

    @property
    def length(self) -> int:
        return len(self.lines)

    def cells(self, index: int, width: int) -> list[Cell]:
        mark, said = self.lines[index]
        return [(f"{mark} ", TONES[mark]), (cell(said, width - 2), "text")]


RUNS: tuple[Command, ...] = (
    Command(
        "open", ("enter",), lambda: _("open"), lambda: _("Show what happened in this run, line by line.")
    ),
    Command(
        "again", ("r",), lambda: _("read again"), lambda: _("Read the list of runs again."), footer=False
    ),
    Command("copy", ("c",), lambda: _("copy"), lambda: _("Copy the line under the cursor.")),
    Command("save", ("w",), lambda: _("save"), lambda: _("Save the whole list to a file.")),
)
STORY: tuple[Command, ...] = (
    Command("back", ("escape", "backspace"), lambda: _("back"), lambda: _("Back to where you came from.")),
    Command("copy", ("c",), lambda: _("copy"), lambda: _("Copy the line under the cursor.")),
    Command("save", ("w",), lambda: _("save"), lambda: _("Save all these lines to a file.")),
)


class HistoryScreen(PlaceScreen):
    """All runs."""

    MODE: ClassVar[str] = "history"
    CSS_PATH = "history.tcss"
    OFFERS: ClassVar[tuple[Command, ...]] = RUNS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RUNS)]

    def about(self) -> str:
        return _(
            "History keeps every preview and every sync of this profile. Open one to read what happened, "
            "line by line. The history of a single document opens with h on the Sync screen."
        )

    def body(self) -> Iterable[Widget]:
        yield Static(content((_("Runs, newest first"), "bold $accent")), id="history-head")
        yield RunList()
        yield Static(id="history-none")

    def on_mount(self) -> None:
        self.query_one(RunList).focus()

    def on_screen_resume(self) -> None:
        self.do_again()

    def do_again(self) -> None:
        if self.shell.runner is not None:
            in_background(self, self.shell.runner.session.runs, self._show, self._failed)

    def _show(self, runs: list[PastRun]) -> None:
        listed = self.query_one(RunList)
        listed.runs = runs
        listed.redraw()
        self._say(
            ""
            if runs
            else _("Nothing has run yet. A preview (key 7, then p) writes nothing and is kept here.")
        )

    def _failed(self, why: str) -> None:
        self._say(why, "$error")

    def _say(self, text: str, style: str = "$soft") -> None:
        note = self.query_one("#history-none", Static)
        note.update(content((text, style)))
        note.display = bool(text)
        self.show_keys()

    def is_enabled(self, run: str) -> bool:
        return run == "again" or bool(self.query_one(RunList).runs)

    def on_line_list_chosen(self) -> None:
        self.do_open()

    def do_open(self) -> None:
        listed = self.query_one(RunList)
        run = listed.runs[listed.cursor]
        runner = self.shell.runner
        if runner is None:
            return
        kind = _("Preview") if run.dry_run else _("Sync")
        title = f"{kind} {run.id}, {moment(run.started, self.shell.now())}"
        self.shell.push_screen(StoryScreen(title, lambda: runner.session.run_events(run.id), place="history"))

    def _line(self, index: int) -> str:
        cells = self.query_one(RunList).cells(index, 160)
        return "".join(text for text, _tone in cells).rstrip()

    def do_copy(self) -> None:
        self.shell.copy(self._line(self.query_one(RunList).cursor) + "\n")

    def do_save(self) -> None:
        self.shell.save_text("\n".join(map(self._line, range(self.query_one(RunList).length))) + "\n")


class StoryScreen(PlaceScreen):
    """What happened in one run, or to one document."""

    MODE: ClassVar[str] = "history"
    CSS_PATH = "history.tcss"
    OFFERS: ClassVar[tuple[Command, ...]] = STORY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(STORY)]

    def __init__(self, title: str, events: Callable[[], Iterator[AnyEvent]], *, place: str) -> None:
        super().__init__()
        self.MODE = place  # type: ignore[misc] # shown as part of the place it was opened from
        self._title = title
        self._events = events

    def about(self) -> str:
        return _("What happened, in the order in which it happened.")

    def body(self) -> Iterable[Widget]:
        yield Static(content((self._title, "bold $accent")), id="history-head")
        yield StoryList()
        yield Static(id="history-none")

    def on_mount(self) -> None:
        self.query_one(StoryList).focus()
        in_background(self, self._read, self._show, self._failed)

    def _read(self) -> list[Line]:
        return [said for said in map(line, self._events()) if said is not None]

    def _show(self, lines: list[Line]) -> None:
        story = self.query_one(StoryList)
        story.lines = lines
        story.redraw()
        self._say("" if lines else _("Nothing is known of it yet."))

    def _failed(self, why: str) -> None:
        self._say(why)

    def _say(self, text: str) -> None:
        note = self.query_one("#history-none", Static)
        note.update(content((text, "$soft")))
        note.display = bool(text)
        self.show_keys()

    def is_enabled(self, run: str) -> bool:
        return run == "back" or bool(self.query_one(StoryList).lines)

    def do_back(self) -> None:
        self.dismiss(None)

    def do_copy(self) -> None:
        story = self.query_one(StoryList)
        self.shell.copy(" ".join(story.lines[story.cursor]) + "\n")

    def do_save(self) -> None:
        lines = self.query_one(StoryList).lines
        self.shell.save_text("\n".join([self._title, *(" ".join(one) for one in lines)]) + "\n")
