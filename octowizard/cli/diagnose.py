"""`octowizard diagnose`: what an error means, what causes it here, and what to do about it."""

import argparse
import sys
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_json
from octowizard.cli.commands import summary
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, WELL, Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting
from octowizard.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.problems.explain import Explained
    from octowizard.problems.recognition import Recognition
    from octowizard.session.session import Session
    from octowizard.snapshot.model import Snapshot
    from octowizard.workspace.profiles import Profile

NAME = "diagnose"
STDIN = "-"
_MOST = 1_000_000  # bytes of stdin that are looked at


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        summary(NAME),
        _(
            "Recognises a message of Teamleader, Octopus or octowizard (English, Dutch or French) or an error number\n"
            "of Octopus, looks at just what confirms or rules out each cause, and says what to do. Writes nothing.\n"
            "Without a profile it explains all the same, with every cause open."
        ),
        _epilog(),
    )
    parser.add_argument(
        "text",
        nargs="+",
        metavar="TEXT|CODE|-",
        help=_("the message, an error number such as -15, or - for stdin"),
    )
    add_json(parser)
    parser.add_argument(
        "--offline", action="store_true", help=_("call nobody: answer from what was kept of the last look")
    )
    parser.add_argument("--bundle", metavar="FILE", help=_("also write a redacted support bundle (.zip)"))


def _epilog() -> str:
    return _(
        """with --json, one object:
  {"schema": 1, "problem": id or null where not known,
   "names": {"journal", "invoice", "wanted", "found", "amount", "date", "period", "year", ...: as far as named},
   "causes": [{"cause", "text", "state": confirmed|ruled_out|open, "evidence": []}],    the likeliest first
   "fix": [], "fixed_when", "nearest": [ids of other cards]}

exit codes: 0 recognised, and no cause is confirmed that needs attention; 1 not known, or a cause is confirmed;
2 wrong usage or configuration; 130 interrupted"""
    )


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Recognise, look, explain. The exit code."""
    text = _text(arguments.text)
    if not text.strip():
        raise Usage(_("There is nothing to explain: give a message, an error number, or - to read one."))
    from octowizard.problems.recognition import recognise

    recognition = recognise(text)
    present = _present(wanted, console)
    if present is None:
        return _answered(arguments, text, recognition, None, console)
    from octowizard.cli import accounts

    with accounts.chosen(present, console) as chosen:
        return _answered(arguments, text, recognition, chosen, console)


def _text(words: list[str]) -> str:
    if words != [STDIN]:
        return " ".join(words)
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        sys.stderr.write(_("Paste the message, then end with Ctrl-D (Windows: Ctrl-Z, Enter).") + "\n")
    return sys.stdin.buffer.read(_MOST).decode("utf-8", errors="replace")


def _present(wanted: "Wanted", console: Console) -> "Wanted | None":
    """The accounts to look at; None where there are none, or it was not said which: explaining goes without."""
    if wanted.scenario is not None or wanted.profile is not None:
        return wanted
    from octowizard.workspace.profiles import home, names

    known = names(home())
    if len(known) > 1:
        console.note(
            _("There are several profiles: with --profile NAME the causes are looked at in its accounts.")
        )
    return wanted if len(known) == 1 else None


def _answered(
    arguments: argparse.Namespace,
    text: str,
    recognition: "Recognition",
    session: "Session | None",
    console: Console,
) -> int:
    from pathlib import Path

    from octowizard.problems.explain import explain

    explained = None
    if recognition.problem is not None:
        snapshot = _looked(session, recognition.problem, console, arguments.offline) if session else None
        profile = session.profile if session else None
        explained = explain(recognition.problem, snapshot, profile, recognition.names)
    console.close()
    if arguments.json:
        from octowizard.presentation.json_output import diagnosis, encoded

        console.json(encoded(diagnosis(recognition, explained)))
    elif explained is None:
        _tell_unknown(console, recognition)
    else:
        _tell(console, recognition, explained)
    if arguments.bundle is not None:
        _bundle(console, Path(arguments.bundle), text, recognition, explained, session)
    if explained is None:
        return ATTENTION
    return ATTENTION if explained.confirmed and explained.severity != "info" else WELL


def _looked(session: "Session", problem: str, console: Console, offline: bool) -> "Snapshot | None":
    """Both sides, read as far as the problem needs it; what was kept where that fails; None where nothing was."""

    from octowizard.transport.errors import ConfigurationError
    from octowizard.workspace.errors import WorkspaceError
    from octowizard.workspace.secrets import SecretsUnavailable

    if not offline:
        try:
            return completed(session.read(problem, reporting(console)))
        except (ConfigurationError, SecretsUnavailable, WorkspaceError) as error:
            console.note(plain(str(error)))
    try:
        return session.snapshot()
    except WorkspaceError as error:
        console.note(plain(str(error)))
        return None


def _tell(console: Console, recognition: "Recognition", explained: "Explained") -> None:
    from msgspec.structs import replace

    from octowizard.presentation.detail import problem
    from octowizard.problems.card_text import name_label

    names = [(name_label(name), value) for name, value in recognition.names.items()]
    console.page(replace(problem(explained, names), aside=f"[{explained.problem}]"))


def _tell_unknown(console: Console, recognition: "Recognition") -> None:
    from octowizard.presentation.detail import not_known
    from octowizard.problems.catalogue import cards

    nearest = [f"{_(cards()[problem].title)}  [{problem}]" for problem in recognition.nearest]
    hint = _("Run `octowizard check`, or add --bundle FILE and send that file to whoever supports you.")
    console.page(not_known(nearest, (hint,)))


def _bundle(
    console: Console,
    target: "Path",
    text: str,
    recognition: "Recognition",
    explained: "Explained | None",
    session: "Session | None",
) -> None:
    from octowizard.problems.bundle import BundleError, write_bundle
    from octowizard.workspace.profiles import home

    profile: Profile | None = None
    root = home()
    if session is not None:
        root, profile = session.root, session.profile
    try:
        files = write_bundle(target, text, recognition, explained, root, profile)
    except BundleError as error:
        raise Usage(str(error)) from None
    console.note(
        _(
            "{path} holds {files}; no passwords or keys, but names and numbers: look at it before you send it."
        ).format(path=target, files=", ".join(files))
    )
