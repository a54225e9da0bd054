"""How fast an import is within Teamleader's window of 200 calls a minute, and whether its memory stays flat.

    python -m tests.bench import

Speed: the earliest moment at which the window lets the last call leave, over the moment at which it was done. Memory:
the peak of an import of 1,000 and of 5,000 relations, with the window off. POSIX only: memory is read from the ended
child.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.benchmarks.figure import Figure
from tests.benchmarks.launched import launch
from tests.sync.company import Company, company, environment

WINDOW = 200  # calls a minute (official)
LATENCY_MS = 150


class Measured(NamedTuple):
    """One import: seconds of the whole process, MB resident, how it ended, calls of Teamleader."""

    wall: float
    peak: float
    ended: dict[str, Any]
    calls: int


def measured(present: Company) -> Measured:
    """Import in a process of its own."""
    words = ["-m", "tests.customers.importer", str(present.home)]
    with tempfile.NamedTemporaryFile() as out:
        took = launch(words, Path(out.name), environment(present.home))
        lines = Path(out.name).read_bytes().splitlines()
    if took.code != 0:
        raise SystemExit(f"The import ended with {took.code}.")
    calls = present.world()["teamleader"]["calls"]
    ended: dict[str, Any] = msgspec.json.decode(lines[-1])
    return Measured(took.wall, took.megabytes, ended, sum(calls.values()))


def speed(customers: int) -> Iterator[Figure]:
    """The import against the window's own speed: once, since the window alone takes minutes."""
    words = ("--scenario", "b", "--customers", str(customers), "--limits", "on")
    with (
        tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home,
        company(Path(home), *words, "--latency-teamleader", str(LATENCY_MS)) as present,
    ):
        found = measured(present)
    assert found.ended["outcome"] == "complete", found.ended
    share = (found.calls - 1) // WINDOW * 60.0 / found.ended["seconds"]
    name = f"import of {customers} customers"
    yield Figure(
        name, "%", (share * 100,), 95, at_least=True, beside="of the speed that 200 calls a minute allow"
    )


def memory() -> Iterator[Figure]:
    """Most memory with 5,000 relations against 1,000."""
    peaks = []
    for customers in (1_000, 5_000):
        words = ("--scenario", "b", "--customers", str(customers), "--limits", "off")
        with (
            tempfile.TemporaryDirectory(prefix="octowizard-bench-") as home,
            company(Path(home), *words) as present,
        ):
            peaks.append(measured(present).peak)
    yield Figure(
        "memory of an import of 5,000 customers", "×", (peaks[1] / peaks[0],), 1.3, beside="beside 1,000"
    )


def figures(_runs: int) -> Iterator[Figure]:
    """Each once: an import takes minutes."""
    yield from memory()
    yield from speed(600)
