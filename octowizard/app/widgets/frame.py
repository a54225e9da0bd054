"""The frame of every screen: the place and both accounts, the screens with their number keys, and the keys."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len

from octowizard.app.columns import fair
from octowizard.app.content import cell
from octowizard.app.widgets.pieces import Piece, PieceLine, width_of
from octowizard.locale import _
from octowizard.presentation.visible import plain

if TYPE_CHECKING:
    from octowizard.app.commands import Command, Text
    from octowizard.session.state import Live

_GAP = "  "  # between two keys


class Place(msgspec.Struct, frozen=True):
    """A screen that can be gone to: its mode, its number key, its name, and a few letters of it."""

    mode: str
    key: str
    name: Text
    short: Text


class TitleLine(PieceLine):
    """`octowizard   Acme NV ⇄ 9045119 Acme NV   7 ● syncing 46 % · 38 s   practice · EN`.

    `live`: what goes on now; its place, by the key in front, shows it, and a click goes there.
    """

    def __init__(
        self,
        accounts: Callable[[], tuple[str, str] | None],
        remark: str,
        live: Callable[[], Live | None],
        places: tuple[Place, ...],
    ) -> None:
        super().__init__(id="title-line")
        self._accounts = accounts
        self._remark = remark
        self._live = live
        self._keys = {place.mode: place.key for place in places}

    def _going_on(self) -> list[Piece]:
        live = self._live()
        if live is None:
            return [Piece(_("⟳ idle"), "$soft")] if self._keys else []
        from octowizard.presentation.live import short

        press = f"place {live.mode}"
        key = self._keys.get(live.mode, "")
        mark = Piece("◌ " if live.waits else "● ", "$warning" if live.waits else "$primary", press)
        pieces = [Piece(f"{key} ", "bold $primary", press)] if key else []
        return [*pieces, mark, Piece(short(live), "bold", press)]

    def pieces(self, width: int) -> list[Piece]:
        name = " octowizard "
        live = self._going_on()
        remark = f"  {self._remark} " if self._remark else " "
        if width < 80 and self._live() is not None:  # what goes on is worth more than the language
            remark = " "
        room = width - len(name) - width_of(live) - cell_len(remark) - 4
        middle: list[Piece] = []
        accounts = self._accounts()
        if accounts:
            left, right = (plain(part) for part in accounts)
            one, other = fair((cell_len(left), cell_len(right)), max(6, room - 3))
            left, right = cell(left, one).rstrip(), cell(right, other).rstrip()
            middle = [Piece(left, "bold"), Piece(" ⇄ ", "$soft"), Piece(right, "bold")]
        after = max(1, width - len(name) - 2 - width_of(middle) - width_of(live) - cell_len(remark))
        return [
            Piece(name, "bold $accent"),
            Piece("  "),
            *middle,
            Piece(" " * after),
            *live,
            Piece(remark, "$soft", "command language"),
        ]


class PlaceLine(PieceLine):
    """`1 Home  2 Set up  3 Checks`, the present one marked; names are cut, then left out, where they do not fit."""

    def __init__(self, places: tuple[Place, ...], present: str) -> None:
        super().__init__(id="place-line")
        if not places:  # a replay is all that its app shows
            self.styles.height = 0
        self._places = places
        self._present = present

    def pieces(self, width: int) -> list[Piece]:
        for others, here in (("name", "name"), ("short", "name"), ("short", "short"), ("", "name")):
            names = [
                self._named(place, here if place.mode == self._present else others) for place in self._places
            ]
            # Each has a blank on both sides of its key; the present one is marked by another before its name.
            used = 2 + sum(cell_len(name) + 3 for name in names)
            spare = (width - used) // max(1, len(self._places))
            if spare >= 0 or not others:
                break
        gap = " " * min(3, max(0, spare)) if others else " "
        pieces = [Piece(" ")]
        for place, name in zip(self._places, names, strict=True):
            here_now = place.mode == self._present
            press = f"place {place.mode}"
            style = "bold $primary reverse" if here_now else "$primary"
            if here_now and not spare:  # its mark would touch the name before it
                pieces.append(Piece(" "))
            pieces.append(
                Piece(f"{place.key} " if here_now and not spare else f" {place.key} ", style, press)
            )
            if name:
                lead = " " if here_now else ""
                pieces.append(Piece(f"{lead}{name}", "bold" if here_now else "$soft", press))
            pieces.append(Piece(gap))
        return pieces

    def columns(self) -> list[tuple[int, str]]:
        """Where the key of each place stands."""
        keys, column = [], 0
        for piece in self.pieces(self.size.width):
            if piece.press and piece.text.strip().isdecimal():
                keys.append((column, piece.text.strip()))
            column += cell_len(piece.text)
        return keys

    @staticmethod
    def _named(place: Place, how: str) -> str:
        return {"name": place.name, "short": place.short}[how]() if how else ""


class KeyLine(PieceLine):
    """The keys of the screen, as many as fit; `always` (help and quit) are among them in any width.

    `named`: the commands whose keys the screen's own texts name; others make room for them.
    """

    def __init__(
        self,
        commands: Callable[[], list[Command]],
        always: tuple[Command, ...],
        named: Callable[[], Container[str]],
    ) -> None:
        super().__init__(id="key-line")
        self._commands = commands
        self._always = always
        self._named = named

    def pieces(self, width: int) -> list[Piece]:
        ending = [piece for command in self._always for piece in self._entry(command)]
        room = width - 1 - (width_of(ending) - len(_GAP))  # behind the last no gap is needed
        named = self._named()
        entries = [
            (command.run, self._entry(command))
            for command in self._commands()
            if (command.footer or command.run in named) and command not in self._always
        ]
        shown: set[str] = set()
        for run, entry in sorted(entries, key=lambda one: one[0] not in named):
            if width_of(entry) > room:
                break
            room -= width_of(entry)
            shown.add(run)
        kept = [piece for run, entry in entries if run in shown for piece in entry]
        return [Piece(" "), *kept, *ending]

    def _entry(self, command: Command) -> list[Piece]:
        press = f"command {command.run}"
        return [
            Piece(command.key, "bold $primary", press),
            Piece(f" {command.name()}{_GAP}", "$foreground", press),
        ]
