"""What the app needs of the sync: a small protocol, so that tests and pictures can play a scripted one.

`wired.py` is the real one, on top of `sync.run` and the workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from octowizard.sync.events import AnyEvent, Event, RunFinished
from octowizard.sync.overview import Overview
from octowizard.sync.tally import Stop

__all__ = ["Engine", "PastRun", "RunOptions", "Stop"]


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asked for. `only`: Teamleader ids of the documents to try again; empty = all."""

    dry_run: bool = False
    only: tuple[str, ...] = ()
    no_other_connector: bool = False  # the user says that Teamleader's own sync is switched off


class PastRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the history. `result` None: it is still going on, or was cut off."""

    id: int
    started: datetime
    finished: datetime | None
    dry_run: bool
    result: RunFinished | None


class Engine(Protocol):
    """One profile's sync. Coroutines run in a loop of their own thread; the rest blocks and is called in a thread.

    Errors a user can act upon are exceptions whose text is one sentence.
    """

    async def run_sync(
        self, options: RunOptions, emit: Callable[[Event], None], stop: Stop
    ) -> RunFinished: ...

    async def look(self) -> Overview: ...

    def remembered(self) -> Overview: ...

    def runs(self) -> list[PastRun]: ...

    def run_events(self, run: int) -> Iterator[AnyEvent]: ...

    def document_events(self, document_id: str) -> Iterator[AnyEvent]: ...
