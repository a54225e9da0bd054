"""A terminal that is closed, or read by nobody: the app of a process of its own, in a terminal of its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from octowizard.app.terminal import outliving_its_terminal
from octowizard.cli.exits import INTERRUPTED
from tests.cli.commands import environment
from tests.cli.test_sync_staged import keep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")

# Makes the terminal the one that controls the process, so that closing it sends what the system sends.
_AT_ITS_TERMINAL = """
import fcntl, runpy, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""
_STAGED, _REAL = "tests.cli.staged", "octowizard"
_MANY = 50
ORDERS = [signal.SIGTERM, signal.SIGHUP] if sys.platform != "win32" else []


class Person:
    """Whoever sits at the terminal."""

    def __init__(self, terminal: int, process: "subprocess.Popen[bytes]") -> None:
        self.terminal = terminal
        self.process = process

    def sees(self, words: bytes) -> None:
        """Read what is drawn until it holds the words."""
        seen = b""
        while words not in seen:
            seen += os.read(self.terminal, 65536)

    def presses(self, *keys: tuple[bytes, bytes]) -> None:
        """Press each key, and wait for the words that it brings."""
        for key, brings in keys:
            os.write(self.terminal, key)
            self.sees(brings)

    def closes(self) -> None:
        """Close the window."""
        os.close(self.terminal)
        self.terminal = -1

    def reads_on(self) -> None:
        """Read from now on all that is drawn, as a terminal does, until there is no more."""

        def read() -> None:
            with suppress(OSError):
                while os.read(self.terminal, 65536):
                    pass

        threading.Thread(target=read, daemon=True).start()

    def is_left(self) -> None:
        """The process has ended as it should: a hang ends the test."""
        assert self.process.wait(timeout=60) == INTERRUPTED


@contextmanager
def app(
    home: Path, module: str, *words: str, own_terminal: bool = True, **variables: str
) -> Iterator[Person]:
    """The app at a terminal; `own_terminal` False: of a process that no signal tells of its end."""
    terminal, side = os.openpty()
    command = [sys.executable, *(["-c", _AT_ITS_TERMINAL] if own_terminal else ["-m"]), module, *words]
    process = subprocess.Popen(
        command,
        stdin=side,
        stdout=side,
        stderr=side,
        env=environment(home, TERM="xterm-256color", **variables),
        start_new_session=True,
    )
    os.close(side)
    person = Person(terminal, process)
    try:
        yield person
    finally:
        process.kill()
        process.wait()
        if person.terminal >= 0:
            os.close(person.terminal)


PREVIEW = [(b"7", b"Preview first"), (b"p", b"previewing")]
SYNC = [*PREVIEW[:1], (b"p", b"starts the sync"), (b"s", b"Start the sync?"), (b"y", b"Syncing")]


def test_a_light_terminal_gets_the_light_look_and_its_answer_is_not_typed(tmp_path: Path) -> None:
    keep(tmp_path)
    with app(tmp_path, _STAGED, STAGED="two", COLORTERM="truecolor") as person:
        person.sees(b"\x1b]11;?\x07")
        os.write(person.terminal, b"\x1b]11;rgb:fafa/f8f8/")
        os.write(person.terminal, b"f4f4\x1b\\")
        person.sees(b"48;2;250;248;244")
        person.presses((b"7", b"Preview first"))  # the digits of the answer went to no other place
        os.write(person.terminal, b"q")
        assert person.process.wait(timeout=60) == 0


@pytest.mark.parametrize("play", ["waits", "floods", "deaf"])
def test_closing_the_terminal_stops_the_run_and_ends_the_process(tmp_path: Path, play: str) -> None:
    keep(tmp_path)
    with app(tmp_path, _STAGED, STAGED=play) as person:
        person.sees(b"Home")
        person.presses(*PREVIEW)
        person.closes()
        person.is_left()


