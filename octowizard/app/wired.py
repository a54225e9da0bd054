"""The engine of the real app: `sync.run` and the workspace of one profile. Loaded when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from octowizard.app.engine import PastRun, RunOptions, Stop
from octowizard.sync.events import AnyEvent, Event, RunFinished, from_line
from octowizard.sync.overview import Overview
from octowizard.workspace.profiles import Profile


class WiredEngine:
    """One profile under one root. The imports stand inside, so that the first screen is there before httpx is."""

    def __init__(self, root: Path, profile: Profile) -> None:
        self._root = root
        self._profile = profile

    async def run_sync(self, options: RunOptions, emit: Callable[[Event], None], stop: Stop) -> RunFinished:
        from octowizard.sync.run import SyncOptions, run_sync

        asked = SyncOptions(
            dry_run=options.dry_run, only=options.only, no_other_connector=options.no_other_connector
        )
        return await run_sync(self._root, self._profile, asked, emit, stop)

    async def look(self) -> Overview:
        from octowizard.sync.look import look

        return await look(self._root, self._profile)

    def remembered(self) -> Overview:
        from octowizard.sync.look import remembered

        return remembered(self._root, self._profile)

    def runs(self) -> list[PastRun]:
        from octowizard.workspace import runs
        from octowizard.workspace.db import Workspace

        with Workspace.open(self._root, self._profile.name) as workspace:
            return [
                PastRun(
                    id=record.id,
                    started=record.started,
                    finished=record.finished,
                    dry_run=record.dry_run,
                    result=_result(record.last_line),
                )
                for record in runs.runs(workspace)
            ]

    def run_events(self, run: int) -> Iterator[AnyEvent]:
        from octowizard.workspace import runs
        from octowizard.workspace.db import Workspace

        with Workspace.open(self._root, self._profile.name) as workspace:
            yield from map(from_line, runs.run_lines(workspace, run))

    def document_events(self, document_id: str) -> Iterator[AnyEvent]:
        from octowizard.workspace import runs
        from octowizard.workspace.db import Workspace

        # What a preview only promised is no history of a document, so the lines come run by run.
        wanted = document_id.encode()
        with Workspace.open(self._root, self._profile.name) as workspace:
            for record in sorted(runs.runs(workspace), key=lambda record: record.id):
                if not record.dry_run:
                    lines = runs.run_lines(workspace, record.id)
                    yield from (from_line(line) for line in lines if wanted in line)


def _result(line: bytes | None) -> RunFinished | None:
    event = from_line(line) if line is not None else None
    return event if isinstance(event, RunFinished) else None
