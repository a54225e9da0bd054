"""What argparse says of its own, in the language of octowizard: it asks the standard gettext, which has no catalogue.

`tests/cli/test_language.py` holds the table to what argparse says where our options meet a mistake.
"""

import argparse
import re
from collections.abc import Callable

from octowizard.locale import _, ngettext, pgettext

_WORDS: dict[str, Callable[[], str]] = {
    "usage: ": lambda: _("usage: "),
    "positional arguments": lambda: _("arguments"),
    "options": lambda: _("options"),
    "subcommands": lambda: _("commands"),
    "show this help message and exit": lambda: _("show this help and leave"),
    "argument %(argument_name)s: %(message)s": lambda: "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": lambda: _("this is missing: %s"),
    "one of the arguments %s is required": lambda: _("one of these is missing: %s"),
    "expected one argument": lambda: _("a value is missing after it"),
    "expected at most one argument": lambda: _("it takes one value at most"),
    "expected at least one argument": lambda: _("it takes at least one value"),
    "not allowed with argument %s": lambda: _("it cannot be used together with %s"),
    "ignored explicit argument %r": lambda: _("it takes no value, so not %r"),
    "unrecognized arguments: %s": lambda: _("there is no %s here"),
    "invalid %(type)s value: %(value)r": lambda: _("%(value)r cannot be used here"),
    "can't open '%(filename)s': %(error)s": lambda: _("%(filename)s cannot be opened: %(error)s"),
}

# What stands for a value in the help, such as FILE. Letters that are the same everywhere (ID, N, URL) are not here.
_VALUES: dict[str, Callable[[], str]] = {
    "ACCOUNT": lambda: pgettext("stands for a value", "ACCOUNT"),
    "ACTION": lambda: pgettext("stands for a value", "ACTION"),
    "ANSWER": lambda: pgettext("stands for a value", "ANSWER"),
    "BUNDLE": lambda: pgettext("stands for a value", "BUNDLE"),
    "CHECK": lambda: pgettext("stands for a value", "CHECK"),
    "COLUMN": lambda: pgettext("stands for a value", "COLUMN"),
    "COMMAND": lambda: pgettext("stands for a value", "COMMAND"),
    "DATE": lambda: pgettext("stands for a value", "DATE"),
    "DAYS": lambda: pgettext("stands for a value", "DAYS"),
    "FIELD": lambda: pgettext("stands for a value", "FIELD"),
    "FILE": lambda: pgettext("stands for a value", "FILE"),
    "JOURNAL": lambda: pgettext("stands for a value", "JOURNAL"),
    "LEFT": lambda: pgettext("stands for a value", "LEFT"),
    "NAME": lambda: pgettext("stands for a value", "NAME"),
    "NEW": lambda: pgettext("stands for a value", "NEW"),
    "NUMBER": lambda: pgettext("stands for a value", "NUMBER"),
    "OPTION": lambda: pgettext("stands for a value", "OPTION"),
    "OUT": lambda: pgettext("stands for a value", "OUT"),
    "PROFILE": lambda: pgettext("stands for a value", "PROFILE"),
    "QUESTION": lambda: pgettext("stands for a value", "QUESTION"),
    "RIGHT": lambda: pgettext("stands for a value", "RIGHT"),
    "ROW": lambda: pgettext("stands for a value", "ROW"),
    "RUN": lambda: pgettext("stands for a value", "RUN"),
    "SCENARIO": lambda: pgettext("stands for a value", "SCENARIO"),
    "SETTING": lambda: pgettext("stands for a value", "SETTING"),
    "SIGN": lambda: pgettext("stands for a value", "SIGN"),
    "STEP": lambda: pgettext("stands for a value", "STEP"),
    "TEXT": lambda: pgettext("stands for a value", "TEXT"),
    "TIME": lambda: pgettext("stands for a value", "TIME"),
    "VALUE": lambda: pgettext("stands for a value", "VALUE"),
    "WHAT": lambda: pgettext("stands for a value", "WHAT"),
}
_CAPITALS = re.compile(r"[A-Z]+")


def value_said(value: str) -> str:
    """`FILE|octopus` in the language of the help: `BESTAND|octopus`; what is typed as it stands stays so."""
    return _CAPITALS.sub(lambda found: _VALUES[found[0]]() if found[0] in _VALUES else found[0], value)


def _said(text: str) -> str:
    own = _WORDS.get(text)
    return own() if own is not None else text


def _counted(singular: str, plural: str, number: int) -> str:
    if singular == "expected %s argument":
        return ngettext("it takes %s value", "it takes %s values", number)
    return singular if number == 1 else plural


_named = argparse._get_action_name


def _name(action: argparse.Action | None) -> str | None:
    """What an option or a value is called where a mistake is told."""
    name = _named(action)
    return value_said(name) if name else name


def speak() -> None:
    """Have argparse say it so, from now on."""
    vars(argparse).update(_=_said, ngettext=_counted, _get_action_name=_name)
