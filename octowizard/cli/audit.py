"""`octowizard audit`: whether Teamleader and Octopus say the same, to the cent; each difference with its documents."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_fresh, add_json, add_offline, day_of, paragraphs
from octowizard.cli.console import Console
from octowizard.cli.exits import CODES, Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting, tell_age
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.session.session import Session
    from octowizard.sync.audit.model import Audit

NAME = "audit"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Adds up the documents of Teamleader and the bookings of Octopus, each by itself, per fiscal year,\n"
            "journal, period, VAT return, VAT rate and code, ledger account and customer, and names every document\n"
            "that makes a difference. Writes nothing, and looks at no link and no plan of a sync. Says first how many\n"
            "calls it takes; what was read a few minutes ago is used again. What a limit of the day ends goes on when\n"
            "it is begun again: what was read until then is kept."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "audit", "profile", "taken_at", "first", "last", "currency", "compared", "whole",
   "totals": {"teamleader", "octopus", "difference": {"number", "base", "vat", "total"}},
   "counts": {kind: number},
   "differences": [{"kind", "text", "document", "booking", "teamleader", "octopus", "amount", "days"}],
   "tables": {"year"|"journal"|"period"|"return"|"month"|"rate"|"vat-code"|"account"|"customer":
     {"left_out", "rows": [{"key", "label", "teamleader", "octopus", "difference", "documents": []}]}},
   "open": [{"days", "teamleader": [number, amount], "octopus": [number, amount]}],
   "not_compared": [{"obstacle", "count", "subject", "text"}]}
  amounts in the dossier's currency, below zero for credit notes; a difference is Octopus less Teamleader""",
            _(
                "exit codes: 0 both sides say the same, 1 they differ, 2 wrong usage, 3 no "
                "difference, but not all could be compared,\n"
                "130 interrupted"
            ),
        ),
    )
    add_json(parser)
    parser.add_argument(
        "--from",
        dest="first",
        metavar="DATE",
        type=day_of,
        help=_(
            "the first day of the documents, such as 31/01/2026 (the day on which the connection begins unless given)"
        ),
    )
    parser.add_argument(
        "--to",
        dest="last",
        metavar="DATE",
        type=day_of,
        help=_("their last day (all later ones unless given)"),
    )
    parser.add_argument(
        "--lines",
        action="store_true",
        help=_("read the lines of all documents, a call each: ledger accounts and VAT codes stand on them"),
    )
    parser.add_argument("--all", action="store_true", help=_("name every difference and every customer"))
    add_fresh(parser)
    add_offline(parser)


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Read, compare, tell. The exit code."""
    from octowizard.locale.formats import day
    from octowizard.presentation import audit as shown
    from octowizard.presentation.json_output import encoded

    first, last = arguments.first, arguments.last
    if first is not None and last is not None and last < first:
        raise Usage(
            _("--to {last} lies before --from {first}: give the earlier day first.").format(
                first=day(first), last=day(last)
            )
        )
    if last is not None and last < (start := session.profile.start_date):
        raise Usage(
            _("--to {last} lies before {start}, when the connection begins: give a later day.").format(
                last=day(last), start=day(start)
            )
        )
    if arguments.offline and arguments.lines:
        raise Usage(_("--offline asks nobody, and --lines reads the lines of documents: give one of them."))
    audit = session.audit
    if arguments.offline:
        result = audit.kept(first, last)
    else:
        needed = audit.needed(first, last, all_lines=arguments.lines, fresh=arguments.fresh)
        console.note(shown.calls(needed))
        result = completed(
            audit.read(reporting(console), first, last, all_lines=arguments.lines, fresh=arguments.fresh)
        )
        console.close()
    if arguments.json:
        console.json(encoded(shown.body(result), command=NAME, profile=session.profile.name))
    else:
        console.page(shown.page(result, every=arguments.all))
        _tell_rest(result, session, console, arguments.all)
    return CODES[result.verdict]


def _tell_rest(audit: "Audit", session: "Session", console: Console, every: bool) -> None:
    from octowizard.presentation.audit import SHOWN, grouped
    from octowizard.presentation.events import used_up

    now = session.moment_there()
    tell_age(console, audit.taken_at, now)
    for sentence in dict.fromkeys(used_up(what, read_at, now.astimezone()) for what, read_at in audit.kept):
        console.note(sentence)
    if not every and any(len(differences) > SHOWN for differences in grouped(audit.differences).values()):
        console.note(_("--all names every difference and every customer."))
    if any(one.obstacle == "no-lines" for one in audit.not_compared):
        console.note(_("--lines reads the lines that lack, a call each."))
