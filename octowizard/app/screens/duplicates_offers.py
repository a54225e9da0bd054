"""What can be done on the Duplicates screen."""

from __future__ import annotations

from octowizard.app.commands import Command
from octowizard.locale import _

OFFERS: tuple[Command, ...] = (
    Command(
        "stop", ("escape",), lambda: _("stop"), lambda: _("Stop what goes on, after the write in flight.")
    ),
    Command("same", ("y",), lambda: _("same"), lambda: _("These two are the same customer: remember it.")),
    Command(
        "different",
        ("n",),
        lambda: _("different"),
        lambda: _("These two are different customers: never ask again."),
    ),
    Command("later", ("l",), lambda: _("later"), lambda: _("Leave this pair, and go to the next one.")),
    Command(
        "ask",
        ("g",),
        lambda: _("most telling"),
        lambda: _("Go to the pair whose answer teaches most about all others; a few dozen answers do much."),
        footer=False,
    ),
    Command(
        "take_back", ("u",), lambda: _("undo answer"), lambda: _("Take back the last answer that was given.")
    ),
    Command(
        "open",
        ("o", "enter"),
        lambda: _("open both"),
        lambda: _("Open them in the browser, for Actions > Merge there; the merge is noticed by itself."),
    ),
    Command(
        "merge",
        ("m",),
        lambda: _("merge"),
        lambda: _("Merge the sure pairs of which one is a bare duplicate; shows all of it first."),
    ),
    Command(
        "smart",
        ("i",),
        lambda: _("smart import"),
        lambda: _(
            "Link those that are the same, import only the rest of Octopus' relations; shows it first."
        ),
    ),
    Command(
        "simulate",
        ("s",),
        lambda: _("foretell import"),
        lambda: _("What Teamleader's own import of an exported segment would do, for every criterion."),
    ),
    Command(
        "held",
        ("e",),
        lambda: _("import as foretold?"),
        lambda: _("After the import in Teamleader: whether it did what was foretold, and whom it added."),
        footer=False,
    ),
    Command(
        "view",
        ("v",),
        lambda: _("other pairs"),
        lambda: _("Change between Octopus beside Teamleader, and twice in Teamleader."),
    ),
    Command("again", ("r",), lambda: _("read again"), lambda: _("Read both sides, and compare.")),
    Command(
        "unmerge",
        ("z",),
        lambda: _("undo a merge"),
        lambda: _("Take the last merge through the API back, from its pack."),
        footer=False,
    ),
    Command(
        "look",
        ("w",),
        lambda: _("merged yet?"),
        lambda: _("Ask Teamleader now whether the opened pairs were merged."),
        footer=False,
    ),
)
