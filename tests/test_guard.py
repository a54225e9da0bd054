"""What a test leaves behind fails that test, and the next one does not meet it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from octowizard import locale
from octowizard.transport import redact
from tests import guard


@contextmanager
def left_by(leave: Callable[[Path], object], tmp_path: Path) -> Iterator[list[str]]:
    """What is said of a test that does this, in a home at `tmp_path / "home"`; all is as it was in the block."""
    before = guard.state()
    leave(tmp_path / "home")
    left = guard.put_right(before, tmp_path / "home")
    assert guard.state() == before
    assert not (tmp_path / "home").exists()
    yield left


def _settings(home: Path) -> None:
    home.mkdir()
    (home / "settings.json").write_text('{"language": "fr"}')


def _variable(_home: Path) -> None:
    os.environ["NO_COLOR"] = "1"


def _other_language(_home: Path) -> None:
    os.environ["LC_ALL"] = "fr_BE.UTF-8"


def _no_home(_home: Path) -> None:
    del os.environ["OCTOWIZARD_HOME"]


def _elsewhere(home: Path) -> None:
    os.chdir(home.parent)


def _gone(home: Path) -> None:
    (folder := home.parent / "gone").mkdir()
    os.chdir(folder)
    folder.rmdir()


def _signal(_home: Path) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@pytest.mark.parametrize(
    ("leave", "said"),
    [
        (_settings, "it wrote into the home of all tests: settings.json"),
        (_variable, "the environment has NO_COLOR='1', and had None"),
        (_other_language, "the environment has LC_ALL='fr_BE.UTF-8', and had 'C.UTF-8'"),
        (_no_home, "the environment has OCTOWIZARD_HOME=None, and had "),
        (_elsewhere, "it stands in "),
        pytest.param(
            _gone,
            "it stands in a folder that is gone",
            marks=pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder in which a process stands"),
        ),
        (_signal, "SIGTERM is taken by "),
    ],
)  # fmt: skip
def test_what_a_test_leaves_behind_is_told_and_put_right(
    leave: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    with left_by(leave, tmp_path) as left:
        assert len(left) == 1
        assert left[0].startswith(said)


def test_a_test_that_leaves_nothing_is_in_order(tmp_path: Path) -> None:
    with left_by(lambda _home: None, tmp_path) as left:
        assert left == []


def test_a_thread_that_ends_late_is_waited_for(tmp_path: Path) -> None:
    before, over = guard.state(), threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    threading.Timer(0.01, over.set).start()
    assert guard.put_right(before, tmp_path / "home") == []
    assert not thread.is_alive()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which processes one has started")
def test_a_process_that_goes_on_is_told_and_ended(tmp_path: Path) -> None:
    before = guard.state()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        (said,) = guard.put_right(before, tmp_path / "home")
        assert said.startswith(f"its process {process.pid} goes on: ")
        assert process.wait() == -signal.SIGKILL
    assert guard.put_right(before, tmp_path / "home") == []


def test_what_a_test_speaks_ends_with_it() -> None:
    locale.choose("fr")
    guard.speak_english()
    assert (locale.chosen(), locale.spoken()) == ("en", "en")


def test_a_secret_of_a_test_is_hidden_in_no_other() -> None:
    before = guard.secrets()
    redact.remember_secret("practice, which is no secret")
    assert redact.redact("practice, which is no secret") == redact.HIDDEN
    guard.only_secrets(before)
    assert redact.redact("practice, which is no secret") == "practice, which is no secret"
