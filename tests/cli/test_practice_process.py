"""The process behind `--sandbox`: it outlives Ctrl-C for as long as it is needed, and never outlives us."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from octowizard.cli.accounts import Wanted
from octowizard.cli.console import Console
from octowizard.cli.practice import company
from octowizard.workspace.profiles import Profile, load
from tests.cli.commands import environment, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@contextmanager
def under_way(tmp_path: Path, play: str) -> Iterator["tuple[subprocess.Popen[str], Profile]"]:
    """A staged sync of a practice company, that has booked a document and waits; and its profile."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.cli.staged",
            "--sandbox",
            "healthy",
            "--customers",
            "3",
            "sync",
            "--yes",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(tmp_path / "home", STAGED=play, TMPDIR=str(temporary), PYTHONUNBUFFERED="1"),
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert "booked as" in line, process.stderr.read()
        (home,) = temporary.iterdir()
        yield process, load(home, "practice")
    finally:
        process.kill()
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()


@contextmanager
def watched(profile: Profile) -> Iterator[socket.socket]:
    """A connection to the practice company; reading from it waits until the company is gone."""
    assert profile.control_url is not None
    address = urlsplit(profile.control_url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        yield connection


def answers(connection: socket.socket) -> bool:
    """Whether the practice company still answers."""
    host, port = connection.getpeername()
    connection.sendall(
        f"GET /octopus-rest-api/v1/about/version HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    )
    return connection.recv(12) == b"HTTP/1.1 200"


def test_the_practice_company_is_not_told_the_users_real_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`--sandbox` starts it with what Python and the system need, and nothing else."""
    for name in ("OCTOWIZARD_OCTOPUS_PASSWORD", "OCTOWIZARD_HOME", "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "hush-hush")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    started: list[dict[str, str]] = []
    popen = subprocess.Popen

    def noted(*words: Any, **named: Any) -> Any:
        started.append(named["env"])
        return popen(*words, **named)

    monkeypatch.setattr(subprocess, "Popen", noted)
    with company(Wanted(scenario="healthy", customers=3, documents=0), Console()) as accounts:
        assert accounts.profile.practice
        assert accounts.root.stat().st_mode & 0o777 == 0o700
    (given,) = started
    assert "hush-hush" not in given.values()
    assert not any(name.startswith("OCTOWIZARD_") for name in given)
    assert given["PATH"] == os.environ["PATH"]


def test_it_ends_when_we_are_killed(tmp_path: Path) -> None:
    with under_way(tmp_path, "waits") as (process, profile), watched(profile) as connection:
        process.kill()
        while connection.recv(4096):
            pass


def test_ctrl_c_at_the_terminal_reaches_us_and_not_the_other_side(tmp_path: Path) -> None:
    with under_way(tmp_path, "deaf") as (process, profile), watched(profile) as connection:
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does
        assert process.stderr is not None
        until(process.stderr, "Stopping")
        assert answers(connection)


@pytest.mark.parametrize("play", ["waits", "deaf"])
def test_nothing_stays_behind_however_it_is_stopped(tmp_path: Path, play: str) -> None:
    with under_way(tmp_path, play) as (process, _profile):
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        until(process.stderr, "Stopping")
        if play == "deaf":
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_terminal_that_is_closed_leaves_no_crash_report_and_nothing_behind(tmp_path: Path) -> None:
    temporary, home = tmp_path / "temporary", tmp_path / "home"
    temporary.mkdir()
    person, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "octowizard", "--sandbox", "healthy", "--customers", "3"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment(home, TMPDIR=str(temporary), TERM="xterm-256color"),
        start_new_session=True,
    )
    os.close(terminal)
    try:
        seen = b""
        while b"Home" not in seen:
            seen += os.read(person, 65536)
        os.close(person)
        process.send_signal(signal.SIGHUP)  # what the system does when a terminal is closed
        assert process.wait(timeout=30) == 130
    finally:
        process.kill()
        process.wait(timeout=30)
    assert list(temporary.iterdir()) == []
    assert not home.exists()
