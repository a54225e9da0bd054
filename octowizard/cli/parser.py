"""The command line as a whole: what may stand before a command, and the commands."""

from __future__ import annotations

import argparse
from collections.abc import Container

from octowizard.cli import argparse_words
from octowizard.cli.arguments import Parser, formatted, whole
from octowizard.cli.commands import COMMANDS, load, summary
from octowizard.locale import _, pgettext

_SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")


def build_parser(named: Container[str] = COMMANDS) -> argparse.ArgumentParser:
    """The command line. Of the commands that are not in `named` it knows the names and what they are for, no more."""
    argparse_words.speak()
    parser = Parser(
        prog="octowizard",
        parents=[_common(shown=True)],
        description=_("Connects Octopus to Teamleader Focus. Without a command it opens the app."),
        epilog=_(
            "exit codes: 0 all well, 1 something needs attention, 2 wrong usage or configuration,\n"
            "3 could not tell (network, sign-in, a limit of the day), 130 interrupted\n\n"
            "A * behind the name of a menu or a button of Octopus or Teamleader: "
            "nobody has seen it on that screen yet,\n"
            "so it may be called otherwise there."
        ),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action="store_true", help=_("print the version; with --verbose, all that it rests on")
    )
    parser.add_argument(
        "--print-completion", choices=_SHELLS, help=_("print what makes the shell complete our words")
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title=_("commands"), prog=parser.prog)
    common = _common(shown=False)
    for name in COMMANDS:
        if name in named:
            load(name).add_to(commands, common)
        else:
            commands.add_parser(name, help=summary(name), formatter_class=formatted(), add_help=False)
    return parser


def _common(*, shown: bool) -> argparse.ArgumentParser:
    """What may stand before a command or after it; only the help of the whole tells of it."""

    def told(text: str) -> str:
        return text if shown else argparse.SUPPRESS

    common = argparse.ArgumentParser(
        add_help=False,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
        formatter_class=formatted(),
    )
    whose = common.add_argument_group(pgettext("to sign in to", "accounts") if shown else None)
    whose.add_argument("--profile", metavar="NAME", help=told(_("the pair of accounts to work on")))
    whose.add_argument(
        "--try-again",
        action="store_true",
        help=told(
            _("send a refused sign-in once more, because the vendor mended it on its side; not for scripts")
        ),
    )
    whose.add_argument(
        "--sandbox",
        nargs="?",
        const="",
        metavar="SCENARIO",
        help=told(_("a fresh practice company instead (tour)")),
    )
    whose.add_argument(
        "--seed", type=whole, metavar="N", help=told(_("another practice company of the same kind"))
    )
    whose.add_argument("--customers", type=whole, metavar="N", help=told(_("its number of customers")))
    whose.add_argument(
        "--documents", type=whole, metavar="N", help=told(_("its number of waiting documents"))
    )
    common.add_argument(
        "--language", choices=("nl", "fr", "en"), help=told(_("the language octowizard speaks"))
    )
    common.add_argument(
        "--no-color", action="store_true", help=told(_("no colours (NO_COLOR does the same)"))
    )
    common.add_argument(
        "--plain", action="store_true", help=told(_("no colours, no pager, no line that rewrites itself"))
    )
    common.add_argument(
        "--verbose",
        action="store_true",
        help=told(_("all the evidence, and a vendor's own words where it refused something")),
    )
    return common
