"""A fleet on several hosts: the work on each profile is a job in PostgreSQL, taken by whichever worker is free.

The queue is procrastinate (extra `fleet`). Jobs of one profile never run side by side; a job may run twice, since a
killed worker's is taken over, and that is harmless: what is written is known by its intents. Every host has this
octowizard, the address of the database and the key of its secrets.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
import procrastinate
import psycopg
from procrastinate import exceptions
from procrastinate.connector import BaseConnector
from procrastinate.manager import JobManager

from octowizard.locale import _
from octowizard.progress import Stop, Verdict
from octowizard.session import fleet
from octowizard.session.fleet import Standing, Told, Work
from octowizard.session.fleet_presence import LIVES, Presence
from octowizard.session.session import Session
from octowizard.sync.options import SyncOptions
from octowizard.transport.ledger import turns_shared
from octowizard.workspace import database, moving, postgres, profiles
from octowizard.workspace.errors import WorkspaceError, WorkspaceLocked
from octowizard.workspace.profiles import Profile
from octowizard.workspace.renewal import renewals_shared

Task = Literal["check", "sync", "audit"]
TASKS: tuple[Task, ...] = ("check", "sync", "audit")

PROFILES, CARE = "profiles", "care"
"""Two queues: what is begun by the clock finds a free hand, however many profiles are at work."""
LOOK_FOR_LEFT = 0.5
"""Seconds between two looks for jobs that a killed worker was at."""
HEARTBEAT, FORGOTTEN = 30.0, 86_400.0
"""Seconds between two signs of life as the queue has them, and without one until it forgets a worker. By them nothing
is decided: whether a worker lives its lock tells (`fleet_presence.py`)."""
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # over on every clock
MOST_TRIES = 5
WAIT = 60
"""Seconds before the second try, doubled by each further one; of what could not be told (network, a limit)."""

Explain = Callable[[Exception], tuple[str, Verdict]]


class NotTold(Exception):
    """A vendor, a limit or the end of a worker kept it from being told: it is tried again later."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How the last job of a profile ended, and where."""

    profile: str
    task: str
    at: datetime
    verdict: Verdict
    why: str = ""
    host: str = ""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The fleet: jobs by how they stand (todo, doing, succeeded, failed ...), workers alive, and the last ends."""

    jobs: Mapping[str, int]
    workers: int
    ended: tuple[Ended, ...]


@contextmanager
def _explained() -> Iterator[None]:
    """What went wrong with the database, in one sentence."""
    try:
        yield
    except (psycopg.Error, exceptions.ConnectorException) as error:
        cause = error.__cause__ if isinstance(error.__cause__, psycopg.Error) else error
        raise WorkspaceError(
            _(
                "The database of the fleet cannot be reached or used ({error}). Look whether it runs; what was "
                "confirmed before stands, and nothing will be written twice."
            ).format(error=" ".join(str(cause).split()))
        ) from error


def later_where_held(explain: Explain) -> Explain:
    """The same, but what another octowizard is at can be told later: a person's sync, or one that was just killed."""

    def explained(error: Exception) -> tuple[str, Verdict]:
        why, verdict = explain(error)
        return why, "unknown" if isinstance(error, WorkspaceLocked) else verdict

    return explained


class _Manager(JobManager):
    """A JobManager whose workers are present, each before it takes a job."""

    def __init__(self, connector: BaseConnector, presence: Presence) -> None:
        super().__init__(connector)
        self._presence = presence

    async def register_worker(self) -> int:
        """See JobManager."""
        worker = await super().register_worker()
        await self._presence.hold(worker)
        return worker


