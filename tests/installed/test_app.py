"""The app of the installed octowizard, in a terminal of its own. POSIX only, for the pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

import pytest

from tests.installed.command import Installed

pytestmark = pytest.mark.installed
SECONDS = 90


def test_the_app_shows_home_and_leaves_when_asked(installed: Installed) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [installed.command, "--sandbox", "healthy"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=installed.folder,
        env={**installed.environment(), "TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(theirs)
    screen, asked, deadline = b"", False, time.monotonic() + SECONDS
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 1)[0]:
                try:
                    read = os.read(ours, 65536)
                except OSError:  # Linux's end of file of a terminal
                    break
                if not read:
                    break
                screen += read
            if not asked and b"Home" in screen:
                os.write(ours, b"q")
                asked = True
        code = process.wait(max(1.0, deadline - time.monotonic()))
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert asked, screen[-3000:]
    assert code == 0, screen[-3000:]
