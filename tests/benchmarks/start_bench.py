"""How long it takes until something is there: a text of the command line, the first frame of the app.

    python -m tests.bench start

Each program runs in a pseudo-terminal of 80 × 24, in turn with the one it is measured against, so that whatever else
the machine does weighs on both. The figures are ratios: of wall time, and, with the bound, of processor time (user and
system) of the process and the children it has waited for, which a shared machine disturbs less. The first frame is the
moment at which a text known to be in it has reached the terminal; the process is then killed. `posting` and `harlequin`
are shown beside it where they are installed. Linux and macOS.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.figure import Figure

SECONDS = 60.0  # the longest that anything here may take
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
STATICS = 80
BARE = f"""
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        for number in range({STATICS}):
            yield Static(f"static {{number}}")

Bare().run()
"""
OCTOWIZARD = (sys.executable, "-m", "octowizard")
HOME_TEXT = b"Needs attention"


class Program(NamedTuple):
    """What is run. `text`: seen on the terminal it is done and killed; empty: it ends by itself."""

    command: tuple[str, ...]
    text: bytes = b""


class Cost(NamedTuple):
    """Seconds until the end or the text: on the wall, and of the processor."""

    wall: float
    processor: float


class Comparison(NamedTuple):
    """A program, what it is measured against, and how many times as long it may take."""

    name: str
    program: Program
    against: Program
    bound: float


PASS = Program((sys.executable, "-c", "pass"))
BARE_APP = Program((sys.executable, "-c", BARE), b"static 5")
COMPARISONS = (
    Comparison("--version", Program((*OCTOWIZARD, "--version")), PASS, 4.0),
    Comparison("--help", Program((*OCTOWIZARD, "--help")), PASS, 4.0),
    Comparison("first frame, kept profile", Program(OCTOWIZARD, HOME_TEXT), BARE_APP, 1.25),
    Comparison("first frame, --sandbox", Program((*OCTOWIZARD, "--sandbox"), HOME_TEXT), BARE_APP, 1.8),
)


def cost(program: Program, environment: Mapping[str, str]) -> Cost:
    """Run it once in a pseudo-terminal. RuntimeError when it ends without its text."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.execve(program.command[0], program.command, environment)
    written, seen = bytearray(), False
    while time.perf_counter() < started + SECONDS:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux tells that the other end is closed
            break
        if not piece:
            break
        written += piece
        if program.text and program.text in _ESCAPES.sub(b"", written):
            seen = True
            break
    wall = time.perf_counter() - started
    if program.text:
        os.kill(child, signal.SIGKILL)
    _pid, _status, used = os.wait4(child, 0)
    os.close(terminal)
    if program.text and not seen:
        raise RuntimeError(f"{program.command} ended without {program.text!r}: {bytes(written)[-2000:]!r}")
    return Cost(wall, used.ru_utime + used.ru_stime)


def ratios(compared: Comparison, environment: Mapping[str, str], runs: int) -> tuple[Cost, ...]:
    """In each turn what the program took, divided by what that took which it is measured against."""
    cost(compared.program, environment), cost(compared.against, environment)  # compiled files are made now
    turns = []
    for _turn in range(runs):
        theirs, ours = cost(compared.against, environment), cost(compared.program, environment)
        turns.append(Cost(ours.wall / theirs.wall, ours.processor / theirs.processor))
    return tuple(turns)


@contextmanager
def kept_profile(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a home with one profile that was looked at before; its practice company is served."""
    left_out = ("OCTOWIZARD_", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    temporary = folder / "temporary"  # a killed app leaves its practice company's files behind
    temporary.mkdir()
    environment = {
        **kept,
        "OCTOWIZARD_HOME": str(folder / "home"),
        "OCTOWIZARD_LANGUAGE": "en",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),  # compiled once, as after an installation
        "TERM": "xterm-256color",
        "TMPDIR": str(temporary),
    }
    serve = [sys.executable, "-m", "octowizard.sandbox", "serve", "--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(
        serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as served:
        assert served.stdout is not None  # it was asked for
        address = served.stdout.readline().partition('"control_url": "')[2].partition('"')[0]
        for words in (("profiles", "add", "kept", "--sandbox-url", address), ("check",)):
            subprocess.run(
                [*OCTOWIZARD, *words], env=environment, check=False, capture_output=True, timeout=SECONDS
            )
        yield environment


def rivals() -> Iterator[Comparison]:
    """Other apps of Textual that are installed here, against the same bare one."""
    for name, text in (("posting", b"Collection"), ("harlequin", b"Query Editor")):
        if program := shutil.which(name, path=str(Path(sys.executable).parent)):
            yield Comparison(f"first frame, {name}", Program((program,), text), BARE_APP, 0)


def figures(runs: int) -> Iterator[Figure]:
    """Every program against the one beside it."""
    with tempfile.TemporaryDirectory() as folder, kept_profile(Path(folder)) as environment:
        for compared in (*COMPARISONS, *rivals()):
            turns = ratios(compared, environment, max(runs, 5))
            beside = (
                "beside python -c pass" if compared.against is PASS else f"beside an app of {STATICS} statics"
            )
            yield Figure(f"{compared.name}, wall", "×", tuple(turn.wall for turn in turns), beside=beside)
            processor = tuple(turn.processor for turn in turns)
            yield Figure(f"{compared.name}, processor", "×", processor, compared.bound or None, beside=beside)
