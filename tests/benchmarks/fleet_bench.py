"""Many dossiers in one process: how long, how much memory, beside the floor that latency and limits give.

    python -m tests.bench fleet

Serves so many practice companies from one process, each a copy of one with its own address, books and limits; both
vendors answer as slowly as the real ones. Then `octowizard fleet check --all` runs as a program, once with nothing
known (first look) and once more half a day later (the look of every morning). The floor: of each dossier the calls of
its slower side one after the other, as many dossiers side by side as are worked on together; and never less than one
dossier takes, nor than Teamleader's window allows. What the processor takes is no part of it, of octowizard and of the
vendors: both are told apart. How many are worked on together is a choice, not a limit: more would lower the floor, and
leave all the time to the processor. POSIX only; wants the machine for itself.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session import practice_company
from tests.benchmarks.figure import Figure
from tests.benchmarks.launched import launch
from tests.benchmarks.sync_bench import OCTOPUS_MS, TEAMLEADER_AT_ONCE, TEAMLEADER_MS
from tests.sync.company import environment

DOSSIERS, AT_ONCE = 500, 16
SLOWER, MEGABYTES = 1.2, 400
WINDOW, MINUTE = 200, 60.0  # Teamleader's calls a minute


async def serve(dossiers: int) -> None:
    """Serve so many copies of one practice company, print what connects to each, and end with stdin.

    A line on stdin is answered by the seconds of the processor so far.
    """

    def asked() -> None:
        for _line in sys.stdin:
            sys.stdout.write(f"{time.process_time()}\n")
            sys.stdout.flush()

    master = pickle.dumps(SCENARIOS["healthy"].build(1, None, None))
    async with AsyncExitStack() as ending:
        for _dossier in range(dossiers):
            company = new_company(
                pickle.loads(master), latency_octopus_ms=OCTOPUS_MS, latency_teamleader_ms=TEAMLEADER_MS
            )
            served = await ending.enter_async_context(serving(company))
            sys.stdout.write(json.dumps(served.connection()) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(asked)


def half_a_day_later(control: str) -> None:
    """Move the clock of a company."""
    urlopen(
        Request(f"{control}/clock", b'{"hours": 12}', {"Content-Type": "application/json"}), timeout=60
    ).close()


def calls_of(control: str) -> tuple[int, int]:
    """Calls that a company has had: Octopus', Teamleader's."""
    with urlopen(f"{control}/world", timeout=60) as answer:
        world: dict[str, Any] = json.loads(answer.read())
    octopus, teamleader = (sum(world[side]["calls"].values()) for side in ("octopus", "teamleader"))
    return octopus, teamleader


def processor_of(server: subprocess.Popen[bytes]) -> float:
    """Seconds of the processor that the vendors have taken so far."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(b"\n")
    server.stdin.flush()
    return float(server.stdout.readline())


def measured(home: Path, at_once: int) -> tuple[float, float, float]:
    """Seconds on the wall and of the processor, and the most memory in MB, of one `fleet check --all`."""
    words = ["fleet", "check", "--all", "--json", "--at-once", str(at_once)]
    with tempfile.NamedTemporaryFile() as out:
        took = launch(["-m", "octowizard", *words], Path(out.name), environment(home))
        last = json.loads(Path(out.name).read_bytes().splitlines()[-1])
    if took.code != 0:
        raise SystemExit(f"The check ended with {took.code}: {last}")
    return took.wall, took.processor, took.megabytes


def floor_of(octopus: int, teamleader: int, dossiers: int, at_once: int) -> float:
    """Seconds that latency and limits take: `octopus` and `teamleader` calls for each of so many dossiers."""
    alone = max(octopus * OCTOPUS_MS, teamleader * TEAMLEADER_MS / TEAMLEADER_AT_ONCE) / 1000
    return max(alone * dossiers / at_once, alone, (teamleader // (WINDOW + 1)) * MINUTE)


def figures(dossiers: int = DOSSIERS, at_once: int = AT_ONCE) -> Iterator[Figure]:
    """Both looks, once each: they take minutes."""
    command = [sys.executable, "-m", "tests.benchmarks.fleet_bench", "serve", str(dossiers)]
    with tempfile.TemporaryDirectory(prefix="octowizard-fleet-") as folder:
        home = Path(folder)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            try:
                lines = [server.stdout.readline() for _dossier in range(dossiers)]
                for number, line in enumerate(lines):
                    practice_company.add(home, f"d{number:04}", practice_company.decoded(line))
                controls = [json.loads(line)["control_url"] for line in lines]
                before = (0, 0)
                for look in ("first look", "next morning"):
                    vendors = processor_of(server)
                    wall, processor, memory = measured(home, at_once)
                    vendors = processor_of(server) - vendors
                    after = calls_of(controls[0])
                    octopus, teamleader = (now - then for now, then in zip(after, before, strict=True))
                    before = after
                    floor = floor_of(octopus, teamleader, dossiers, at_once)
                    name = f"fleet of {dossiers} dossiers, {look}"
                    beside = (
                        f"beside a floor of {floor:.1f} s ({at_once} at once, {octopus} + {teamleader} calls)"
                    )
                    yield Figure(f"{name}: time", "×", (wall / floor,), SLOWER, beside=beside)
                    yield Figure(
                        f"{name}: own processor time for a dossier", "ms", (1000 * processor / dossiers,)
                    )
                    yield Figure(
                        f"{name}: the vendors' processor time for a dossier",
                        "ms",
                        (1000 * vendors / dossiers,),
                    )
                    busiest = max(floor, processor, vendors)
                    beside = "beside the slowest of the floor, octowizard's processor and the vendors'"
                    yield Figure(f"{name}: time for all that waits", "×", (wall / busiest,), beside=beside)
                    yield Figure(f"{name}: memory", "MB", (memory,), MEGABYTES)
                    for control in controls:
                        half_a_day_later(control)
            finally:
                server.stdin.close()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", number_of]:
            asyncio.run(serve(int(number_of)))
