"""How heavy the app is, in a pseudo-terminal of 120 × 40: pauses of its loop, 100,000 rows, idle CPU, memory.

    python -m tests.bench app

The pauses are measured on every place of `large` as it was read once, and on a run of 100,000 documents: the longest
turn of the loop, in which it hears no key, on the wall, and, with the bound, of the processor of its thread alone,
which a busy machine disturbs less. CPU at rest and memory are those of the program itself on a kept profile of the
ordinary practice company. Linux.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import signal
import struct
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from octowizard.app.app import OctowizardApp
from octowizard.app.places import PLACES
from octowizard.app.screens.sync import SyncScreen
from octowizard.cli.practice import NAME
from octowizard.workspace import profiles
from tests.app.stage import staged
from tests.app.staged import StagedSession
from tests.app.test_speed import many
from tests.benchmarks.figure import Figure
from tests.benchmarks.screens_bench import Offline, met
from tests.benchmarks.start_bench import HOME_TEXT, OCTOWIZARD, SECONDS, kept_profile

PAUSE, IDLE, MEMORY = 0.05, 0.5, 80  # seconds; per cent of one processor; MB
ROWS = 100_000
REST = 20.0  # seconds for which the app is left alone
SETTLED = 0.3  # seconds in which a screen draws what it has got
WALKED = ("down", "pagedown", "end", "pageup", "home")


class Terminal(NamedTuple):
    """A program in a pseudo-terminal. `reader`: alive as long as the program is."""

    process: int
    written: bytearray
    reader: threading.Thread


Pauses = dict[str, tuple[float, float]]  # by screen: the longest, on the wall and of the processor; seconds


class Turns:
    """Measures each turn of a loop without its wait for what comes next, and remembers the longest."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.wall = self.processor = 0.0
        turn: Callable[[], None] = loop._run_once  # type: ignore[attr-defined] # asyncio's, of all its loops
        selector = loop._selector  # type: ignore[attr-defined] # likewise
        select, began = selector.select, [0.0, 0.0]

        def waited(timeout: float | None) -> object:
            ready = select(timeout)
            began[:] = time.perf_counter(), time.thread_time()
            return ready

        def measured() -> None:
            turn()
            self.wall = max(self.wall, time.perf_counter() - began[0])
            self.processor = max(self.processor, time.thread_time() - began[1])

        selector.select = waited
        loop._run_once = measured  # type: ignore[attr-defined] # likewise

    def taken(self) -> tuple[float, float]:
        """The longest since the last time."""
        longest = self.wall, self.processor
        self.wall = self.processor = 0.0
        return longest


async def at_rest(app: OctowizardApp) -> None:
    """What was begun has ended and is drawn."""
    await met(lambda: all(worker.is_finished for worker in app.workers), 10 * SECONDS)
    await asyncio.sleep(SETTLED)


async def places(app: OctowizardApp, turns: Turns) -> Pauses:
    """Each place gone to for the first time, and walked through by the keys of a list."""
    found: Pauses = {}
    for place in PLACES:
        if not any(one.mode == place.mode for one in app.places):
            continue
        turns.taken()
        app.go_to(place.mode)
        await met(lambda mode=place.mode: app.current_mode == mode)  # type: ignore[misc]  # bound now
        await at_rest(app)
        for key in WALKED:
            app.simulate_key(key)
            await asyncio.sleep(SETTLED / 3)
        found[place.name()] = turns.taken()
    return found


async def rows(app: OctowizardApp, turns: Turns) -> Pauses:
    """A preview of so many documents, come to its end and walked through."""
    app.simulate_key("7")
    await met(lambda: isinstance(app.screen, SyncScreen))
    await at_rest(app)
    turns.taken()
    app.simulate_key("p")
    await met(lambda: isinstance(app.screen, SyncScreen) and app.screen.stage == "over", 300)
    await at_rest(app)
    found = {f"{ROWS:,} rows come in": turns.taken()}
    for key in WALKED:
        app.simulate_key(key)
        await asyncio.sleep(SETTLED / 3)
    return {**found, f"{ROWS:,} rows walked": turns.taken()}


