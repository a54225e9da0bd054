"""Keys of one's own: `keymap` in the settings gives a command other keys, by its id.

The id of a command that works everywhere is its name (`quit`, `sync`); that of a screen's own has the screen before it
(`sync.preview`); without a screen it is meant on every screen that has it (`copy`). What cannot be is told in one
sentence and changes nothing: the command keeps the keys that it has.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import msgspec
from textual.binding import BindingsMap
from textual.keys import KEY_ALIASES, KEY_NAME_REPLACEMENTS, Keys, _character_to_key
from textual.screen import ModalScreen, Screen

from octowizard.app.commands import Command, shown
from octowizard.locale import _

# What lists and the focus go by, on every screen.
_MOVING = frozenset(["up", "down", "j", "k", "pageup", "pagedown", "tab", "shift+tab"])
_NAMED = {key.value for key in Keys} | set(KEY_ALIASES) | set(KEY_NAME_REPLACEMENTS.values())
_WITH = re.compile(r"(?:(?:ctrl|shift|alt)\+)+")


class Offered(NamedTuple):
    """The commands of a screen. `alone`: those that work everywhere do not work on it."""

    commands: Sequence[Command]
    alone: bool = False


Screens = Mapping[str, Offered]  # by what their ids begin with


def owner_of(screen: type[Screen[Any]]) -> str:
    """What the ids of a screen's commands begin with: `sync`, `story`."""
    return screen.__name__.removesuffix("Screen").lower()


class Keymap:
    """The keys of the commands that have others than by default."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._keys = dict(keys or {})

    def shown(self) -> dict[str, str]:
        """What sentences call them: the first key of each, by the id of its command."""
        return {id: shown(keys[0]) for id, keys in self._keys.items()}

    def of(self, owner: str, commands: Sequence[Command]) -> list[Command]:
        """The commands with their keys; `owner`: the screen that has them, "" for those that work everywhere."""
        if not self._keys:
            return list(commands)
        return [
            msgspec.structs.replace(command, keys=self._keys.get(_id(owner, command), command.keys))
            for command in commands
        ]

    def bind(self, owner: str, bindings: BindingsMap) -> None:
        """Move the bindings of a screen, or of the app, to these keys."""
        if not self._keys:
            return
        moved = {}
        for key, bound in list(bindings.key_to_bindings.items()):
            for binding in bound:
                if binding.id and (
                    wanted := self._keys.get(f"{owner}.{binding.id}" if owner else binding.id)
                ):
                    moved[binding.id] = (binding, wanted)
            kept = [binding for binding in bound if binding.id not in moved]
            if kept:
                bindings.key_to_bindings[key] = kept
            else:
                del bindings.key_to_bindings[key]
        for binding, wanted in moved.values():
            for key in wanted:
                bindings.key_to_bindings.setdefault(key, []).append(binding.with_key(key))


def resolved(
    wanted: Mapping[str, str], everywhere: Sequence[Command], screens: Screens
) -> tuple[Keymap, list[str]]:
    """The keys that are wanted, as far as they can be; and one sentence for each that cannot."""
    keys: dict[str, tuple[str, ...]] = {}
    sentences = []
    for named, text in wanted.items():
        ids = _meant(named, everywhere, screens)
        if not ids:
            sentences.append(_no_command(named, everywhere, screens))
            continue
        given = tuple(_key(part) for part in re.split(r"[,\s]+", text.strip()))
        if not all(given):
            clashes = _("The keymap gives “{command}” the key “{key}”, which there is not: its keys stay.")
            sentences.append(clashes.format(command=named, key=text))
            continue
        keys.update(dict.fromkeys(ids, given))
    while (clash := _clash(keys, everywhere, screens)) is not None:
        key, latest, holder = clash
        del keys[latest]
        clashes = _("The keymap gives “{command}” the key {key}, which {holder} has: its keys stay.")
        if holder == _MOVES:
            clashes = _("The keymap gives “{command}” the key {key}, which moves in lists: its keys stay.")
        sentences.append(clashes.format(command=latest, key=shown(key), holder=f"“{holder}”"))
    return Keymap(keys), sentences


def all_screens() -> dict[str, Offered]:
    """The commands of every screen. Loads all screens: for whoever has a keymap."""
    from octowizard.app import screens

    offered: dict[str, Offered] = {}
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        for screen in vars(import_module(module.name)).values():
            if not isinstance(screen, type) or not issubclass(screen, Screen):
                continue
            if screen.__module__ == module.name and (offers := getattr(screen, "OFFERS", ())):
                offered[owner_of(screen)] = Offered(offers, alone=issubclass(screen, ModalScreen))
    return offered


_MOVES = "moves"  # stands for the lists, as the holder of a key


def _id(owner: str, command: Command) -> str:
    return f"{owner}.{command.run}" if owner else command.run


def ids(everywhere: Sequence[Command], screens: Screens) -> Iterator[tuple[str, Command]]:
    """Every command with its id."""
    for owner, offered in (("", Offered(everywhere)), *screens.items()):
        for command in offered.commands:
            yield _id(owner, command), command


def _meant(named: str, everywhere: Sequence[Command], screens: Screens) -> list[str]:
    known = dict(ids(everywhere, screens))
    if named in known:
        return [named]
    return [id for id in known if id.partition(".")[2] == named]


def _no_command(named: str, everywhere: Sequence[Command], screens: Screens) -> str:
    near = get_close_matches(named, [id for id, _command in ids(everywhere, screens)], 1)
    if not near:
        return _("The keymap names “{command}”, which is no command.").format(command=named)
    text = _("The keymap names “{command}”, which is no command: perhaps “{near}” is meant.")
    return text.format(command=named, near=near[0])


def _key(text: str) -> str:
    """A key as Textual calls it; "" for what is none."""
    lead = match.group() if (match := _WITH.match(text)) else ""
    name = text[len(lead) :]
    if len(name) == 1 and name.isprintable():
        return lead + _character_to_key(name)
    return text if name in _NAMED or text in _NAMED else ""


def _clash(
    keys: Mapping[str, tuple[str, ...]],
    everywhere: Sequence[Command],
    screens: Screens,
) -> tuple[str, str, str] | None:
    """A key that would do two things on one screen: the key, the id that was given it last, and who has it."""
    order = list(keys)
    for owner, own in screens.items():
        holders: dict[str, list[str]] = {}
        for id, command in ids(() if own.alone else everywhere, {owner: own}):
            for key in keys.get(id, command.keys):
                holders.setdefault(key, []).append(id)
        for key, held in holders.items():
            given = sorted((id for id in held if key in keys.get(id, ())), key=order.index)
            if given and key in _MOVING:
                return key, given[-1], _MOVES
            if given and len(held) > 1:
                return key, given[-1], next(id for id in held if id != given[-1])
    return None
