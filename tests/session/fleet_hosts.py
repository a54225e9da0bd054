"""A fleet on several hosts: workers on one PostgreSQL, killed again and again, and every dossier done once.

    python -m tests.session.fleet_hosts [DOSSIERS] [KILLS]          (200 and 10 unless given)

Serves so many practice companies, moves their profiles into a PostgreSQL of its own, puts a sync of each into the
queue, and lets two workers take them; each has a home of its own, as on a host of its own. In the middle of its jobs a
worker is killed and another started. Prints how long it took until each job of a killed worker was given to the others
and begun again, and what stands in the books. Exit code 1 when one is not done, is booked twice, or was given to the
others later than ten seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.request import urlopen

import psycopg
from cryptography.fernet import Fernet

from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session import practice_company
from octowizard.workspace import moving
from octowizard.workspace.vault import KEY
from tests.sync.company import environment
from tests.workspace.postgres import database, running

TAKEN_OVER = 10.0  # seconds
AT_ONCE = 4
DOCUMENTS = 8
SERVE = [sys.executable, "-m", "tests.session.fleet_hosts", "serve"]


@dataclass
class Outcome:
    """What came of it. `waits`: seconds from a kill until each of its jobs was given to the others; `begun`: until one
    of them had a free hand and began it.
    """

    dossiers: int
    verdicts: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    kills: int = 0
    twice: int = 0
    lacking: int = 0
    seconds: float = 0.0

    @property
    def well(self) -> bool:
        """Whether all is as it must be."""
        on_time = all(wait <= TAKEN_OVER for wait in self.waits)
        return self.verdicts == {"well": self.dossiers} and not self.twice and not self.lacking and on_time


async def serve(dossiers: int) -> None:
    """Serve so many practice companies and print what connects to each; end with stdin."""
    master = pickle.dumps(SCENARIOS["healthy"].build(1, 4, DOCUMENTS))
    async with AsyncExitStack() as ending:
        for _dossier in range(dossiers):
            company = new_company(pickle.loads(master), latency_octopus_ms=100)
            served = await ending.enter_async_context(serving(company))
            sys.stdout.write(json.dumps(served.connection()) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


@contextmanager
def served(dossiers: int) -> Iterator[list[bytes]]:
    """The connections of so many companies, until the block is left."""
    with subprocess.Popen([*SERVE, str(dossiers)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield [server.stdout.readline() for _dossier in range(dossiers)]
        finally:
            server.stdin.close()


def world_of(line: bytes) -> dict[str, Any]:
    """What a company holds."""
    with urlopen(f"{json.loads(line)['control_url']}/world", timeout=60) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


class Hosts:
    """The workers, each in a home that has the secrets of all profiles."""

    def __init__(self, home: Path, address: str, key: str) -> None:
        self.home, self.address, self.key = home, address, key
        self.running: list[
            tuple[subprocess.Popen[bytes], set[int]]
        ] = []  # each with its numbers in the queue
        self._started = 0

    def environment(self, home: Path) -> dict[str, str]:
        """That of a host."""
        return {**environment(home), "OCTOWIZARD_DATABASE": self.address, KEY: self.key}

    def start(self) -> None:
        """One worker more, on a host of its own; there when this returns."""
        self._started += 1
        before = self._workers()
        home = self.home.with_name(f"host-{self._started}")
        shutil.copytree(self.home, home)
        words = ["fleet", "worker", "--at-once", str(AT_ONCE)]
        command = [sys.executable, "-m", "octowizard", *words]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(command, env=self.environment(home), stdout=log, stderr=log)
        while len(mine := self._workers() - before) < 2:  # for profiles, and for care
            assert process.poll() is None, (home / "log").read_text()
            time.sleep(0.1)
        self.running.append((process, mine))

    def _workers(self) -> set[int]:
        try:
            return {number for (number,) in self.rows("SELECT id FROM procrastinate_workers")}
        except psycopg.errors.UndefinedTable:
            return set()

    def kill(self) -> set[int]:
        """Kill the eldest; the jobs that it was at."""
        eldest, numbers = self.running.pop(0)
        eldest.kill()
        eldest.wait()
        return {job for job, worker in self.rows(DOING) if worker in numbers}

    def end(self) -> None:
        """Ask all to end, and wait for it."""
        for worker, _numbers in self.running:
            worker.send_signal(signal.SIGTERM)
        for worker, _numbers in self.running:
            worker.wait(60)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the queue says."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()


DOING = "SELECT id, worker_id FROM procrastinate_jobs WHERE task_name = 'octowizard.run' AND status = 'doing'"
AFTER = (
    "SELECT extract(epoch FROM min(at)) FROM procrastinate_events "
    "WHERE job_id = {job} AND type = '{type}' AND at > to_timestamp({at})"
)
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'octowizard.run' AND status IN ('todo', 'doing')"


def run(dossiers: int, kills: int) -> Outcome:
    """All of it."""
    outcome = Outcome(dossiers)
    key = Fernet.generate_key().decode()
    with (
        patch.dict(os.environ, {KEY: key}),
        tempfile.TemporaryDirectory(prefix="octowizard-fleet-") as folder,
        running() as server,
        database(server, "fleet") as address,
        served(dossiers) as lines,
    ):
        home = Path(folder) / "home"
        for number, line in enumerate(lines):
            profile = practice_company.add(home, f"d{number:04}", practice_company.decoded(line))
            moving.to_database(home, profile, address)
        hosts = Hosts(home, address, key)
        words = [sys.executable, "-m", "octowizard", "fleet", "begin", "sync"]
        hosts.start()
        hosts.start()
        try:
            subprocess.run(words, check=True, env=hosts.environment(home), stdout=subprocess.DEVNULL)
            began = time.monotonic()
            killed: list[tuple[float, int]] = []  # when, and a job of it
            while hosts.rows(LEFT)[0][0]:
                if outcome.kills < kills and len(hosts.rows(DOING)) > AT_ONCE:
                    at = time.time()
                    killed += [(at, job) for job in hosts.kill()]
                    outcome.kills += 1
                    hosts.start()
                time.sleep(0.1)
            for at, job in killed:
                for type_, waits in (("deferred_for_retry", outcome.waits), ("started", outcome.begun)):
                    (found,) = hosts.rows(AFTER.format(job=job, type=type_, at=at))[0]
                    waits.append(float(found) - at)
            outcome.seconds = time.monotonic() - began
        finally:
            hosts.end()
        words[-2:] = ["status", "--json"]
        said = subprocess.run(words, env=hosts.environment(home), stdout=subprocess.PIPE, check=False).stdout
        outcome.verdicts.update(one["verdict"] for one in json.loads(said)["ended"])
        for line in lines:
            booked = Counter(one["comment"] for one in world_of(line)["octopus"]["bookings"])
            outcome.twice += sum(number > 1 for number in booked.values())
            outcome.lacking += DOCUMENTS - len(booked)
    return outcome


def main(dossiers: int, kills: int) -> int:
    """Print what came of it. The exit code."""
    found = run(dossiers, kills)
    given, begun = max(found.waits, default=0.0), max(found.begun, default=0.0)
    sys.stdout.write(
        f"{dossiers} dossiers on two workers, {found.kills} kills, {len(found.waits)} jobs taken over, the slowest "
        f"after {given:.1f} s (bound {TAKEN_OVER:.0f}), begun at the latest after {begun:.1f} s; "
        f"{dict(found.verdicts)}, {found.twice} booked twice, {found.lacking} not booked, {found.seconds:.0f} s\n"
    )
    return 0 if found.well else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(int(sys.argv[2])))
        sys.exit(0)
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(numbers + [200, 10][len(numbers) :])))
