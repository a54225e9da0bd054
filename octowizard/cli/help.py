"""`octowizard help`: of a command, of everything as a manual page, or as JSON; all made from the parser itself."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from octowizard import __version__
from octowizard.cli import exits
from octowizard.cli.argparse_words import value_said
from octowizard.cli.arguments import add_command, add_json, commands_of, near, paragraphs, taken_by
from octowizard.cli.commands import EXAMPLES
from octowizard.cli.console import Console
from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted

NAME = "help"


def add_to(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Its parser."""
    parser = add_command(
        commands,
        common,
        NAME,
        _("The same as `octowizard COMMAND --help`; without a command, that of the whole."),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "name", "summary", "usage", "description", "examples": [[command, what for]],
   "options": [{"names": [], "value", "choices": [], "text"}], "arguments": as options,
   "commands": [objects as this one]}""",
        ),
    )
    parser.add_argument("words", nargs="*", metavar="COMMAND", help=_("a command, and an action of it"))
    parser.add_argument("--man", action="store_true", help=_("all of it as a manual page, for `man`"))
    add_json(parser)


def run(arguments: argparse.Namespace, _wanted: Wanted, console: Console) -> int:
    """Print it."""
    from octowizard.cli.parser import build_parser

    parser, text = build_parser(), ""
    if arguments.man:
        for line in manual(parser):
            console.line(line)
        return exits.WELL
    for word in arguments.words:
        parser, text = _below(parser, word)
    if arguments.json:
        show_json(parser, text, console)
    else:
        console.line(parser.format_help().rstrip("\n"))
    return exits.WELL


def show_json(parser: argparse.ArgumentParser, text: str, console: Console) -> None:
    """What a parser takes, and the text of what it is for, as one JSON object."""
    import json

    console.json(json.dumps({"schema": 1, **_described(parser, text)}, ensure_ascii=False).encode())


def _below(parser: argparse.ArgumentParser, word: str) -> tuple[argparse.ArgumentParser, str]:
    known = commands_of(parser)
    if word in known:
        return known[word]
    raise exits.Usage(
        _("`{program}` has no command “{word}”. {hint}").format(
            program=parser.prog, word=word, hint=near(word, list(known))
        )
    )


def _shown(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in taken_by(parser) if action.help is not argparse.SUPPRESS]


def _text(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.metavar:
        return action.metavar if isinstance(action.metavar, str) else " ".join(action.metavar)
    return "" if action.choices else action.dest.upper()


def _described(parser: argparse.ArgumentParser, text: str) -> dict[str, Any]:
    options: list[dict[str, Any]] = []
    arguments: list[dict[str, Any]] = []
    for action in _shown(parser):
        one = {
            "names": list(action.option_strings) or [action.dest],
            "value": _value(action),
            "choices": [str(choice) for choice in action.choices or ()],
            "text": _text(action),
        }
        (options if action.option_strings else arguments).append(one)
    return {
        "name": parser.prog,
        "summary": text,
        "usage": " ".join(parser.format_usage().split()).partition(": ")[2],
        "description": parser.description or "",
        "examples": [list(example) for example in _examples(parser)],
        "options": options,
        "arguments": arguments,
        "commands": [_described(*one) for one in commands_of(parser).values()],
    }


def _examples(parser: argparse.ArgumentParser) -> list[tuple[str, str]]:
    _program, _blank, name = parser.prog.partition(" ")
    return [(f"octowizard {words}", what) for words, what in EXAMPLES[name]()] if name in EXAMPLES else []


# --- as a manual page ----------------------------------------------------------------------------------------


def manual(parser: argparse.ArgumentParser) -> Iterator[str]:
    """All of it as the lines of a manual page (roff)."""
    yield f'.TH OCTOWIZARD 1 "" "octowizard {__version__}"'
    yield ".SH NAME"
    yield "octowizard \\- " + _roff(_("connects Octopus to Teamleader Focus"))
    yield ".SH SYNOPSIS"
    yield ".B octowizard\n" + value_said("[OPTION]... [COMMAND]")
    yield ".SH DESCRIPTION"
    yield _roff(parser.description or "")
    yield ".SH OPTIONS"
    yield from _taken(parser)
    yield ".SH COMMANDS"
    for one in commands_of(parser).values():
        yield from _manual_of(*one)
    yield '.SH "EXIT STATUS"'
    yield _roff(parser.epilog or "")


def _manual_of(parser: argparse.ArgumentParser, text: str) -> Iterator[str]:
    yield f'.SS "{_roff(parser.prog)}"'
    yield _roff(parser.description or text)
    for command, what in _examples(parser):
        yield f".TP\n.B {_roff(command)}\n{_roff(what)}"
    yield from _taken(parser)
    for one in commands_of(parser).values():
        yield from _manual_of(*one)


def _taken(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in _shown(parser):
        if "-h" in action.option_strings:
            continue
        value = (
            value_said(_value(action))
            or "|".join(map(str, action.choices or ()))
            or action.dest * (not action.option_strings)
        )
        head = f"{', '.join(action.option_strings)} {value}".strip()
        yield f".TP\n.B {_roff(head)}\n{_roff(_text(action))}"


def _roff(text: str) -> str:
    """Text as roff reads it, letter for letter: a backslash, a hyphen, and a sign at the beginning of a line."""
    escaped = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return "\\&" + escaped if escaped[:1] in (".", "'") else escaped
