"""`octowizard history`: the runs, one run's events, or all that ever happened to one document."""

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, paragraphs, whole
from octowizard.cli.console import Console
from octowizard.cli.exits import WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.session.profile_session import PastRun
    from octowizard.session.session import Session

NAME = "history"
BAR = 10  # columns of a run's bar


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "The runs, newest first; with RUN its events; with --document what happened to one document.\n"
            "The bar of a run: █ booked, ▓ blocked, ░ left for later; the longest had most documents."
        ),
        paragraphs(
            """with --json: without RUN one line per run {schema, run, started, finished, dry_run, result}, where
result is its run_finished event or null when it was cut off; else the events as `sync --json` has them""",
        ),
    )
    parser.add_argument("run", nargs="?", type=whole, metavar="RUN", help=_("the number of a run"))
    parser.add_argument("--document", metavar="NUMBER|ID", help=_("a document, by its number or its id"))
    parser.add_argument("--json", action="store_true", help=_("JSON lines on stdout"))


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Tell it. The exit code."""
    if arguments.document is not None and arguments.run is not None:
        raise Usage(_("Give a run or a document, not both."))
    if arguments.document is not None:
        _document(session, arguments.document, console, arguments.json)
    elif arguments.run is not None:
        _events(session, arguments.run, console, arguments.json)
    else:
        _runs(session.runs(), console, arguments.json)
    return WELL


def _runs(runs: "list[PastRun]", console: Console, as_json: bool) -> None:
    from msgspec import Raw

    from octowizard.presentation.blocks import Entry
    from octowizard.presentation.json_output import Run, encoded
    from octowizard.presentation.run_bars import most

    longest = most(run.result for run in runs)
    if not runs and not as_json:
        console.note(_("No run yet: `octowizard sync` makes the first."))
    for run in runs:
        if as_json:
            result = Raw(run.line) if run.line else None
            console.json(encoded(Run(run.id, run.started, run.finished, run.dry_run, result)))
        else:
            console.show([Entry("", _in_one_line(run, longest))])


def _in_one_line(run: "PastRun", longest: int) -> str:
    from octowizard.locale.formats import dated_moment
    from octowizard.presentation.run_bars import bar
    from octowizard.presentation.run_summary import cut_off, result

    kind = _("preview") if run.dry_run else _("sync")
    mark, words = result(run.result) if run.result is not None else cut_off()
    drawn = "".join(text for text, _tone in bar(run.result, longest, BAR))
    when = dated_moment(run.started)
    return f"{run.id:>5}  {when}  {kind:<8} {drawn} {mark} {words}"


def _events(session: "Session", number: int, console: Console, as_json: bool) -> None:
    if not any(run.id == number for run in session.runs()):
        raise Usage(_("There is no run {number}: `octowizard history` lists them.").format(number=number))
    _tell(session, session.run_lines(number), console, as_json)


def _document(session: "Session", text: str, console: Console, as_json: bool) -> None:
    from octowizard.cli.documents import id_of

    document = id_of(session, text)
    lines = list(session.document_lines(document)) if document else []
    if document and session.only_previewed(document):
        line = _(
            "“{text}” was only previewed: no sync has come to it yet. `octowizard why` tells how it stands."
        )
        console.note(line.format(text=text))
        return
    if document is None or not lines:
        raise Usage(
            _("Nothing is remembered of a document “{text}”: look at its number in Teamleader.").format(
                text=text
            )
        )
    if as_json:
        _tell(session, lines, console, as_json)
        return
    from octowizard.cli.narrative import Narrative
    from octowizard.presentation.run_summary import named

    narrative, now = Narrative(console), datetime.now(UTC).astimezone()
    for run_number, began, events in session.document_runs(document):
        console.line(named(run_number, began, now))
        for event in events:
            narrative.tell(event)


def _tell(session: "Session", lines: Iterable[bytes], console: Console, as_json: bool) -> None:
    from octowizard.cli.narrative import Narrative

    narrative = Narrative(console)
    for line, event in session.with_events(lines):
        if as_json:
            console.json(line)
        else:
            narrative.tell(event)
