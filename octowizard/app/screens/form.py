"""A form: a field for each thing to be said, with what is known to exist under the one that has the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from octowizard.app.content import content
from octowizard.app.widgets.choice_list import ChoiceList
from octowizard.app.widgets.line_list import LineList
from octowizard.locale import _
from octowizard.session.practice_desk import Choice, fitting


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `choices` is called when the field gets the keys; empty: anything may be written."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    optional: bool = False
    secret: bool = False  # what is typed is not shown
    choices: Callable[[], Sequence[Choice]] = tuple


def written_path(text: str) -> Path:
    """A path as people write or drag it: with quotes around it, or ~ for their own folder."""
    return Path(text.strip().strip("\"'")).expanduser()


class FormScreen(ModalScreen[dict[str, str] | None]):
    """Answers the arguments, or None. Enter takes what is marked and goes on; after the last field it is done."""

    CSS_PATH = "form.tcss"
    AUTO_FOCUS = ""  # by itself below, without the scrolling that would hide the first label
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up", "pick(-1)", show=False, priority=True),
        Binding("down", "pick(1)", show=False, priority=True),
    ]

    def __init__(self, title: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._offered = -1  # the place of the field whose choices are shown

    def compose(self) -> ComposeResult:
        with Vertical(id="form"):
            yield Static(content((self._title, "bold")), id="form-title")
            yield from self.above()
            with VerticalScroll(id="form-fields", can_focus=False):
                for number, field in enumerate(self._fields):
                    rest = "  " + _("may stay empty") if field.optional else ""
                    yield Static(content((field.label, "bold"), (rest, "$soft")), classes="label")
                    yield Input(
                        field.value,
                        id=f"field-{number}",
                        compact=True,
                        select_on_focus=True,
                        password=field.secret,
                    )
            yield Static(id="form-hint")
            yield ChoiceList()
            keys = (
                ("⏎", _("take and go on")),
                ("↑↓", _("choose")),
                ("tab", _("other field")),
                ("esc", _("leave")),
            )
            yield Static(
                content(*(part for key, name in keys for part in ((key, "bold $primary"), f" {name}   "))),
                id="form-keys",
            )

    def above(self) -> Iterable[Widget]:
        """What stands between the title and the fields; nothing here."""
        return ()

    def on_mount(self) -> None:
        self.query_one("#field-0", Input).focus(scroll_visible=False)

    @property
    def _place(self) -> int:
        field = self.focused
        return int((field.id or "field-0").removeprefix("field-")) if isinstance(field, Input) else 0

    def _offer(self) -> None:
        """Show what the field that has the keys may hold; what already stands in it is taken as it is."""
        self._offered = self._place
        field = self._fields[self._place]
        typed = self.query_one(f"#field-{self._place}", Input).value
        known = list(field.choices())
        if typed == field.value and typed:
            offered = sorted(known, key=lambda one: one[0] != typed)
        else:
            offered = fitting(known, typed)
        must = bool(typed.strip()) or not field.optional
        self.query_one(ChoiceList).offer(offered, picking=must)
        self.query_one("#form-hint", Static).update(content((field.hint, "$soft")))

    def on_descendant_focus(self) -> None:
        self._offer()
        # The field itself comes into view; what it asks stands above it.
        label = self.query("#form-fields .label")[self._place]
        self.call_after_refresh(label.scroll_visible, animate=False)

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
        self.take()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.take()

    def take(self) -> None:
        """Enter: take what is marked, and go on."""
        self.take_pick()
        if self._place + 1 < len(self._fields):
            self.query_one(f"#field-{self._place + 1}", Input).focus()
            return
        self.dismiss(self.written())

    def take_pick(self) -> None:
        """Write what is marked into the field that has the keys."""
        if self._offered != self._place:  # the key was quicker than the news that the keys have moved on
            self._offer()
        picked = self.query_one(ChoiceList).picked
        if picked is not None:
            with self.prevent(Input.Changed):
                self.query_one(f"#field-{self._place}", Input).value = picked

    def written(self) -> dict[str, str]:
        """What stands in the fields, by their names; empty ones are left out."""
        values = {
            field.name: self.query_one(f"#field-{number}", Input).value.strip()
            for number, field in enumerate(self._fields)
        }
        return {name: value for name, value in values.items() if value}

    def action_leave(self) -> None:
        self.dismiss(None)
