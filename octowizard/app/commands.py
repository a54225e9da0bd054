"""What a user can do, said once: one `Command` gives the key, the footer, the palette entry and the help line.

A screen lists its commands in `OFFERS`; `bindings` makes textual's bindings of them, and the screen's `is_enabled`
decides which of them can be done right now. What cannot be done is neither in the footer nor in the palette, and its
key does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec
from textual.binding import Binding

Text = Callable[[], str]  # translated when shown, so that another language needs no restart
Line = tuple[str, str, str, str]  # the method, its keys with blanks between, a word or two, a sentence


class Command(msgspec.Struct, frozen=True):
    """One thing a user can do. `run` is the name of the method (`do_` + name) on the screen."""

    run: str
    keys: tuple[str, ...]  # textual's names; the first is the one that is shown
    name: Text  # one or two words, for the footer and the palette
    help: Text  # one sentence, for the help screen
    footer: bool = True
    first: bool = False  # its key is taken before the widget that has the focus gets it

    @property
    def key(self) -> str:
        """The key as people know it."""
        return shown(self.keys[0])


def text_of(table: Callable[[], Sequence[Sequence[str]]], row: int, column: int) -> Text:
    """A cell of a table that is made anew, and so translated, whenever it is shown."""
    return lambda: table()[row][column]


def commands(
    table: Callable[[], Sequence[Line]], *, hidden: Collection[str] = (), first: Collection[str] = ()
) -> tuple[Command, ...]:
    """The commands of a table, in its order, which is that of the footer.

    `hidden`: those that are not in the footer. `first`: those whose keys the focused widget does not get: what is
    typed after them goes into a field, however fast, or a list has another use for them. `table` is called again
    whenever a text is shown: in the language of that moment.
    """

    return tuple(
        Command(
            run,
            tuple(keys.split()),
            text_of(table, row, 2),
            text_of(table, row, 3),
            run not in hidden,
            run in first,
        )
        for row, (run, keys, _name, _help) in enumerate(table())
    )


_SIGNS = {
    "enter": "⏎",
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "ctrl+p": "^p",
    "ctrl+n": "^n",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "shift+left": "⇧←",
    "shift+right": "⇧→",
}


def shown(key: str) -> str:
    """A key's name as it stands in footer and help."""
    return _SIGNS.get(key, key)


def bindings(commands: Iterable[Command]) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Textual's bindings for the commands; each calls `action_command` of the screen with the command's `run`.

    One of the `first` has priority: it is done before this or the next key is handed to the focused widget.
    """
    return [
        Binding(
            ",".join(command.keys),
            f"command('{command.run}')",
            command.run,
            show=False,
            priority=command.first,
            id=command.run,
        )
        for command in commands
    ]
