"""The form of one practice action: a field for each argument, with what is known to exist under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from octowizard.app.content import cell, content
from octowizard.app.desk import Action, Choice, fitting, optional
from octowizard.app.widgets.action_list import plainly
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _

Known = Callable[[str, str], Sequence[Choice]]  # the choices of a field, by its name and hint


class ChoiceList(LineList, can_focus=False):
    """What may be written in the field that has the keys; `cursor` -1 while what was typed stands as it is."""

    def __init__(self) -> None:
        super().__init__(id="choices")
        self.shown: list[Choice] = []
        self.picking = False

    @property
    def length(self) -> int:
        return len(self.shown)

    def fill(self, choices: list[Choice], *, picking: bool) -> None:
        """Show these; `picking`: the first of them is taken by enter."""
        self.shown, self.picking = choices, picking
        self.cursor = 0
        self.redraw()
        self.go(0)

    @property
    def picked(self) -> str | None:
        """What enter takes, None for what was typed."""
        return self.shown[self.cursor][0] if self.picking and self.shown else None

    def cells(self, index: int, width: int) -> list[Cell]:
        written, what = self.shown[index]
        here = index == self.cursor and self.picking
        name = max(16, width // 3) if what else width - 2
        return [
            ("⏎ " if here else "  ", "busy"),
            (cell(written, name), "text"),
            (cell(what, width - 2 - name), "soft"),
        ]


class ActScreen(ModalScreen[dict[str, str] | None]):
    """Answers the arguments, or None. Enter takes what is marked and goes on; after the last field it is done."""

    CSS_PATH = "act.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up", "pick(-1)", show=False, priority=True),
        Binding("down", "pick(1)", show=False, priority=True),
    ]

    def __init__(self, action: Action, known: Known) -> None:
        super().__init__()
        self._action = action
        self._known = known
        self._names = list(action.arguments)

    def compose(self) -> ComposeResult:
        with Vertical(id="act"):
            yield Static(content((plainly(self._action), "bold")), id="act-title")
            with VerticalScroll(id="act-fields", can_focus=False):
                for number, name in enumerate(self._names):
                    label = name.replace("_", " ")
                    rest = f"  {_('may stay empty')}" if optional(self._action.arguments[name]) else ""
                    yield Static(content((label, "bold"), (rest, "$soft")), classes="label")
                    yield Input(id=f"field-{number}", compact=True)
            yield Static(id="act-hint")
            yield ChoiceList()
            keys = (
                ("⏎", _("take and go on")),
                ("↑↓", _("choose")),
                ("tab", _("other field")),
                ("esc", _("leave")),
            )
            yield Static(
                content(*(part for key, name in keys for part in ((key, "bold $primary"), f" {name}   "))),
                id="act-keys",
            )

    def on_mount(self) -> None:
        self.query_one("#field-0", Input).focus()

    @property
    def _place(self) -> int:
        field = self.focused
        return int((field.id or "field-0").removeprefix("field-")) if isinstance(field, Input) else 0

    def _offer(self) -> None:
        """Show what the field that has the keys may hold."""
        name = self._names[self._place]
        hint = self._action.arguments[name]
        typed = self.query_one(f"#field-{self._place}", Input).value
        found = fitting(list(self._known(name, hint)), typed)
        must = bool(typed.strip()) or not optional(hint)
        self.query_one(ChoiceList).fill(found, picking=must)
        self.query_one("#act-hint", Static).update(content((_(hint), "$soft")))

    def on_descendant_focus(self) -> None:
        self._offer()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self.focused:
            self._offer()

    def action_pick(self, by: int) -> None:
        choices = self.query_one(ChoiceList)
        if choices.picking:
            choices.go(choices.cursor + by)
        else:
            choices.picking = True
            choices.go(0 if by > 0 else choices.length - 1)
            choices.refresh()

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.query_one(ChoiceList).picking = True
        self._take()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._take()

    def _take(self) -> None:
        field = self.query_one(f"#field-{self._place}", Input)
        picked = self.query_one(ChoiceList).picked
        if picked is not None:
            with self.prevent(Input.Changed):
                field.value = picked
        if self._place + 1 < len(self._names):
            self.query_one(f"#field-{self._place + 1}", Input).focus()
            return
        values = {
            name: self.query_one(f"#field-{number}", Input).value.strip()
            for number, name in enumerate(self._names)
        }
        self.dismiss({name: value for name, value in values.items() if value})

    def action_leave(self) -> None:
        self.dismiss(None)
