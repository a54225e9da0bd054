"""Jump mode: a letter stands on each part of the screen that takes keys, and typing it goes there."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.content import content
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.widgets.frame import PlaceLine
from octowizard.locale import _

LETTERS = "asdfghjkluiopqwertyzxcvbnm"


class JumpScreen(ModalScreen[None]):
    """The places keep their number keys; every other key leaves it."""

    CSS_PATH = "jump.tcss"

    def __init__(self, below: PlaceScreen) -> None:
        super().__init__()
        self._below = below
        self._size_before = below.app.size
        self._goals: dict[str, Widget] = dict(zip(LETTERS, below.focus_chain, strict=False))

    def compose(self) -> ComposeResult:
        for letter, goal in self._goals.items():
            yield self._label(letter, self._corner(goal))
        places = self._below.query_one(PlaceLine)
        for column, key in places.columns():
            yield self._label(key, Offset(column, places.region.y))
        yield Static(content(_("A letter or a number goes there; esc stays here.")), id="jump-hint")

    @staticmethod
    def _label(key: str, at: Offset) -> Static:
        label = Static(content(f" {key} "), classes="jump")
        label.styles.offset = at
        return label

    def on_resize(self, event: events.Resize) -> None:
        """What is below has moved: the letters would stand beside it."""
        if event.size != self._size_before and self.is_current:
            self.dismiss(None)

    def _corner(self, goal: Widget) -> Offset:
        """The upper left of what is in sight of it."""
        return goal.region.intersection(self._below.region).offset

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(None)
        typed = event.character or ""
        if (goal := self._goals.get(typed)) is not None:
            self._below.set_focus(goal)
        for place in self._below.shell.places:
            if place.key == typed:
                self._below.shell.go_to(place.mode)