class Queue:
    """The queue in one database. `schedules`: when each task is begun for all profiles, as cron tells it."""

    def __init__(
        self, root: Path, address: str, explain: Explain, schedules: Mapping[Task, str] = {}
    ) -> None:
        os.environ[database.VARIABLE] = address
        self._root, self._address, self._explain = root, address, later_where_held(explain)
        self._stop = Stop()
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))
        retry = procrastinate.RetryStrategy(
            max_attempts=MOST_TRIES, exponential_wait=WAIT, retry_exceptions={NotTold}
        )
        self._run = self.app.task(name="octowizard.run", queue=PROFILES, retry=retry)(self._one)
        for task, cron in schedules.items():
            begin = self.app.task(name=f"octowizard.{task}_all", queue=CARE, queueing_lock=f"{task}_all")
            self.app.periodic(cron=cron)(begin(self._beginning(task)))

    async def prepare(self) -> None:
        """Make the tables of the queue where they are not there yet."""
        with postgres.one_at_a_time(self._address, "queue"):  # hosts that are started together
            async with self.app.open_async():
                if not await self.app.check_connection_async():
                    await self.app.schema_manager.apply_schema_async()

    async def begin(self, task: Task, names: list[str] | None = None) -> int:
        """Put a job for each of these profiles (all of the database) into the queue; how many were not there yet.

        WorkspaceError when the database cannot be used.
        """
        with _explained():
            await self.prepare()
            async with self.app.open_async():
                return await self._begin(task, names)

    async def _begin(self, task: Task, names: list[str] | None = None) -> int:
        begun = 0
        for name in moving.profiles_in(self._address) if names is None else names:
            job = self._run.configure(lock=f"dossier {name}", queueing_lock=f"{task} {name}")
            try:
                await job.defer_async(profile=name, task=task)
            except exceptions.AlreadyEnqueued:
                continue
            begun += 1
        return begun

    def _beginning(self, task: Task) -> Callable[[int], object]:
        async def begin(timestamp: int) -> None:  # noqa: ARG001 - the moment for which it is scheduled
            await self._begin(task)

        return begin

    async def _take_over(self, presence: Presence) -> None:
        """Give the jobs of workers that live no more to the others, until it is cancelled."""
        while True:
            with suppress(
                psycopg.Error, exceptions.ConnectorException
            ):  # the database is away: it may come back
                async with presence.left_behind(PROFILES) as jobs:
                    for job in jobs:
                        await self.app.job_manager.retry_job_by_id_async(job, AT_ONCE)
            await asyncio.sleep(LOOK_FOR_LEFT)

    async def work(self, at_once: int, stop: Stop) -> None:
        """Take jobs until `stop` is asked for; what is being written then is brought to its end.

        WorkspaceError when the database cannot be used.
        """
        with _explained():
            await self._work(at_once, stop)

    async def _work(self, at_once: int, stop: Stop) -> None:
        await self.prepare()
        self._stop = stop
        loop, name = asyncio.get_running_loop(), f"{socket.gethostname()} {os.getpid()}"
        presence = Presence(self._address)
        self.app.job_manager = _Manager(self.app.connector, presence)
        with turns_shared(), renewals_shared():
            async with self.app.open_async(), presence:
                hands = [
                    asyncio.create_task(self._take_over(presence)),
                    *(
                        asyncio.create_task(self._hand(f"{name} {queue}", queue, number))
                        for queue, number in ((PROFILES, at_once), (CARE, 1))
                    ),
                ]

                def end() -> None:
                    for hand in hands:
                        loop.call_soon_threadsafe(hand.cancel)

                for hand in hands:  # with one that failed it would live, and never end what it is at
                    hand.add_done_callback(lambda _hand: end())
                with stop.heard_by(end):
                    if stop.requested:
                        end()
                    ends = await asyncio.gather(*hands, return_exceptions=True)
        for broken in (one for one in ends if isinstance(one, Exception)):
            raise broken

    async def _hand(self, name: str, queue: str, at_once: int) -> None:
        await self.app.run_worker_async(
            queues=[queue],
            name=name,
            concurrency=at_once,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=FORGOTTEN,
            fetch_job_polling_interval=1.0,
            install_signal_handlers=False,
        )

    async def _one(self, profile: str, task: Task) -> None:
        """One job, in a thread with a loop of its own: however long it reckons, the sign of life is given."""
        ended = await asyncio.to_thread(self._in_its_loop, profile, task)
        if ended.verdict in ("unknown", "stopped"):
            raise NotTold(ended.why)

    def _in_its_loop(self, profile: str, task: Task) -> Ended:
        standings: list[Standing] = []

        def hear(one: Told) -> None:
            if isinstance(one, Standing):
                standings.append(one)

        work, writes = _work(task)
        asyncio.run(fleet.run([profile], self._opened, work, hear, self._stop, self._explain, writes=writes))
        standing = standings[0]
        ended = Ended(
            profile=profile,
            task=task,
            at=datetime.now(UTC),
            verdict=standing.verdict or "unknown",
            why=standing.why,
            host=socket.gethostname(),
        )
        with postgres.shared(self._address) as connection:
            connection.execute(
                "INSERT INTO public.octowizard_standing VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (profile, task) DO UPDATE SET at = excluded.at, body = excluded.body",
                (profile, task, ended.at.isoformat(), msgspec.json.encode(ended)),
            )
        return ended

    def _opened(self, name: str) -> Session:
        """The profile as the database has it, in a folder of this host."""
        profile: Profile | None = moving.profiles_in(self._address).get(name)
        if profile is None:
            raise profiles.ProfileError(name)
        if not (profiles.folder(self._root, name) / "profile.json").exists():
            profiles.save(self._root, profile)
        return Session(self._root, profile)

    async def state(self) -> State:
        """How the fleet stands. WorkspaceError when the database cannot be used."""
        with _explained():
            return await self._state()

    async def _state(self) -> State:
        await self.prepare()
        async with self.app.open_async():
            jobs = await self.app.job_manager.list_jobs_async(task="octowizard.run")
        with postgres.shared(self._address) as connection:
            rows = connection.execute(
                "SELECT body FROM public.octowizard_standing ORDER BY profile"
            ).fetchall()
            alive = connection.execute(
                f"SELECT count(*) FROM procrastinate_workers WHERE {LIVES.format(worker='id')}".encode()
            ).fetchone()
        return State(
            jobs=Counter(str(job.status) for job in jobs),
            workers=int(alive[0]) if alive is not None else 0,
            ended=tuple(msgspec.json.decode(body, type=Ended) for (body,) in rows),
        )


def _work(task: Task) -> tuple[Work, bool]:
    """What is done, and whether it writes."""
    if task == "sync":
        return fleet.syncing(SyncOptions()), True
    return (fleet.checking() if task == "check" else fleet.auditing()), False
