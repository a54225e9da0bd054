"""What the subcommands that write to Teamleader share: opening the accounts, asking first, stopping, the exit codes."""

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

from octowizard.cli.console import Console
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, INTERRUPTED, WELL
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.wanted import Accounts
    from octowizard.progress import Stop
    from octowizard.sync.accounts import Accounts as Clients
    from octowizard.workspace.db import Workspace

T = TypeVar("T")

CODES: Final = {
    "complete": WELL,
    "attention": ATTENTION,
    "cancelled": INTERRUPTED,
    "unreachable": COULD_NOT_TELL,
}


def with_clients(
    present: "Accounts",
    work: "Callable[[Workspace, Clients, Stop], Awaitable[T]]",
    *,
    looking: bool = False,
) -> T:
    """Do something with both vendors. Ctrl-C asks it to end after the writes in flight.

    `looking`: it writes nothing, and what it found is of no use once somebody wanted it to end (KeyboardInterrupt).
    """

    from octowizard.cli.interrupt import completed, stopping
    from octowizard.progress import Stop, Stopped, reads_end_on
    from octowizard.sync.accounts import open_accounts
    from octowizard.workspace.forget import workspace_of

    stop = Stop()

    async def done() -> T:
        with workspace_of(present.root, present.profile) as workspace:
            async with open_accounts(present.root, present.profile, workspace) as clients:
                return await work(workspace, clients, stop)

    announcement = _("Stopping after the writes in flight; begun again, it goes on where it ended.")
    if looking:
        announcement = _("Stopping; nothing was written.")
    try:
        with stopping(stop, announcement), reads_end_on(stop if looking else None):
            found = completed(done())
            ended = False
    except* Stopped:
        ended = True
    if ended or (looking and stop.requested):
        raise KeyboardInterrupt
    return found


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
