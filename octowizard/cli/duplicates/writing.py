"""What the subcommands that write to Teamleader share: asking first, the time that is left, the exit codes."""

import sys
from typing import TYPE_CHECKING, Final

from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, INTERRUPTED, WELL
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.customers import importing

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


def import_teller(console: Console) -> "importing.Tell":
    """Says how far an import is, and whom Teamleader does not take."""
    from octowizard.customers import importing
    from octowizard.locale.formats import count
    from octowizard.presentation.events import time_left
    from octowizard.presentation.pairs import not_imported

    def tell(step: "importing.Step") -> None:
        if isinstance(step, importing.Progress):
            if step.phase == "importing":
                line = _("importing: {done} of {total}").format(
                    done=count(step.done), total=count(step.total)
                )
                left = [time_left(step.seconds_left)] if step.seconds_left is not None else []
                console.progress(" · ".join([line, *left]))
        elif isinstance(step, importing.Failed):
            console.note(plain(f"✖ {not_imported(step)}"))

    return tell