def test_a_closed_terminal_of_which_no_signal_tells_ends_the_app_too(tmp_path: Path) -> None:
    keep(tmp_path)
    with app(tmp_path, _STAGED, own_terminal=False, STAGED="waits") as person:
        person.sees(b"Home")
        person.closes()
        person.is_left()


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_to_end_is_obeyed_where_nobody_reads_the_terminal(tmp_path: Path, order: int) -> None:
    """What is drawn fills the terminal, then the queue before it: the loop itself stands still."""
    keep(tmp_path)
    with app(tmp_path, _STAGED, STAGED="floods") as person:
        person.sees(b"Home")
        person.presses(*PREVIEW)
        _stands_still(person.process.pid)
        person.process.send_signal(order)
        person.is_left()


def _stands_still(pid: int) -> None:
    """Wait until a process writes no more, because nobody reads."""
    if not Path(f"/proc/{pid}/io").exists():
        pytest.skip("what a process has written can be seen under Linux alone")
    before = ""
    while (now := Path(f"/proc/{pid}/io").read_text().split()[3]) != before:
        before = now
        time.sleep(0.5)


def left_over(folder: Path) -> list[str]:
    """What still runs with files of this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if os.fsencode(folder) in entry.read_bytes():
                found.append(entry.parent.name)
    return found


def practised(folder: Path, keys: list[tuple[bytes, bytes]], order: int | None = None) -> float:
    """Open the practice company, press keys, close the window (or, with `order`, send that signal).

    Nothing is left of either process and its files. The seconds until the app has ended.
    """
    folder.mkdir()
    with app(folder, _REAL, "--sandbox", TMPDIR=str(folder)) as person:
        person.sees(b"read just now" if keys else b"Home")
        person.presses(*keys)
        since = time.monotonic()
        if order is None:
            person.closes()
        else:
            person.process.send_signal(order)
            person.reads_on()
        person.is_left()
        seconds = time.monotonic() - since
    while left_over(folder):  # the other side ends when this one has
        time.sleep(0.05)
    assert [one.name for one in folder.iterdir() if one.name.startswith("octowizard-practice-")] == []
    return seconds


@pytest.mark.parametrize("keys", [[], SYNC], ids=["at once", "in a sync"])
@pytest.mark.parametrize("order", [None, *ORDERS], ids=str)
def test_nothing_of_a_practice_company_stays_behind(
    tmp_path: Path, keys: list[tuple[bytes, bytes]], order: int | None
) -> None:
    practised(tmp_path / "temporary", keys, order)


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form runs with OCTOWIZARD_LONG=1")
@pytest.mark.parametrize("keys", [[], SYNC], ids=["at once", "in a sync"])
def test_fifty_times_beside_a_load_of_four(tmp_path: Path, keys: list[tuple[bytes, bytes]]) -> None:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _number in range(4)]
    try:
        took = [practised(tmp_path / str(number), keys) for number in range(_MANY)]
    finally:
        for process in busy:
            process.kill()
            process.wait()
    sys.stdout.write(f"seconds until the end: {sorted(round(one, 2) for one in took)}\n")


def test_a_terminal_that_is_gone_is_not_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing it sends SIGCONT too, by which Textual would start its threads a second time."""
    from textual.drivers.linux_driver import LinuxDriver  # there is none on Windows

    resumed: list[bool] = []
    monkeypatch.setattr(LinuxDriver, "__init__", lambda _self: None)
    monkeypatch.setattr(LinuxDriver, "_file", sys.stderr, raising=False)
    monkeypatch.setattr(LinuxDriver, "_sigcont_application", lambda _self, *_given: resumed.append(True))
    made: Any = outliving_its_terminal(LinuxDriver)
    driver = made()
    driver._must_signal_resume = False
    person, driver.fileno = os.openpty()
    driver._sigcont_application(signal.SIGCONT, None)
    assert resumed == []
    driver._must_signal_resume = True  # it was suspended by Ctrl-Z
    driver._sigcont_application(signal.SIGCONT, None)
    os.close(person)
    driver._sigcont_application(signal.SIGCONT, None)
    os.close(driver.fileno)
    assert resumed == [True]
