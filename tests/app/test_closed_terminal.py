"""A terminal that is closed while a run is on: the app of a process of its own, in a terminal of its own."""

import os
import signal
import subprocess
import sys
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
import fcntl, runpy, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
runpy.run_module("tests.cli.staged", run_name="__main__")
"""


def shown(person: int, words: bytes) -> None:
    """Read what is drawn until it holds the words."""
    seen = b""
    while words not in seen:
        seen += os.read(person, 65536)


@pytest.mark.parametrize("play", ["waits", "floods"])
def test_closing_the_terminal_stops_the_run_and_ends_the_process(tmp_path: Path, play: str) -> None:
    keep(tmp_path)
    person, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _AT_ITS_TERMINAL],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment(tmp_path, STAGED=play, TERM="xterm-256color"),
        start_new_session=True,
    )
    os.close(terminal)
    try:
        shown(person, b"Home")
        os.write(person, b"7")
        shown(person, b"Preview first")
        os.write(person, b"p")
        shown(person, b"nothing is written")
        os.close(person)
        assert process.wait(timeout=60) == INTERRUPTED
    finally:
        process.kill()
        process.wait()


def test_a_terminal_that_is_gone_is_not_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing it sends SIGCONT too, by which Textual would start its threads a second time."""
    from textual.drivers.linux_driver import LinuxDriver  # there is none on Windows

    resumed: list[bool] = []
    monkeypatch.setattr(LinuxDriver, "__init__", lambda _self: None)
    monkeypatch.setattr(LinuxDriver, "_file", sys.stderr, raising=False)
    monkeypatch.setattr(LinuxDriver, "_sigcont_application", lambda _self, *_given: resumed.append(True))
    made: Any = outliving_its_terminal(LinuxDriver)
    driver = made()
    person, driver.fileno = os.openpty()
    driver._sigcont_application(signal.SIGCONT, None)
    os.close(person)
    driver._sigcont_application(signal.SIGCONT, None)
    os.close(driver.fileno)
    assert resumed == [True]
