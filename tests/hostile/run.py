"""Every operation that octowizard uses, each of its answers spoilt in every way: python -m tests.hostile.run

Each pair is a command in a process of its own, on a practice company of its own. It has to end within SECONDS and
MEGABYTES, with the very exit code that expected.py says and a sentence, without a traceback and without a crash
report. One that takes longer is run once more, alone, so that a busy computer is not taken for a product that
waits. POSIX only. Prints operations x spoils (the exit code, or ! and what was wrong), the slowest and the biggest.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from octowizard.sandbox.server import new_company, serving
from octowizard.session import practice_company
from tests.cli.commands import environment
from tests.hostile.expected import expected
from tests.hostile.operations import OPERATIONS, Operation, aimed
from tests.hostile.spoils import SPOILS, Spoil
from tests.hostile.vendor import in_front_of

SECONDS = 60.0
MEGABYTES = 300


@dataclass(frozen=True)
class Outcome:
    """How one pair ended. `seconds` on the clock, `cpu` of the command; `said`: its last words."""

    operation: Operation
    spoil: Spoil
    code: int
    seconds: float
    cpu: float
    megabytes: float
    hits: int
    crash: str
    said: str

    @property
    def wrong(self) -> str:
        """What is not as it has to be; empty when all is."""
        if not self.hits:
            return "was not asked"
        if self.crash:
            return f"crashed: {self.crash}"
        found = []
        right = expected(self.operation, self.spoil)
        if self.code != right:
            found.append(f"ended {self.code} instead of {right}: {self.said}")
        elif self.code != 0 and not self.said:
            found.append("said nothing")
        if self.seconds > SECONDS:
            found.append(f"took {self.seconds:.0f} s ({self.cpu:.0f} s of work)")
        if self.megabytes > MEGABYTES:
            found.append(f"took {self.megabytes:.0f} MB")
        return "; ".join(found)

    def line(self) -> str:
        """As a JSON line."""
        return json.dumps(vars(self) | {"operation": self.operation.name, "spoil": self.spoil.name})


class Forge:
    """A process that runs one command at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, words: str, home: Path) -> dict[str, Any]:
        line = ["--profile", "p", *words.split()]
        wanted = {"words": line, "environment": environment(home), "out": str(home)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        await self._process.stdin.drain()
        ended: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return ended


@asynccontextmanager
async def forges(many: int) -> AsyncIterator[asyncio.Queue[Forge]]:
    """So many of them, taken and given back."""
    idle: asyncio.Queue[Forge] = asyncio.Queue()
    processes = []
    for _ in range(many):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.hostile.forge"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        processes.append(process)
        assert process.stdout is not None
        await process.stdout.readline()  # it has loaded all it needs
        idle.put_nowait(Forge(process))
    try:
        yield idle
    finally:
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


async def one(operation: Operation, spoil: Spoil | None, forge: Forge, home: Path) -> Outcome:
    """Play one pair; without a spoil, how it ends soundly."""
    way = operation.way
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serving(new_company(way.build())))
        vendor = await stack.enter_async_context(in_front_of(served.url, operation.aimed, spoil))
        if way.cut:
            vendor.lost = lambda method, path: aimed(way.cut, method, path)
        line = json.dumps(served.connection()).replace(served.url, vendor.url)
        practice_company.add(home, "p", practice_company.decoded(line.encode()))
        vendor.armed = False
        for words in way.first:
            await forge.run(words, home)
        vendor.armed = True
        vendor.seen.clear()
        ended = await forge.run(way.words, home)
        hits = sum(operation.aimed(*seen) for seen in vendor.seen)
    crash, said = await asyncio.to_thread(_read, home)
    return Outcome(
        operation,
        spoil or SPOILS[-1],
        ended["code"],
        ended["seconds"],
        ended["cpu"],
        ended["kilobytes"] / 1024,
        hits,
        crash,
        said,
    )


def _read(home: Path) -> tuple[str, str]:
    """What a crash left behind, and the last words."""
    out, err = ((home / name).read_text("utf-8", "replace") for name in ("out", "err"))
    reports = [file.read_text().splitlines()[-1] for file in home.glob("crashes/*")]
    if reports or "did not foresee" in out + err or "Traceback" in out + err:
        return str(reports or (out + err)[-200:]), _last(out, err)
    return "", _last(out, err)


def _last(out: str, err: str) -> str:
    """The last words of a command."""
    if err.strip():
        return err.strip().splitlines()[-1]
    lines = out.strip().splitlines()
    return lines[-1][-400:] if lines else ""


