"""What a user can do, said once: one `Command` gives the key, the footer, the palette entry and the help line.

A screen lists its commands in `COMMANDS`; `bindings` makes textual's bindings of them, and the screen's
`is_enabled` decides which of them can be done right now. What cannot be done is neither in the footer nor in the
palette, and its key does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from textual.binding import Binding

Text = Callable[[], str]  # translated when shown, so that another language needs no restart


class Command(msgspec.Struct, frozen=True):
    """One thing a user can do. `run` is the name of the method (`do_` + name) on the screen."""

    run: str
    keys: tuple[str, ...]  # textual's names; the first is the one that is shown
    name: Text  # one or two words, for the footer and the palette
    help: Text  # one sentence, for the help screen
    footer: bool = True

    @property
    def key(self) -> str:
        """The key as people know it."""
        return shown(self.keys[0])


_SIGNS = {
    "enter": "⏎",
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "ctrl+p": "^p",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "pgup",
    "pagedown": "pgdn",
}


def shown(key: str) -> str:
    """A key's name as it stands in footer and help."""
    return _SIGNS.get(key, key)


def bindings(commands: Iterable[Command]) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Textual's bindings for the commands; each calls `action_command` of the screen with the command's `run`."""
    return [
        Binding(",".join(command.keys), f"command('{command.run}')", command.run, show=False, id=command.run)
        for command in commands
    ]
