"""Whoever reads our output may leave, and a disk may take no more: no traceback, and one sentence at most."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from octowizard.cli.exits import WELL, WRONG_USAGE
from octowizard.sync import events
from octowizard.workspace.db import Workspace
from octowizard.workspace.runs import RunLog
from tests.cli.commands import environment, octowizard
from tests.cli.test_narrative import booked
from tests.cli.test_sync_staged import keep

COMMANDS = (
    ("--help",),
    ("history",),
    ("history", "1"),
    ("history", "1", "--json"),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A profile with a run of many events."""
    keep(tmp_path)
    with Workspace.open(tmp_path, "acme") as workspace:
        log = RunLog(workspace, dry_run=True)
        for _each in range(100):
            log.add(events.to_line(booked("2026 / 1", 1)), None)
        log.flush()
    return tmp_path


def _ended(home: Path, words: tuple[str, ...], out: int) -> tuple[int, str]:
    process = subprocess.run(
        [sys.executable, "-m", "octowizard", *words],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(home),
        timeout=60,
        check=False,
    )
    assert not list((home / "crashes").glob("*"))
    assert "Traceback" not in process.stderr
    return process.returncode, process.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_stdout_is_told_in_one_sentence(home: Path, words: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        code, err = _ended(home, words, full)
    finally:
        os.close(full)
    assert code == WRONG_USAGE
    assert err.splitlines()[-1] == "octowizard: The disk is full: make room, then run the same command again."


@pytest.mark.skipif(os.name == "nt", reason="a pipe whose reader has left")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_that_leaves_is_no_mistake(home: Path, words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        code, err = _ended(home, words, writer)
    finally:
        os.close(writer)
    assert code == WELL
    assert "octowizard: " not in err


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes a stream")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", COMMANDS[:2], ids=" ".join)
def test_a_stream_that_is_closed_is_told_where_data_is_lost_and_no_file_takes_its_place(
    home: Path, words: tuple[str, ...], closed: str
) -> None:
    line = f"{shlex.quote(sys.executable)} -m octowizard {shlex.join(words)} {closed}"
    process = subprocess.run(
        ["/bin/sh", "-c", line], capture_output=True, env=environment(home), timeout=60, check=False
    )
    assert process.returncode == (WRONG_USAGE if " >&-" in f" {closed}" else WELL)
    sentence = b"octowizard: Standard output is closed, so what there was to tell went nowhere.\n"
    assert process.stderr == (sentence if closed == ">&-" else b"")
    assert not list((home / "crashes").glob("*"))
    with Workspace.open(home, "acme") as workspace:
        workspace.look_through()


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes a stream")
def test_a_closed_stdout_loses_nothing_where_nothing_was_to_be_told(tmp_path: Path) -> None:
    keep(tmp_path)
    line = f"{shlex.quote(sys.executable)} -m octowizard history >&-"
    process = subprocess.run(
        ["/bin/sh", "-c", line], capture_output=True, env=environment(tmp_path), timeout=60, check=False
    )
    assert process.returncode == WELL
    assert b"Standard output" not in process.stderr
    assert b"No run yet" in process.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="words that are no text")
@pytest.mark.parametrize("words", [("diagnose", "\udcff", "--json"), ("history", "--document", "\udcff")])
def test_a_word_that_is_no_text_gets_one_sentence(home: Path, words: tuple[str, ...]) -> None:
    ended = octowizard(home, *words)
    assert ended.code in (1, WRONG_USAGE)
    assert "Traceback" not in ended.err
    assert not list((home / "crashes").glob("*"))
