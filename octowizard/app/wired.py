"""The engine of the real app: `sync.run` and the workspace of one profile. Loaded when it is first used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from octowizard.app.collecting import uncollected
from octowizard.app.engine import Answer, CardLine, Checked, PastRun, Report, RunOptions
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.app.desk import Desk
    from octowizard.app.mapped import Mapper
    from octowizard.app.pairs import Pairs
    from octowizard.app.setup import SetUp
    from octowizard.problems.explain import Explained
    from octowizard.progress import Stop
    from octowizard.snapshot.model import Snapshot
    from octowizard.sync.events import AnyEvent, Event, RunFinished
    from octowizard.sync.overview import Overview
    from octowizard.workspace.profiles import Profile

CALENDAR_NEEDS = ("years", "journals", "documents", "bookings")


class WiredEngine:
    """One profile under one root. The imports stand inside, so that the first screen is there before httpx is."""

    def __init__(self, root: Path, profile: Profile) -> None:
        self._root = root
        self._profile = profile
        self._snapshot: Snapshot | None = None  # of what is kept; None when that has changed since
        self._building = threading.Lock()

    @property
    def desk(self) -> Desk | None:
        from octowizard.app.desk import ControlDesk

        address = self._profile.control_url
        return ControlDesk(address) if address else None

    @property
    def setup(self) -> SetUp:
        from octowizard.app.setup import WiredSetUp

        return WiredSetUp(self)

    @property
    def pairs(self) -> Pairs:
        from octowizard.app.pairs import WiredPairs

        return WiredPairs(self)

    @property
    def root(self) -> Path:
        """The folder of all profiles."""
        return self._root

    @property
    def profile(self) -> Profile:
        """As it now is."""
        return self._profile

    @property
    def mapper(self) -> Mapper:
        from octowizard.app.mapped import WiredMapper

        return WiredMapper(self)

    def snapshot(self) -> Snapshot:
        """What is kept; it blocks."""
        return self._kept()

    def forget(self) -> None:
        """What is kept has changed."""
        self._snapshot = None

    def adopt(self, profile: Profile) -> None:
        from octowizard.workspace.profiles import save

        save(self._root, profile)
        self._profile = profile
        self._snapshot = None

    async def run_sync(self, options: RunOptions, emit: Callable[[Event], None], stop: Stop) -> RunFinished:
        from octowizard.sync.run import SyncOptions, run_sync

        asked = SyncOptions(
            dry_run=options.dry_run, only=options.only, no_other_connector=options.no_other_connector
        )
        try:
            return await run_sync(self._root, self._profile, asked, emit, stop)
        finally:
            self._snapshot = None

    async def look(self) -> Overview:
        from octowizard.sync.look import look

        try:
            return await look(self._root, self._profile)
        finally:
            self._snapshot = None

    def remembered(self) -> Overview:
        from octowizard.sync.remembered import remembered

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
        from octowizard.sync.events import from_line
        from octowizard.workspace import runs
        from octowizard.workspace.db import Workspace

        with Workspace.open(self._root, self._profile.name) as workspace:
            yield from map(from_line, runs.run_lines(workspace, run))

    def document_events(self, document_id: str) -> Iterator[AnyEvent]:
        from octowizard.sync.events import from_line
        from octowizard.workspace import runs
        from octowizard.workspace.db import Workspace

        # What a preview only promised is no history of a document, so the lines come run by run.
        wanted = document_id.encode()
        with Workspace.open(self._root, self._profile.name) as workspace:
            for record in sorted(runs.runs(workspace), key=lambda record: record.id):
                if not record.dry_run:
                    lines = runs.run_lines(workspace, record.id)
                    yield from (from_line(line) for line in lines if wanted in line)

    # --- checks and explanations --------------------------------------------------------------------------

    async def check(self, problem: str, report: Report) -> Checked:
        from octowizard.sync import checking

        if problem:
            snapshot = await checking.again(self._root, self._profile, problem, report)
        else:
            snapshot = await checking.take(self._root, self._profile, report)
        self._snapshot = snapshot
        return self._checked(snapshot)

    def try_again(self) -> None:
        from octowizard.workspace.db import Workspace
        from octowizard.workspace.refusals import try_again

        with Workspace.open(self._root, self._profile.name) as workspace:
            try_again(workspace)

    def kept_checks(self) -> Checked:
        with uncollected():
            return self._checked(self._kept())

    def declare(self, files: Sequence[Path]) -> int:
        from octowizard.customers.declaring import declare
        from octowizard.sync import checking

        now = checking.moment_there(self._root, self._profile)
        try:
            return declare(self._root, self._profile, files, now)
        finally:
            self._snapshot = None

    def _kept(self) -> Snapshot:
        from octowizard.sync import checking

        with self._building:
            if self._snapshot is None:
                self._snapshot = checking.offline(self._root, self._profile)
            return self._snapshot

    def _checked(self, snapshot: Snapshot) -> Checked:
        from octowizard.checks.calendar import calendar
        from octowizard.problems.remedy import checked
        from octowizard.sync import checking

        findings, not_checked = checked(snapshot, self._profile)
        there = checking.moment_there(self._root, self._profile)
        booked = (one.head for one in snapshot.booked)
        others = (head for head, _booking in chain(snapshot.elsewhere, snapshot.differing))
        return Checked(
            taken_at=snapshot.taken_at if snapshot.taken_at.timestamp() else None,
            findings=tuple(findings),
            not_checked=tuple(not_checked),
            grid=calendar(snapshot, self._profile),
            documents={head.id: head for head in chain(booked, others, snapshot.pending)},
            not_read={part: snapshot.unread[part] for part in CALENDAR_NEEDS if part in snapshot.unread},
            calls_left=checking.calls(self._root, self._profile).left,
            kept=snapshot.kept,
            clock_offset=there - datetime.now(UTC),
        )

    def cards(self) -> list[CardLine]:
        from octowizard.problems.catalogue import cards

        return [
            CardLine(
                problem=card.id,
                title=_(card.title),
                area=_(card.area),
                severity=card.severity,
                words=" ".join(
                    (card.id, card.title, _(card.title), *chain(*card.messages.values()))
                ).casefold(),
            )
            for card in cards().values()
        ]

    def explain(self, problem: str, document_id: str = "", *, look: bool = True) -> Explained | None:
        from octowizard.problems.catalogue import card
        from octowizard.problems.explain import explain

        if card(problem) is None:
            return None
        subject = {"document": document_id} if document_id else {}
        return explain(problem, self._kept() if look else None, self._profile, subject)

    def diagnose(self, text: str) -> Answer:
        from octowizard.problems.catalogue import cards
        from octowizard.problems.explain import explain
        from octowizard.problems.recognise import recognise
        from octowizard.problems.words import name_label

        found = recognise(text)
        explained = None
        if found.problem is not None:
            explained = explain(found.problem, self._kept(), self._profile, found.names)
        return Answer(
            explained=explained,
            names=tuple((name_label(name), value) for name, value in found.names.items()),
            nearest=tuple((near, _(cards()[near].title)) for near in found.nearest),
        )

    def save_bundle(self, text: str) -> Path:
        from octowizard.problems.bundle import write_bundle
        from octowizard.problems.explain import explain
        from octowizard.problems.recognise import recognise
        from octowizard.workspace.private import make_folder

        found = recognise(text)
        explained = None
        if found.problem is not None:
            explained = explain(found.problem, self._kept(), self._profile, found.names)
        self._know_secrets()
        folder = self._root / "saved"
        make_folder(folder)
        target = folder / f"octowizard support {datetime.now():%Y-%m-%d %H.%M.%S}.zip"  # noqa: DTZ005 - a name for people
        write_bundle(target, text, found, explained, self._root, self._profile)
        return target

    def _know_secrets(self) -> None:
        """Read the secrets, so that the redactor knows them wherever they stand."""
        from octowizard.workspace.profiles import folder
        from octowizard.workspace.secrets import SecretStore, SecretsUnavailable, secret_names

        profile = self._profile
        with suppress(SecretsUnavailable):
            store = SecretStore(profile.name, folder(self._root, profile.name), profile.secrets)
            for name in secret_names():
                store.given(name)
                store.kept(name)


def _result(line: bytes | None) -> RunFinished | None:
    from octowizard.sync.events import RunFinished, from_line

    event = from_line(line) if line is not None else None
    return event if isinstance(event, RunFinished) else None
