"""A file that holds a list: what is refused about it, and what is set by hand instead of being guessed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from octowizard.locale import _
from octowizard.transport.errors import ConfigurationError


class BadTable(ConfigurationError):
    """A file that cannot be used as a table; the message is one sentence that says what, where and what to do."""


class ByHand(msgspec.Struct, frozen=True):
    """How one file is to be read, where that is not to be guessed; what is left empty is guessed.

    `encoding`: any name that Python knows, and `mac`, `dos`, `windows`. `separator`: one sign, or `tab`. `header_row`:
    the line of the file or the row of the sheet that holds the titles, from 1; 0 when there are none. `columns`: pairs
    of a field (`vat`) and the column that holds it: its letter, its number from 1 or its title; "-" for no column.
    """

    encoding: str = ""
    separator: str = ""
    header_row: int | None = None
    columns: tuple[tuple[str, str], ...] = ()
    sheet: str = ""


def letter(place: int) -> str:
    """The letter that a spreadsheet gives the column at a place from 0: A, B, …, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(letters: str) -> int | None:
    """The place from 0 that one to three letters, or a number from 1, name; None for anything else."""
    if letters.isascii() and letters.isdigit():
        return int(letters) - 1 if int(letters) else None
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return None
    place = 0
    for one in letters.upper():
        place = place * 26 + ord(one) - 64
    return place - 1


def set_by_hand(
    encoding: str = "",
    separator: str = "",
    header_row: str = "",
    columns: Iterable[str] = (),
    sheet: str = "",
) -> ByHand:
    """What people write (`vat=C` for a column) as it is to be read. BadTable for what cannot be meant."""
    row = header_row.strip()
    if row and not (row.isascii() and row.isdigit()):
        raise BadTable(
            _(
                "“{text}” is no row: write the number of the row with the titles, or 0 when there are none."
            ).format(text=row)
        )
    pairs = []
    for one in columns:
        field, equals, column = one.partition("=")
        if not equals or not field.strip():
            raise BadTable(
                _("“{text}” is no column: write what it holds and its letter, such as vat=C.").format(
                    text=one
                )
            )
        pairs.append((field.strip().casefold().replace("-", "_"), column.strip()))
    return ByHand(encoding.strip(), separator, int(row) if row else None, tuple(pairs), sheet)
