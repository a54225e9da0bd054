"""The command line of the practice company: serve it, act in it, list its scenarios.

stdout is data (the JSON line of `serve`, the answer of `do`), stderr says in one sentence what is wrong. Exit
codes: 0 done, 2 wrong usage, 3 the practice company could not be reached. The web parts are imported only once
it is certain that something will be served.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import gc
import http.client
import json
import os
import re
import signal
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from octowizard.sandbox.filenames import is_plain

if TYPE_CHECKING:
    from octowizard.sandbox.state import World

PROGRAM = "octowizard sandbox"
Worded = Callable[[str], str]  # a text of ours in the language of the reader: it is English here


class Usage(Exception):
    """Wrong usage; the text is the one sentence for the user."""


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence, without the usage lines above it."""

    def error(self, message: str) -> NoReturn:
        message = message.removeprefix("argument ")
        raise Usage(message if message.endswith(".") else f"{message}.")


def _whole(lowest: int, highest: int, worded: Worded) -> Callable[[str], int]:
    def read(text: str) -> int:
        if re.fullmatch(r"[+-]?\d{1,12}", text, re.ASCII) and lowest <= int(text) <= highest:
            return int(text)
        said = worded("a whole number from {lowest} to {highest} is wanted, not {text}")
        raise argparse.ArgumentTypeError(said.format(lowest=lowest, highest=highest, text=repr(text)))

    return read


def _folder(worded: Worded) -> Callable[[str], Path]:
    def read(text: str) -> Path:
        folder = Path(text)
        with suppress(OSError, ValueError):
            if folder.is_dir():
                return folder.resolve()
        said = worded("a folder that exists is wanted, not {text}")
        raise argparse.ArgumentTypeError(said.format(text=repr(text)))

    return read


def _numbers(worded: Worded) -> tuple[tuple[str, int, int, int | None, str, str], ...]:
    """Option, lowest, highest, default, what stands for it, help."""
    wait, one = worded("wait before every answer (default: 0)"), worded("default: 1")
    customers = worded("how many customers instead of the scenario's own")
    documents = worded("how many waiting documents instead of its own")
    return (
        ("--port", 0, 65535, 0, "N", worded("0 takes a free one (default)")),
        ("--customers", 0, 1_000_000, None, "N", customers),
        ("--documents", 0, 1_000_000, None, "N", documents),
        ("--latency-octopus", 0, 600_000, 0, "MS", wait),
        ("--latency-teamleader", 0, 600_000, 0, "MS", wait),
        ("--seed", 0, 2**31 - 1, 1, "N", one),
    )


def add_commands(parser: argparse.ArgumentParser, worded: Worded = str) -> None:
    """What this command line takes: for whoever reads it here, and for the help of a larger one."""
    parser.description = worded(
        "The practice company: invented accounts behind stand-ins of the two vendors' APIs."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="serve | do | scenarios")
    about = worded(
        "Serves on the loopback interface. The first line of output is a JSON object with the addresses and "
        "credentials."
    )
    what = worded("serve a practice company until stopped")
    serve = commands.add_parser("serve", help=what, description=about, allow_abbrev=False)
    add = serve.add_argument
    what = worded("which practice company (default: healthy)")
    add("--scenario", default="healthy", metavar="SCENARIO", help=what)
    for option, lowest, highest, default, metavar, what in _numbers(worded):
        read = _whole(lowest, highest, worded)
        add(option, type=read, default=default, metavar=metavar, help=what)
    what = worded("the daily limits of Octopus and the window of Teamleader (default: on)")
    add("--limits", choices=("on", "off"), default="on", help=what)
    what = worded(
        "where practice actions read and write files, and nowhere else (default: the current folder)"
    )
    add("--files", type=_folder(worded), default=Path(), metavar="DIR", help=what)
    add("--tell-making", action="store_true", help=argparse.SUPPRESS)  # lines before the first: making.py
    add("--until-stdin-closes", action="store_true", help=worded("end when standard input is closed"))
    about = worded("The control address lists the actions: CONTROL_URL/actions.")
    what = worded("do what a person does in the vendors' screens")
    do = commands.add_parser("do", help=what, description=about, allow_abbrev=False)
    what = worded("the control_url of a served company")
    do.add_argument("--control", required=True, metavar="URL", help=what)
    do.add_argument("action", metavar="ACTION")
    do.add_argument("arguments", nargs="*", metavar="key=value")
    what = worded("list the practice companies there are")
    scenarios = commands.add_parser("scenarios", help=what, allow_abbrev=False)
    scenarios.add_argument("--json", action="store_true", help=worded("as JSON"))


