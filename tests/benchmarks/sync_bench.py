"""How fast, how thrifty: overlap of the two vendors, own CPU per document, memory by number of documents.

    python -m tests.bench sync memory [memory-200k]

Takes some minutes and wants the machine for itself. POSIX only: processor time and memory are read from the ended
child.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure
from tests.benchmarks.launched import launch
from tests.sync.company import PROFILE, Company, company, environment

OCTOPUS_MS, TEAMLEADER_MS = 300, 150
TEAMLEADER_AT_ONCE = 6  # how many calls of Teamleader octowizard makes side by side


@dataclass(frozen=True)
class Measured:
    """One sync in a process of its own."""

    wall: float  # seconds, start-up included
    cpu: float  # seconds, user and system
    peak: float  # MB resident
    booked: int
    seconds: float  # as the run itself counts


def measured(present: Company) -> Measured:
    """Run `sync --yes --json`, its events into a file that is looked at afterwards."""
    words = ["-m", "octowizard", "--profile", PROFILE, "sync", "--yes", "--json"]
    with tempfile.NamedTemporaryFile() as out:
        took = launch(words, Path(out.name), environment(present.home))
        last: dict[str, Any] = json.loads(Path(out.name).read_bytes().splitlines()[-1])
    if took.code != 0 or last["event"] != "run_finished":
        raise SystemExit(f"The sync ended with {took.code}: {last}")
    return Measured(took.wall, took.processor, took.megabytes, last["booked"], last["seconds"])


@contextmanager
def _company_with(*words: str) -> Iterator[Company]:
    with (
        tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home,
        company(Path(home), "--limits", "off", *words) as present,
    ):
        yield present


def floor(world: dict[str, Any]) -> float:
    """Seconds that the slower side alone would take for the calls of a sync, at the latencies above."""
    journals: dict[str, int] = {}
    for booking in world["octopus"]["bookings"]:
        journals[booking["journalKey"]] = journals.get(booking["journalKey"], 0) + 1
    # One journal's bookings must follow each other; what comes before the first of them must, too.
    calls = world["octopus"]["calls"]
    writes = ("POST /dossiers/{dossierId}/buysellbookings", "PUT /dossiers/{dossierId}/relations")
    reads = sum(count for name, count in calls.items() if name not in writes)
    octopus: float = (max(journals.values()) + reads) * OCTOPUS_MS / 1000
    teamleader: float = sum(world["teamleader"]["calls"].values()) * TEAMLEADER_MS / 1000 / TEAMLEADER_AT_ONCE
    return max(octopus, teamleader)


def overlap(runs: int) -> Iterator[Figure]:
    """240 invoices and 60 credit notes: wall time against that of the slower side alone."""
    words = ("--documents", "300", "--customers", "120")
    slow = ("--latency-octopus", str(OCTOPUS_MS), "--latency-teamleader", str(TEAMLEADER_MS))
    ratios = []
    for _run in range(runs):
        with _company_with(*words, *slow) as present:
            ratios.append(measured(present).wall / floor(present.world()))
    beside = f"beside the slower side ({OCTOPUS_MS} and {TEAMLEADER_MS} ms a call)"
    yield Figure("sync of 300 documents", "×", tuple(ratios), 1.05, beside=beside)


def _booking(documents: int) -> Measured:
    """A sync of so many documents that all wait, and of a quarter as many customers."""
    with _company_with("--documents", str(documents), "--customers", str(documents // 4)) as present:
        return measured(present)


def cpu(runs: int) -> Iterator[Figure]:
    """Own processor time for each of 2,000 documents; and for each more than 500, which leaves start-up out."""
    each, more = [], []
    for _run in range(runs):
        few, many = _booking(500), _booking(2000)
        each.append(many.cpu / many.booked * 1000)
        more.append((many.cpu - few.cpu) / (many.booked - few.booked) * 1000)
    yield Figure("sync, own processor time for a document", "ms", tuple(each), 3)
    beside = "start-up left out: 2,000 documents beside 500"
    yield Figure("sync, own processor time for a document more", "ms", tuple(more), beside=beside)


def _peaks(runs: int, words: Callable[[int], Sequence[str]], sizes: Sequence[int]) -> list[tuple[float, ...]]:
    """Most memory in MiB at each number of documents."""
    peaks = []
    for documents in sizes:
        each = []
        for _run in range(runs):
            with _company_with(*words(documents)) as present:
                each.append(measured(present).peak)
        peaks.append(tuple(each))
    return peaks


def memory(runs: int) -> Iterator[Figure]:
    """Most memory with 20,000 documents against 2,000: all waiting, and nearly all booked earlier."""

    def waiting(documents: int) -> Sequence[str]:
        return ("--documents", str(documents), "--customers", str(documents // 4))

    def large(documents: int) -> Sequence[str]:
        return ("--scenario", "large", "--documents", str(documents), "--customers", str(documents // 2))

    sizes = (2_000, 20_000)
    for name, words in (("all waiting", waiting), ("nearly all booked", large)):
        few, many = _peaks(runs, words, sizes)
        yield Figure(f"sync of 2,000 documents, {name}: memory", "MB", few)
        yield Figure(f"sync of 20,000 documents, {name}: memory", "MB", many)
        ratios = tuple(more / less for less, more in zip(few, many, strict=True))
        yield Figure(f"memory at 20,000 documents, {name}", "×", ratios, 1.4, beside="beside 2,000")


def memory_200k(_runs: int) -> Iterator[Figure]:
    """Once: 200,000 documents, of which nearly all were booked earlier."""
    words = ("--scenario", "large", "--documents", "200000", "--customers", "100000")
    with _company_with(*words) as present:
        found = measured(present)
    yield Figure("sync of 200,000 documents, nearly all booked: memory", "MB", (found.peak,))


def figures(runs: int) -> Iterator[Figure]:
    """Overlap and processor time."""
    yield from overlap(runs)
    yield from cpu(runs)
