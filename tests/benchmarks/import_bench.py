"""How fast an import is within Teamleader's window of 200 calls a minute, and whether its memory stays flat.

    python -m tests.benchmarks.import_bench [--customers N]        600 unless said; 5,000 take 25 minutes

Speed: the earliest moment at which the window lets the last call leave, over the moment at which it was done. Memory:
the peak of an import of 1,000 and of 5,000 relations, with the window off. Prints what was measured beside its bound;
exit code 1 when a bound is missed. POSIX only: memory is read from the ended child.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.sync.company import Company, company, environment

WINDOW = 200  # calls a minute (official)
LATENCY_MS = 150


class Measured(NamedTuple):
    """One import: seconds of the whole process, KiB resident, how it ended, calls of Teamleader."""

    wall: float
    peak: int
    ended: dict[str, Any]
    calls: int


def measured(present: Company) -> Measured:
    """Import in a process of its own."""
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.customers.importer", str(present.home)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            env=environment(present.home),
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().splitlines()
    if process.returncode != 0:
        raise SystemExit(f"The import ended with {process.returncode}.")
    calls = present.world()["teamleader"]["calls"]
    ended: dict[str, Any] = msgspec.json.decode(lines[-1])
    return Measured(wall, usage.ru_maxrss, ended, sum(calls.values()))


def say(text: str) -> None:
    """One line of results."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def speed(customers: int) -> bool:
    """The import against the window's own speed."""
    words = ("--scenario", "b", "--customers", str(customers), "--limits", "on")
    with (
        tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home,
        company(Path(home), *words, "--latency-teamleader", str(LATENCY_MS)) as present,
    ):
        found = measured(present)
    earliest = (found.calls - 1) // WINDOW * 60.0
    share = earliest / found.ended["seconds"]
    say(
        f"speed: {found.ended['made']} customers, {found.calls} calls in {found.ended['seconds']:.0f} s; the window "
        f"allows {earliest:.0f} s: {share:.1%} of its speed, {share * WINDOW:.0f} calls a minute (bound 95 %)"
    )
    return bool(found.ended["outcome"] == "complete" and share >= 0.95)


def memory() -> bool:
    """Peak memory with 5,000 relations against 1,000."""
    peaks = []
    for customers in (1_000, 5_000):
        words = ("--scenario", "b", "--customers", str(customers), "--limits", "off")
        with (
            tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home,
            company(Path(home), *words) as present,
        ):
            found = measured(present)
        peaks.append(found.peak)
        say(f"memory: {found.ended['made']} customers: {found.peak / 1024:.0f} MiB, {found.wall:.0f} s")
    say(f"memory: {peaks[1] / peaks[0]:.2f} x (bound 1.3)")
    return peaks[1] <= 1.3 * peaks[0]


def main(words: Sequence[str]) -> int:
    """Measure; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.import_bench")
    parser.add_argument("--customers", type=int, default=600, help="for the speed; 5,000 take 25 minutes")
    wanted = parser.parse_args(words)
    kept = [memory(), speed(wanted.customers)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
