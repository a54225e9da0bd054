"""`octowizard watch`: look on while Teamleader's own integration books, and tell what arrives and what does not."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, paragraphs, span_of
from octowizard.cli.console import Console
from octowizard.cli.exits import CODES
from octowizard.cli.watching import told
from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from octowizard.cli.arguments import Commands
    from octowizard.session.session import Session
    from octowizard.sync.events import Event, WatchFinished

NAME = "watch"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "For a profile in observer mode: recognises what Teamleader's own integration books in Octopus, and\n"
            "shows what is missing and why, and the payments that come back. Writes nothing to either side. How\n"
            "often it looks follows from the calls that Octopus allows today, half of which stay in hand."
        ),
        _epilog(),
    )
    parser.add_argument(
        "--for",
        dest="span",
        type=span_of,
        metavar="TIME",
        help=_("end after this time, such as 30m or 2h (until all has arrived unless given)"),
    )
    parser.add_argument(
        "--json", action="store_true", help=_("one JSON line per event on stdout (see below)")
    )


def _epilog() -> str:
    return paragraphs(
        """with --json, each line on stdout is one event, written as those of `octowizard sync --json`:
  watch_started      profile, octopus, teamleader, start_date, seconds (null: until all has arrived)
  document_arrived   document {kind, id, number, date, customer, amount, currency}, bookyear, journal, number,
                     relation, already (it stood there when the watch began); each document once, across watches
  document_failed    document, explanation {problem, title, evidence, fix, fixed_when}: what stops it
  document_waiting   document: not there, and nothing is seen that stops it
  payment_awaited    document, amount, paid_on: matched in Octopus, not in Teamleader yet
  payment_registered document, amount, paid_on, in_full: it is there now
  watch_looked       look, in_sync, arrived, waiting, blocked, excluded, payments_awaited, payments_back,
                     payments_unfollowed, seen (false: not both sides yet, the counts tell nothing), looks_left
  waiting            why (next_look, spent, window, asked), seconds
  document_excluded, reading, notice
  watch_finished     always last: outcome (complete, attention, cancelled, limit, unreachable), looks, calls (to
                     Octopus), seconds, message, and the counts of watch_looked""",
        _("Ctrl-C ends it at once. What was recognised stays so: another watch goes on from there."),
        _(
            "exit codes: 0 all has arrived, 1 something is missing, 2 wrong usage or configuration, 3 could not tell\n"
            "(network, sign-in, a limit of the day), 130 interrupted"
        ),
    )


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Watch to the end. The exit code."""
    tell = _as_json(console) if arguments.json else Narrative(console).tell
    from octowizard.sync.events import verdict_of

    announcement = _("Stopping; nothing was written.")
    finished: WatchFinished = told(
        lambda emit, stop: session.watch(arguments.span, emit, stop), tell, announcement
    )
    console.close()
    return CODES[verdict_of(finished.outcome)]


def _as_json(console: Console) -> "Callable[[Event], None]":
    """Tells each event as a line; of a wait its beginning and its end."""
    from octowizard.sync.events import Waiting, to_line

    waits = False

    def tell(event: "Event") -> None:
        nonlocal waits
        goes_on = isinstance(event, Waiting) and event.seconds > 0
        if not (waits and goes_on):
            console.json(to_line(event))
        waits = goes_on

    return tell


class Narrative:
    """A watch told in lines: what happens on stdout, how it stands on stderr."""

    def __init__(self, console: Console) -> None:
        from octowizard.presentation.watching import Missing

        self._console = console
        self._missing = Missing()
        self._already = 0
        self._stands = self._noted = ""

    def tell(self, event: "Event") -> None:
        """Tell one event. BrokenPipeError when nobody reads stdout any more."""
        from octowizard.presentation import watching
        from octowizard.presentation.blocks import Item
        from octowizard.presentation.events import ahead_by, line, reading, waits
        from octowizard.sync import events

        freed = self._missing.apply(event)
        match event:
            case events.WatchStarted():
                self._note(watching.started(event).text)
                self._note(watching.nothing_is_written())
            case events.Reading():
                self._console.progress(reading(event.count, ahead_by(event)))
            case events.DocumentArrived(already=True):
                self._already += 1
            case events.DocumentWaiting() if freed:
                self._note(watching.freed(event.document), "○")
            case events.WatchLooked():
                if self._already:
                    self._note(watching.already(self._already))
                self._already = 0
                self._stands = " · ".join(filter(None, (watching.counts(event), watching.looks_left(event))))
            case events.Waiting():
                words = waits(event)
                if event.seconds and self._stands != self._noted:
                    self._noted = self._stands
                    self._note(f"{self._stands} · {words}", "●")
                self._console.progress(f"● {words}" if event.seconds else "")
            case events.WatchFinished():
                self._console.show([*self._missing.blocks(), *watching.ending(event)])
            case _:
                sentence = line(event, whole=True)
                if sentence is not None:
                    why: events.Explanation | None = getattr(event, "explanation", None)
                    evidence = [Item(text, indent=4) for text in why.evidence] if why is not None else []
                    self._console.show(
                        [Item(sentence.text, sentence.mark), *evidence], note=isinstance(event, events.Notice)
                    )

    def _note(self, text: str, mark: str = "") -> None:
        from octowizard.presentation.blocks import Item

        self._console.show([Item(text, mark)], note=True)
