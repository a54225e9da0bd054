"""One figure of a benchmark beside what it is held to, and how a list of them is printed and kept."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

RESULTS = Path(__file__).with_name("results.jsonl")
"""What earlier runs gave, a line for each run, the newest last."""
DOCUMENT = RESULTS.parents[2] / "docs" / "figures.md"
README = RESULTS.parents[2] / "README.md"
IN_README = frozenset({
    "--help, processor", "first frame, kept profile, processor", "app at rest on Home", "app on Home: memory",
    "100,000 rows come in: longest pause, processor", "audit of 20,000 documents, from kept data", "audit, memory",
    "sync of 300 documents", "first sync of 300 documents: calls of Octopus to look", "matching febrl4: F1",
    "matching 20k: F1", "matching 20k: time", "groups, the same, by a seed kept apart, 0 answers: F1",
})  # fmt: skip
_HEADING = "## Figures\n"
WORSE = 1.1  # times what the run before gave, from which on a figure counts as a step back
PACKAGES = (
    "textual",
    "httpx",
    "rapidfuzz",
    "numpy",
    "msgspec",
    "splink",
    "recordlinkage",
    "posting",
    "harlequin",
)


class Figure(msgspec.Struct, frozen=True):
    """What was measured. `runs`: what each run gave, in `unit`; it counts by their median."""

    name: str
    unit: str  # s, ms, MB, % or ×
    runs: tuple[float, ...]
    bound: float | None = None  # what it must keep; None: it is told, nothing more
    at_least: bool = False  # the bound is the smallest value allowed, not the greatest
    beside: str = ""  # what it was measured against in the same run

    @property
    def value(self) -> float:
        """The median of the runs."""
        return statistics.median(self.runs)

    @property
    def of_bound(self) -> float | None:
        """The value as a share of its bound: up to 1 where it is kept."""
        if self.bound is None:
            return None
        return self.bound / self.value if self.at_least else self.value / self.bound

    @property
    def well(self) -> bool:
        """Is the bound kept?"""
        return self.of_bound is None or self.of_bound <= 1


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured."""

    processor: str
    cores: int
    memory: int  # GiB
    system: str
    python: str
    octowizard: str  # version and commit
    packages: dict[str, str]


class Results(msgspec.Struct, frozen=True):
    """One run of the benchmark."""

    at: datetime
    machine: Machine
    figures: dict[str, list[Figure]]  # by the name of the benchmark


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )


def _installed(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def machine() -> Machine:
    """This one, and what is installed on it."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**3
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory=memory,
        system=platform.system(),
        python=platform.python_version(),
        octowizard=f"{version('octowizard')} {commit.stdout.strip()}".strip(),
        packages=dict(_installed(PACKAGES)),
    )


def number(figure: Figure, value: float) -> str:
    """A value with its unit, with as many digits as say something."""
    if not figure.unit:  # a share: .999 and .9996 are two things
        return f"{value:.4f}"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f} {figure.unit}"


def held_to(figure: Figure) -> str:
    """Its bound and what it was measured beside."""
    bound = ""
    if figure.bound is not None:
        bound = f"{'at least' if figure.at_least else 'at most'} {figure.bound:g} {figure.unit}"
    return ", ".join(filter(None, (bound, figure.beside)))


def line(figure: Figure, before: Figure | None = None) -> str:
    """One line for a terminal: kept or not, the median, the spread, what it is held to, and the run before."""
    mark = "✔" if figure.well else "✖"
    spread = f" ({number(figure, min(figure.runs))} to {number(figure, max(figure.runs))}, {len(figure.runs)} runs)"
    text = (
        f"{mark} {figure.name:<44} {number(figure, figure.value):>10}{spread if len(figure.runs) > 1 else ''}"
    )
    text += f"  {held_to(figure)}"
    if before is not None and is_step_back(figure, before):
        text += f"  ▲ was {number(before, before.value)}"
    return text


def is_step_back(now: Figure, before: Figure) -> bool:
    """Is it clearly worse than in the run before?"""
    ratio = before.value / now.value if now.at_least else now.value / before.value
    return ratio > WORSE


def earlier(path: Path = RESULTS) -> list[Results]:
    """All runs that were kept, the oldest first."""
    if not path.exists():
        return []
    return [msgspec.json.decode(one, type=Results) for one in path.read_bytes().splitlines()]


def last_of(runs: Sequence[Results]) -> Mapping[tuple[str, str], Figure]:
    """The newest of each figure, by benchmark and name."""
    return {
        (benchmark, figure.name): figure
        for run in runs
        for benchmark, figures in run.figures.items()
        for figure in figures
    }


def keep(results: Results, path: Path = RESULTS) -> None:
    """Add a run to those that were kept."""
    with path.open("ab") as file:
        file.write(msgspec.json.encode(results) + b"\n")


def markdown(runs: Sequence[Results], only: Container[str] | None = None) -> str:
    """The newest of each figure as a table; `only` these names."""
    newest = last_of(runs)
    lines = ["| what | figure | held to | |", "|---|---|---|---|"]
    for (_benchmark, name), figure in newest.items():
        if only is not None and name not in only:
            continue
        lines.append(
            f"| {name} | {number(figure, figure.value)} | {held_to(figure)} | {'✔' if figure.well else '✖'} |"
        )
    on = runs[-1].machine
    packages = ", ".join(f"{name} {found}" for name, found in on.packages.items())
    where = f"{on.cores} × {on.processor}, {on.memory} GiB, {on.system}, Python {on.python}, {packages}"
    return (
        "\n".join(
            [
                *lines,
                "",
                f"Medians, the newest on {where}; octowizard {on.octowizard}, {runs[-1].at:%Y-%m-%d}.",
            ]
        )
        + "\n"
    )


def documents(runs: Sequence[Results]) -> Mapping[Path, str]:
    """The texts that tell the figures: docs/figures.md with all of them, README with those that a user feels, last."""
    everything = (
        "# Figures\n\n"
        "Written by `python -m tests.bench --write` from what `--keep` has kept. Each is held to a limit or\n"
        "a rival of the same run; ✖: missed.\n\n"
    )
    before = README.read_text(encoding="utf-8").partition(_HEADING)[0].rstrip("\n")
    some = (
        "The newest of those that a user feels (✖: missed); all of them, and how to measure them again, are in\n"
        "[docs/figures.md](docs/figures.md).\n\n"
    )
    return {
        DOCUMENT: everything + markdown(runs),
        README: f"{before}\n\n{_HEADING}\n{some}{markdown(runs, IN_README)}",
    }