def main(argv: Sequence[str], worded: Worded = str, parser: argparse.ArgumentParser | None = None) -> int:
    """Run the command line; returns the exit code and never raises for anything the user did.

    `worded`: the language of the reader; `parser`: answers what is no such command, instead of ours.
    """
    try:
        parser = parser or _Parser(prog=PROGRAM, allow_abbrev=False)
        add_commands(parser, worded)
        options = parser.parse_args(argv)
        if options.command == "serve":
            return _serve(options, worded)
        return _do(options, worded) if options.command == "do" else _scenarios(options, worded)
    except Usage as wrong:
        print(f"{PROGRAM}: {wrong}", file=sys.stderr)  # noqa: T201 - this is the narration of a program
        return 2
    except SystemExit as done:  # argparse after --help
        return done.code if isinstance(done.code, int) else 0
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - stays until the end
        return 0


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _scenarios(options: argparse.Namespace, worded: Worded) -> int:
    from octowizard.sandbox.worlds import SCENARIOS

    if options.json:
        listed = [{"name": one.name, "summary": worded(one.summary)} for one in SCENARIOS.values()]
        _out(json.dumps(listed, ensure_ascii=False))
        return 0
    width = max(len(name) for name in SCENARIOS)
    for one in SCENARIOS.values():
        _out(f"{one.name:<{width}}  {worded(one.summary)}")
    return 0


def build_world(options: argparse.Namespace, worded: Worded = str) -> World:
    """The world that the options of `serve` ask for. Raises Usage."""
    from octowizard.sandbox.worlds import SCENARIOS

    scenario = SCENARIOS.get(options.scenario)
    if scenario is None:
        near = difflib.get_close_matches(options.scenario, SCENARIOS, n=3, cutoff=0.5)
        said = worded("There is no scenario {name}; {program} scenarios lists them.")
        if near:
            said = worded("There is no scenario {name}; there is: {names}.")
        names = ", ".join(near)
        raise Usage(said.format(name=repr(options.scenario), program=PROGRAM, names=names))
    try:
        with _telling(options):
            world = scenario.build(options.seed, options.customers, options.documents)
    except ValueError as problem:
        raise Usage(str(problem)) from None
    world.limits = options.limits == "on"
    gc.collect()
    gc.freeze()  # the records stay: looking through them again and again would slow every answer
    return world


def _telling(options: argparse.Namespace) -> AbstractContextManager[None]:
    """How far it is, told while the world is made, where that was asked for and the numbers are known."""
    from octowizard.sandbox.making import telling
    from octowizard.sandbox.worlds import whole

    if not options.tell_making or options.scenario not in whole.NAMES:
        return nullcontext()
    return telling(*whole.sizes(options.scenario, options.customers, options.documents), _out)


def _serve(options: argparse.Namespace, worded: Worded) -> int:
    from octowizard.sandbox import server

    try:
        server.bind(options.port).close()  # before the world is built: that may take a while
    except OSError as problem:
        raise _port_unusable(options.port, problem, worded) from None
    world = build_world(options, worded)
    with suppress(KeyboardInterrupt):  # where the event loop cannot take the signal itself
        asyncio.run(_serve_until_stopped(options, world, worded))
    return 0


def _port_unusable(port: int, problem: OSError, worded: Worded) -> Usage:
    said = worded("Port {port} cannot be used: {reason}.")
    return Usage(said.format(port=port, reason=problem.strerror or problem))


