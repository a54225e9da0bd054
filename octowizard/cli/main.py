"""The way in: reads the words, opens the accounts, hands over to a command, ends with its exit code.

Loads nothing it does not need: no textual, httpx, keyring or starlette before the command is known.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

from octowizard import __version__, locale
from octowizard.cli import exits
from octowizard.cli.arguments import below
from octowizard.cli.commands import COMMANDS, ON_ACCOUNTS, PAGED, load
from octowizard.cli.console import Console, ready_streams, silence_stdout, takes_app, tell
from octowizard.cli.interrupt import ending_orderly, leave_at_once, no_word_of_interrupted_tasks
from octowizard.cli.parser import build_parser
from octowizard.locale import _

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from octowizard.cli.wanted import Wanted
    from octowizard.session.recordings import Recording

SANDBOX = "sandbox"  # what follows it is read by the practice company itself
REPLAY = "replay"  # the command that may open the app
WEB = "web"  # the command that has it opened in a browser
_TAKE_A_WORD = ("--profile", "--language", "--seed", "--customers", "--documents", "--print-completion")


def run(argv: Sequence[str] | None = None) -> int:
    """The console script. The exit code; never an exception, never a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    ready_streams()
    try:
        with ending_orderly():
            code = _obeyed(words)
            sys.stdout.flush()
            return code
    except KeyboardInterrupt:
        tell(_("Interrupted."))
        return exits.INTERRUPTED
    except Exception as several:
        from octowizard.workspace.errors import leaves

        errors = list(leaves(several, Exception))
        if any(isinstance(error, OSError) for error in errors):
            silence_stdout()  # it may be stdout itself that takes no more
        error = next((error for error in errors if not isinstance(error, OSError)), errors[0])
        if isinstance(error, BrokenPipeError):  # whoever read our output has seen enough
            return exits.WELL
        if isinstance(error, OSError) and error.errno == errno.EIO:  # the terminal is gone: nobody to tell
            return exits.INTERRUPTED
        sentence, code = exits.explained(error, verbose="--verbose" in words)
        tell(sentence)
        return code


def _obeyed(words: list[str]) -> int:
    locale.choose(_language(words))
    words, for_sandbox = _read(words)
    if for_sandbox is not None:
        no_word_of_interrupted_tasks()
        code: int = load(SANDBOX).run(for_sandbox)
        return code
    if "--json" in words and any(word in ("-h", "--help") for word in words):
        from octowizard.cli.help import show_json

        show_json(*below(build_parser(), words), Console())
        return exits.WELL
    parser = build_parser(words)
    try:
        arguments = parser.parse_args(words)
        if arguments.print_completion is not None:
            from octowizard.cli.completion import script

            Console().line(script(build_parser(), arguments.print_completion))
            return exits.WELL
        if arguments.version:
            return _version(Console(), verbose=getattr(arguments, "verbose", False))
        wanted = _wanted(parser, arguments)
    except SystemExit as end:  # help, version, or a mistake that has been told
        return end.code if isinstance(end.code, int) else exits.WRONG_USAGE
    if wanted.scenario:
        from octowizard.cli.practice import known

        known(wanted.scenario, tuple(COMMANDS))
    if getattr(arguments, "offline", False) and getattr(arguments, "fresh", False):
        raise exits.Usage(_("--offline asks nobody, and --fresh reads both sides again: give one of them."))
    console = Console(
        plain=getattr(arguments, "plain", False),
        colour=not getattr(arguments, "no_color", False),
        verbose=getattr(arguments, "verbose", False),
    )
    if arguments.command is None:
        no_word_of_interrupted_tasks()
        return _app(wanted, console)
    return _ran(arguments, wanted, console)


def _language(words: list[str]) -> str | None:
    """The language that is asked for: by the words, else by the environment or the settings; None: by the system."""
    if (given := _word_after("--language", words)) or os.environ.get("OCTOWIZARD_LANGUAGE"):
        return given
    from octowizard.workspace.home import language_kept

    return language_kept() or None


def _version(console: Console, *, verbose: bool) -> int:
    console.line(f"octowizard {__version__}")
    if verbose:
        from octowizard.session.doctor import versions

        for name, text in versions():
            console.line(f"{name} {text or '-'}")
    return exits.WELL


