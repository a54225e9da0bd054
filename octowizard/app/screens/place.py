"""What all places (Home, Sync, History, ...) share: the frame, the keys, and how a command finds its method."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from octowizard.app.widgets.frame import KeyLine, PlaceLine, TitleLine

if TYPE_CHECKING:
    from octowizard.app.commands import Command
    from octowizard.app.shell import Shell
    from octowizard.app.widgets.pieces import PieceLine


class PlaceScreen(Screen[None]):
    """A screen inside the frame. Subclasses list `OFFERS`, draw `body`, and say what `is_enabled` now is."""

    MODE: ClassVar[str]
    OFFERS: ClassVar[tuple[Command, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-small"), (80, "-normal"), (116, "-wide")]
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-tall"), (36, "-high")]

    @property
    def shell(self) -> Shell:
        """The app, by its own type."""
        return cast("Shell", self.app)

    def compose(self) -> ComposeResult:
        app = self.shell
        yield TitleLine(app.accounts, app.remark())
        yield PlaceLine(app.places, self.MODE)
        with Vertical(id="body"):
            yield from self.body()
        yield KeyLine(self.offered, app.always)

    def body(self) -> Iterable[Widget]:
        """The widgets between the frame's lines."""
        raise NotImplementedError

    def about(self) -> str:
        """What this screen is for, in a few sentences, for the help."""
        raise NotImplementedError

    def is_enabled(self, run: str) -> bool:
        """Can this command be done right now?"""
        del run
        return True

    def offered(self) -> list[Command]:
        """What can be done right now, this screen's own commands first."""
        own = [command for command in self.OFFERS if self.is_enabled(command.run)]
        return own + [command for command in self.shell.OFFERS if self.shell.is_enabled(command.run)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual asks whether a key works: exactly when the footer and the palette would offer it."""
        if action == "command" and any(command.run == parameters[0] for command in self.OFFERS):
            return self.is_enabled(str(parameters[0]))
        return super().check_action(action, parameters)

    def action_command(self, run: str) -> None:
        """Do a command of this screen or of the app; one that is not possible now does nothing."""
        if any(command.run == run for command in self.OFFERS):
            if self.is_enabled(run):
                getattr(self, f"do_{run}")()
                self.show_keys()
        else:
            self.shell.action_command(run)

    def show_keys(self) -> None:
        """What can be done may have changed: draw the keys again."""
        for line in self.query(KeyLine):
            line.refresh()

    def on_piece_line_pressed(self, event: PieceLine.Pressed) -> None:
        """A click on the frame."""
        what, _space, which = event.press.partition(" ")
        if what == "place":
            event.stop()
            self.shell.go_to(which)
        elif what == "command":
            event.stop()
            self.action_command(which)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Something that was begun here has ended, and what followed is done."""
        if event.state is WorkerState.SUCCESS:
            self.show_keys()
