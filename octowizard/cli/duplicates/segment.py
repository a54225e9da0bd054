"""The segment export that the automatic route begins with, and the companies of Teamleader that it will meet."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from octowizard.cli import accounts
from octowizard.cli.arguments import add_offline
from octowizard.cli.console import Console
from octowizard.cli.duplicates import sources
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.exports import Export
    from octowizard.customers.segment import Segment
    from octowizard.matching.record import Customer
    from octowizard.session.session import Session
    from octowizard.workspace.db import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options by which both are named."""
    parser.add_argument("--sheet", metavar="NAME", default="", help=_("the sheet of the workbook to read"))
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

    export = exports.read(Path(arguments.file), arguments.sheet)
    if arguments.teamleader is not None:
        known = exports.read(Path(arguments.teamleader)).customers
        session = sources.profile_for_answers(wanted)
        if session is None:
            yield _segment(arguments, export, known, None)
            return
        with session.workspace() as workspace:
            yield _segment(arguments, export, known, workspace)
        return
    if not needed and wanted.scenario is None and sources.profile_for_answers(wanted) is None:
        yield _segment(arguments, export, None, None)
        return
    with accounts.chosen(wanted, console) as session, session.workspace() as workspace:
        yield _segment(arguments, export, everybody(arguments, session, workspace, console), workspace)


def everybody(
    arguments: argparse.Namespace, session: "Session", workspace: "Workspace", console: Console
) -> "list[Customer]":
    """The companies and contacts that Teamleader holds now, or held at the last look."""
    from octowizard.customers import directory

    sources.look(arguments, session, workspace, console, sources.TEAMLEADER)
    return directory.in_teamleader(workspace)


def _segment(
    arguments: argparse.Namespace,
    export: "Export",
    known: "list[Customer] | None",
    workspace: "Workspace | None",
) -> "tuple[Segment, Workspace | None]":
    from octowizard.customers import review
    from octowizard.customers.segment import segment

    busy = review.known(workspace).documents if workspace is not None else {}
    return segment(export, known, busy, align=arguments.align), workspace
