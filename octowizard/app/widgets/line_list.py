"""A list of any length, drawn line by line: only what is in sight is ever made.

Not a table with a header and sorting: a subclass says how one line looks, and whoever fills it in which order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from octowizard.app.content import content

Cell = tuple[str, str]  # text of exact width, and a tone: ok, bad, warn, busy, soft, head, text
T = TypeVar("T")


class LineList(Generic[T], ScrollView, can_focus=True):
    """A cursor over `lines`; tells where it is (`Moved`) and what is chosen (`Chosen`)."""

    DEFAULT_CSS = """
    LineList {
        height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; background: $background;
        & > .list--ok { color: $success; }
        & > .list--bad { color: $error; }
        & > .list--warn { color: $warning; }
        & > .list--busy { color: $primary; }
        & > .list--soft { color: $soft; }
        & > .list--head { color: $foreground; text-style: bold; }
        & > .list--text { color: $foreground; }
        & > .list--cursor { background: $panel; }
        &:focus > .list--cursor { background: $cursor; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"list--{tone}" for tone in ("ok", "bad", "warn", "busy", "soft", "head", "text", "cursor")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    cursor: reactive[int] = reactive(0, init=False)

    class Moved(Message):
        """The cursor is on another line. `by_user`: a key or a click did it."""

        def __init__(self, lines: LineList[T], by_user: bool) -> None:
            super().__init__()
            self.lines = lines
            self.by_user = by_user

    class Chosen(Message):
        """The line under the cursor was clicked a second time."""

        def __init__(self, lines: LineList[T]) -> None:
            super().__init__()
            self.lines = lines

    NAME: ClassVar[str | None] = None  # the id of the widget

    def __init__(self, lines: Sequence[T] = ()) -> None:
        super().__init__(id=self.NAME)
        self.lines = lines
        self._tones: dict[tuple[str, bool], Style] = {}
        if title := self.title():
            self.entitle(title)

    def title(self) -> str:
        """What stands over the list while it has the keys; empty where a heading of its screen says it."""
        return ""

    def entitle(self, title: str) -> None:
        """Another title from now on."""
        self.add_class("titled")
        self.border_title = content(f" {title} ")

    def cells(self, line: T, width: int) -> list[Cell]:
        """A line on exactly `width` columns."""
        raise NotImplementedError

    def key(self, line: T) -> object:  # noqa: ARG002 - subclasses look at it
        """By what a line is known again when the list is filled anew; None: the cursor stays where it is."""
        return None

    @property
    def length(self) -> int:
        """The number of lines."""
        return len(self.lines)

    @property
    def chosen(self) -> T | None:
        """The line under the cursor."""
        return self.lines[self.cursor] if 0 <= self.cursor < len(self.lines) else None

    def index_of(self, key: object) -> int | None:
        """The index of the line with this key."""
        return next((index for index, line in enumerate(self.lines) if self.key(line) == key), None)

    def fill(self, lines: Sequence[T]) -> None:
        """Show these; the cursor stays with its line, or where that stood."""
        before = self._key()
        self.lines = lines
        self.redraw()
        if before is not None and before != self._key():
            self.show(before)

    def _key(self) -> object:
        line = self.chosen
        return None if line is None else self.key(line)

    def show(self, key: object, *, by_user: bool = False) -> bool:
        """Put the cursor on the line with this key; False where there is none."""
        place = self.index_of(key)
        if place is not None:
            self.go(place, by_user=by_user)
        return place is not None

    def text(self, index: int) -> str:
        """A line as text, for copies and files."""
        return "".join(text for text, _tone in self.cells(self.lines[index], 160)).rstrip()

    def texts(self) -> str:
        """All lines as text."""
        return "".join(f"{self.text(index)}\n" for index in range(self.length))

    def redraw(self) -> None:
        """The lines have changed: draw them again, and keep the cursor on a line."""
        self.virtual_size = Size(self.container_size.width, self.length)
        if self.length:
            self.cursor = min(self.cursor, self.length - 1)
        self.refresh()

    def go(self, index: int, *, by_user: bool = False) -> None:
        """Put the cursor on a line and bring it in sight."""
        if not self.length:
            return
        self.cursor = max(0, min(index, self.length - 1))
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)
        self.post_message(self.Moved(self, by_user))

    def action_move(self, by: int) -> None:
        self.go(self.cursor + by, by_user=True)

    def action_page(self, by: int) -> None:
        self.go(self.cursor + by * max(1, self.scrollable_content_region.height - 1), by_user=True)

    def action_edge(self, end: int) -> None:
        self.go(self.length - 1 if end else 0, by_user=True)

    def clicked(self, event: events.Click) -> int | None:
        """The index of the line that was clicked; None for the title, and for what is under the last line."""
        at = event.get_content_offset(self)
        index = at.y + self.scroll_offset.y if at is not None else self.length
        return index if index < self.length else None

    def on_click(self, event: events.Click) -> None:
        index = self.clicked(event)
        if index is None:
            return
        again = index == self.cursor
        self.go(index, by_user=True)
        if again:
            self.post_message(self.Chosen(self))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_line(old)
        self.refresh_line(new)

    def on_resize(self) -> None:
        self.redraw()
        self.go(self.cursor)

    def notify_style_update(self) -> None:
        self._tones.clear()
        super().notify_style_update()

    def _tone(self, name: str, under_cursor: bool) -> Style:
        style = self._tones.get((name, under_cursor))
        if style is None:
            style = self.rich_style + self.get_component_rich_style(f"list--{name}", partial=True)
            if under_cursor:
                behind = self.get_component_styles("list--cursor").background
                style += Style(bgcolor=(self.background_colors[1] + behind).rich_color)
            self._tones[name, under_cursor] = style
        return style

    def on_focus(self) -> None:
        self._tones.clear()

    def on_blur(self) -> None:
        self._tones.clear()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        if index >= self.length:
            return Strip.blank(width, self.rich_style)
        under = index == self.cursor
        segments = [Segment("›" if under else " ", self._tone("head", under))]
        segments += [
            Segment(text, self._tone(tone, under)) for text, tone in self.cells(self.lines[index], width - 1)
        ]
        return Strip(segments).adjust_cell_length(width, self._tone("text", under))
