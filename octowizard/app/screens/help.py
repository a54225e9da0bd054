"""`?`: what the present screen is for, all its keys, and what the marks mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from octowizard.app.commands import Command, shown
from octowizard.app.content import content, hung, wrapped
from octowizard.locale import _
from octowizard.locale.labels import MARK


def keys_of(command: Command) -> str:
    """All keys of a command, as people know them."""
    return " ".join(dict.fromkeys(shown(key) for key in command.keys))


class HelpScreen(ModalScreen[None]):
    """Closes with escape, enter, ? or q."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,question_mark,q,f1", "dismiss(None)", show=False)
    ]

    def __init__(self, about: str, commands: Sequence[Command]) -> None:
        super().__init__()
        self._about = about
        self._commands = commands

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            with VerticalScroll(id="help-body"):
                yield Static(markup=False, id="help-text")
            yield Static(
                content(("esc", "bold $primary"), " " + _("close") + "   ↑ ↓ " + _("scroll")), id="help-keys"
            )

    def on_mount(self) -> None:
        self.query_one("#help-body").focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        width = self.query_one("#help-text").size.width
        if width:
            self.query_one("#help-text", Static).update(self._text(width))

    def _text(self, width: int) -> Content:
        lines = [content(line) for line in wrapped(self._about, width)]
        lines += [content(""), content((_("Keys"), "bold $accent"))]
        column = min(18, 2 + max(cell_len(keys_of(command)) for command in self._commands))
        moving = Command(
            "", ("↑ ↓ pgup pgdn",), lambda: "", lambda: _("Move in a list; also j k, home, end.")
        )
        helps: dict[str, list[str]] = {}  # a key that does one thing here and another there stands once
        for command in [*self._commands, moving]:
            helps.setdefault(keys_of(command), []).append(command.help())
        for keys, texts in helps.items():
            for number, text in enumerate(texts):
                lead = "" if number else keys
                lines += hung(lead + " " * max(2, column - cell_len(lead)), "bold $primary", text, width)
        lines += [content(""), content((_("Marks"), "bold $accent"))]
        marks = [
            ("✔", "$success", _("done")),
            ("✖", "$error", _("blocks")),
            ("▲", "$warning", _("look at it")),
            ("●", "$primary", _("running")),
            ("○", "$foreground", _("waiting")),
            ("–", "$soft", _("excluded")),
            ("i", "$primary", _("to know")),
            ("?", "$soft", _("not known")),
        ]
        lines.append(
            content(*(part for mark, style, meaning in marks for part in ((mark, style), f" {meaning}   ")))
        )
        unseen = _(
            "behind the name of a menu or a button: nobody has seen it on that screen yet, so it may be called "
            "otherwise"
        )
        lines += hung(f"{MARK} ", "$warning", unseen, width)
        return Content("\n").join(lines)
