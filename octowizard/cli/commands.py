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
    "audit": lambda: _("prove that both sides say the same, to the cent"),
    "report": lambda: _("how all stands, for the accountant: web page, Markdown, JSON, workbook"),
    "letter": lambda: _("a ready mail that asks the accountant or the customer"),
    "watch": lambda: _(
        "look on while Teamleader's own integration books: what arrives, what is missing, why"
    ),
    "history": lambda: _("what earlier runs did"),
    "fleet": lambda: _("check, sync, audit or set up many profiles at once"),
    "replay": lambda: _("play a run again: one of yours, or one in a support bundle of somebody else"),
    "profiles": lambda: _("list, show, add, edit, rename or remove pairs of accounts"),
    "doctor": lambda: _("is all well with octowizard itself, and how to mend what is not"),
    "config": lambda: _("every setting: its value, where it comes from, how to change it"),
    "sandbox": lambda: _("serve the practice company to any client, act in it, list its scenarios"),
    "web": lambda: _("the app in the browser of this computer"),
    "help": lambda: _("what a command takes; all of it as a manual page"),
}
# Shown by the command's own help: what follows `octowizard`, and what for.
EXAMPLES: dict[str, Callable[[], tuple[tuple[str, str], ...]]] = {
    "connect": lambda: (
        ("connect", _("sign in to both, question by question")),
        ("connect --reauthorise", _("sign in again, for a password or permission that ended")),
    ),
    "setup": lambda: (
        ("setup", _("go through it, question by question")),
        ("setup --status", _("what is done and what comes next")),
        ("setup do create-fiscal-year", _("do one step")),
    ),
    "check": lambda: (
        ("check", _("what needs attention now")),
        ("check --offline --json", _("the same of the last look, for another program")),
    ),
    "calendar": lambda: (("calendar", _("where the waiting documents would be booked")),),
    "why": lambda: (("why '2026 / 42'", _("why this invoice is not in Octopus, or not paid")),),
    "mapping": lambda: (("mapping", _("which account and VAT code each line would get")),),
    "diagnose": lambda: (
        ("diagnose 'Book year period is closed'", _("what the message means here, and what to do")),
        ("diagnose < mail.txt", _("the same of a whole mail")),
    ),
    "duplicates": lambda: (
        ("duplicates find", _("the same customer on both sides, and twice on one")),
        ("duplicates find --left octopus.csv --right teamleader.xlsx", _("the same of two files")),
    ),
    "sync": lambda: (
        ("sync --dry-run", _("what would be written, without writing it")),
        ("sync --only '2026 / 42'", _("this invoice alone")),
        ("sync --yes", _("without a question, as in a scheduled task")),
    ),
    "watch": lambda: (
        ("watch", _("until all that waits has arrived")),
        ("watch --for 30m --json", _("half an hour, for another program")),
    ),
    "audit": lambda: (("audit", _("every document that makes a difference, and the totals")),),
    "report": lambda: (
        ("report --output report.html", _("a web page for the accountant, that prints on A4")),
        ("report --format json", _("the same for another program")),
    ),
    "letter": lambda: (
        ("letter", _("what there is to ask, and whom")),
        ("letter secured-period --output mail.eml", _("the mail about it, for your mail program")),
    ),
    "history": lambda: (
        ("history", _("the runs so far")),
        ("history --document '2026 / 42'", _("what happened to this invoice")),
    ),
    "fleet": lambda: (
        ("fleet check --all", _("what needs attention in all of them, and the next deadline of each")),
        ("fleet sync --yes north south", _("book what waits in two of them")),
    ),
    "replay": lambda: (
        ("replay", _("the newest run again, on the screen")),
        ("replay support.zip --plain", _("what is in a bundle of somebody else, as text")),
    ),
    "profiles": lambda: (("profiles list", _("the pairs of accounts that are kept here")),),
    "doctor": lambda: (("doctor --online", _("also whether both vendors let you in")),),
    "config": lambda: (("config explain", _("every setting and where it comes from")),),
    "web": lambda: (
        ("web --open", _("serve it, and open it in the browser")),
        ("web --sandbox --port 8080", _("a practice company, always at the same port")),
    ),
    "help": lambda: (
        ("help sync", _("what sync takes")),
        ("help --man > octowizard.1", _("the manual page")),
    ),
    "sandbox": lambda: (("sandbox serve", _("serve the practice company until Ctrl-C")),),
}
# Their `run` takes the accounts that were chosen; that of the others chooses them itself, or needs none.
ON_ACCOUNTS = frozenset(
    {"setup", "check", "calendar", "why", "mapping", "sync", "watch", "audit", "report", "letter", "history"}
)
# What they print is only read, and may be longer than a terminal.
PAGED = frozenset({"check", "calendar", "why", "audit", "history", "config", "help"})


def summary(name: str) -> str:
    """What the command does, in half a line."""
    return COMMANDS[name]()


def load(name: str) -> ModuleType:
    """The module of a command."""
    return import_module(f"octowizard.cli.{name}")
