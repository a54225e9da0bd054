"""`octowizard duplicates plan`: what would be done about each pair, and why; nothing is done."""

import argparse
from typing import TYPE_CHECKING, Final

from octowizard.cli import accounts
from octowizard.cli.arguments import formatted
from octowizard.cli.console import Console, plain
from octowizard.cli.duplicates import sources
from octowizard.cli.exits import ATTENTION, WELL
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.wanted import Wanted
    from octowizard.customers.plan import Plan

NAME: Final = "plan"
_SHOWN = 40  # steps of each kind for people; --json has them all


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """The subcommand and its options."""
    parser = commands.add_parser(
        NAME,
        parents=[common],
        help=_("what would be done about each pair, and why"),
        description=_(
            "For each pair of customers that are, or may be, one: link the relation, merge through the API, merge by\n"
            "hand in Teamleader, or look first; which one stays, what it gets, and the way that is recommended.\n"
            "Reads both sides, writes nothing."
        ),
        epilog=_(
            """with --json, one object:
  {"schema": 1, "command": "duplicates plan", "route": none|queue|csv|smart-import, "advice",
   "counts": {"link", "merge", "merge-by-hand", "look"},
   "steps": [{"left", "right": place/id, "left_name", "right_name", "zone": sure|doubtful, "score",
     "action": link|merge|merge-by-hand|look, "survivor": place/id or "", "because", "gets": [], "conflicts": [],
     "weights": []}]}

exit codes: 0 nothing to do, 1 something is to be linked, merged or looked at, 2 wrong usage, 3 could not tell"""
        ),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument(
        "--offline", action="store_true", help=_("use what was kept of the last look at the accounts")
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON object on stdout (see below)"))


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Plan and tell. The exit code."""
    import msgspec

    with accounts.chosen(wanted, console) as session, session.workspace() as workspace:
        sources.look(arguments, session, workspace, console)
        from octowizard.customers.plan import plan

        made = plan(workspace)
    if arguments.json:
        told = {"schema": 1, "command": f"duplicates {NAME}", **msgspec.structs.asdict(made)}
        console.json(msgspec.json.encode(told))
    else:
        _tell(console, made)
    return ATTENTION if made.steps else WELL


def _tell(console: Console, made: "Plan") -> None:
    titles = {
        "link": _("link: {count}"),
        "merge": _("merge through the API: {count}"),
        "merge-by-hand": _("merge by hand in Teamleader: {count}"),
        "look": _("look first: {count}"),
    }
    for action, count in made.counts.items():
        if not count:
            continue
        console.line(titles[action].format(count=count))
        chosen = [step for step in made.steps if step.action == action]
        for step in chosen[:_SHOWN]:
            console.line(f"  {plain(step.left_name)}  ({plain(step.left)})")
            console.line(f"  {plain(step.right_name)}  ({plain(step.right)})")
            console.line(f"    {plain(step.because)}")
            if step.gets:
                console.line("    " + _("it gets: {fields}").format(fields=", ".join(step.gets)))
            if step.conflicts:
                console.line("    " + _("they differ in: {fields}").format(fields=", ".join(step.conflicts)))
        if count > _SHOWN:
            console.line("  " + _("and {count} more: --json has them all").format(count=count - _SHOWN))
        console.line()
    console.line(made.advice)
