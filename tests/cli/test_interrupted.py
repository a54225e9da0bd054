"""Ctrl-C at any moment of any command: exit 130, and no traceback."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import environment

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
from octowizard.cli.interrupt import ending_orderly, no_traceback_when_ending, no_word_of_interrupted_tasks
no_traceback_when_ending()
no_word_of_interrupted_tasks()
async def task():
    signal.raise_signal(signal.SIGINT)
async def main():
    await asyncio.gather(task(), asyncio.sleep(5))
try:
    with ending_orderly():
        asyncio.run(main())
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
