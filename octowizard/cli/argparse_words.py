"""What argparse says of its own, in the language of octowizard: it asks the standard gettext, which has no catalogue.

`tests/cli/test_language.py` holds the table to what argparse says where our options meet a mistake.
"""

import argparse
from collections.abc import Callable

from octowizard.locale import _, ngettext

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


def _said(text: str) -> str:
    own = _WORDS.get(text)
    return own() if own is not None else text


def _counted(singular: str, plural: str, number: int) -> str:
    if singular == "expected %s argument":
        return ngettext("it takes %s value", "it takes %s values", number)
    return singular if number == 1 else plural


def speak() -> None:
    """Have argparse say it so, from now on."""
    vars(argparse).update(_=_said, ngettext=_counted)
