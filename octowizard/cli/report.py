"""`octowizard report`: the state of the connection for the accountant, as a web page, Markdown, JSON or a workbook."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_fresh, add_offline, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import COULD_NOT_TELL, WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.reports import Format
    from octowizard.session.reporting import Known
    from octowizard.session.session import Session

NAME = "report"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    from octowizard.reports import FORMATS

    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Tells how both sides stand, what the checks find with its evidence and fix, what was booked, whether\n"
            "both sides say the same, and what only the accountant can answer. Reads as `check` does, and writes\n"
            "nothing to a vendor. With --language the menus of Octopus and the questions are in that language."
        ),
        paragraphs(
            """with --format json, one object:
  {"schema": 1, "command": "report", "profile", "title", "language", "spoken", "made_at", "read_at",
   "notes": [BLOCK], "chapters": [{"id": connection|findings|booked|audit|questions, "title", "language",
     "blocks": [BLOCK], "pages": [{"title", "mark", "aside", "blocks": [BLOCK], "under", "address"}]}]}
  a BLOCK says in "block" what it is: heading, entry, item, table, bars, gap; figures are JSON numbers""",
            _(
                "exit codes: 0 written, 2 wrong usage, 3 a vendor could not be reached or nothing "
                "was read yet, 130 interrupted"
            ),
        ),
    )
    parser.add_argument(
        "--format", choices=FORMATS, help=_("what it is written as (that of the file's name, else md)")
    )
    parser.add_argument(
        "--output", metavar="FILE", help=_("a new file for it; without one it goes to stdout")
    )
    add_fresh(parser)
    add_offline(parser)


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Read, write. The exit code."""
    from octowizard.cli.files import to_be_new, write_new
    from octowizard.reports import render
    from octowizard.reports.made import kept_report

    format = _format(arguments.format, arguments.output)
    if arguments.output is not None:
        to_be_new(arguments.output)
    elif format == "xlsx":
        raise Usage(_("A workbook is no text for a terminal: name a file with --output FILE.xlsx."))
    language = getattr(arguments, "language", None)
    if language is not None:
        from octowizard.presentation.report import not_spoken

        session.reporting.in_language(language)
        if reason := not_spoken(language):
            console.note(reason)
    look(arguments, session, console)
    made, known = kept_report(session.reporting, language, format)
    tell_how_old(console, known)
    body = render(made, format)
    if arguments.output:
        write_new(arguments.output, body, console)
    elif format == "json":
        console.json(body.rstrip())
    else:
        console.text(body.decode())
    troubled = known.snapshot.troubles and not arguments.offline
    return COULD_NOT_TELL if troubled or known.checked.taken_at is None else WELL


def look(arguments: argparse.Namespace, session: "Session", console: Console) -> None:
    """Read both sides, unless what is kept is to do."""
    from octowizard.cli.interrupt import completed
    from octowizard.cli.watching import reporting

    if not arguments.offline:
        completed(session.reporting.read(reporting(console), fresh=arguments.fresh))
        console.close()


def tell_how_old(console: Console, known: "Known") -> None:
    """How old what is told is."""
    from octowizard.cli.watching import tell_age

    if known.checked.taken_at is not None and len(known.profile.unconnected) < 2:
        tell_age(console, known.checked.taken_at, known.now)


def _format(format: "Format | None", output: str | None) -> "Format":
    """What was asked for; else what the name of the file says; else Markdown, which reads well anywhere.

    Usage for a name that says something else: who opens it would find another thing than its name promises.
    """
    from pathlib import Path

    from octowizard.reports import FORMATS

    if format is not None:
        return format
    ending = Path(output or "").suffix.lower().removeprefix(".")
    other: dict[str, Format] = {"": "md", "txt": "md", "markdown": "md", "htm": "html"}
    known = other | {one: one for one in FORMATS}
    if ending in known:
        return known[ending]
    raise Usage(
        _(
            "A report is not written as .{ending}: end the name with .html (a browser prints it, to PDF too), .md, "
            ".json or .xlsx, or say which with --format."
        ).format(ending=plain(ending))
    )
