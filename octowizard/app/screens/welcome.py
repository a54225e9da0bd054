"""The first start: no accounts yet, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.content import content
from octowizard.app.place_screen import PlaceScreen
from octowizard.locale import _


class WelcomeScreen(PlaceScreen):
    """Shown as long as there is no profile."""

    MODE: ClassVar[str] = "welcome"
    CSS_PATH = "welcome.tcss"

    def about(self) -> str:
        return _(
            "octowizard connects the accounting package Octopus to the CRM Teamleader Focus, "
            "and explains it when that connection breaks."
        )

    def body(self) -> Iterable[Widget]:
        yield Static(
            content(
                (_("Welcome to octowizard"), "bold $accent"),
                "\n\n",
                self.about(),
                "\n\n",
                _("No accounts are connected yet on this computer."),
                "\n\n",
                (_("Try it without any account"), "bold"),
                "\n",
                _("The practice company has invented customers and invoices; nothing leaves this computer."),
                "\n\n",
                ("   octowizard --sandbox", "bold $primary"),
                "\n\n",
                (_("Connect a served practice company"), "bold"),
                "\n\n",
                ("   octowizard profiles add NAME --sandbox-url URL", "bold $primary"),
                "\n\n",
                (_("Press q to leave."), "$soft"),
            ),
            id="welcome",
        )
