"""The whole explanation of one row or group, when the side pane is too small for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from octowizard.app.commands import Command, bindings, commands
from octowizard.app.content import content, fitting, render
from octowizard.app.keymap import owner_of
from octowizard.locale import _
from octowizard.presentation.blocks import Page
from octowizard.presentation.detail import offers
from octowizard.presentation.folds import folds
from octowizard.presentation.text import copied

if TYPE_CHECKING:
    from octowizard.app.shell import Shell

MEND = "mend"  # the command of the screen below that makes the offered change
FRAME = 3  # lines of a page that its border and the blank line above the keys take

OFFERS = commands(lambda: (
    (MEND, "d", _("do it for me"),
     _("Make the change that this page offers: shows exactly what is sent, and asks first.")),
    ("unfold", "e", _("evidence"), _("Show or fold away all that this rests on, and a vendor's own words.")),
    ("close", "escape enter q", _("close"), _("Back to the list.")),
    ("copy", "c", _("copy"), _("Copy all of this as text.")),
    ("save", "w", _("save"), _("Save all of this to a file.")),
    ("browse", "o", _("open in browser"), _("Open the document in Teamleader.")),
))  # fmt: skip


class DetailScreen(ModalScreen[str | None]):
    """Closes with escape or enter. Its result: the command that the screen below is to do, or None."""

    CSS_PATH = "detail.tcss"
    OFFERS: ClassVar[tuple[Command, ...]] = OFFERS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(OFFERS)]

    def __init_subclass__(cls, **options: Any) -> None:
        cls.BINDINGS = [*bindings(cls.OFFERS)]
        super().__init_subclass__(**options)

    def __init__(self, page: Page, *, unfolded: bool = False) -> None:
        super().__init__()
        self._page = page
        self._unfolded = unfolded

    @property
    def shell(self) -> Shell:
        """The app, by its own type."""
        return cast("Shell", self.app)

    def compose(self) -> ComposeResult:
        self.shell.keymap.bind(owner_of(type(self)), self._bindings)
        with Vertical(id="detail"):
            with VerticalScroll(id="detail-body"):
                yield Static(markup=False, id="detail-text")
            yield Static(id="detail-keys")

    def _keys(self, width: int) -> Content:
        """The keys with their names; a line ends between two of them, never within one."""
        parts: list[str | tuple[str, str]] = []
        left = width
        for command in self.shell.keymap.of(owner_of(type(self)), self.OFFERS):
            if self.is_enabled(command.run):
                taken = cell_len(f"{command.key} {command.name()}")
                if parts and left < taken:
                    parts.append("\n")
                    left = width
                parts += [(command.key, "bold $primary"), f" {command.name()}   "]
                left -= taken + 3
        return content(*parts)

    def on_mount(self) -> None:
        self.query_one("#detail-body").focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        keys = 1
        for box in self.query("#detail").results(Vertical):
            shown = self._keys(box.content_size.width)
            keys = shown.plain.count("\n") + 1
            for line in box.query("#detail-keys").results(Static):
                line.update(shown)
        text = self.query_one_optional("#detail-text", Static)  # more can become known before it stands
        if text is not None and (width := text.size.width):
            room = self.size.height - FRAME - keys
            text.update(render(self._page, width) if self._unfolded else fitting(self._page, width, room))

    def retell(self, page: Page) -> None:
        """More has become known since this was opened."""
        self._page = page
        self._draw()

    def is_enabled(self, run: str) -> bool:
        """Can this command be done right now?"""
        match run:
            case "browse":
                return bool(self._page.address)
            case "unfold":
                return folds(self._page)
            case "mend":
                return offers(self._page)
            case _:
                return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command":
            return self.is_enabled(str(parameters[0]))
        return super().check_action(action, parameters)

    def action_command(self, run: str) -> None:
        getattr(self, f"do_{run}")()

    def do_unfold(self) -> None:
        self._unfolded = not self._unfolded
        self._draw()

    def do_mend(self) -> None:
        self.dismiss(MEND)

    def do_close(self) -> None:
        self.dismiss(None)

    def do_copy(self) -> None:
        self.shell.copy(copied(self._page))

    def do_save(self) -> None:
        self.shell.save_text(copied(self._page))

    def do_browse(self) -> None:
        self.shell.open_address(self._page.address)
