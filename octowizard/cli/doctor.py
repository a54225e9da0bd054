"""`octowizard doctor`: is all well with octowizard itself, and how to mend what is not."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_json, paragraphs
from octowizard.cli.console import Console
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.session.doctor import Line, Terminal

NAME = "doctor"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command."""
    parser = add_command(commands, common, NAME, epilog=_epilog())
    parser.add_argument(
        "--online",
        action="store_true",
        help=_("also sign in on both sides, and compare the contract that Octopus publishes"),
    )
    parser.add_argument("--only", metavar="CHECK", default="", help=_("look at one thing again"))
    add_json(parser)


def _epilog() -> str:
    return paragraphs(
        """with --json, one object:
  {"schema": 1, "command": "doctor", "online",
   "lines": [{"check", "profile", "state": well|advice|wrong|unknown, "text", "fix"}]}
  profile is empty for this computer; new members may be added within schema 1""",
        _(
            "exit codes: 0 all well or advice only, 1 something is wrong, 2 wrong usage, 3 could not tell (network)"
        ),
    )


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Look and tell. The exit code."""
    from octowizard.cli.interrupt import completed
    from octowizard.session import doctor
    from octowizard.workspace import drafts
    from octowizard.workspace.profiles import home

    if wanted.scenario is not None:
        raise Usage(_("The doctor looks at your own profiles: leave --sandbox out."))
    root, profile = home(), wanted.profile or ""
    if profile and profile not in drafts.names(root):
        from octowizard.cli.accounts import only

        only(root, profile)  # says which there are
    try:
        lines = doctor.here(root, _terminal(), arguments.only, profile)
    except doctor.UnknownCheck as error:
        raise Usage(str(error)) from None
    if arguments.only in doctor.ONLINE and not arguments.online:
        raise Usage(_("The check {name} asks the vendors: add --online.").format(name=arguments.only))
    if arguments.online:
        console.progress(_("asking both sides"))
        lines = doctor.joined(lines, completed(doctor.there(root, arguments.only, profile)))
    console.close()
    _tell(lines, arguments, console)
    states = {line.state for line in lines}
    return ATTENTION if "wrong" in states else COULD_NOT_TELL if "unknown" in states else WELL


def _terminal() -> "Terminal":
    """Of the screen that the answer goes to."""
    from octowizard.session.doctor import Terminal
    from octowizard.session.terminal import many_colours, system_tool

    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        size = os.terminal_size((0, 0))
    return Terminal(size.columns, size.lines, many_colours(), sys.stdout.encoding or "", system_tool() or "")


def _tell(lines: "list[Line]", arguments: argparse.Namespace, console: Console) -> None:
    if arguments.json:
        import msgspec

        body = {"schema": 1, "command": NAME, "online": arguments.online, "lines": lines}
        console.json(msgspec.json.encode(body))
        return
    from octowizard.presentation.doctor import blocks

    console.show(blocks(lines))
    if not arguments.online:
        console.note(_("Nobody was asked: --online also tries the accounts."))
