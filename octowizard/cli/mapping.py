"""`octowizard mapping`: where product categories, tax rates and discounts lead to in Octopus, and choosing it."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import formatted, mirror_of
from octowizard.cli.commands import summary
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.cli.interrupt import completed
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.onboarding.mapping import Row
    from octowizard.session.session import Session

NAME = "mapping"
NOTHING = "-"  # takes a choice back
MIRROR = "mirror"  # journal and account in one word


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The command and its own commands."""
    parser = commands.add_parser(
        NAME,
        parents=[common],
        help=summary(NAME),
        description=_(
            "Where product categories, tax rates, discounts and payments made in Teamleader lead to in Octopus:\n"
            "what holds now, where that comes from, and what is proposed instead; what fails first. Shows what was\n"
            "last read; reads both sides when nothing was, or with --refresh. Choices are kept in the profile;\n"
            "nothing is written to Octopus or Teamleader."
        ),
        epilog=_(
            """with --json, one object:
  {"schema": 1, "command": "mapping", "profile", "taken_at",
   "rows": [{"id", "kind": category|rate|discount|mirror-journal|mirror-account, "label", "detail", "value",
             "named", "origin": teamleader|chosen|proposed|none, "trouble", "note", "proposal", "proposed",
             "reason", "sure", "waiting", "optional", "choices": [[value, name]]}],
   "suggestions": [[rate, VAT code, account, name, reason]], "not_read": {what: why}}
  "" where there is nothing; waiting: documents that need the row; sure: nothing else fits as well

exit codes: 0 everything that documents need leads somewhere, 1 something does not, 2 wrong usage, 3 could not tell"""
        ),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON object on stdout (see below)"))
    parser.add_argument("--refresh", action="store_true", help=_("read both sides first"))
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=_("actions"))

    def action(name: str, text: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, parents=[common], help=text, description=text, allow_abbrev=False)
        made.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help=_("one JSON object on stdout")
        )
        return made

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

    if arguments.refresh or not session.snapshot().taken_at.timestamp():
        completed(session.setup.read_for_mapping())
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
    taken: list[Row] = []
    session.mapping.accept(rows, unsure, taken.append)
    for row in taken:
        console.note(
            _("{row}: {value} {named}").format(
                row=plain(row.label), value=row.proposal, named=plain(row.proposed)
            )
        )
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
    import msgspec

    from octowizard.onboarding import mapping

    mapped, unread = session.mapping.kept(), session.mapping.not_read()
    found = mapped.rows
    if arguments.json:
        told = {
            "schema": 1,
            "command": NAME,
            "profile": session.profile.name,
            "taken_at": session.snapshot().taken_at,
            "rows": found,
            "suggestions": mapped.suggestions,
            "not_read": unread,
        }
        console.json(msgspec.json.encode(told))
    else:
        _tell(console, found)
        for part, why in unread.items():
            console.note(_("not read: {what} ({why})").format(what=part, why=plain(why)))
    if unread:
        return COULD_NOT_TELL
    return ATTENTION if any(row.waiting for row in mapping.unmapped(found)) else WELL


def _tell(console: Console, found: "tuple[Row, ...]") -> None:
    origins = {
        "teamleader": "Teamleader",
        "chosen": _("chosen"),
        "proposed": _("by name and rate"),
        "none": "",
    }
    wide = min(max((len(row.label) for row in found), default=0), 36)
    for row in found:
        mark = "✖" if row.trouble else "▲" if row.note else "✔"
        mark = "·" if row.optional and not row.value else mark
        leads = f"{row.value} {row.named}".strip() or "–"
        origin = f"  ({origins[row.origin]})" if origins[row.origin] else ""
        console.line(plain(f"{mark} {row.label:{wide}}  {leads}{origin}"))
        if row.trouble:
            console.line(plain(f"    {row.trouble}{_waiting(row)}"))
        if row.note:
            console.line(plain(f"    {row.note}"))
        if row.proposal:
            sure = "" if row.sure else _(" (not sure)")
            console.line(
                plain(
                    _("    proposed: {value} {named}{sure}: {reason}").format(
                        value=row.proposal, named=row.proposed, sure=sure, reason=row.reason
                    )
                )
            )


def _waiting(row: "Row") -> str:
    if not row.waiting:
        return ""
    return " " + ngettext("{count} document waits.", "{count} documents wait.", row.waiting).format(
        count=row.waiting
    )
