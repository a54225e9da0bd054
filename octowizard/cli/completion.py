"""What makes a shell complete our words: commands and options from the parser, and the values that they take."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator

import shtab

from octowizard.cli.arguments import commands_of, taken_by
from octowizard.cli.commands import COMMANDS
from octowizard.cli.practice import scenarios
from octowizard.onboarding.connection import settings
from octowizard.onboarding.declarables import THINGS, fixed
from octowizard.onboarding.steps.registry import definitions, questions
from octowizard.session.configuration import names
from octowizard.session.doctor import checks

_PROFILES = "octowizard profiles list --names"
# fish would show the words of the option behind each of its values; a value with a tab behind it has none.
_UNTOLD = r"string replace -r '\Z' '\t'"


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell (one of shtab.SUPPORTED_SHELLS)."""
    values = {
        "FILE": shtab.FILE,
        "BUNDLE": shtab.FILE,
        "DIR": shtab.DIRECTORY,
        "COMMAND": _words("commands", COMMANDS),
        "STEP": _words("steps", definitions()),
        "CHECK": _words("checks", checks()),
        "SETTING": _words("settings", names()),
        "WHAT": _words("choices", (one.id for one in settings())),
        "SCENARIO": _words("scenarios", scenarios()),
        "QUESTION": _words("questions", (*THINGS, *questions())),
        "ANSWER": _words("answers", ("yes", "no", *fixed()), files=True),
    }
    for action in _actions(parser):
        metavar = action.metavar if isinstance(action.metavar, str) else ""
        if action.option_strings and action.nargs == "?":
            action.nargs = None  # else bash offers nothing but values of the option after its value
        if action.dest == "profile" or (action.dest == "name" and metavar == "NAME"):
            action.complete = _profiles()  # type: ignore[attr-defined]  # as shtab reads it
        elif (name := re.split(r"[|.]", metavar)[0]) in values:
            action.complete = values[name]  # type: ignore[attr-defined]  # as shtab reads it
    text: str = shtab.complete(parser, shell)
    # as a file that is read by `source`, zsh would take the script for the completion of a word
    return text.replace("$zsh_eval_context[-1] == eval ]]", "$zsh_eval_context[-1] == (eval|file) ]]")


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    yield from taken_by(parser)
    for below, _text in commands_of(parser).values():
        yield from _actions(below)


def _words(name: str, those: Iterable[str], *, files: bool = False) -> dict[str, object]:
    """Completion by fixed words, as each shell wants it said; `files`: by those too, where a shell can do both."""
    words = " ".join(those)
    return _by_function(
        name,
        bash=words,
        zsh=words,
        tcsh=f"({words})",
        fish=f"({_UNTOLD} {words}" + ("; __fish_complete_path (commandline -ct))" if files else ")"),
        powershell=",".join(f"'{one}'" for one in words.split()),
        files=files,
    )


def _profiles() -> dict[str, object]:
    """Completion by the profiles that there are when the key is pressed."""
    return _by_function(
        "profiles",
        bash=f"$({_PROFILES} 2>/dev/null)",
        zsh=f"$({_PROFILES} 2>/dev/null)",
        tcsh=f"`{_PROFILES}`",
        fish=f"({_PROFILES} 2>/dev/null | {_UNTOLD})",
        powershell=f"({_PROFILES})",
    )


def _by_function(
    name: str, *, bash: str, zsh: str, tcsh: str, fish: str, powershell: str, files: bool = False
) -> dict[str, object]:
    function = f"_octowizard_{name}"
    in_bash, in_zsh, in_powershell = "", "", ""
    if files:
        in_bash, in_zsh = ' compgen -f -- "$1";', " _files;"
        in_powershell = " _shtab_powershell_compgen_files $word;"
    return {
        "bash": function,
        "zsh": function,
        "tcsh": tcsh,
        "fish": fish,
        "powershell": function,
        "preamble": {
            "bash": f'{function}() {{ compgen -W "{bash}" -- "$1";{in_bash} }}',
            "zsh": f"{function}() {{ compadd -- {zsh};{in_zsh} }}",
            "powershell": f"function {function}($word) {{{in_powershell} {powershell} | "
            'Where-Object { $_ -like "$word*" } }',
        },
    }
