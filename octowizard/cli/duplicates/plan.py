"""`octowizard duplicates plan`: what would be done about each pair, and why; nothing is done."""

import argparse
from typing import TYPE_CHECKING, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import add_json, add_offline, add_part, paragraphs
from octowizard.cli.console import Console
from octowizard.cli.duplicates import sources
from octowizard.cli.exits import ATTENTION, WELL
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.plan import Plan

NAME: Final = "plan"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The subcommand and its options."""
    parser = add_part(
        commands,
        common,
        NAME,
        _("what would be done about each pair, and why"),
        _(
            "For each pair of customers that are, or may be, one: link the relation, merge through the API, merge by\n"
            "hand in Teamleader, or look first; which one stays, what it gets, and the way that is recommended.\n"
            "Reads both sides, writes nothing."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "duplicates plan", "route": none|queue|csv|smart-import, "advice",
   "counts": {"link", "merge", "merge-by-hand", "look"},
   "steps": [{"left", "right": place/id, "left_name", "right_name", "zone": sure|doubtful, "score",
     "action": link|merge|merge-by-hand|look, "survivor": place/id or "", "because", "gets": [], "conflicts": [],
     "weights": [], "group": [place/id of all that are one, the one that stays first; empty for a pair],
     "apart": [the two with number, place and what hangs on them]}]}""",
            _(
                "exit codes: 0 nothing to do, 1 something is to be linked, merged or looked at, 2 "
                "wrong usage, 3 could not tell"
            ),
        ),
    )
    add_offline(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Plan and tell. The exit code."""
    from octowizard.presentation.json_output import encoded

    with accounts.chosen(wanted, console) as session, session.workspace() as workspace:
        sources.look(arguments, session, workspace, console)
        from octowizard.customers.plan import plan

        made = plan(workspace)
    if arguments.json:
        console.json(encoded(made, command=f"duplicates {NAME}"))
    else:
        _tell(console, made)
    return ATTENTION if made.steps else WELL


def _tell(console: Console, made: "Plan") -> None:
    from octowizard.presentation.pairs import plan_blocks

    console.show(plan_blocks(made))
    console.line(made.advice)