async def play(
    operations: list[Operation], spoils: list[Spoil], jobs: int, slow_jobs: int, kept: Path | None
) -> list[Outcome]:
    """All pairs that `kept` does not hold yet; those that only wait, many at a time, beside the others.

    One that took too long is played once more, with few others.
    """
    done = outcomes(kept, operations, spoils) if kept is not None else []
    played = {(outcome.operation, outcome.spoil) for outcome in done}
    pairs = [pair for pair in product(operations, spoils) if pair not in played]
    Random(1).shuffle(pairs)  # so that a run that is ended early has tried some of all
    slow = sum(spoil.slow for _operation, spoil in pairs)
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:

        async def keep(operation: Operation, spoil: Spoil, idle: asyncio.Queue[Forge]) -> Outcome:
            forge = await idle.get()
            home = Path(tempfile.mkdtemp(dir=name))
            try:
                return await one(operation, spoil, forge, home)
            finally:
                idle.put_nowait(forge)
                shutil.rmtree(home, ignore_errors=True)

        def tell(outcome: Outcome) -> None:
            done.append(outcome)
            if kept is not None:
                with kept.open("a") as lines:
                    lines.write(outcome.line() + "\n")
            if outcome.wrong:
                print(f"{outcome.operation.name}, {outcome.spoil.name}: {outcome.wrong}", flush=True)  # noqa: T201

        async with forges(jobs) as quick, forges(min(slow_jobs, slow)) as patient:

            async def first(operation: Operation, spoil: Spoil) -> Outcome | None:
                outcome = await keep(operation, spoil, patient if spoil.slow else quick)
                if outcome.seconds > SECONDS:
                    return outcome
                tell(outcome)
                return None

            late = await asyncio.gather(*(first(*pair) for pair in pairs))
            for outcome in late:
                if outcome is not None:
                    tell(await keep(outcome.operation, outcome.spoil, quick))
    return done


def outcomes(kept: Path, operations: list[Operation], spoils: list[Spoil]) -> list[Outcome]:
    """Those that an earlier run kept."""
    by_name = {operation.name: operation for operation in operations}
    spoil_of = {spoil.name: spoil for spoil in spoils}
    found = []
    for line in kept.read_text().splitlines() if kept.exists() else ():
        record = json.loads(line)
        operation, spoil = by_name.get(record.pop("operation")), spoil_of.get(record.pop("spoil"))
        if operation is not None and spoil is not None:
            found.append(Outcome(operation, spoil, **record))
    return found


def table(done: list[Outcome], operations: list[Operation], spoils: list[Spoil]) -> str:
    """Operations down, spoils across: exit codes, ! where it was wrong."""
    cells = {
        (outcome.operation, outcome.spoil): "!" if outcome.wrong else str(outcome.code) for outcome in done
    }
    rows = [f"{place:2} {spoil.name}" for place, spoil in enumerate(spoils)]
    rows += ["", " " * 52 + " ".join(f"{place:2}" for place in range(len(spoils)))]
    for operation in operations:
        marks = " ".join(f"{cells.get((operation, spoil), ' '):>2}" for spoil in spoils)
        rows.append(f"{operation.name:52}{marks}")
    return "\n".join(rows)


def main() -> int:
    """The long form; 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.run", description=__doc__)
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="commands at a time (default: 4)")
    parser.add_argument(
        "--slow-jobs", type=int, default=40, metavar="N", help="of those that wait (default: 40)"
    )
    parser.add_argument("--operation", default="", help="only those whose name has this in it")
    parser.add_argument("--spoil", default="", help="only those whose name has this in it")
    parser.add_argument("--quick", action="store_true", help="without those that wait for a deadline")
    parser.add_argument("--slow", action="store_true", help="only those")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE", help="keep each outcome there, and go on with what it holds"
    )
    options = parser.parse_args()
    operations = [operation for operation in OPERATIONS if options.operation in operation.name]
    spoils = [
        spoil
        for spoil in SPOILS
        if options.spoil in spoil.name
        and not (options.quick and spoil.slow)
        and (spoil.slow or not options.slow)
    ]
    began = time.monotonic()
    done = asyncio.run(play(operations, spoils, options.jobs, options.slow_jobs, options.keep))
    wrong = [outcome for outcome in done if outcome.wrong]
    print(table(done, operations, spoils))  # noqa: T201
    for key in ("seconds", "cpu", "megabytes"):
        most = max(done, key=lambda outcome: float(getattr(outcome, key)))
        print(f"most {key}: {getattr(most, key):.1f} ({most.operation.name}, {most.spoil.name})")  # noqa: T201
    taken = time.monotonic() - began
    print(  # noqa: T201
        f"{len(operations)} operations x {len(spoils)} spoils: {len(done)} pairs, {len(wrong)} wrong, {taken:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