def _ran(arguments: argparse.Namespace, wanted: Wanted, console: Console) -> int:
    run_command: Callable[..., int] = load(arguments.command).run
    if arguments.command == REPLAY:
        return run_command(arguments, wanted, console, _replay_app)
    if arguments.command == WEB:
        from octowizard.app.start import serve

        return run_command(arguments, wanted, console, serve)
    if arguments.command in PAGED and not getattr(arguments, "json", False):
        with console.paged():
            return _run(run_command, arguments, wanted, console)
    return _run(run_command, arguments, wanted, console)


def _run(
    run_command: Callable[..., int], arguments: argparse.Namespace, wanted: Wanted, console: Console
) -> int:
    if arguments.command not in ON_ACCOUNTS:
        return run_command(arguments, wanted, console)
    from octowizard.cli.accounts import chosen

    with chosen(wanted, console) as present:
        return run_command(arguments, present, console)


def _app(wanted: Wanted, console: Console) -> int:
    if not takes_app():
        raise exits.Usage(
            _("The app needs a terminal; `octowizard --help` shows the commands that do without one.")
        )
    wanted = wanted._replace(watched=True)
    if wanted.scenario is not None:
        return _practice_app(wanted)
    from octowizard.app.start import WANTS_PRACTICE, start
    from octowizard.cli import accounts
    from octowizard.workspace.profiles import home

    root = home()
    reopen = partial(accounts.opened, root)
    if accounts.only(root, wanted.profile) is None:
        code = start(root, None, leave_at_once=leave_at_once, reopen=reopen)
        return _practice_app(wanted._replace(scenario="")) if code == WANTS_PRACTICE else code
    with accounts.chosen(wanted, console) as present:
        return start(root, present, leave_at_once=leave_at_once, reopen=reopen)


def _practice_app(wanted: Wanted) -> int:
    """The app is drawn while its practice company starts."""
    from octowizard.cli.practice import starting

    with starting(wanted) as (root, ready):
        from octowizard.app.start import start

        return start(root, None, leave_at_once=leave_at_once, prepare=ready)


def _replay_app(recording: Recording) -> int:
    from octowizard.app.start import start
    from octowizard.workspace.profiles import home

    return start(home(), None, leave_at_once=leave_at_once, recording=recording)


def _wanted(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> Wanted:
    from octowizard.cli.wanted import Wanted

    wanted = Wanted(
        profile=getattr(arguments, "profile", None),
        scenario=getattr(arguments, "sandbox", None),
        seed=getattr(arguments, "seed", None),
        customers=getattr(arguments, "customers", None),
        documents=getattr(arguments, "documents", None),
        try_again=getattr(arguments, "try_again", False),
    )
    if wanted.profile is not None and wanted.scenario is not None:
        parser.error(_("--profile and --sandbox exclude each other"))
    if wanted.scenario is not None and arguments.command == "profiles":
        parser.error(_("--sandbox has no profiles of its own: leave it out, and `profiles` is about yours"))
    if wanted.scenario is None and any(
        number is not None for number in (wanted.seed, wanted.customers, wanted.documents)
    ):
        parser.error(_("--seed, --customers and --documents go with --sandbox"))
    return wanted


def _read(words: list[str]) -> tuple[list[str], list[str] | None]:
    """The words with each `--sandbox [SCENARIO]` made one word; and what follows the command `sandbox`.

    argparse alone would take the `sync` of `--sandbox sync` for a scenario.
    """
    read: list[str] = []
    command = None
    rest = iter(enumerate(words))
    for position, word in rest:
        following = words[position + 1] if position + 1 < len(words) else None
        if word == "--sandbox":
            scenario = following is not None and not following.startswith("-") and following not in COMMANDS
            read.append(f"--sandbox={following if scenario else ''}")
            if scenario:
                next(rest)
        elif word in _TAKE_A_WORD and following is not None:
            read += [word, following]
            next(rest)
        elif command is None and not word.startswith("-"):
            command = word
            if word == SANDBOX:
                return read, words[position + 1 :]
            read.append(word)
        else:
            read.append(word)
    return read, None


def _word_after(option: str, words: list[str]) -> str | None:
    for position, word in enumerate(words):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and position + 1 < len(words):
            return words[position + 1]
    return None
