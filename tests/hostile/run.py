"""Every operation that a command uses, each of its answers spoilt in every way: python -m tests.hostile.run

Each pair is a command in a process of its own, on a practice company of its own. It has to end within SECONDS and
MEGABYTES, with the right exit code and a sentence, without a traceback and without a crash report. POSIX only.
Prints operations x spoils (the exit code, or ! and what was wrong), the slowest and the biggest.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from octowizard.cli import connection
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.worlds import SCENARIOS
from tests.cli.commands import environment
from tests.hostile.spoils import SPOILS, Spoil
from tests.hostile.vendor import in_front_of

SECONDS = 60.0
MEGABYTES = 300
SLOW_AT_ONCE = 20


@dataclass(frozen=True)
class Operation:
    """An operation, by method and the end of its address, and the command that uses it.

    `write`: nothing of its answer need be read.
    """

    method: str
    ending: str
    scenario: str
    words: str
    write: bool = False

    def aimed(self, method: str, path: str) -> bool:
        return method == self.method and path.endswith(self.ending)


def _of(words: str, *names: str, scenario: str = "healthy", write: bool = False) -> list[Operation]:
    found = []
    for name in names:
        method, _space, ending = name.partition(" ") if " " in name else ("POST", "", f"/{name}")
        found.append(Operation(method, ending, scenario, words, write))
    return found


_SYNC = "sync --yes --json"
OPERATIONS = (
    *_of(
        _SYNC,
        "GET /about/version",
        "POST /authentication",
        "POST /dossiers",
        "GET /bookyears",
        "GET /journals",
        "GET /accounts",
        "GET /vatcodes",
        "GET /currencies",
        "GET /relations/modified",
        "GET /buysellbookings/modified",
        "GET /balancings/modified",
        "oauth2/access_token",
        "taxRates.list",
        "productCategories.list",
        "companies.list",
        "contacts.list",
        "invoices.list",
        "invoices.info",
        "creditNotes.list",
        "creditNotes.info",
    ),
    *_of(_SYNC, "PUT /relations", "POST /buysellbookings", write=True),
    *_of(_SYNC, "invoices.registerPayment", scenario="tour", write=True),
    *_of(
        f"{_SYNC} --mirror F1:550000",
        "POST /financialdiversbookings",
        "POST /balancings",
        scenario="tour",
        write=True,
    ),
    *_of("check", "GET /dossiers", "departments.list"),
    *_of("duplicates import --yes", "paymentTerms.list"),
    *_of("duplicates import --yes", "companies.add", write=True),
)


@dataclass(frozen=True)
class Outcome:
    """How one pair ended; `wrong` is empty when all was as it has to be."""

    operation: Operation
    spoil: Spoil
    code: int
    seconds: float
    megabytes: float
    wrong: str


class Forge:
    """A process that runs one command at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, words: list[str], home: Path) -> dict[str, Any]:
        wanted = {"words": words, "environment": environment(home), "out": str(home)}
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


async def one(operation: Operation, spoil: Spoil, idle: asyncio.Queue[Forge], folder: Path) -> Outcome:
    """Play one pair."""
    forge = await idle.get()
    home = Path(tempfile.mkdtemp(dir=folder))
    try:
        world = SCENARIOS[operation.scenario].build(5, 10, 8)
        async with AsyncExitStack() as stack:
            served = await stack.enter_async_context(serving(new_company(world)))
            vendor = await stack.enter_async_context(in_front_of(served.url, operation.aimed, spoil))
            line = json.dumps(served.connection()).replace(served.url, vendor.url)
            connection.add(home, "p", connection.decoded(line.encode()))
            ended = await forge.run(["--profile", "p", *operation.words.split()], home)
            hits = vendor.hits
    finally:
        idle.put_nowait(forge)
    megabytes = ended["kilobytes"] / 1024
    wrong = _wrong(operation, spoil, ended["code"], home, hits)
    if ended["seconds"] > SECONDS:
        wrong += f" took {ended['seconds']:.0f} s"
    if megabytes > MEGABYTES:
        wrong += f" took {megabytes:.0f} MB"
    return Outcome(operation, spoil, ended["code"], ended["seconds"], megabytes, wrong.strip())


