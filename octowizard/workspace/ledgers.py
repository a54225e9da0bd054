"""Spent calls and taken turns, kept in the workspace so that a restart does not forget them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from octowizard.transport.errors import LimitSpent
from octowizard.transport.ledger import AHEAD, day_began, frees_at
from octowizard.workspace.db import Workspace

_OLD = timedelta(days=30)


class SpentCalls:
    """The CallLedger of a workspace: a call is committed before it is made."""

    def __init__(self, workspace: Workspace, vendor: str) -> None:
        self._workspace = workspace
        self._vendor = vendor

    def spend(self, scope: str, operation: str, limit: int | None, at: datetime) -> None:
        """Count one call at `at` (the vendor's clock). Raises LimitSpent, counting nothing, when none is left."""
        with self._workspace.quick() as db:
            if limit is not None and self.spent(scope, operation, at) >= limit:
                moments = [
                    datetime.fromtimestamp(moment, UTC) for moment in self._moments(scope, operation, at)
                ]
                raise LimitSpent(self._vendor, operation, limit=limit, until=frees_at(moments, limit, at))
            db.execute("INSERT INTO spent VALUES (?, ?, ?)", (scope, operation, at.timestamp()))

    def spent(self, scope: str, operation: str, at: datetime) -> int:
        """Calls that still count at `at`."""
        row = self._workspace.row(
            "SELECT count(*) FROM spent WHERE scope = ? AND operation = ? AND at >= ? AND at <= ?",
            scope,
            operation,
            *self._bounds(at),
        )
        return int(row[0]) if row else 0

    def _moments(self, scope: str, operation: str, at: datetime) -> list[float]:
        rows = self._workspace.rows(
            "SELECT at FROM spent WHERE scope = ? AND operation = ? AND at >= ? AND at <= ? ORDER BY at",
            scope,
            operation,
            *self._bounds(at),
        )
        return [float(moment) for (moment,) in rows]

    def _bounds(self, at: datetime) -> tuple[float, float]:
        return day_began(at).timestamp(), (at + AHEAD).timestamp()


class TakenTurns:
    """The WindowLedger of a workspace: calls of the last minute, whichever process made them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def take(self, scope: str, at: float) -> None:
        """Record one call at Unix time `at`; older ones than ten minutes are forgotten now and then."""
        with self._workspace.quick() as db:
            db.execute("INSERT INTO turn VALUES (?, ?)", (scope, at))
            if int(at) % 50 == 0:
                db.execute("DELETE FROM turn WHERE at < ?", (at - 600,))

    def recent(self, scope: str, since: float) -> list[float]:
        """Unix times of the calls since `since`, oldest first."""
        return [
            float(at)
            for (at,) in self._workspace.rows(
                "SELECT at FROM turn WHERE scope = ? AND at >= ? ORDER BY at", scope, since
            )
        ]


def forget_old(workspace: Workspace) -> None:
    """Forget calls that no limit of a day can count any more, by this computer's clock or the vendors' stamps."""
    newest = workspace.row("SELECT max(at) FROM spent")
    if newest is None or newest[0] is None:
        return
    present = min(datetime.now(UTC).timestamp(), float(newest[0]))
    with workspace.quick() as db:
        db.execute("DELETE FROM spent WHERE at < ?", (present - _OLD.total_seconds(),))
