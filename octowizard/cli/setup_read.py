"""Where the set-up stands, for the command and the conversation alike: as last seen, or read from both sides."""

from typing import TYPE_CHECKING

from octowizard.cli.console import Console, plain
from octowizard.cli.wanted import Accounts
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.onboarding.state import Standing


def remembered(accounts: Accounts) -> "Standing":
    """As it was last seen."""
    from octowizard.onboarding.state import remembered as kept

    return kept(accounts.root, accounts.profile)


def looked(accounts: Accounts, console: Console, step: str = "") -> "Standing":
    """Both sides as they are now; with a step, only what it depends on."""
    import asyncio

    from octowizard.onboarding import state

    def report(what: str, count: int) -> None:
        console.progress(_("reading {what}: {count}").format(what=plain(what), count=count))

    root, profile = accounts.root, accounts.profile
    reading = state.again(root, profile, step, report) if step else state.read(root, profile, report)
    standing = asyncio.run(reading)
    console.close()
    return standing


def seen(accounts: Accounts, console: Console) -> "Standing":
    """As it was last seen; both sides are read when that never happened."""
    standing = remembered(accounts)
    return standing if standing.looked and not standing.unread else looked(accounts, console)
