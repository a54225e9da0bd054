"""`octowizard why`: all that is known of one document, and the one thing to do next."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_fresh, add_json, add_offline, paragraphs
from octowizard.cli.console import Console
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, NotReached, Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting, tell_age
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.presentation.why import Why
    from octowizard.session.session import Session

NAME = "why"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Tells of one invoice or credit note: where it stands on both sides and since when, what stops it or what\n"
            "it waits for, what the next sync does with it, its payments and why it is still unpaid, what happened to\n"
            "it, and what to do next. Writes nothing, and reads again only what is older than a few minutes."
        ),
        _epilog(),
    )
    parser.add_argument(
        "document",
        nargs="+",
        metavar="DOCUMENT",
        help=_("its number (with or without blanks), its id, or its booking in Octopus (V1/12)"),
    )
    add_json(parser)
    add_offline(parser)
    add_fresh(parser)


def _epilog() -> str:
    return paragraphs(
        """with --json, one object:
  {"schema": 1, "command": "why", "profile",
   "document": {"kind", "id", "number", "date", "customer", "amount", "currency", "open_amount", "changed", "web_url"},
   "state": in-sync|to-book|blocked|waits|excluded|unknown|before-start|unread, "mark", "taken_at",
   "alike": [other documents of that number, but for blanks],
   "teamleader": [], "octopus": [], "next_sync": [], "next",                        sentences
   "booking": {"bookyear", "journal", "number", "by_octowizard", "since"} or null,
   "stops": [{"problem", "title", "evidence": [], "fix": [], "fixed_when", "document"}],    in the order they are met
   "payments": [{"amount", "day", "journal", "standing", "text"}],
   "unpaid": not-booked|other-content|not-reconciled|next-sync|question|in-doubt|parked|partly|unsure or null,
   "unpaid_because", "history": [{"run", "at", "last", "times", "mark", "text"}], "foreseen": as one of these or null,
   "rests_on": [what was declared, and not measured]}""",
        _(
            "exit codes: 0 nothing is to be done, or a sync does it; 1 something stops it, or asks "
            "for a person; 2 wrong usage or\n"
            "configuration, or no single document of that number; 3 could not tell; 130 interrupted"
        ),
    )


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Find it, look, tell. The exit code."""
    from octowizard.presentation.json_output import encoded
    from octowizard.presentation.why import not_found, page
    from octowizard.presentation.why_words import told
    from octowizard.session.documents import NoDocument

    text, documents = " ".join(arguments.document).strip(), session.documents
    if not text:
        raise Usage(_("No document was named: write its number, such as `octowizard why 2026/42`."))
    try:
        if arguments.offline:
            standing = documents.kept(text)
        else:
            standing = completed(documents.read(text, reporting(console), fresh=arguments.fresh))
    except NoDocument as error:
        console.close()
        raise (NotReached if error.unread else Usage)(not_found(error)) from None
    now = session.moment_there().astimezone()
    why = told(standing, session.profile, now, booster=session.booster())
    console.close()
    if arguments.json:
        console.json(encoded(why, command=NAME, profile=session.profile.name))
    else:
        tell_age(console, standing.snapshot.taken_at, now)
        console.page(page(why, now))
    return code_of(why)


def code_of(why: "Why") -> int:
    """1 for what a person must see to, 3 where nothing could be told, else 0."""
    if why.state in ("unknown", "unread"):
        return COULD_NOT_TELL
    return ATTENTION if why.stops or why.mark in ("✖", "▲") else WELL
