"""`octowizard diagnose`: what an error means, what causes it here, and what to do about it."""

import argparse
import sys
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_json, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, WELL, Usage
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import reporting
from octowizard.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.problems.diagnosis import Diagnosis
    from octowizard.session.session import Session
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
        _(
            "Recognises a message of Teamleader, Octopus or octowizard, an error number of Octopus, or an error told\n"
            "in your own words (English, Dutch or French), looks at just what confirms or rules out each cause, and\n"
            "says what to do. The number of a document, or a question why it does not go through, is answered by all\n"
            "checks. Writes nothing.\n"
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
    return paragraphs(
        """with --json, one object:
  {"schema": 1, "problem": id, or null where it is not certain,
   "likely": [{"problem", "confidence": 0-1, "because": [words of the text, then what the accounts show]}],
   "names": {"journal", "invoice", "wanted", "found", "amount", "date", "period", "year", ...: as far as named},
   "causes": [{"cause", "text", "state": confirmed|ruled_out|open, "evidence": []}],    the likeliest first
   "fix": [], "fixed_when": of the problem, or of the likeliest; "nearest": [ids of other cards],
   "rests_on": [what was declared, and not measured],
  "not_checked": [{"check", "title", "why"}]}      what could not be looked at: never the same as fine""",
        _(
            "exit codes: 0 recognised, for certain or likely, and no cause of a certain problem is "
            "confirmed that needs attention;\n"
            "1 not known, or such a cause is confirmed; 2 wrong usage or configuration; 130 interrupted"
        ),
    )


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Recognise, look, explain. The exit code."""
    text = _text(arguments.text)
    if not text.strip():
        raise Usage(_("There is nothing to explain: give a message, an error number, or - to read one."))
    present = _present(wanted, console)
    if present is None:
        return _answered(arguments, text, None, console)
    from octowizard.cli import accounts

    with accounts.chosen(present, console) as chosen:
        return _answered(arguments, text, chosen, console)


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
    session: "Session | None",
    console: Console,
) -> int:
    from pathlib import Path

    from octowizard.problems.diagnosis import diagnose
    from octowizard.problems.recognition import recognise

    if session is not None and _looked(session, text, console, arguments.offline):
        diagnosed = session.explanations.diagnosed(text)
    else:
        diagnosed = diagnose(recognise(text), None, session.profile if session else None)
    console.close()
    if arguments.json:
        from octowizard.presentation.json_output import diagnosis, encoded

        console.json(encoded(diagnosis(diagnosed)))
    else:
        _tell(console, diagnosed, session)
    if arguments.bundle is not None:
        _bundle(console, Path(arguments.bundle), text, diagnosed, session)
    explained = diagnosed.explained
    if explained is None:
        return ATTENTION
    return ATTENTION if diagnosed.problem and explained.confirmed and explained.severity != "info" else WELL


def _looked(session: "Session", text: str, console: Console, offline: bool) -> bool:
    """Read both sides as far as the meaning of the text needs it; is anything kept of them that can be looked at?"""
    from octowizard.transport.errors import ConfigurationError
    from octowizard.workspace.errors import WorkspaceError
    from octowizard.workspace.secrets import SecretsUnavailable

    if not offline:
        try:
            completed(session.explanations.read(text, reporting(console)))
        except (ConfigurationError, SecretsUnavailable, WorkspaceError) as error:
            console.note(plain(str(error)))
    try:
        session.snapshot()
    except WorkspaceError as error:
        console.note(plain(str(error)))
        return False
    return True


def _tell(console: Console, diagnosed: "Diagnosis", session: "Session | None") -> None:
    from msgspec.structs import replace

    from octowizard.presentation.detail import diagnosis, not_known
    from octowizard.problems.card_text import name_label, title

    names = [(name_label(name), value) for name, value in diagnosed.recognition.names.items()]
    page = diagnosis(diagnosed, names)
    if page is not None and diagnosed.explained is not None:
        console.page(replace(page, aside=f"[{diagnosed.explained.problem}]"))
        return
    nearest = [f"{title(problem)}  [{problem}]" for problem in diagnosed.recognition.nearest]
    hint = _("Run `octowizard check`, or add --bundle FILE and send that file to whoever supports you.")
    asked: tuple[str, ...] = ()
    if diagnosed.question:
        asked = (
            _nothing_stops_it(session, diagnosed)
            if session is not None
            else (_("Why something does not go through, only your accounts can tell: add --profile NAME."),)
        )
    console.page(not_known(nearest, (*asked, hint)))


def _nothing_stops_it(session: "Session", diagnosis: "Diagnosis") -> tuple[str, ...]:
    """That nothing stops what was asked about, and on what that rests where a side is declared."""
    from octowizard.snapshot.declared_parts import rests_on
    from octowizard.workspace.errors import WorkspaceError

    try:
        snapshot = session.snapshot()
    except WorkspaceError:
        return ()
    if not session.profile.unconnected:
        if diagnosis.unlooked:
            return (
                _(
                    "Nothing that was read would stop it, but not all was read: octowizard check reads the rest."
                ),
            )
        return (_("Your accounts show nothing that would stop it."),)
    rests = rests_on(snapshot)
    return (_("Nothing that was declared would stop it; what was not declared, nobody looked at."), *rests)


def _bundle(
    console: Console,
    target: "Path",
    text: str,
    diagnosis: "Diagnosis",
    session: "Session | None",
) -> None:
    from octowizard.problems.bundle import BundleError, write_bundle
    from octowizard.workspace.profiles import home

    profile: Profile | None = None
    root = home()
    if session is not None:
        root, profile = session.root, session.profile
    try:
        files = write_bundle(target, root, profile, text=text, diagnosis=diagnosis)
    except BundleError as error:
        raise Usage(str(error)) from None
    console.note(
        _(
            "{path} holds {files}; no passwords or keys, but names and numbers: look at it before you send it."
        ).format(path=target, files=", ".join(files))
    )
