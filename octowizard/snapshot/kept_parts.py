"""What is kept of the parts of both sides: how old it may be, taking it over, and keeping what was read instead."""

from __future__ import annotations

from collections.abc import (
    Awaitable,
    Callable,
    Collection,
)
from datetime import datetime, timedelta
from typing import Literal, TypeVar

import msgspec

from octowizard.octopus.client import Octopus
from octowizard.octopus.contract import max_calls_per_day
from octowizard.progress import Report
from octowizard.snapshot.parts import (
    FORM,
    NOT_AT_ALL,
    PARTS,
    Cursor,
    Freshness,
    Part,
    allowed_age,
    is_young,
    read_again,
    written_parts,
)
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import LimitReached, LimitSpent
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace

T = TypeVar("T")

Decisive = Literal["bookings", "relations", "matches"]  # what others may have written, and what hangs on it
YearJournal = tuple[int, str]  # bookyear id, journal key

encode = msgspec.json.Encoder(decimal_format="number").encode


class KeptParts:
    """What is kept of the parts of both sides, and whether it will do.

    `stale`: what could not be read again because a limit is spent, and when it was read. `unlooked`: what is decisive
    among that, with the limit: nothing may be written that hangs on it. `unread_accounts`: by year, the limit that
    keeps its chart from being read. `names`: by part, the kept readings that were used or made.
    """

    def __init__(
        self,
        workspace: Workspace,
        octopus: Octopus,
        teamleader: Teamleader,
        *,
        department_id: str,
        limits: bool,
        freshness: Freshness,
        report: Report,
        suspect: Collection[str] = (),
    ) -> None:
        self._workspace = workspace
        self._octopus = octopus
        self._teamleader = teamleader
        self._department_id = department_id
        self._limits = limits
        self._freshness = freshness
        self._runs = freshness in ("run", "resumed")
        self._report = report
        self._suspect = {*suspect, *written_parts(workspace)}  # what is kept of them is not taken over
        self._read_now: set[str] = set()
        self._whole_now: set[YearJournal] = set()  # journals whose bookings were read from the beginning
        self.unlooked: dict[Decisive, LimitSpent | LimitReached] = {}
        self.stale: list[tuple[str, datetime]] = []
        self.unread_accounts: dict[int, LimitSpent | LimitReached] = {}
        self.names: dict[Part, set[str]] = {}

    def _now(self) -> datetime:
        """The vendors' clock, as Octopus tells it: it is the first to be asked."""
        return self._octopus.clock.now()

    # --- what is kept --------------------------------------------------------------------------------------

    def _age(self, part: Part, needed: int) -> timedelta:
        if part in self._suspect:
            return NOT_AT_ALL
        operation = PARTS[part].spends
        limit = max_calls_per_day(operation) if operation else None
        left = self._octopus.remaining(operation) if operation and self._limits else None
        return allowed_age(part, self._freshness, needed, left, limit)

    def _takes_over(self, part: Part, name: str, *, needed: int = 1, age: timedelta | None = None) -> bool:
        """Whether the kept reading `name` will do; one that this reader has made always does."""
        self.names.setdefault(part, set()).add(name)
        if name in self._read_now:
            return True
        reading = kept.reading(self._workspace, name)
        within = self._age(part, needed) if age is None else age
        return reading is not None and is_young(reading.taken_at, self._now(), within)

    def _kept(self, name: str, shape: type[T]) -> T | None:
        reading = kept.reading(self._workspace, name)
        return msgspec.json.decode(reading.body, type=shape) if reading else None

    def _keep(self, name: str, body: object, taken_at: datetime) -> None:
        self._read_now.add(name)
        kept.keep_reading(self._workspace, name, encode(body), taken_at)

    def _cursor(self, name: str) -> Cursor | None:
        return self._kept(f"cursor/{name}", Cursor)

    def _read_until(self, name: str, now: datetime, before: Cursor | None) -> None:
        """Keep how far a feed of Octopus was read."""
        self._keep(f"cursor/{name}", Cursor(now, before.whole if before else now, form=FORM), now)

    async def _list(
        self,
        part: Part,
        name: str,
        read: Callable[[], Awaitable[list[T]]],
        shape: type[list[T]],
        *,
        needed: int = 1,
        age: timedelta | None = None,
    ) -> list[T]:
        """A list that is read whole: as it is kept where it is young enough, or the limit of the day is spent."""
        known = self._kept(name, shape)
        if known is not None and self._takes_over(part, name, needed=needed, age=age):
            return known
        self.names.setdefault(part, set()).add(name)
        try:
            records = await read()
        except (LimitSpent, LimitReached):
            reading = kept.reading(self._workspace, name)
            if known is None or reading is None:
                raise
            self.stale.append((name.partition("/")[2], reading.taken_at))
            return known
        self._keep(name, records, self._now())
        self._report(name.partition("/")[2], len(records))
        return records

    def done(self, part: Part) -> None:
        """The part has been read: what was written to it before is in it."""
        self._suspect.discard(part)
        read_again(self._workspace, part)
