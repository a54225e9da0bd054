"""A disk that fills while a sync runs: one sentence, exit 2, and nothing at a vendor that is not on the disk."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from octowizard.cli.exits import WELL, WRONG_USAGE
from tests.cli.commands import octowizard, short_of_room
from tests.sync.company import PROFILE, company, environment


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files")
def test_a_disk_that_fills_in_mid_run_is_told_and_the_next_sync_books_nothing_twice(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "healthy", "--customers", "8", "--documents", "8") as there:
        met = 0
        for most in (40_000, *range(350_000, 800_000, 40_000)):
            ended = short_of_room(there.home, most, "--profile", PROFILE, "sync", "--yes", "--json")
            if ended.code != WRONG_USAGE:
                break
            told = [line for line in ended.err.splitlines() if line.startswith("octowizard: ")]
            assert len(told) == 1, ended.err
            assert "The disk" in told[0]
            assert "Traceback" not in ended.err
            assert not list((there.home / "crashes").glob("*"))
            bookings = there.world()["octopus"]["bookings"]
            with closing(sqlite3.connect(there.workspace)) as kept:
                row = kept.execute("SELECT count(*) FROM sqlite_master WHERE name = 'intent'").fetchone()
                (intents,) = (
                    kept.execute("SELECT count(*) FROM intent WHERE kind = 'booking'").fetchone()
                    if row[0]
                    else (0,)
                )
            assert intents >= len(bookings)
            met += bool(bookings)
        assert met, "the disk never filled in mid-run"
        assert there.sync().code == WELL
        bookings = there.world()["octopus"]["bookings"]
        texts = [(one["journalKey"], one["reference"]) for one in bookings]
        assert len(texts) == len(set(texts))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_the_history_does_not_say_that_somebody_stopped_a_run_whose_output_found_no_room(
    tmp_path: Path,
) -> None:
    words = [sys.executable, "-m", "octowizard", "--profile", PROFILE, "sync", "--yes", "--json"]
    with company(tmp_path, "--scenario", "healthy", "--customers", "8", "--documents", "8") as there:
        with Path("/dev/full").open("w") as full:
            ended = subprocess.run(
                words, stdout=full, stderr=subprocess.PIPE, env=environment(there.home), check=False
            )
        assert ended.returncode == WRONG_USAGE
        told = octowizard(there.home, "--profile", PROFILE, "history").out
        assert "its output could not be written any more" in told
        assert "stopped by you" not in told
