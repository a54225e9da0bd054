"""`octowizard duplicates import`: links the relations that Teamleader has already, and imports only the rest."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import add_json, add_part, add_yes, paragraphs
from octowizard.cli.console import Console
from octowizard.cli.duplicates import writing
from octowizard.cli.exits import ATTENTION, WELL
from octowizard.cli.watching import reporting, watched
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.customers import smart
    from octowizard.presentation.json_output import NotCarried
    from octowizard.session.session import Session

NAME: Final = "import"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
        commands,
        common,
        NAME,
        _("link what is the same on both sides, import only the rest"),
        _(
            "Smart import: the active clients of Octopus that surely are a customer of Teamleader are linked with\n"
            "it, doubtful ones wait for your answer (`duplicates answer`), and only the others become companies,\n"
            "tagged `Octopus Import`, private persons contacts. Shows what it would do, and asks, unless told --yes."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "duplicates import", "written": whether it was more than a preview,
   "counts": {"same", "doubtful", "held", "new", "companies", "contacts", "linked_before"},
   "same", "doubtful": [{"relation", "name", "customer", "customer_name", "score", "why": [], "recognised"}],
   "held": [{"relation", "name", "why"}], "losses": {what: relations}, "skipped": {why: relations},
   "not_carried": [{"relation", "name", "losses": [{"what", "value", "why"}]}],
   "result": null, or {"outcome": complete|attention|cancelled|unreachable, "linked", "made", "found",
     "failed": [{"relation", "name", "why", "vendor_text"}], "left", "in_doubt", "seconds"}}""",
            _(
                "Ctrl-C ends after the writes in flight; begun again, it goes on where it ended and makes nobody twice."
            ),
            _("exit codes: 0 all well, 1 something needs attention, 3 could not tell, 130 interrupted"),
        ),
    )
    add_yes(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Preview, ask, import. The exit code."""
    with accounts.chosen(wanted, console) as session:
        return import_new(session, console, yes=arguments.yes, as_json=arguments.json)


def import_new(session: "Session", console: Console, *, yes: bool = False, as_json: bool = False) -> int:
    """The same, with accounts that are open already: the set-up does it as one of its steps."""
    from octowizard.presentation.json_output import encoded, smart_import
    from octowizard.presentation.pairs import nothing_to_link, smart_done, smart_question

    duplicates, report = session.duplicates, reporting(console)
    foreseen = watched(lambda _stop: duplicates.smart_preview(report), looking=True)
    lost = list(_lost(session, foreseen)) if as_json else []
    if not as_json:
        console.show(smart_question(foreseen, places=True).blocks)
    writes = bool(foreseen.sorting.same or foreseen.imports.total)
    ended = None
    if not writes and not as_json:
        console.note(nothing_to_link(len(foreseen.sorting.doubtful)))
    agreed = (
        writing.may(console, _("Link and import now?"), yes=yes, as_json=as_json)
        if writes
        else yes  # what an earlier import left in doubt is settled
    )
    if agreed:
        tell = writing.import_teller(console)
        ended = watched(lambda stop: duplicates.smart_import(tell, stop, report))
    console.close()
    if as_json:
        console.json(encoded(smart_import(foreseen, ended, lost), command=f"duplicates {NAME}"))
    elif ended is not None:
        console.page(smart_done(ended))
    if ended is not None:
        return writing.CODES[ended.outcome]
    return ATTENTION if foreseen.sorting.doubtful or foreseen.sorting.held else WELL


def _lost(session: "Session", foreseen: "smart.Preview") -> "Iterator[NotCarried]":
    """What does not carry over, relation by relation."""
    from octowizard.customers import importing
    from octowizard.customers.company import Draft
    from octowizard.presentation.json_output import NotCarried

    with session.workspace() as workspace:
        drafts = list(importing.drafts(workspace, foreseen.imports.default_term, foreseen.sorting.new))
    for draft in drafts:
        if isinstance(draft, Draft) and draft.losses:
            yield NotCarried(draft.relation, draft.name, draft.losses)
