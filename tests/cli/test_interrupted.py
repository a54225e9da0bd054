"""Ctrl-C at any moment of any command: exit 130, and no traceback."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from octowizard.cli.exits import ATTENTION, INTERRUPTED, WELL, WRONG_USAGE
from tests.cli.commands import environment
from tests.sync.company import Company, company

# Says when it is in our hands, then waits at the given moment: in an import, in a task of asyncio, at the very end.
_MOMENTS = {
    "import": "builtins.__import__ = lambda *a, **k: (builtins.__dict__.update(__import__=real), wait())[0]",
    "end": "import atexit; atexit.register(wait)",
}
_PROGRAM = """
import builtins, sys, threading
real = builtins.__import__
def wait():
    print("here", flush=True)
    threading.Event().wait(30)
import octowizard.__main__ as way_in
sys.argv = ["octowizard", "--version"]
kept = way_in.signal.signal
def set_and_wait(*a):
    way_in.signal.signal = kept
    kept(*a)
    {moment}
way_in.signal.signal = set_and_wait
sys.exit(way_in.main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent")
@pytest.mark.parametrize("moment", _MOMENTS)
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_at_once_and_without_a_traceback(tmp_path: Path, moment: str, times: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(moment=_MOMENTS[moment])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
    )
    assert process.stdout is not None
    assert any(line == b"here\n" for line in process.stdout)
    for _each in range(times):
        process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")


def test_an_interrupt_within_a_task_of_asyncio_leaves_no_traceback(tmp_path: Path) -> None:
    program = """
import asyncio, signal
from octowizard.cli.interrupt import completed, ending_orderly, no_traceback_when_ending
no_traceback_when_ending()
async def task():
    signal.raise_signal(signal.SIGINT)
async def main():
    await asyncio.gather(task(), asyncio.sleep(5))
try:
    with ending_orderly():
        completed(main())
except KeyboardInterrupt:
    print("interrupted")
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env=environment(tmp_path),
        timeout=60,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == (b"interrupted\n", b"")


_COMMANDS = (
    ("--help",),
    ("check",),
    ("calendar", "--refresh"),
    ("mapping", "--refresh"),
    ("sync", "--yes"),
    ("setup", "--status"),
    ("setup", "do", "first-sync", "--yes"),
    ("duplicates", "find"),
    ("history",),
    ("diagnose", "Book year period is closed"),
)


# Says when our handler is in place: until then Python itself is starting, and what it says of Ctrl-C is not ours.
_OURS = """
import signal, sys
import octowizard.__main__ as way_in
kept = signal.signal
def set_and_say(*a):
    signal.signal = kept
    kept(*a)
    print("ours", flush=True)
signal.signal = set_and_say
sys.argv[0] = "octowizard"
sys.exit(way_in.main())
"""


def _interrupted(there: Company, words: tuple[str, ...], seconds: float, times: int) -> tuple[int, str]:
    """How a command ends that gets so many SIGINTs, the first after so many seconds."""
    process = subprocess.Popen(
        [sys.executable, "-c", _OURS, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(there.home),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ours\n"
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    for _each in range(times):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
    _out, err = process.communicate(timeout=60)
    return process.returncode, err


def test_ctrl_c_while_a_module_is_loaded_ends_there(tmp_path: Path) -> None:
    """An extension may swallow the exception while it sets itself up: then nothing after it may be relied on."""
    (tmp_path / "swallows.py").write_text(
        "import signal\ntry:\n    signal.raise_signal(signal.SIGINT)\nexcept BaseException:\n    pass\n"
    )
    went = "from octowizard.cli.interrupt import ending_orderly\nwith ending_orderly():\n    import swallows\nprint(1)"
    done = subprocess.run(
        [sys.executable, "-c", went], env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"")


def _storm(home: Path, rounds: int, seed: int) -> None:
    source = random.Random(seed)
    with company(home, "--scenario", "healthy", "--customers", "8", "--documents", "8") as there:
        for each in range(rounds):
            words = _COMMANDS[each % len(_COMMANDS)]
            code, err = _interrupted(there, words, source.uniform(0, 1.2), source.choice([1, 1, 2]))
            assert "Traceback" not in err, (words, err)
            assert "never retrieved" not in err, (words, err)
            assert not list((home / "crashes").glob("*")), (words, err)
            assert code in (WELL, ATTENTION, WRONG_USAGE, INTERRUPTED), (words, code, err)
            assert code != WRONG_USAGE or "find" in words, (words, err)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent")
def test_no_command_answers_ctrl_c_with_a_traceback(tmp_path: Path) -> None:
    _storm(tmp_path, 12, seed=1)


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form runs with OCTOWIZARD_LONG=1")
@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent")
def test_no_command_answers_ctrl_c_with_a_traceback_long(tmp_path: Path) -> None:
    _storm(tmp_path, 600, seed=2)
