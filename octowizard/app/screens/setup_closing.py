"""The end of the set-up: what was made, what runs when, what comes by itself, and what to look at next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import render
from octowizard.app.place_screen import PlaceScreen
from octowizard.locale import _
from octowizard.presentation.blocks import Gap, Page
from octowizard.presentation.setup_phases import closing_page

if TYPE_CHECKING:
    from octowizard.onboarding.model import Guide
    from octowizard.session.profile_session import Checked

OFFERS = commands(lambda: (
    ("home", "enter", _("go to Home"), _("Go on at Home: it names what comes next every day.")),
    ("steps", "escape", _("all steps"), _("Show the steps of the set-up again.")),
    ("copy", "c", _("copy"), _("Copy this sum-up as text, for a mail or a file.")),
    ("save", "w", _("save"), _("Save this sum-up to a file.")),
))  # fmt: skip


class SetupClosingScreen(PlaceScreen):
    """Over Set up, once no step asks for anything; it goes away when one does again."""

    MODE: ClassVar[str] = "setup"
    CSS_PATH = "setup.tcss"
    OFFERS = OFFERS

    def __init__(self, guide: Guide) -> None:
        super().__init__()
        self._guide = guide

    def about(self) -> str:
        return _("The set-up is complete. This sums up what stands, what runs when, and what comes next.")

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(id="closing"):
            yield Static(id="closing-text", markup=False)

    def on_mount(self) -> None:
        self.query_one("#closing").focus()
        self.draw()

    def follow(self) -> None:
        """A document that has come in, or anything else since, may have brought a step back."""
        runner = self.shell.runner
        if runner is not None:
            self.in_thread(runner.kept_checks, self._stands)

    def _stands(self, checked: Checked) -> None:
        guide = checked.guide
        if guide.closing is None:
            self.dismiss()
        else:
            self._guide = guide
            self.draw()

    def draw(self) -> None:
        text = self.query_one("#closing-text", Static)
        page = self.page()
        if page is not None and text.size.width:
            width, room = text.size.width, self.query_one("#closing").size.height
            shown = render(page, width)
            if len(shown.plain.split("\n")) > room:  # a low window: all of it before space between its parts
                close = tuple(block for block in page.blocks if not isinstance(block, Gap))
                shown = render(msgspec.structs.replace(page, blocks=close), width)
            text.update(shown)
        self.show_keys()

    def page(self) -> Page | None:
        return closing_page(self._guide)

    def do_home(self) -> None:
        self.dismiss()
        self.shell.go_to("home")

    def do_steps(self) -> None:
        self.dismiss()
