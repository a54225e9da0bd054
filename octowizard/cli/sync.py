"""`octowizard sync`: the preview, the question, the run. One stream of events, told in text or as JSON lines."""

import argparse
import sys
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_fresh, add_yes, day_of, mirror_of, paragraphs
from octowizard.cli.console import Console
from octowizard.cli.exits import ATTENTION, CODES, WELL, Usage
from octowizard.cli.watching import tell_age, told
from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from octowizard.cli.arguments import Commands
    from octowizard.session.session import Session
    from octowizard.sync.events import Event, RunFinished
    from octowizard.sync.options import SyncOptions

NAME = "sync"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Customers with documents first, then invoices and credit notes from Teamleader to Octopus,\n"
            "then payments back. Shows what it would do and asks, unless told --yes."
        ),
        _epilog(),
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=_("show exactly what would be written, write nothing")
    )
    add_yes(parser)
    add_fresh(parser, _("let the preview read again what was read a few minutes ago; a run always does"))
    parser.add_argument(
        "--json", action="store_true", help=_("one JSON line per event on stdout (see below)")
    )
    parser.add_argument("--from", dest="start", type=day_of, metavar="DATE", help=_("first document date"))
    parser.add_argument(
        "--numbering",
        choices=("follow", "next"),
        help=_("follow Teamleader's numbers, or take the next free ones"),
    )
    parser.add_argument(
        "--only",
        action="extend",
        nargs="+",
        default=[],
        metavar="NUMBER|ID",
        help=_("only these documents (a number as Teamleader shows it, or an id)"),
    )
    parser.add_argument(
        "--exclude",
        action="extend",
        nargs="+",
        default=[],
        metavar="NUMBER|ID",
        help=_("keep these documents out, in this and later syncs"),
    )
    parser.add_argument(
        "--include",
        action="extend",
        nargs="+",
        default=[],
        metavar="NUMBER|ID",
        help=_("let these in again"),
    )
    parser.add_argument(
        "--mirror",
        type=mirror_of,
        metavar="JOURNAL:ACCOUNT",
        help=_("also book payments made in Teamleader in Octopus, through this journal, e.g. F1:550000"),
    )
    parser.add_argument(
        "--no-other-connector",
        action="store_true",
        help=_("you confirm that no other connector books in this dossier"),
    )


def _epilog() -> str:
    return paragraphs(
        """with --json, each line on stdout is one event:
  {"schema": 1, "event": NAME, ...}; new members may be added within schema 1, none is renamed or removed;
  amounts are JSON numbers with two decimals, dates YYYY-MM-DD, moments ISO 8601 in UTC, null is unknown
  run_started        profile, dry_run, octopus, teamleader, start_date, numbering, resumed
  document_booked    document {kind, id, number, date, customer, amount, currency}, bookyear, journal,
                     number, period, found (with --dry-run: what would be booked)
  document_failed    document, explanation {problem, title, evidence, fix, fixed_when, vendor_text,
                     vendor_request}, blocks
  document_waiting, document_blocked, document_excluded, document_left, customer_failed,
  relation_created, relation_linked, payment_registered, payment_mirrored, payment_parked,
  payment_failed, payment_drift, settled, reading, phase_progress, counters, gauge, waiting,
  limit_reached,
  notice, run_refused
  run_finished       always last: outcome, booked, relations_created, relations_linked,
                     payments_registered, in_sync, excluded, failing, left_for_later, read_at (as of when
                     both sides are)""",
        _(
            "Ctrl-C ends after the write in flight; a second one leaves at once. Either way the "
            "next run goes on where\n"
            "this one ended and writes nothing twice."
        ),
        _(
            "exit codes: 0 all well, 1 something needs attention, 2 wrong usage or configuration, 3 could not tell\n"
            "(network, sign-in, a limit of the day), 130 interrupted"
        ),
    )


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Preview and ask, or run. The exit code."""
    profile = session.profile
    if profile.unconnected:
        from octowizard.sync.accounts import NotConnected

        raise NotConnected(profile)
    if profile.mode == "observer" and not arguments.dry_run:
        raise Usage(
            _(
                "The profile “{name}” watches (observer mode) and never writes a booking: once Teamleader's own "
                "sync is switched off, `octowizard profiles edit {name} mode connector` turns it into the one that "
                "books; --dry-run works as it is."
            ).format(name=profile.name)
        )
    if not (arguments.yes or arguments.dry_run):
        may_ask(as_json=arguments.json)
    from octowizard.sync.options import SyncOptions

    only: tuple[str, ...] = ()
    if arguments.only:
        from octowizard.cli.documents import ids_of

        only = ids_of(session, arguments.only)
    if arguments.exclude or arguments.include:
        session.keep_out(arguments.exclude)
        session.let_in(arguments.include)

    def options(*, dry_run: bool) -> SyncOptions:
        return SyncOptions(
            dry_run=dry_run,
            fresh=arguments.fresh,
            start_date=arguments.start,
            numbering=arguments.numbering,
            only=only,
            mirror=arguments.mirror,
            no_other_connector=arguments.no_other_connector,
        )

    if arguments.dry_run or arguments.yes:
        return one_run(session, options(dry_run=bool(arguments.dry_run)), console, arguments.json)[0]
    code, foreseen = one_run(session, options(dry_run=True), console, as_json=False)
    if foreseen.outcome not in ("complete", "attention"):
        return code
    from octowizard.presentation.run_summary import figures

    if not figures(foreseen):
        console.note(_("There is nothing to write."))
        return code
    if not console.asks(_("Start the sync, and write {figures}?").format(figures=figures(foreseen))):
        console.note(_("Nothing was written."))
        return code
    return one_run(session, options(dry_run=False), console, as_json=False)[0]


def _narrated(console: Console, *, alone: bool) -> "Callable[[Event], None]":
    from octowizard.cli.narrative import Narrative  # with all that people read

    return Narrative(console, alone=alone).tell


def may_ask(*, as_json: bool) -> None:
    """Usage where nobody can be asked whether to write."""
    if as_json:
        raise Usage(_("With --json nobody can be asked: add --yes to write, or --dry-run to look."))
    if not sys.stdin.isatty():
        raise Usage(_("There is no terminal to ask on: add --yes to write, or --dry-run to look."))


def one_run(
    session: "Session", options: "SyncOptions", console: Console, as_json: bool
) -> "tuple[int, RunFinished]":
    """Run once and hand each event to its reader: the exit code, and how it ended.

    When the reader leaves, or stdout takes no more, the run ends like on Ctrl-C; OSError in the second case.
    """

    from octowizard.books.numbers import is_id
    from octowizard.sync.events import DocumentWaiting, to_line

    tell = _narrated(console, alone=bool(options.only)) if not as_json else None
    announcement = _(
        "Stopping after the write in flight. Once more leaves at once; nothing is lost or written twice."
    )
    chosen = 0

    def emit(event: "Event") -> None:
        nonlocal chosen
        chosen += isinstance(event, DocumentWaiting)
        if tell is None:
            console.json(to_line(event))
        else:
            tell(event)

    finished = told(lambda emit, stop: session.sync(options, emit, stop), emit, announcement)
    console.close()
    if options.dry_run and not as_json and finished.read_at is not None:
        tell_age(console, finished.read_at, session.moment_there())
    if not (options.only and not chosen and finished.outcome == "complete"):
        return CODES[finished.verdict], finished
    console.note(
        _("None of these documents waits to be booked: {numbers}.").format(numbers=", ".join(options.only))
    )
    # A number that no run has ever met is rather mistyped than booked already.
    return WELL if all(map(is_id, options.only)) else ATTENTION, finished
