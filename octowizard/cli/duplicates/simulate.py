"""`octowizard duplicates simulate`: what Teamleader's import would do for every criterion; afterwards, what it did."""

import argparse
from typing import TYPE_CHECKING, Final

from octowizard.cli import accounts, lists
from octowizard.cli.arguments import add_json, add_part, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import segment
from octowizard.cli.exits import ATTENTION, WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.segment import NoCriterion
    from octowizard.matching.record import Customer
    from octowizard.session.session import Session

NAME: Final = "simulate"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
        commands,
        common,
        NAME,
        _("what importing a segment export would do, for every matching criterion"),
        _(
            "Foretells, before anything is deleted, how many companies Teamleader's import would edit and add for\n"
            "every criterion, which ones, and which edits would hit another firm; names the best criterion. With\n"
            "--compare, after the import: whether it did what was foretold, and whom it added, to merge by hand."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "duplicates simulate", "rows", "companies": those that stay, "recommended": id or null,
   "outcomes": [{"criterion": id, "how": all|any, "fields": [], "edited", "added", "wrong", "name_only": how many,
     "edits": [{"row", "name", "company", "was", "wrong", "name_only"}], "additions": [{"row", "name"}]}],
   "notes": [], "irreversible": [], "kept": whether it was kept, to compare with}
  with --compare: {"schema": 1, "command": "duplicates simulate", "criterion", "as_foretold", "edited",
   "added": [{"id", "name", "row", "foretold", "suggested": {"id", "name", "zone"} or null}],
   "unexpected": [rows], "missing": [rows], "fits": [criteria], "gone": [ids]}
  row: number below the titles, from 1; company: Teamleader's id, or row/N for one that row N adds""",
            _(
                "exit codes: 0 well, 1 every criterion has a wrong edit, or the import did "
                "something else, 2 wrong usage or file,\n"
                "3 could not tell"
            ),
        ),
    )
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help=_("the segment export; with --compare an export of all companies after the import, if wanted"),
    )
    parser.add_argument(
        "--compare", action="store_true", help=_("after the import: hold it against what was foretold")
    )
    parser.add_argument(
        "--criterion",
        metavar="ID",
        default="",
        help=_("the one that was chosen (default: the recommended one)"),
    )
    segment.add_arguments(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Foretell, or compare. The exit code."""
    if arguments.compare:
        return _compare(arguments, wanted, console)
    if arguments.file is None:
        raise Usage(_("Name the segment export: octowizard duplicates simulate FILE."))
    return _foretell(arguments, wanted, console)


# --- before ----------------------------------------------------------------------------------------------


def _foretell(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    from octowizard.customers import segment as segments
    from octowizard.presentation.csv_route import foretold as page
    from octowizard.presentation.json_output import Simulated, encoded, simulated

    with segment.opened(arguments, wanted, console, needed=True) as (segmented, workspace):
        lines = segmented.cleaned.lines
        try:
            foretold = segments.foretell(segmented, arguments.criterion)
        except segments.NoCriterion as error:
            raise _no_criterion(arguments.criterion, error) from None
        best = foretold.best
        kept = workspace is not None and not wanted.scenario and best is not None
        if kept and workspace is not None:
            segments.keep(workspace, arguments.file, segmented, foretold)
    irreversible = segments.irreversible(segmented)
    if arguments.json:
        names = {line.number: line.name for line in lines}
        body = Simulated(
            rows=len(lines),
            companies=len(segmented.stay),
            recommended=best.criterion.id if best else None,
            outcomes=[simulated(outcome, names) for outcome in foretold.outcomes],
            notes=[*segmented.reading.notes, *segments.notes(segmented.cleaned)],
            irreversible=irreversible,
            kept=kept,
        )
        console.json(encoded(body, command=f"duplicates {NAME}"))
    else:
        console.page(page(segmented, foretold, irreversible))
        if not arguments.align:
            console.note(
                _(
                    "With --align, rows that surely are a company are written just as it: fewer are then added."
                )
            )
    return WELL if best is not None and not best.wrong else ATTENTION


def _no_criterion(name: str, error: "NoCriterion") -> Usage:
    return Usage(
        _("There is no criterion “{name}” for this file; there are: {names}.").format(
            name=plain(name), names=", ".join(error.known)
        )
    )


# --- after -----------------------------------------------------------------------------------------------


def _compare(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    from octowizard.customers.route import NotImported
    from octowizard.customers.segment import NoCriterion
    from octowizard.locale.labels import path
    from octowizard.presentation.csv_route import compared as page
    from octowizard.presentation.json_output import compared as as_json
    from octowizard.presentation.json_output import encoded

    with accounts.chosen(wanted, console) as session:
        if not session.duplicates.foretold():
            raise Usage(
                _("Nothing was foretold yet: `octowizard duplicates simulate FILE` does, before the import.")
            )
        try:
            held = session.duplicates.compare_kept(_after(arguments, session, console), arguments.criterion)
        except NoCriterion as error:
            raise _no_criterion(arguments.criterion, error) from None
        except NotImported as error:
            raise Usage(str(error)) from None
    if arguments.json:
        console.json(encoded(as_json(held.compared, held.suggested), command=f"duplicates {NAME}"))
    else:
        hint = _("They are merged by hand in Teamleader: {menu}.").format(
            menu=path(("teamleader.actions", "teamleader.merge"), session.profile.screens)
        )
        console.page(page(held.compared, held.prediction, held.suggested, hint))
    return WELL if held.compared.as_foretold else ATTENTION


def _after(arguments: argparse.Namespace, session: "Session", console: Console) -> "list[Customer]":
    if arguments.file is None:
        with session.workspace() as workspace:
            return segment.everybody(arguments, session, workspace, console)
    from pathlib import Path

    from octowizard.customers import exports

    by_hand = lists.by_hand(arguments, {"file": arguments.file}, ["file"])
    export = exports.read(Path(arguments.file), by_hand["file"])
    lists.tell_reading(console, export.reading)
    if "id" not in export.fields:
        raise Usage(
            _("{file} has no column Teamleader ID: export it with that column.").format(file=export.name)
        )
    return list(export.customers)
