"""Lists in files: the options that say how one is to be read, where that is not to be guessed, and how it was read."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.console import plain
from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from octowizard.cli.console import Console
    from octowizard.customers.by_hand import ByHand
    from octowizard.customers.exports import Reading

# For one list alone they begin with its name: `--sheet right:Klanten`.
_FOR_WORKBOOKS = ("sheet",)
_FOR_TEXTS = ("encoding", "separator")
_OPTIONS = ("encoding", "separator", "header_row", "column", "sheet")


def add_reading(parser: argparse.ArgumentParser, *names: str) -> None:
    """The options of every command that reads lists. `names`: those of the lists, where there may be several."""
    each = _("{help}; for one list alone put its name before it ({names})") if len(names) > 1 else "{help}"
    several = ", ".join(f"{name}:" for name in names)
    for option, metavar, text in (
        (
            "--encoding",
            "NAME",
            _("the encoding of the .csv, such as cp1252, mac_roman or cp850 (default: found)"),
        ),
        ("--separator", "SIGN", _("what separates its columns: ; or , or | or tab (default: found)")),
        ("--header-row", "ROW", _("the row with the titles, from 1; 0 when there are none (default: found)")),
        (
            "--column",
            "FIELD=COLUMN",
            _("which column holds what, by letter or title, such as vat=C; FIELD=- for none"),
        ),
        (
            "--sheet",
            "NAME",
            _("the sheet of the workbook (default: the first visible one that holds a list)"),
        ),
    ):
        parser.add_argument(
            option, metavar=metavar, action="append", default=[], help=each.format(help=text, names=several)
        )


def by_hand(
    arguments: argparse.Namespace, lists: Mapping[str, str], main: Sequence[str] = ()
) -> dict[str, ByHand]:
    """How each list is to be read. `lists`: their files by name; `main`: those that rows and columns are meant for.

    What names no list is meant for all that it can be meant for: a sheet for workbooks, an encoding for text. BadTable.
    """
    from pathlib import Path

    from octowizard.customers.by_hand import BadTable, set_by_hand
    from octowizard.customers.tables import is_workbook

    if not lists and (options := [option for option in _OPTIONS if getattr(arguments, option)]):
        raise BadTable(
            _(
                "{option} says how a file is to be read, and no file is named: name it, or leave {option} out."
            ).format(option=f"--{options[0].replace('_', '-')}")
        )
    books = [name for name, file in lists.items() if is_workbook(Path(file))]
    texts = [name for name in lists if name not in books]
    given: dict[str, dict[str, list[str]]] = {name: {} for name in lists}
    for option in _OPTIONS:
        meant = books if option in _FOR_WORKBOOKS else texts if option in _FOR_TEXTS else list(main)
        for written in getattr(arguments, option):
            name, colon, rest = written.partition(":")
            for one in [name] if colon and name in lists else meant or list(lists):
                given[one].setdefault(option, []).append(rest if colon and name in lists else written)
    last = {name: {option: those[-1] for option, those in given[name].items()} for name in lists}
    return {
        name: set_by_hand(
            last[name].get("encoding", ""),
            last[name].get("separator", ""),
            last[name].get("header_row", ""),
            given[name].get("column", ()),
            last[name].get("sheet", ""),
        )
        for name in lists
    }


def tell_reading(console: Console, reading: Reading) -> None:
    """Which columns were read as what, which were left out, and what was not certain."""
    from octowizard.presentation.reading import read_as

    console.note(plain(read_as(reading)))
    for note in reading.notes:
        console.note(plain(f"▲ {note}"))
