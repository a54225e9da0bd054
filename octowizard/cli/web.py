"""`octowizard web`: the app in the browser of this computer."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from octowizard import locale
from octowizard.cli.arguments import add_command, whole
from octowizard.cli.console import Console
from octowizard.cli.exits import INTERRUPTED, NotReached, Usage
from octowizard.cli.interrupt import last_act
from octowizard.cli.wanted import Wanted
from octowizard.locale import _

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands

    Serve = Callable[[Sequence[str], int, Callable[[str], None]], None]

NAME = "web"
_MOST = 65535


def add_to(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Shows the app in the browser of this computer, until Ctrl-C: each tab is an app of its own. The address "
            "that is printed lets in whoever has it; nothing but this computer reaches it. It needs the extra `web`: "
            "pip install 'octowizard[web]'."
        ),
    )
    parser.add_argument(
        "--port", type=whole, metavar="N", default=0, help=_("the port to serve on; without it a free one")
    )
    parser.add_argument("--open", action="store_true", help=_("open it in the browser"))


def run(arguments: argparse.Namespace, wanted: Wanted, console: Console, serve: Serve) -> int:
    """Serve until it is interrupted. The exit code."""
    if arguments.port > _MOST:
        raise Usage(_("A port is a number up to {most}.").format(most=_MOST))
    from urllib.parse import urlsplit

    from octowizard.session.terminal import over_ssh

    with _opening() if arguments.open else nullcontext() as opened:

        def ready(address: str) -> None:
            console.line(address)
            console.note(
                _("Open this address, and tell it to nobody: it lets in whoever has it. Ctrl-C ends it.")
            )
            if over_ssh():
                hint = _(
                    "Only this computer reaches it: `ssh -L {port}:127.0.0.1:{port}` brings it to the one before you."
                )
                console.note(hint.format(port=urlsplit(address).port))
            if opened is not None:
                opened(address)

        _serve(serve, _words(wanted), arguments.port, ready)
    return INTERRUPTED


def _serve(serve: Serve, words: Sequence[str], port: int, ready: Callable[[str], None]) -> None:
    try:
        serve(words, port, ready)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("textual_serve", "aiohttp", "aiohttp_jinja2"):
            raise
        raise Usage(
            _("The app in the browser needs textual-serve: pip install 'octowizard[web]' brings it.")
        ) from None
    except OSError as error:
        refusal = _("Port {port} cannot be served on: {reason}")
        raise NotReached(refusal.format(port=port, reason=error.strerror or error)) from None


def _words(wanted: Wanted) -> list[str]:
    """What follows `octowizard` in each tab: whose accounts, and in which language."""
    words = [f"--language={language}"] if (language := locale.chosen()) else []
    if wanted.profile is not None:
        words.append(f"--profile={wanted.profile}")
    if wanted.scenario is not None:
        words.append(f"--sandbox={wanted.scenario}" if wanted.scenario else "--sandbox")
    for option, number in (
        ("--seed", wanted.seed),
        ("--customers", wanted.customers),
        ("--documents", wanted.documents),
    ):
        if number is not None:
            words.append(f"{option}={number}")
    return words


@contextmanager
def _opening() -> Iterator[Callable[[str], None]]:
    """What opens an address: by a file that only its owner can read, as the words of a program are seen by all."""
    import shutil
    import tempfile
    from pathlib import Path

    from octowizard.session.terminal import open_browser

    folder = Path(tempfile.mkdtemp(prefix="octowizard-web-"))

    def opened(address: str) -> None:
        page = folder / "open.html"
        page.write_text(
            f'<!doctype html><meta http-equiv="refresh" content="0;url={address}">', encoding="utf-8"
        )
        threading.Thread(target=open_browser, args=(page.as_uri(),), daemon=True).start()

    def tidy() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    with last_act(tidy):
        try:
            yield opened
        finally:
            tidy()
