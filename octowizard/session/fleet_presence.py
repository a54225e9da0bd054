"""Which workers of a fleet live: each holds a lock in the database for as long as it does.

PostgreSQL gives the lock back when the connection ends: at once when a worker is killed, within seconds when its host
or the network between is gone. A worker that is only slow, on a loaded host, keeps it, however late it gives a sign of
life; so none loses its jobs to another while it is at them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import psycopg

_SPACE = 9_045_119  # of the numbers of these locks
_LOOKING = 0  # who looks for jobs that were left; workers are numbered from one
_AS_A_LOCK = 2**31
_KEPT_ALIVE = (
    "SET tcp_keepalives_idle = 3",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 2",
)

LIVES = (
    "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 "
    f"AND classid = {_SPACE} AND objid::bigint = mod({{worker}}, {_AS_A_LOCK}) "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
"""Whether the worker of this number lives, as a condition of a query."""

_LEFT = (
    "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND queue_name = %s "
    f"AND (worker_id IS NULL OR NOT {LIVES.format(worker='worker_id')})"
)


class Presence:
    """The locks of the workers of this process, on a connection of their own; within it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._workers: list[int] = []
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None

    async def _connected(self) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        if self._connection is not None and not self._connection.broken:
            return self._connection
        made = await psycopg.AsyncConnection.connect(self._address, autocommit=True, connect_timeout=10)
        for setting in _KEPT_ALIVE:
            await made.execute(setting.encode())
        for worker in self._workers:  # the database was away
            await self._lock(made, worker)
        self._connection = made
        return made

    async def _lock(self, connection: psycopg.AsyncConnection[tuple[Any, ...]], worker: int) -> None:
        await connection.execute("SELECT pg_advisory_lock(%s, %s)", (_SPACE, worker % _AS_A_LOCK))

    async def hold(self, worker: int) -> None:
        """Be this worker from now on. Raises psycopg's."""
        await self._lock(await self._connected(), worker)
        self._workers.append(worker)

    @asynccontextmanager
    async def left_behind(self, queue: str) -> AsyncIterator[list[int]]:
        """Jobs of this queue that a worker was at which lives no more. Within it nobody else is told any.

        So none is given to a third while the second is at it. Raises psycopg's.
        """
        connection = await self._connected()
        tried = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_SPACE, _LOOKING))
        if await tried.fetchone() != (True,):
            yield []
            return
        try:
            yield [job for (job,) in await (await connection.execute(_LEFT.encode(), (queue,))).fetchall()]
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_SPACE, _LOOKING))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_how: object) -> None:
        if self._connection is not None:
            await self._connection.close()
