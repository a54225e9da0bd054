"""Where the set-up stands, for the command and the conversation alike: as last seen, or read from both sides."""

from typing import TYPE_CHECKING

from octowizard.cli.console import Console, plain
from octowizard.cli.interrupt import completed
from octowizard.cli.wanted import Accounts
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.onboarding.standing import Standing


def remembered(accounts: Accounts) -> "Standing":
    """As it was last seen."""
    from octowizard.onboarding.state import remembered as kept

    return kept(accounts.root, accounts.profile)


def looked(accounts: Accounts, console: Console, step: str = "") -> "Standing":
    """Both sides as they are now; with a step, only what it depends on."""

    from octowizard.onboarding import state

    def report(what: str, count: int) -> None:
        console.progress(_("reading {what}: {count}").format(what=plain(what), count=count))

    root, profile = accounts.root, accounts.profile
    reading = state.again(root, profile, step, report) if step else state.read(root, profile, report)
    standing = completed(reading)
    console.close()
    return standing


def seen(accounts: Accounts, console: Console) -> "Standing":
    """As it was last seen; both sides are read when that never happened, or one of them did not answer."""
    standing = remembered(accounts)
    whole = standing.looked and not standing.unread and not unanswered(standing)
    return standing if whole else looked(accounts, console)


def unanswered(standing: "Standing") -> str:
    """What kept a side from being looked at, as a sentence; "" when both answered."""
    from octowizard.checks.access import PASSING

    return next((one.said for one in standing.snapshot.troubles if one.problem in PASSING), "")
