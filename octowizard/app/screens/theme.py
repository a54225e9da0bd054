"""Choosing a theme: a list at the edge of the screen, which is seen in the theme under the cursor meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from octowizard.app import themes
from octowizard.app.content import cell, content
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.app.dressed import Dressed


class ThemeList(LineList[str]):
    """A line for each theme; "" is light or dark as the terminal is."""

    NAME = "themes"

    def __init__(self, kept: str) -> None:
        super().__init__(["", *themes.names()])
        self._kept = kept

    def cells(self, name: str, width: int) -> list[Cell]:
        mark = "● " if name == self._kept else "  "
        return [(mark, "busy"), (cell(name or _("as the terminal is"), width - 2), "text")]

    def key(self, name: str) -> str:
        return name


class ThemeScreen(ModalScreen[None]):
    """Enter keeps the theme under the cursor, escape goes back to the one that was there."""

    CSS_PATH = "theme.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", show=False),
        Binding("escape,q,T", "leave", show=False),
    ]

    @property
    def _dressed(self) -> Dressed:
        return cast("Dressed", self.app)

    def compose(self) -> ComposeResult:
        keys = (("⏎", _("keep")), ("esc", _("as it was")))
        with Vertical(id="theme"):
            yield Static(content((_("Theme"), "bold $accent")), id="theme-title")
            yield ThemeList(self._dressed.settings.theme)
            yield Static(
                content(*(part for key, name in keys for part in ((key, "bold $primary"), f" {name}   "))),
                id="theme-keys",
            )

    def on_mount(self) -> None:
        shown = self.query_one(ThemeList)
        shown.focus()
        self.call_after_refresh(lambda: shown.show(self._dressed.settings.theme))

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()
        chosen = self.query_one(ThemeList).chosen
        if event.by_user and chosen is not None:
            self.app.theme = chosen or self._dressed.theme_of_terminal

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        self._dressed.keep(theme=self.query_one(ThemeList).chosen or "")
        self.dismiss(None)

    def action_leave(self) -> None:
        self.app.theme = self._dressed.theme_wanted
        self.dismiss(None)
