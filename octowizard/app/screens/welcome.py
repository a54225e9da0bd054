"""The first start: no accounts yet, and what to do about it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import content
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.screens.form import Field
from octowizard.app.start import WANTS_PRACTICE
from octowizard.locale import _
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Page

OFFERS = commands(lambda: (
    ("practice", "p", _("practice company"),
     _("Try the practice company: invented customers and invoices, and nothing leaves this computer.")),
    ("connect", "c", _("connect"), _("Sign in to your own Octopus and Teamleader accounts, step by step.")),
    ("without", "w", _("without signing in"),
     _("Go through the set-up without signing in: what cannot be read is asked, and kept as declared.")),
    ("diagnose", "d", _("diagnose"), _("Have an error message explained; no accounts are needed.")),
))  # fmt: skip


class WelcomeScreen(PlaceScreen):
    """Shown as long as there is no profile."""

    MODE: ClassVar[str] = "welcome"
    CSS_PATH = "welcome.tcss"
    OFFERS = OFFERS

    def about(self) -> str:
        return _(
            "octowizard connects the accounting package Octopus to the CRM Teamleader Focus, "
            "and explains it when that connection breaks."
        )

    def body(self) -> Iterable[Widget]:
        with Vertical(id="welcome"):
            yield Static(
                content(
                    (_("Welcome to octowizard"), "bold $accent"),
                    "\n\n",
                    self.about(),
                    "\n\n",
                    _("No accounts are connected yet on this computer."),
                )
            )
            for key, what, text in self._ways():
                yield Static(content((f"  {key}  ", "bold $primary"), (what, "bold")), classes="way")
                yield Static(content(text), classes="what")

    def named(self) -> Container[str]:
        return {"practice", "connect", "without", "diagnose"}

    def _ways(self) -> tuple[tuple[str, str, str], ...]:
        """What can be done: the key, what it is, and a sentence."""
        from octowizard.workspace import drafts

        names = ", ".join(drafts.names(self.shell.root))
        begun = _("Half connected: {names}. It goes on where it was.").format(names=names) if names else ""
        return (
            (
                key_of("welcome.practice", "p"),
                _("Try the practice company"),
                _("Invented customers and invoices; nothing leaves this computer."),
            ),
            (
                key_of("welcome.connect", "c"),
                _("Connect your accounts"),
                begun or _("Sign in to Octopus and to Teamleader, each answer tried at once."),
            ),
            (
                key_of("welcome.without", "w"),
                _("Go through it without signing in"),
                _("The same steps, on what you declare and export; nothing is written."),
            ),
            (
                key_of("welcome.diagnose", "d"),
                _("Diagnose a message"),
                _("Paste an error message or number: cause, evidence, what to do."),
            ),
        )

    def do_practice(self) -> None:
        self.app.exit(return_code=WANTS_PRACTICE)

    def do_connect(self) -> None:
        from octowizard.app.screens.connect import ConnectScreen
        from octowizard.workspace import drafts

        begun = drafts.names(self.shell.root)
        self.shell.push_screen(ConnectScreen(begun=begun[0] if len(begun) == 1 else ""))

    def do_without(self) -> None:
        from datetime import date

        from octowizard.locale.formats import day
        from octowizard.workspace.drafts import NAMELESS
        from octowizard.workspace.profiles import first_of_the_year

        fields = [
            Field(name="name", label=_("Name of this pair of accounts"), value=NAMELESS),
            Field(
                name="start",
                label=_("First day whose documents count, such as {day}").format(day=day(date(2026, 10, 1))),
                value=day(first_of_the_year()),
            ),
        ]
        self.fill_in(_("Go through it without signing in"), fields, self._begin)

    def _begin(self, given: dict[str, str]) -> None:
        from octowizard.onboarding.connection import day_of
        from octowizard.workspace.profiles import Profile, add_without_accounts

        def work() -> Profile:
            return add_without_accounts(
                self.shell.root, given.get("name", ""), day_of(given.get("start", ""))
            )

        def begun(profile: Profile) -> None:
            self.shell.connected(profile)
            self.shell.go_to("setup")

        self.in_thread(work, begun)

    def do_diagnose(self) -> None:
        field = Field(name="text", label=_("Error message or number"))
        self.fill_in(_("Diagnose a message"), [field], lambda given: self._explain(given.get("text", "")))

    def _explain(self, text: str) -> None:
        def work() -> Page:
            from octowizard.presentation.detail import diagnosis, not_known
            from octowizard.session.explanations import diagnose

            answer = diagnose(text)
            page = diagnosis(answer.diagnosis, answer.names) if answer.diagnosis is not None else None
            return page or not_known((title for _id, title in answer.nearest), ())

        self.in_thread(work, self.show_page)
