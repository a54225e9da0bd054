"""Which accounts a command works on: a named profile, the only one there is, or a fresh practice company."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from octowizard.cli.exits import Usage
from octowizard.cli.wanted import Wanted
from octowizard.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.cli.console import Console
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import Profile


@contextmanager
def chosen(wanted: Wanted, console: "Console") -> Iterator["Session"]:
    """The accounts to work on. Usage when it is not clear which; ProfileError when they cannot be read."""
    if wanted.scenario is not None:
        from octowizard.cli.practice import company

        with company(wanted, console) as session:
            yield session
        return
    from octowizard.workspace.profiles import home

    root = home()
    profile = only(root, wanted.profile)
    if profile is None:
        from octowizard.workspace import drafts

        if begun := drafts.names(root):
            text = _(
                "There is no whole profile yet in {home}; half connected: {names}. `octowizard connect` goes on."
            )
            raise Usage(text.format(home=root, names=", ".join(begun)))
        raise Usage(
            _(
                "There is no profile yet in {home}: `octowizard --sandbox` opens a practice company, and "
                "`octowizard connect` signs in to your own accounts."
            ).format(home=root)
        )
    if not wanted.watched:  # the app says it itself
        from octowizard.workspace.private import mend
        from octowizard.workspace.profiles import unknown_keys

        for warning in (*mend(root, profile.name), *unknown_keys(root, profile.name)):
            console.note(warning)
    from octowizard.session.session import Session

    session = Session(root, profile)
    if not wanted.watched and (ends := session.sign_in_ends()) is not None:
        from octowizard.presentation.connecting import sign_in_ends

        today = datetime.now().astimezone().date()
        console.note(sign_in_ends(ends, today, f"octowizard connect {profile.name} --reauthorise"))
    if wanted.try_again:
        session.try_again()
    yield session


def only(root: "Path", name: str | None) -> "Profile | None":
    """The named profile, or the only one; None when there is none at all."""
    from octowizard.workspace.profiles import load, names

    if name is None:
        known = names(root)
        if not known:
            return None
        if len(known) > 1:
            raise Usage(
                _("There are several profiles ({names}): say which one with --profile NAME.").format(
                    names=", ".join(known)
                )
            )
        name = known[0]
    return load(root, name)


def opened(root: "Path", name: str) -> "Session":
    """Another profile, opened while the app is there, which says itself what is to be said of it."""
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import load

    return Session(root, load(root, name))
