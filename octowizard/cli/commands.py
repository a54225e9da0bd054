"""The commands by name: what the help of the whole says of each, and the module that is loaded when one is named.

The module of the command `x` is `octowizard.cli.x`: `add_to(commands, common)` adds its parser, and `run` runs it.
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from octowizard.locale import _

COMMANDS: dict[str, Callable[[], str]] = {
    "connect": lambda: _("sign in to your own Octopus and Teamleader accounts"),
    "setup": lambda: _("connect both sides step by step, up to a first clean sync"),
    "check": lambda: _("find what would go wrong, before it does"),
    "calendar": lambda: _("documents per fiscal year, period and journal"),
    "why": lambda: _("one document: where it stands, what stops it, its payments, what to do"),
    "mapping": lambda: _("accounts of product categories, VAT codes of tax rates"),
    "diagnose": lambda: _("explain an error message or number: cause, evidence, what to do"),
    "duplicates": lambda: _("customers that are twice there: find, explain, import, merge, undo"),
    "sync": lambda: _("book what waits in Teamleader, bring payments back"),
    "history": lambda: _("what earlier runs did"),
    "replay": lambda: _("play a run again: one of yours, or one in a support bundle of somebody else"),
    "profiles": lambda: _("list, show, add, edit, rename or remove pairs of accounts"),
    "doctor": lambda: _("is all well with octowizard itself, and how to mend what is not"),
    "config": lambda: _("every setting: its value, where it comes from, how to change it"),
    "sandbox": lambda: _("serve the practice company to any client, act in it, list its scenarios"),
}
# Their `run` takes the accounts that were chosen; that of the others chooses them itself, or needs none.
ON_ACCOUNTS = frozenset({"setup", "check", "calendar", "why", "mapping", "sync", "history"})


def summary(name: str) -> str:
    """What the command does, in half a line."""
    return COMMANDS[name]()


def load(name: str) -> ModuleType:
    """The module of a command."""
    return import_module(f"octowizard.cli.{name}")