def watched(folder: Path, report: Path, what: str) -> None:
    """In the pseudo-terminal: run the app, walk through it, and write what was measured."""
    session = (
        StagedSession(many(2 * ROWS)) if what == "rows" else Offline(folder, profiles.load(folder, NAME))
    )
    app = staged(folder, session) if isinstance(session, StagedSession) else OctowizardApp(folder, session)

    async def walk() -> Pauses:
        turns = Turns(asyncio.get_running_loop())
        await at_rest(app)
        try:
            return await (rows if what == "rows" else places)(app, turns)
        finally:
            app.exit()

    walking: list[asyncio.Task[Pauses]] = []
    app.once_seen(lambda: walking.append(asyncio.create_task(walk())))
    app.run()
    report.write_text(json.dumps(walking[0].result()), encoding="utf-8")  # what went wrong is on the terminal


@contextmanager
def in_terminal(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """The program in a pseudo-terminal whose other end is read."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.execve(command[0], list(command), dict(environment))
    written = bytearray()

    def drain() -> None:
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # how Linux tells that the other end is closed
                return
            if not piece:
                return
            written.extend(piece)

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    try:
        yield Terminal(child, written, reader)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def waited(condition: Callable[[], bool], seconds: float, terminal: Terminal) -> None:
    """Until it is so; RuntimeError with what the program wrote where it never is, or the program ends first."""
    until = time.monotonic() + seconds
    while not condition():
        running = terminal.reader.is_alive()
        if time.monotonic() > until or (not running and not condition()):
            raise RuntimeError(bytes(terminal.written)[-3000:].decode(errors="replace"))
        time.sleep(0.05)


def pauses(folder: Path, what: str) -> Pauses:
    """What `watched` measured in a process of its own."""
    with tempfile.TemporaryDirectory() as fresh:
        report = Path(fresh) / "report.json"
        command = (
            sys.executable,
            "-m",
            "tests.benchmarks.app_bench",
            "--watched",
            str(folder),
            str(report),
            what,
        )
        with in_terminal(command, {**os.environ, "TERM": "xterm-256color"}) as terminal:
            waited(report.exists, 10 * SECONDS, terminal)
            time.sleep(SETTLED)  # it is written at once, and then whole
        found: Pauses = json.loads(report.read_text(encoding="utf-8"))
        return found


def used(process: int) -> float:
    """Seconds of the processor so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def left_alone() -> tuple[float, float]:
    """Per cent of a processor at rest, and MB in memory, of the app on Home of a kept profile."""
    with (
        tempfile.TemporaryDirectory() as folder,
        kept_profile(Path(folder)) as environment,
        in_terminal(OCTOWIZARD, environment) as terminal,
    ):
        child = terminal.process
        waited(lambda: HOME_TEXT in terminal.written, SECONDS, terminal)
        before = -1.0
        while used(child) - before > 0.02:  # it still reads both sides
            before = used(child)
            time.sleep(3.0)
        before, began = used(child), time.monotonic()
        time.sleep(REST)
        share = 100 * (used(child) - before) / (time.monotonic() - began)
        status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
        return share, int(status.partition("VmRSS:")[2].split()[0]) / 1024


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """`folder`: a home with `large`, as `screens_bench.keep` has made it."""
    rested = [left_alone() for _run in range(runs)]
    yield Figure(
        "app at rest on Home", "%", tuple(share for share, _memory in rested), IDLE, beside="of a processor"
    )
    yield Figure("app on Home: memory", "MB", tuple(memory for _share, memory in rested), MEMORY)
    for what in ("places", "rows"):
        tries = [pauses(folder, what) for _run in range(runs)]
        for name in tries[0]:
            wall, processor = (tuple(one[name][part] * 1000 for one in tries) for part in range(2))
            yield Figure(f"{name}: longest pause of the loop", "ms", wall)
            yield Figure(f"{name}: longest pause, processor", "ms", processor, PAUSE * 1000)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--watched", folder, report, what]:
            watched(Path(folder), Path(report), what)
