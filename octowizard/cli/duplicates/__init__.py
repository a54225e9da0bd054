"""`octowizard duplicates`: find, explain, import, merge and undo. One file per subcommand; this one only names them."""

import argparse
from typing import TYPE_CHECKING, Final

from octowizard.cli.arguments import add_command
from octowizard.cli.console import Console
from octowizard.cli.duplicates import answer, csv, find, importing, merge, plan, simulate, undo
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted

NAME: Final = "duplicates"
# Each has NAME, add_to(subcommands, common) and run(arguments, wanted, console) -> exit code.
_PARTS: Final = (find, plan, simulate, csv, answer, importing, merge, undo)


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command, with its own subcommands."""
    parser = add_command(
        commands,
        common,
        NAME,
        _("Finds customers that are the same, on both sides or in files, and helps to make one of them."),
    )
    subcommands = parser.add_subparsers(dest="part", metavar="COMMAND", title=_("commands"), required=True)
    for part in _PARTS:
        part.add_to(subcommands, common)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Hand over to the subcommand. The exit code."""
    part = next(part for part in _PARTS if arguments.part == part.NAME)
    code: int = part.run(arguments, wanted, console)
    return code