def _wrong(operation: Operation, spoil: Spoil, code: int, home: Path, hits: int) -> str:
    out, err = ((home / name).read_text("utf-8", "replace") for name in ("out", "err"))
    if not hits:
        return "was not asked"
    if list(home.glob("crashes/*")) or "did not foresee" in out + err or "Traceback" in out + err:
        reports = [file.read_text().splitlines()[-1] for file in home.glob("crashes/*")]
        return f"crashed: {reports or (out + err)[-200:]}"
    sound = 1 if operation.scenario == "tour" else 0
    if spoil.harmless:
        return "" if code == sound else f"ended {code}: {_last(out, err)}"
    right = {1, 3} | ({0} if spoil.partly or operation.write else set())
    if code not in right:
        return f"ended {code}: {_last(out, err)}"
    return "" if code == 0 or _last(out, err) else "said nothing"


def _last(out: str, err: str) -> str:
    """The last words of a command."""
    if err.strip():
        return err.strip().splitlines()[-1]
    lines = out.strip().splitlines()
    return lines[-1][-400:] if lines else ""


async def play(operations: list[Operation], spoils: list[Spoil], jobs: int) -> list[Outcome]:
    """All pairs; those that only wait, many at a time, beside the others."""
    pairs = [(operation, spoil) for spoil in spoils for operation in operations]
    slow = sum(spoil.slow for _operation, spoil in pairs)
    done: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        async with forges(jobs) as quick, forges(min(SLOW_AT_ONCE, slow)) as patient:

            async def keep(operation: Operation, spoil: Spoil) -> None:
                outcome = await one(operation, spoil, patient if spoil.slow else quick, Path(name))
                done.append(outcome)
                if outcome.wrong:
                    print(f"{operation.ending}, {spoil.name}: {outcome.wrong}", flush=True)  # noqa: T201

            await asyncio.gather(*(keep(operation, spoil) for operation, spoil in pairs))
    return done


def table(done: list[Outcome], operations: list[Operation], spoils: list[Spoil]) -> str:
    """Operations down, spoils across: exit codes, ! where it was wrong."""
    cells = {
        (outcome.operation, outcome.spoil): "!" if outcome.wrong else str(outcome.code) for outcome in done
    }
    rows = [f"{place:2} {spoil.name}" for place, spoil in enumerate(spoils)]
    rows += ["", " " * 40 + " ".join(f"{place:2}" for place in range(len(spoils)))]
    for operation in operations:
        marks = " ".join(f"{cells[operation, spoil]:>2}" for spoil in spoils)
        rows.append(f"{operation.method + ' ' + operation.ending:40}{marks}")
    return "\n".join(rows)


def main() -> int:
    """The long form; 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.run", description=__doc__)
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="commands at a time (default: 4)")
    parser.add_argument("--operation", default="", help="only those whose address has this in it")
    parser.add_argument("--spoil", default="", help="only those whose name has this in it")
    parser.add_argument("--quick", action="store_true", help="without those that wait for a deadline")
    options = parser.parse_args()
    operations = [operation for operation in OPERATIONS if options.operation in operation.ending]
    spoils = [spoil for spoil in SPOILS if options.spoil in spoil.name and not (options.quick and spoil.slow)]
    began = time.monotonic()
    done = asyncio.run(play(operations, spoils, options.jobs))
    wrong = [outcome for outcome in done if outcome.wrong]
    print(table(done, operations, spoils))  # noqa: T201
    for key in ("seconds", "megabytes"):
        most = max(done, key=lambda outcome: float(getattr(outcome, key)))
        print(f"most {key}: {getattr(most, key):.1f} ({most.operation.ending}, {most.spoil.name})")  # noqa: T201
    taken = time.monotonic() - began
    print(f"{len(done)} pairs, {len(wrong)} wrong, {taken:.0f} s")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
