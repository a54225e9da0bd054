"""The segment export that the automatic route begins with, and the companies of Teamleader that it will meet."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from octowizard.cli import accounts, lists
from octowizard.cli.arguments import add_offline
from octowizard.cli.console import Console
from octowizard.cli.duplicates import sources
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.segment import Segment
    from octowizard.matching.record import Customer
    from octowizard.session.session import Session
    from octowizard.workspace.db import Workspace


_LISTS = ("file", "teamleader")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options by which both are named."""
    lists.add_reading(parser, *_LISTS)
    parser.add_argument(
        "--teamleader",
        metavar="FILE",
        help=_("an export of all companies of Teamleader (default: those of the profile's account)"),
    )
    parser.add_argument(
        "--align",
        action="store_true",
        help=_(
            "write each row just as the company of Teamleader that it surely is, so that the import meets it"
        ),
    )
    add_offline(parser)


@contextmanager
def opened(
    arguments: argparse.Namespace, wanted: "Wanted", console: Console, *, needed: bool
) -> "Iterator[tuple[Segment, Workspace | None]]":
    """The export, cleaned, and whom it meets. `needed`: without accounts and without their export it is Usage."""
    from pathlib import Path

    from octowizard.customers import exports
    from octowizard.session.duplicates import meeting

    files = {name: file for name in _LISTS if (file := getattr(arguments, name)) is not None}
    by_hand = lists.by_hand(arguments, files, _LISTS[:1])
    read = {name: exports.read(Path(file), by_hand[name]) for name, file in files.items()}
    for one in read.values():
        lists.tell_reading(console, one.reading)
    export = read["file"]
    align, remembered = arguments.align, sources.profile_for_answers(wanted)
    known = read["teamleader"].customers if "teamleader" in read else None
    if remembered is None and (known is not None or not (needed or wanted.scenario is not None)):
        yield meeting(export, known, None, align=align), None
    elif remembered is not None and known is not None:
        with remembered.workspace() as workspace:
            yield meeting(export, known, workspace, align=align), workspace
    else:
        with accounts.chosen(wanted, console) as session, session.workspace() as workspace:
            known = everybody(arguments, session, workspace, console)
            yield meeting(export, known, workspace, align=align), workspace


def everybody(
    arguments: argparse.Namespace, session: "Session", workspace: "Workspace", console: Console
) -> "list[Customer]":
    """The companies and contacts that Teamleader holds now, or held at the last look."""
    from octowizard.customers import directory

    sources.look(arguments, session, workspace, console, sources.TEAMLEADER)
    return directory.in_teamleader(workspace)
