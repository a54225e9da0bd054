"""The base of screens that are one long list: the runs, what happened in one, the records behind a finding."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import content
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.widgets.empty import empty
from octowizard.app.widgets.pane import Pane
from octowizard.locale import _

if TYPE_CHECKING:
    from textual.content import Content

    from octowizard.app.widgets.line_list import LineList

BACK, COPY, SAVE = commands(lambda: (
    ("back", "escape backspace", _("back"), _("Back to where you came from.")),
    ("copy", "c", _("copy"), _("Copy the line under the cursor.")),
    ("save", "w", _("save"), _("Save the whole list to a file.")),
))  # fmt: skip


class LinesScreen(PlaceScreen):
    """A list under a heading, and a sentence where it holds nothing; the line is copied, the whole list is saved."""

    CSS_PATH = Path(__file__).with_name("lines_screen.tcss")  # subclasses stand in another folder
    EXPLAINS: ClassVar[bool] = (
        False  # `page()` stands beside the list, or below it where there is room for both
    )

    def __init__(self, title: str, lines: LineList[Any], *, place: str = "") -> None:
        """`place`: the mode of the screen that it was opened from, and is shown as a part of."""
        super().__init__()
        if place:
            self.MODE = place  # type: ignore[misc] # of this screen only
        self._title = title
        self.lines = lines

    def body(self) -> Iterable[Widget]:
        yield Static(content((self._title, "bold $accent")), id="lines-head")
        if self.EXPLAINS:
            yield Container(self.lines, Pane(id="beside"), id="lines-and-page")
        else:
            yield self.lines
        yield Static(id="lines-none")

    def on_mount(self) -> None:
        self.lines.focus()

    def draw(self) -> None:
        if self.EXPLAINS:
            room = self.has_class("-wide") or not self.has_class("-low")
            self.query_one("#beside", Pane).show(self.page() if room and self.lines.length else None)

    def on_line_list_moved(self) -> None:
        self.draw()
        self.show_keys()

    def say(self, text: str, style: str = "$soft") -> None:
        """Show a sentence below the list; empty for none."""
        self._note(content((text, style)))

    def _note(self, shown: Content) -> None:
        note = self.query_one("#lines-none", Static)
        note.update(shown)
        note.display = bool(shown.plain)
        listed = self.query_one("#lines-and-page") if self.EXPLAINS else self.lines
        listed.display = bool(self.lines.length) or not shown.plain
        if self.lines.length and self.focused is None:
            self.lines.focus()
        self.show_keys()

    def say_empty(self, what: str, why: str, key: str, does: str) -> None:
        """Say why the list holds nothing, as `empty` does everywhere."""
        self._note(empty(what, why, key, does))

    def failed(self, why: str) -> None:
        """The list could not be read."""
        self.say(why, "$error")

    def text_to_copy(self) -> str:
        return self.lines.text(self.lines.cursor) + "\n" if self.lines.length else ""

    def text_to_save(self) -> str:
        return f"{self._title}\n{self.lines.texts()}"

    def do_back(self) -> None:
        self.dismiss(None)
