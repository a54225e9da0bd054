"""What was said before the command."""

from typing import NamedTuple


class Wanted(NamedTuple):
    """What was said before the command. `scenario` None: no practice company; "": its default scenario."""

    profile: str | None = None
    scenario: str | None = None
    seed: int | None = None
    customers: int | None = None
    documents: int | None = None
    try_again: bool = False  # a sign-in that was refused is sent once more
    # In the app, which says itself what is to be said of the accounts; a practice company keeps the vendors' pace.
    watched: bool = False
