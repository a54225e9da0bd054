"""The frame of every screen: the place and both accounts, the screens with their number keys, and the keys."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from rich.cells import cell_len

from octowizard.app.commands import Command, Text
from octowizard.app.content import cell, plain
from octowizard.app.widgets.pieces import Piece, PieceLine, width_of


class Place(msgspec.Struct, frozen=True):
    """A screen that can be gone to: its mode, its number key and its name."""

    mode: str
    key: str
    name: Text


class TitleLine(PieceLine):
    """`octowizard   Acme NV ⇄ 45119 Acme NV   practice · EN`."""

    def __init__(self, accounts: tuple[str, str] | None, remark: str) -> None:
        super().__init__(id="title-line")
        self._accounts = accounts
        self._remark = remark

    def pieces(self, width: int) -> list[Piece]:
        name = " octowizard "
        remark = f"{self._remark} "
        room = width - len(name) - cell_len(remark) - 4
        middle: list[Piece] = []
        if self._accounts:
            left, right = (plain(part) for part in self._accounts)
            each = max(4, (room - 3) // 2)
            if cell_len(left) + cell_len(right) + 3 > room:
                left, right = (
                    part if cell_len(part) <= each else cell(part, each).rstrip() for part in (left, right)
                )
            middle = [Piece(left, "bold"), Piece(" ⇄ ", "$soft"), Piece(right, "bold")]
        used = width_of(middle)
        before = max(2, (width - used) // 2 - len(name))
        after = max(1, width - len(name) - before - used - cell_len(remark))
        return [
            Piece(name, "bold $accent"),
            Piece(" " * before),
            *middle,
            Piece(" " * after),
            Piece(remark, "$soft"),
        ]


class PlaceLine(PieceLine):
    """`1 Home  2 Sync  3 Checks`, the present one marked."""

    def __init__(self, places: tuple[Place, ...], present: str) -> None:
        super().__init__(id="place-line")
        self._places = places
        self._present = present

    def pieces(self, width: int) -> list[Piece]:
        wanted = sum(cell_len(place.name()) + 4 for place in self._places) + 1
        spare = (width - wanted) // max(1, len(self._places))
        names, gap = spare >= 0, " " * min(3, max(0, spare))
        found = [Piece(" ")]
        for place in self._places:
            here = place.mode == self._present
            press = f"place {place.mode}"
            found.append(Piece(f" {place.key} ", "bold $primary reverse" if here else "$primary", press))
            if names or here:
                found.append(
                    Piece(f"{' ' if here else ''}{place.name()}", "bold" if here else "$soft", press)
                )
            found.append(Piece(gap if names else "  "))
        return found


class KeyLine(PieceLine):
    """The keys of the screen, as many as fit; `always` (help and quit) are among them in any width."""

    def __init__(self, commands: Callable[[], list[Command]], always: tuple[Command, ...]) -> None:
        super().__init__(id="key-line")
        self._commands = commands
        self._always = always

    def pieces(self, width: int) -> list[Piece]:
        ending = [piece for command in self._always for piece in self._entry(command)]
        room = width - 1 - width_of(ending)
        found = [Piece(" ")]
        for command in self._commands():
            if not command.footer or command in self._always:
                continue
            entry = self._entry(command)
            if width_of(entry) > room:
                break
            room -= width_of(entry)
            found += entry
        return found + ending

    def _entry(self, command: Command) -> list[Piece]:
        press = f"command {command.run}"
        return [
            Piece(command.key, "bold $primary", press),
            Piece(f" {command.name()}  ", "$foreground", press),
        ]
