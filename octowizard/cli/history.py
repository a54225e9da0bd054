"""`octowizard history`: the runs, one run's events, or all that ever happened to one document."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, whole
from octowizard.cli.commands import summary
from octowizard.cli.console import Console
from octowizard.cli.exits import WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.session.session import Session
    from octowizard.workspace.db import Workspace
    from octowizard.workspace.runs import RunRecord

NAME = "history"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        summary(NAME),
        _("The runs, newest first; with RUN its events; with --document what happened to one document."),
        _(
            "with --json: without RUN one line per run {schema, run, started, finished, dry_run, result}, where\n"
            "result is its run_finished event or null when it was cut off; else the events as `sync --json` has them"
        ),
    )
    parser.add_argument("run", nargs="?", type=whole, metavar="RUN", help=_("the number of a run"))
    parser.add_argument("--document", metavar="NUMBER|ID", help=_("a document, by its number or its id"))
    parser.add_argument("--json", action="store_true", help=_("JSON lines on stdout"))


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Tell it. The exit code."""
    if arguments.document is not None and arguments.run is not None:
        raise Usage(_("Give a run or a document, not both."))
    with session.all_dossiers() as workspace:
        if arguments.document is not None:
            _document(workspace, arguments.document, console, arguments.json)
        elif arguments.run is not None:
            _events(workspace, arguments.run, console, arguments.json)
        else:
            _runs(workspace, console, arguments.json)
    return WELL


def _runs(workspace: "Workspace", console: Console, as_json: bool) -> None:
    from octowizard.workspace.runs import runs

    records = runs(workspace)
    if as_json:
        for record in records:
            console.json(_as_json(record))
        return
    if not records:
        console.note(_("No run yet: `octowizard sync` makes the first."))
        return
    for record in records:
        console.line(_in_one_line(record))


def _as_json(record: "RunRecord") -> bytes:
    from msgspec import Raw

    from octowizard.presentation.json_output import Run, encoded

    result = Raw(record.last_line) if record.last_line else None
    return encoded(Run(record.id, record.started, record.finished, record.dry_run, result))


def _in_one_line(record: "RunRecord") -> str:
    from octowizard.presentation.run_summary import cut_off, result
    from octowizard.sync.events import RunFinished, from_line

    kind = _("preview") if record.dry_run else _("sync")
    last = from_line(record.last_line) if record.last_line else None
    mark, said = result(last) if isinstance(last, RunFinished) else cut_off()
    return f"{record.id:>5}  {record.started.astimezone():%Y-%m-%d %H:%M}  {kind:<8} {mark} {said}"


def _events(workspace: "Workspace", number: int, console: Console, as_json: bool) -> None:
    from octowizard.workspace.runs import run_lines, runs

    if not any(record.id == number for record in runs(workspace)):
        raise Usage(_("There is no run {number}: `octowizard history` lists them.").format(number=number))
    _tell(run_lines(workspace, number), console, as_json)


def _document(workspace: "Workspace", text: str, console: Console, as_json: bool) -> None:
    from octowizard.cli.documents import id_of
    from octowizard.workspace.runs import document_lines

    document = id_of(workspace, text)
    lines = list(document_lines(workspace, document)) if document else []
    if not lines:
        # Also of one that was only previewed: nothing has happened to it yet.
        raise Usage(
            _("Nothing is remembered of a document “{text}”: look at its number in Teamleader.").format(
                text=text
            )
        )
    _tell(lines, console, as_json)


def _tell(lines: Iterable[bytes], console: Console, as_json: bool) -> None:
    if as_json:
        for line in lines:
            console.json(line)
        return
    from octowizard.cli.narrative import Narrative
    from octowizard.sync.events import from_line

    narrative = Narrative(console)
    for line in lines:
        narrative.tell(from_line(line))