async def _serve_until_stopped(options: argparse.Namespace, world: World, worded: Worded) -> None:
    from octowizard.sandbox.server import new_company, serving

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    if options.until_stdin_closes:
        threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True).start()
    company = new_company(
        world,
        latency_octopus_ms=options.latency_octopus,
        latency_teamleader_ms=options.latency_teamleader,
        files=options.files.resolve(),
    )
    async with AsyncExitStack() as ending:
        try:
            served = await ending.enter_async_context(serving(company, options.port))
        except OSError as problem:
            raise _port_unusable(options.port, problem, worded) from None
        connection = served.connection()
        _out(json.dumps(connection, ensure_ascii=False))
        if not options.until_stdin_closes:  # a person started it, not a program that reads the line itself
            _tell_what_next(connection["control_url"], worded)
        await stop.wait()


def _tell_what_next(control_url: str, worded: Worded) -> None:
    """Say how the company that is now served is connected with, acted in and ended."""
    first = worded(
        "{program}: Served until Ctrl-C. Connect it in another terminal, under a name of your choice:"
    )
    lines = (
        first.format(program=PROGRAM),
        f"  octowizard profiles add NAME --sandbox-url {control_url}",
        "  octowizard --profile NAME",
        worded("and do there what people do in the vendors' screens:"),
        f"  octowizard sandbox do --control {control_url} ACTION key=value",
    )
    print("\n".join(lines), file=sys.stderr, flush=True)  # noqa: T201 - this is the narration of a program


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    with suppress(OSError):  # no standard input at all: the same as its end
        while os.read(0, 4096):
            pass
    with suppress(RuntimeError):  # already ended
        loop.call_soon_threadsafe(stop.set)


def _argument(text: str, worded: Worded) -> tuple[str, Any]:
    """`key=value`: whole numbers, true and false as such, everything else as text."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise Usage(worded("An argument is written key=value, not {text}.").format(text=repr(text)))
    if key == "action":
        raise Usage(worded("The action stands before its arguments and is not one of them."))
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", value, re.ASCII):
        return key, int(value)
    return key, {"true": True, "false": False}.get(value, value)


def _do(options: argparse.Namespace, worded: Worded) -> int:
    try:
        parts = urllib.parse.urlsplit(options.control)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        said = worded("--control must be the control_url that serve printed, not {text}.")
        raise Usage(said.format(text=repr(options.control)))
    body = {"action": options.action, **dict(_argument(text, worded) for text in options.arguments)}
    file = body.get("file")
    try:
        if isinstance(file, str) and not is_plain(file):
            told = json.loads(_asked(options.control, "/actions"))
            folder = isinstance(told, dict) and told.get("files")
            said = worded(
                "The practice company reads and writes files only in {folder}: give file as a plain name "
                "there, such as companies.xlsx, not {text}."
            )
            at = folder or worded("the folder given at its start")
            raise Usage(said.format(folder=at, text=repr(file)))
        _out(_asked(options.control, "/do", body))
    except urllib.error.HTTPError as refused:
        with refused:
            raise Usage(_sentence(refused, worded)) from None
    except (OSError, ValueError, http.client.HTTPException) as problem:
        reason = getattr(problem, "reason", problem)
        place = f"{parts.scheme}://{parts.netloc}"  # the rest of the address is secret
        said = worded("The practice company at {place} could not be reached: {reason}.")
        sentence = f"{PROGRAM}: {said.format(place=place, reason=reason)}"
        print(sentence, file=sys.stderr)  # noqa: T201 - this is the narration of a program
        return 3
    return 0


def _asked(control: str, path: str, body: dict[str, Any] | None = None) -> str:
    """What the control address answers, never over a proxy and from nowhere else. Raises what urllib raises."""
    request = urllib.request.Request(
        control.rstrip("/") + path,
        None if body is None else json.dumps(body).encode(),
        {} if body is None else {"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    with opener.open(request, timeout=60) as response:
        answer: bytes = response.read()
    return answer.decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A practice company sends nobody on."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _sentence(refused: urllib.error.HTTPError, worded: Worded) -> str:
    try:
        return str(json.loads(refused.read())["error"])
    except (ValueError, KeyError, TypeError):
        said = worded("The address answered {code}: it is not the control_url of a practice company.")
        return said.format(code=refused.code)
