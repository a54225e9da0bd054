"""What was said before the command, and the accounts that it led to: two plain values, which every command knows."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.workspace.profiles import Profile


class Wanted(NamedTuple):
    """What was said before the command. `scenario` None: no practice company; "": its default scenario."""

    profile: str | None = None
    scenario: str | None = None
    seed: int | None = None
    customers: int | None = None
    documents: int | None = None
    try_again: bool = False  # a sign-in that was refused is sent once more
    watched: bool = False  # a person looks on: the practice company answers at the vendors' own pace


class Accounts(NamedTuple):
    """A profile, and the folder it is in. `fresh`: a practice company that ends with the command."""

    root: "Path"
    profile: "Profile"
    fresh: bool = False
