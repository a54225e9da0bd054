"""The keys that sentences name: those that commands come with, or those that the user has given them (`keymap`)."""

from __future__ import annotations

from collections.abc import Mapping

_given: dict[str, str] = {}
_here = ""


def follow(given: Mapping[str, str]) -> None:
    """From now on these commands, by id, have these keys, as they are shown; all others those they come with."""
    _given.clear()
    _given.update(given)


def be_on(screen: str) -> None:
    """This screen is the one that is seen, by what the ids of its commands begin with."""
    global _here
    _here = screen


def key_of(command: str, usual: str) -> str:
    """The key of a command in a sentence. `usual`: the one that it comes with, as the footer shows it.

    `command`: its id, such as `sync.preview`, or `settings` for one that works everywhere; `*.details` is that of the
    screen that is seen.
    """
    return _given.get(command.replace("*", _here, 1), usual)
