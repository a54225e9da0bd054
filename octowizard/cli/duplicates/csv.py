"""`octowizard duplicates csv`: the segment export of Teamleader, cleaned, as the .csv that its import takes."""

import argparse
from typing import TYPE_CHECKING, Final

from octowizard.cli.arguments import add_json, add_part, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import segment
from octowizard.cli.exits import WELL, Usage
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.simulate import Field

NAME: Final = "csv"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
        commands,
        common,
        NAME,
        _("clean a segment export into the .csv that Teamleader imports"),
        _(
            "Keeps Name, Accounting package customer number and VAT number of the export of the segment “Octopus\n"
            "Import”, and writes VAT numbers as Teamleader has them where it is known. Splits what is longer than\n"
            "35,000 rows or 5 MB. Overwrites nothing."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "duplicates csv", "files": [paths], "rows", "unnamed": [rows], "unnumbered": [rows],
   "guarded": [rows], "unreadable": [rows], "spoilt": [rows], "notes": [],
   "irreversible": []}     rows: numbers below the titles, from 1; those with a spoilt value are written without it""",
            _("exit codes: 0 written, 2 wrong usage or file"),
        ),
    )
    parser.add_argument("file", metavar="FILE", help=_("the segment export (.xlsx or .csv)"))
    parser.add_argument("--output", metavar="OUT", required=True, help=_("the .csv to write"))
    parser.add_argument(
        "--criterion",
        metavar="ID",
        default="",
        help=_("as `duplicates simulate` names it: adds the columns that it compares"),
    )
    segment.add_arguments(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Clean and write. The exit code."""
    from pathlib import Path

    from octowizard.customers import route
    from octowizard.customers import segment as segments
    from octowizard.presentation.csv_route import no_csv
    from octowizard.presentation.json_output import Csv, encoded

    output = Path(arguments.output)
    if output.suffix.lower() != ".csv":
        raise Usage(no_csv(plain(arguments.output)))
    fields = _fields(arguments.criterion)
    with segment.opened(arguments, wanted, console, needed=False) as (segmented, _workspace):
        cleaned = segmented.cleaned
    try:
        paths = route.write(output, route.files(cleaned.lines, fields))
    except FileExistsError as there:
        raise Usage(
            _("{path} is there already: name another file, or remove it first.").format(
                path=plain(str(there.filename))
            )
        ) from None
    notes = [*segmented.reading.notes, *segments.notes(cleaned)]
    irreversible = segments.irreversible(segmented)
    if arguments.json:
        body = Csv(
            files=[str(path) for path in paths],
            rows=len(cleaned.lines),
            unnamed=cleaned.unnamed,
            unnumbered=cleaned.unnumbered,
            guarded=cleaned.guarded,
            unreadable=cleaned.unreadable,
            spoilt=segmented.spoilt,
            notes=notes,
            irreversible=irreversible,
        )
        console.json(encoded(body, command=f"duplicates {NAME}"))
        return WELL
    for path in paths:
        console.line(str(path))
    count = len(cleaned.lines)
    console.note(ngettext("{count} row written.", "{count} rows written.", count).format(count=count))
    for note in (*segments.notes(cleaned), *irreversible):
        console.note(f"▲ {note}")
    return WELL


def _fields(criterion: str) -> "tuple[Field, ...]":
    """The fields of a criterion by its id. Usage when there is none of that id."""
    if not criterion:
        return ()
    from octowizard.customers.simulate import CRITERIA

    for one in CRITERIA:
        if one.id == criterion:
            return one.fields
    raise Usage(
        _("There is no criterion “{name}”; there are: {names}.").format(
            name=plain(criterion), names=", ".join(one.id for one in CRITERIA)
        )
    )
