"""`octowizard mapping`: where product categories, tax rates and discounts lead to in Octopus, and choosing it."""

import argparse
from functools import partial
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_action, add_command, add_fresh, add_json, mirror_of, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.cli.interrupt import completed
from octowizard.locale import _
from octowizard.locale.formats import labelled

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.onboarding.mapping import Row
    from octowizard.session.session import Session

NAME = "mapping"
NOTHING = "-"  # takes a choice back
MIRROR = "mirror"  # journal and account in one word


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its own commands."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Where product categories, tax rates, discounts and payments made in Teamleader lead to in Octopus:\n"
            "what holds now, where that comes from, and what is proposed instead; what fails first. Shows what was\n"
            "last read; reads both sides when nothing was, or with --fresh. Choices are kept in the profile;\n"
            "nothing is written to Octopus or Teamleader."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "mapping", "profile", "taken_at",
   "rows": [{"id", "kind": category|rate|discount|mirror-journal|mirror-account, "label", "detail", "value",
             "named", "origin": teamleader|chosen|proposed|none, "trouble", "note", "proposal", "proposed",
             "reason", "sure", "waiting", "optional", "choices": [[value, name]]}],
   "suggestions": [[rate, VAT code, account, name, reason]], "not_read": {what: why}}
  "" where there is nothing; waiting: documents that need the row; sure: nothing else fits as well""",
            _(
                "exit codes: 0 everything that documents need leads somewhere, 1 something does "
                "not, 2 wrong usage, 3 could not tell"
            ),
        ),
    )
    add_json(parser)
    add_fresh(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=_("actions"))

    action = partial(add_action, actions, common)
    chosen = action("set", _("let a row lead to an account or a VAT code"))
    chosen.add_argument("row", metavar="ROW", help=_("its id or its name; `mirror` for payments"))
    chosen.add_argument(
        "value",
        metavar="VALUE",
        help=_(
            "an account, a VAT code, a journal with its account such as D1:580000; - takes the choice back"
        ),
    )
    accepted = action("accept", _("take every sure proposal where something fails"))
    accepted.add_argument("--all", action="store_true", dest="unsure", help=_("the unsure ones as well"))


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Show it, or choose. The exit code."""
    from octowizard.onboarding.mapping import CannotChoose

    if arguments.fresh or not session.snapshot().taken_at.timestamp():
        completed(session.setup.read_for_mapping(fresh=arguments.fresh))
    rows = session.mapping.kept().rows
    try:
        if arguments.action == "set":
            _choose(session, rows, arguments.row, arguments.value)
        elif arguments.action == "accept":
            _accept(session, console, rows, unsure=arguments.unsure)
    except CannotChoose as error:
        raise Usage(plain(str(error))) from None
    return _told(arguments, console, session)


def _accept(session: "Session", console: Console, rows: "tuple[Row, ...]", *, unsure: bool) -> None:
    from octowizard.presentation.mapping_rows import proposed

    taken: list[Row] = []
    session.mapping.accept(rows, unsure, taken.append)
    for row in taken:
        console.note(plain(labelled(row.label, proposed(row))))
    if not taken:
        console.note(_("There is nothing to accept."))


def _choose(session: "Session", rows: "tuple[Row, ...]", name: str, value: str) -> None:
    from octowizard.onboarding import mapping

    value = "" if value == NOTHING else value
    if name != MIRROR:
        session.mapping.choose(mapping.row_named(rows, name), value)
    elif not value:
        session.mapping.choose(mapping.row_named(rows, mapping.MIRROR_JOURNAL), "")
    else:
        try:
            place = mirror_of(value)
        except argparse.ArgumentTypeError as error:
            raise Usage(plain(str(error))) from None
        session.mapping.choose_mirror(rows, place.journal, str(place.account))


def _told(
    arguments: argparse.Namespace,
    console: Console,
    session: "Session",
) -> int:
    from octowizard.onboarding import mapping
    from octowizard.presentation.events import not_read
    from octowizard.presentation.json_output import Mapped, encoded
    from octowizard.presentation.mapping_rows import in_lines

    mapped, unread = session.mapping.kept(), session.mapping.not_read()
    rows = mapped.rows
    if arguments.json:
        body = Mapped(session.snapshot().taken_at, rows, mapped.suggestions, unread)
        console.json(encoded(body, command=NAME, profile=session.profile.name))
    else:
        for row in rows:
            console.show(in_lines(row))
        for part, why in unread.items():
            console.note(plain(not_read(part, why)))
    if unread:
        return COULD_NOT_TELL
    return ATTENTION if any(row.waiting for row in mapping.unmapped(rows)) else WELL
