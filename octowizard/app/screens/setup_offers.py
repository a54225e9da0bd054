"""What a user can do on the Set up screen."""

from __future__ import annotations

from octowizard.app.commands import Command
from octowizard.locale import _

OFFERS: tuple[Command, ...] = (
    Command(
        "stop",
        ("escape",),
        lambda: _("stop"),
        lambda: _("Stop what is going on; a write in flight is ended first."),
    ),
    Command("go_on", ("enter",), lambda: _("go on"), lambda: _("Do the next thing that the step asks for.")),
    Command(
        "act",
        ("d",),
        lambda: _("do it for me"),
        lambda: _(
            "Make the change for me: shows exactly what is sent, and asks, before anything is written."
        ),
    ),
    Command("yes", ("y",), lambda: _("yes"), lambda: _("Answer the question of the step with yes.")),
    Command("no", ("n",), lambda: _("no"), lambda: _("Answer the question of the step with no.")),
    Command(
        "choose",
        ("p",),
        lambda: _("choose"),
        lambda: _("Choose the dossier, the start date, or import the companies: what the step is about."),
    ),
    Command("open", ("o",), lambda: _("open"), lambda: _("Open the screen where the step is done.")),
    Command("show", ("s",), lambda: _("show me"), lambda: _("How it is done by hand, with the menu paths.")),
    Command("again", ("r",), lambda: _("check again"), lambda: _("Read again what the step depends on.")),
    Command(
        "all",
        ("R",),
        lambda: _("check all"),
        lambda: _("Read both sides whole, and derive all steps again."),
        footer=False,
    ),
    Command(
        "files", ("f",), lambda: _("files"), lambda: _("Show the ready files of the step, to copy or save.")
    ),
    Command(
        "skip",
        ("k",),
        lambda: _("skip"),
        lambda: _("Leave the step out, after reading what that brings; or take it up again."),
    ),
    Command(
        "scenario",
        ("c",),
        lambda: _("change scenario"),
        lambda: _("Choose another scenario than the one that was detected."),
    ),
    Command(
        "explain",
        ("e",),
        lambda: _("explain"),
        lambda: _("Everything about the step, on a page."),
        footer=False,
    ),
)
