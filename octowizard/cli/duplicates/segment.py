"""The segment export that the automatic route begins with, and the companies of Teamleader that it will meet."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octowizard.cli import accounts
from octowizard.cli.console import Console
from octowizard.cli.duplicates import sources
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.cli.accounts import Accounts, Wanted
    from octowizard.customers.exports import Export
    from octowizard.customers.route import Cleaned
    from octowizard.customers.simulate import Company
    from octowizard.matching.record import Customer
    from octowizard.workspace.db import Workspace


@dataclass(frozen=True)
class Segment:
    """What is to be imported. `known`: every company of Teamleader, None where nobody was asked. `stay`: those left
    after the deletion."""

    cleaned: "Cleaned"
    known: "list[Customer] | None"
    stay: "list[Company]"
    workspace: "Workspace | None"


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
    parser.add_argument(
        "--offline", action="store_true", help=_("use what was kept of the last look at the accounts")
    )


@contextmanager
def opened(
    arguments: argparse.Namespace, wanted: "Wanted", console: Console, *, needed: bool
) -> Iterator[Segment]:
    """The export, cleaned, and whom it meets. `needed`: without accounts and without their export it is Usage."""
    from octowizard.customers import exports

    export = exports.read(Path(arguments.file), arguments.sheet)
    if arguments.teamleader is not None:
        known = exports.read(Path(arguments.teamleader)).customers
        present = sources.profile_for_answers(wanted)
        if present is None:
            yield _segment(arguments, export, known, None)
            return
        with sources.workspace_of(present) as workspace:
            yield _segment(arguments, export, known, workspace)
        return
    if not needed and wanted.scenario is None and sources.profile_for_answers(wanted) is None:
        yield _segment(arguments, export, None, None)
        return
    with accounts.chosen(wanted, console) as present, sources.workspace_of(present) as workspace:
        yield _segment(arguments, export, everybody(arguments, present, workspace, console), workspace)


def everybody(
    arguments: argparse.Namespace, present: "Accounts", workspace: "Workspace", console: Console
) -> "list[Customer]":
    """The companies and contacts that Teamleader holds now, or held at the last look."""
    from octowizard.customers import live

    sources.look(arguments, present, workspace, console, sources.TEAMLEADER)
    return live.in_teamleader(workspace)


def _segment(
    arguments: argparse.Namespace,
    export: "Export",
    known: "list[Customer] | None",
    workspace: "Workspace | None",
) -> Segment:
    from octowizard.customers import review, route
    from octowizard.customers.company import IMPORT_TAG

    tag = IMPORT_TAG.casefold()
    ids = {one.key for one in export.customers} if "id" in export.fields else set()
    busy = review.known(workspace).documents if workspace is not None else {}
    there = [
        one
        for one in known or ()
        if one.key in busy
        or not (one.key in ids or (not ids and tag in (text.casefold() for text in one.tags)))
    ]
    same = route.aligned(export, there) if arguments.align else None
    cleaned = route.cleaned(export, there, same)
    return Segment(cleaned, known, route.staying(known or (), cleaned.deleted, busy), workspace)


def notes(cleaned: "Cleaned") -> list[str]:
    """What is worth knowing about the rows, one sentence each."""
    from octowizard.customers.route import MOST_ROWS

    said = []
    if cleaned.unnamed:
        said.append(
            ngettext(
                "{count} row has no name and is left out: Teamleader refuses it.",
                "{count} rows have no name and are left out: Teamleader refuses them.",
                len(cleaned.unnamed),
            ).format(count=len(cleaned.unnamed))
        )
    if cleaned.unnumbered:
        said.append(
            ngettext(
                "{count} row has no customer number: the import would match it and fill in nothing.",
                "{count} rows have no customer number: the import would match them and fill in nothing.",
                len(cleaned.unnumbered),
            ).format(count=len(cleaned.unnumbered))
        )
    if cleaned.guarded:
        said.append(
            ngettext(
                "{count} name begins like a formula and gets an apostrophe in front: it will match no company by name.",
                "{count} names begin like a formula and get an apostrophe in front: they will match no company by "
                "name.",
                len(cleaned.guarded),
            ).format(count=len(cleaned.guarded))
        )
    if len(cleaned.lines) > MOST_ROWS:
        said.append(
            _(
                "{count} rows are more than the {most} that one import takes: they go into several files."
            ).format(count=len(cleaned.lines), most=MOST_ROWS)
        )
    return said
