"""How long it takes until something is there: a text of the command line, the first frame of the app.

    python -m tests.benchmarks.start_bench [TIMES]

Each program runs TIMES times (11 unless told) in a pseudo-terminal of 80 × 24, in turn with the one it is measured
against, so that whatever else the machine does weighs on both. Printed are the ratios of the medians: wall time, and
processor time (user + system) of the process and the children it has waited for, which a shared machine disturbs
less. The first frame is the moment at which a text known to be in it has reached the terminal; the process is then
killed. Exit code 1 when the smaller of the two ratios is over its bound. Linux and macOS.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import statistics
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

TIMES = 11
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


def ratios(compared: Comparison, environment: Mapping[str, str], times: int) -> Cost:
    """The medians of the program divided by those of what it is measured against."""
    ours, theirs = [], []
    cost(compared.program, environment), cost(compared.against, environment)  # compiled files are made now
    for _turn in range(times):
        theirs.append(cost(compared.against, environment))
        ours.append(cost(compared.program, environment))
    return Cost(
        statistics.median(one.wall for one in ours) / statistics.median(one.wall for one in theirs),
        statistics.median(one.processor for one in ours) / statistics.median(one.processor for one in theirs),
    )


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


def main() -> int:
    """Measure and print. 1 when a bound is missed."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    missed = False
    with tempfile.TemporaryDirectory() as folder, kept_profile(Path(folder)) as environment:
        for compared in COMPARISONS:
            wall, processor = ratios(compared, environment, times)
            well = min(wall, processor) <= compared.bound
            missed |= not well
            print(  # noqa: T201 - a benchmark prints
                f"{'✔' if well else '✖'} {compared.name:<28} wall {wall:5.2f} ×   processor {processor:5.2f} ×"
                f"   (at most {compared.bound} ×)",
                flush=True,
            )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
