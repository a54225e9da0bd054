"""Runs the installed command as a user does: from another folder, with nothing of the clone in reach."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import SECONDS, Ended, environment


@dataclass(frozen=True)
class Installed:
    """The command at `command`, run in `folder` with `home` as its OCTOWIZARD_HOME."""

    command: Path
    folder: Path
    home: Path

    def environment(self) -> dict[str, str]:
        """The caller's environment without its OCTOWIZARD_ variables and without a way to the clone."""
        return {key: value for key, value in environment(self.home).items() if key != "PYTHONPATH"}

    def run(self, *words: str, code: int) -> Ended:
        """Run to the end, with an empty stdin; fails unless the exit code is `code`."""
        ended = subprocess.run(
            [self.command, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environment(),
            timeout=SECONDS,
            check=False,
        )
        assert ended.returncode == code, (
            f"{words}: {ended.returncode}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}"
        )
        assert "Traceback" not in ended.stderr
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def document(self, *words: str, code: int) -> dict[str, Any]:
        """The one JSON object of schema 1 that the command prints."""
        printed: dict[str, Any] = json.loads(self.run(*words, "--json", code=code).out)
        assert printed["schema"] == 1
        return printed

    def events(self, *words: str, code: int) -> list[dict[str, Any]]:
        """The JSON lines of a run, each of schema 1; the last one is `run_finished`."""
        events = self.run(*words, "--json", code=code).events()
        assert all(event["schema"] == 1 for event in events)
        assert events[-1]["event"] == "run_finished"
        return events

    def python(self, program: str) -> str:
        """What a program prints in the environment that the command is installed in; a standalone one has none."""
        if not any(self.command.parent.glob("python*")):
            pytest.skip("a standalone program has no Python beside it")
        return subprocess.run(
            [self.command.with_name("python"), "-c", program],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environment(),
            timeout=SECONDS,
            check=True,
        ).stdout

    @contextmanager
    def serving(self, scenario: str) -> Iterator[str]:
        """The control URL of a practice company that the command serves meanwhile."""
        with (
            (self.folder / "served.errors").open("w") as errors,
            subprocess.Popen(
                [self.command, "sandbox", "serve", "--scenario", scenario],
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                cwd=self.folder,
                env=self.environment(),
            ) as process,
        ):
            try:
                assert process.stdout is not None
                line = process.stdout.readline()  # its one line, or nothing when it ended
                assert line, (self.folder / "served.errors").read_text()
                yield json.loads(line)["control_url"]
            finally:
                process.terminate()
