"""How fast, how thrifty: overlap of the two vendors, own CPU per document, memory by number of documents.

    python -m tests.benchmarks.sync_bench [overlap] [cpu] [memory]        (all three unless named)

Prints what was measured beside its bound; exit code 1 when a bound is missed. Takes some minutes and wants the
machine for itself. POSIX only: CPU and memory are read from the ended child.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sync.company import PROFILE, Company, company, environment

OCTOPUS_MS, TEAMLEADER_MS = 300, 150
TEAMLEADER_AT_ONCE = 6  # how many calls of Teamleader octowizard makes side by side


@dataclass(frozen=True)
class Measured:
    """One sync in a process of its own."""

    wall: float  # seconds, start-up included
    cpu: float  # seconds, user and system
    peak: int  # KiB resident
    booked: int
    seconds: float  # as the run itself counts


def measured(present: Company) -> Measured:
    """Run `sync --yes --json`, its events into a file that is looked at afterwards."""
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "octowizard", "--profile", PROFILE, "sync", "--yes", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            env=environment(present.home),
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        last: dict[str, Any] = json.loads(out.read().splitlines()[-1])
    if process.returncode != 0 or last["event"] != "run_finished":
        raise SystemExit(f"The sync ended with {process.returncode}: {last}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, last["booked"], last["seconds"])


@contextmanager
def _company_with(*words: str) -> Iterator[Company]:
    with (
        tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home,
        company(Path(home), "--limits", "off", *words) as present,
    ):
        yield present


def say(text: str) -> None:
    """One line of results."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def overlap() -> bool:
    """240 invoices and 60 credit notes: wall time against that of the slower side alone."""
    words = ("--documents", "300", "--customers", "120")
    slow = ("--latency-octopus", str(OCTOPUS_MS), "--latency-teamleader", str(TEAMLEADER_MS))
    with _company_with(*words, *slow) as present:
        found = measured(present)
        world = present.world()
    journals: dict[str, int] = {}
    for booking in world["octopus"]["bookings"]:
        journals[booking["journalKey"]] = journals.get(booking["journalKey"], 0) + 1
    # One journal's bookings must follow each other; what comes before the first of them must, too.
    calls = world["octopus"]["calls"]
    writes = ("POST /dossiers/{dossierId}/buysellbookings", "PUT /dossiers/{dossierId}/relations")
    reads = sum(count for name, count in calls.items() if name not in writes)
    octopus = (max(journals.values()) + reads) * OCTOPUS_MS / 1000
    teamleader = sum(world["teamleader"]["calls"].values()) * TEAMLEADER_MS / 1000 / TEAMLEADER_AT_ONCE
    bookings_alone = max(journals.values()) * OCTOPUS_MS / 1000
    slower = max(octopus, teamleader)
    say(
        f"overlap: {journals}, {found.wall:.1f} s wall ({found.seconds:.1f} s the run); alone: Octopus {octopus:.1f} s "
        f"({bookings_alone:.1f} s its longest journal, {reads} reads), Teamleader {teamleader:.1f} s; "
        f"{found.wall / slower:.3f} x the slower side (bound 1.15), "
        f"{found.wall / bookings_alone:.3f} x the longest journal's bookings only"
    )
    return bool(found.wall <= 1.15 * slower)


def cpu() -> bool:
    """Own CPU for each of 2,000 documents."""
    with _company_with("--documents", "2000", "--customers", "500") as present:
        found = measured(present)
    each = found.cpu / found.booked * 1000
    say(f"cpu: {found.booked} documents, {found.cpu:.1f} s own CPU, {each:.2f} ms per document (bound 6)")
    return each <= 6


def memory() -> bool:
    """Peak memory: with 20,000 documents waiting against 2,000; and with 20,000 booked earlier."""
    peaks = []
    for documents in (2_000, 20_000):
        with _company_with("--documents", str(documents), "--customers", str(documents // 4)) as present:
            found = measured(present)
        peaks.append(found.peak)
        say(
            f"memory: {found.booked} documents waiting: {found.peak / 1024:.0f} MiB, {found.wall:.0f} s, "
            f"{found.cpu / found.booked * 1000:.2f} ms own CPU per document"
        )
    large = []
    for documents in (2_000, 20_000):
        words = ("--scenario", "large", "--documents", str(documents), "--customers", str(documents // 2))
        with _company_with(*words) as present:
            found = measured(present)
        large.append(found.peak)
        say(
            f"memory: {documents} documents, {found.booked} waiting: {found.peak / 1024:.0f} MiB, {found.wall:.0f} s"
        )
    say(f"memory: {peaks[1] / peaks[0]:.2f} x (all waiting), {large[1] / large[0]:.2f} x (large); bound 1.6")
    return peaks[1] <= 1.6 * peaks[0] and large[1] <= 1.6 * large[0]


MEASURES = {"overlap": overlap, "cpu": cpu, "memory": memory}


def main(wanted: list[str]) -> int:
    """Measure; the exit code."""
    unknown = [name for name in wanted if name not in MEASURES]
    if unknown:
        sys.stderr.write(f"There is no measure {unknown[0]}; there are: {', '.join(MEASURES)}.\n")
        return 2
    kept = [MEASURES[name]() for name in wanted or MEASURES]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
