"""What can be done on the Sync screen, in the order of the footer."""

from __future__ import annotations

from octowizard.app.commands import Command
from octowizard.locale import _

OFFERS: tuple[Command, ...] = (
    Command(
        "stop",
        ("escape",),
        lambda: _("stop"),
        lambda: _("Stop after the write in flight; says what is left."),
    ),
    Command(
        "start",
        ("s",),
        lambda: _("start the sync"),
        lambda: _("Write what the preview shows. Asks first, with the exact summary."),
    ),
    Command(
        "preview",
        ("p",),
        lambda: _("preview"),
        lambda: _("Read both sides and show what a sync would write. Writes nothing."),
    ),
    Command(
        "retry",
        ("r",),
        lambda: _("retry this one"),
        lambda: _("Try the document under the cursor again. Asks first."),
    ),
    Command(
        "mend",
        ("d",),
        lambda: _("do it for me"),
        lambda: _("Make the change that mends the cause: shows exactly what is sent, and asks first."),
    ),
    Command(
        "explain", ("enter",), lambda: _("explain"), lambda: _("Everything about the line under the cursor.")
    ),
    Command(
        "filter", ("f",), lambda: _("filter"), lambda: _("Show all, failing, waiting, in sync or excluded.")
    ),
    Command("search", ("slash",), lambda: _("search"), lambda: _("Search by number, customer or cause.")),
    Command(
        "clear",
        ("escape",),
        lambda: _("show all"),
        lambda: _("Leave search and filter: show all documents again."),
    ),
    Command("copy", ("c",), lambda: _("copy"), lambda: _("Copy what is known of this line.")),
    Command("browse", ("o",), lambda: _("browser"), lambda: _("Open the document in Teamleader.")),
    Command(
        "story",
        ("h",),
        lambda: _("history"),
        lambda: _("Show all that ever happened to this document."),
        footer=False,
    ),
    Command(
        "save",
        ("w",),
        lambda: _("save"),
        lambda: _("Save what is known of this line to a file."),
        footer=False,
    ),
    Command(
        "switched_off",
        ("y",),
        lambda: _("it is switched off"),
        lambda: _("Say that Teamleader's own integration is switched off, and preview again."),
    ),
)
