"""The storm with other hands in its short form; for the long one see the top of storm.py."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it starts octowizard by a fork")


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_written_twice_or_lost_while_others_book_edit_and_put_back_beside_a_killed_sync(
    seed: int,
) -> None:
    words = ("--worlds", "1", "--rounds", "1", "--kills", "10", "--seed", str(seed))
    ended = subprocess.run(
        [sys.executable, "-m", "tests.sync.storm", *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "1 rounds" in ended.stdout
