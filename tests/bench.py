"""Every figure that octowizard promises, beside its limit or its rival: one command.

    python -m tests.bench [NAME…] [--runs N] [--kept FOLDER] [--json] [--keep]     all but the long ones unless named
    python -m tests.bench --write                                    what was kept, into docs/figures.md and README.md

A figure is the median of its runs, with what it is held to; marked ✖ where that is missed, ▲ where it is clearly worse
than in the run before. `--keep` adds the run to `tests/benchmarks/results.jsonl`, with the machine and the versions.
Reading the large practice company takes minutes: `--kept FOLDER` keeps it for the next time. Measuring wants the
machine for itself. Exit code 1 when a bound is missed. Linux, and mostly macOS.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.benchmarks import (
    app_bench,
    audit_bench,
    calls_bench,
    catalogue_bench,
    fleet_bench,
    import_bench,
    matching_bench,
    report_bench,
    screens_bench,
    start_bench,
    sync_bench,
    watch_bench,
)
from tests.benchmarks.figure import Figure, Results, documents, earlier, keep, last_of, line, machine

RUNS = 5


class Room(NamedTuple):
    """What a benchmark may use: how often it runs, and where large practice companies are kept."""

    runs: int
    kept: Path

    def home(self, name: str, make: Callable[[Path], None]) -> Path:
        """A home that `make` has filled, now or an earlier time."""
        folder = self.kept / name
        if not any(folder.glob("**/workspace.sqlite")):
            make(folder)
        return folder


def _matching(names: tuple[str, ...], _room: Room) -> Iterator[Figure]:
    return matching_bench.figures(names)


BENCHMARKS: Mapping[str, Callable[[Room], Iterator[Figure]]] = {
    "start": lambda room: start_bench.figures(room.runs),
    "catalogue": lambda room: catalogue_bench.figures(room.runs),
    "app": lambda room: app_bench.figures(room.home("screens", screens_bench.keep), room.runs),
    "screens": lambda room: screens_bench.figures(room.home("screens", screens_bench.keep), room.runs),
    "audit": lambda room: audit_bench.figures(room.home("audit", audit_bench.keep), room.runs),
    "report": lambda room: report_bench.figures(room.home("report", report_bench.keep), room.runs),
    "calls": lambda _room: calls_bench.figures(),
    "sync": lambda room: sync_bench.figures(room.runs),
    "watch": lambda _room: watch_bench.figures(),
    "matching": partial(_matching, ("febrl4", "20k", "learning", "groups")),
    # Long ones: only where they are named.
    "memory": lambda room: sync_bench.memory(room.runs),
    "memory-200k": lambda room: sync_bench.memory_200k(room.runs),
    "import": lambda room: import_bench.figures(room.runs),
    "matching-200k": partial(_matching, ("200k",)),
    "fleet": lambda _room: fleet_bench.figures(),
}
LONG = ("memory", "memory-200k", "import", "matching-200k", "fleet")


def measured(names: list[str], room: Room, told: Callable[[Figure], None]) -> dict[str, list[Figure]]:
    """Run the benchmarks one after the other; `told` hears each figure as soon as it is there."""
    figures: dict[str, list[Figure]] = {}
    for name in names:
        for figure in BENCHMARKS[name](room):
            figures.setdefault(name, []).append(figure)
            told(figure)
    return figures


def main(words: list[str] | None = None) -> int:
    """Measure and tell; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument(
        "--runs", type=int, default=RUNS, help=f"of each figure that can be repeated; {RUNS} unless said"
    )
    parser.add_argument("--kept", type=Path, help="where large practice companies are kept for the next time")
    parser.add_argument("--json", action="store_true", help="the run as JSON, with its machine")
    parser.add_argument("--keep", action="store_true", help="add the run to the results that were kept")
    parser.add_argument(
        "--write",
        action="store_true",
        help="what was kept into docs/figures.md and README.md; measures nothing",
    )
    wanted = parser.parse_args(words)
    if unknown := [name for name in wanted.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]}; there are: {', '.join(BENCHMARKS)}")
    kept = earlier()
    if wanted.write:
        for file, text in documents(kept).items():
            file.write_text(text, encoding="utf-8")
        return 0
    before = last_of(kept)
    name_of = {figure: benchmark for (benchmark, figure) in before}

    def told(figure: Figure) -> None:
        if not wanted.json:
            was = before.get((name_of.get(figure.name, ""), figure.name))
            sys.stdout.write(line(figure, was) + "\n")
            sys.stdout.flush()

    names = wanted.names or [name for name in BENCHMARKS if name not in LONG]
    with tempfile.TemporaryDirectory(prefix="octowizard-bench-") as fresh:
        figures = measured(names, Room(max(1, wanted.runs), wanted.kept or Path(fresh)), told)
    results = Results(datetime.now(UTC), machine(), figures)
    if wanted.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    if wanted.keep:
        keep(results)
    return int(not all(figure.well for several in figures.values() for figure in several))


if __name__ == "__main__":
    sys.exit(main())
