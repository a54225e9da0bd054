"""What the subcommands that write to Teamleader share: asking first, the time that is left, the exit codes."""

import sys
from typing import Final

from octowizard.cli.console import Console
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, INTERRUPTED, WELL
from octowizard.locale import _

CODES: Final = {
    "complete": WELL,
    "attention": ATTENTION,
    "cancelled": INTERRUPTED,
    "unreachable": COULD_NOT_TELL,
}


def may(console: Console, question: str, *, yes: bool, as_json: bool) -> bool:
    """Whether it may be written: --yes, or a yes on the terminal. Elsewhere it was a preview, and says so."""
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        console.note(_("Nothing was written: this was the preview, add --yes to do it."))
        return False
    if console.asks(question):
        return True
    console.note(_("Nothing was written."))
    return False


def minutes(seconds: "float | None") -> str:
    """Time left in words; "" when it cannot be told."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute left")
    return _("about {count} min left").format(count=round(seconds / 60))
