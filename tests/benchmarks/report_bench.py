"""How long a report of `large` (20,000 documents) takes from kept data, as a whole process.

    python -m tests.bench report

Reads the practice company once and keeps it, then writes the report as a web page. Reading takes some minutes;
measuring wants the machine for itself.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from octowizard.cli.console import Console
from octowizard.cli.practice import company
from octowizard.cli.wanted import Wanted
from tests.benchmarks.figure import Figure

BOUND = 2.0  # seconds


def keep(folder: Path) -> None:
    """A home with the practice company as it was read once, for the checks and the audit."""
    with company(Wanted(scenario="large"), Console()) as session:
        asyncio.run(session.reporting.read(lambda _what, _number: None, fresh=True))
        shutil.copytree(session.root, folder, dirs_exist_ok=True)


def report(home: Path, file: Path) -> tuple[float, float]:
    """Seconds on the wall and of the processor, for one report."""
    command = [sys.executable, "-m", "octowizard", "report", "--offline", "--output", str(file)]
    began, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "OCTOWIZARD_HOME": str(home)})
    wall, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, used


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """`folder`: the home that `keep` has made."""
    with tempfile.TemporaryDirectory() as fresh:
        tries = [report(folder, Path(fresh) / f"report {number}.html") for number in range(runs)]
    wall, used = (tuple(one[part] for one in tries) for part in range(2))
    yield Figure("report of 20,000 documents, from kept data", "s", wall, BOUND)
    yield Figure("report, its own processor time", "s", used)
