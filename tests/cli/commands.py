"""Runs the command line as a user does: in a process of its own, with a home of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

SECONDS = 120


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    def events(self) -> list[dict[str, Any]]:
        """The JSON lines of stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a test: its own home, English, no colours, nothing of the caller's secrets."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OCTOWIZARD_")}
    return {**kept, "OCTOWIZARD_HOME": str(home), "OCTOWIZARD_LANGUAGE": "en", "PYTHONUTF8": "1", **more}


def octowizard(home: Path, *words: str, given: str = "", **more: str) -> Ended:
    """Run `octowizard` to its end, with `given` on a stdin that is no terminal."""
    ended = subprocess.run(
        [sys.executable, "-m", "octowizard", *words],
        input=given,
        capture_output=True,
        encoding="utf-8",
        env=environment(home, **more),
        timeout=SECONDS,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def until(stream: IO[str], words: str) -> None:
    """Read lines until one holds the words; an end before that is a failure, not a wait."""
    for line in iter(stream.readline, ""):
        if words in line:
            return
    raise AssertionError(f"it ended without saying {words}")
