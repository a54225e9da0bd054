"""What the app needs of the sync: a small protocol, so that tests and pictures can play a scripted one.

`wired.py` is the real one, on top of `sync.run` and the workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from octowizard.app.desk import Desk
from octowizard.app.mapped import Mapper
from octowizard.app.pairs import Pairs
from octowizard.app.setup import SetUp
from octowizard.checks.calendar import Calendar
from octowizard.checks.registry import Finding, NotChecked
from octowizard.problems.explain import Explained
from octowizard.snapshot.model import DocumentHead
from octowizard.sync.events import AnyEvent, Event, RunFinished
from octowizard.sync.overview import CallsLeft, Overview
from octowizard.sync.tally import Stop
from octowizard.workspace.profiles import Profile

__all__ = ["Answer", "CardLine", "Checked", "Engine", "PastRun", "RunOptions", "Stop"]

Report = Callable[[str, int], None]  # what is being read, and how many records so far


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


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What all checks and the calendar say of one look at both sides.

    `taken_at` None: nothing was ever read, so that nothing is known. `clock_offset`: what this computer's clock
    lacks. `not_read`: parts that the calendar needs and could not have, with the reason. `kept`: what could not be
    refreshed today, and when it was read. `documents`: those that wait, by id.
    """

    taken_at: datetime | None
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    grid: Calendar
    documents: Mapping[str, DocumentHead] = {}
    not_read: Mapping[str, str] = {}
    calls_left: tuple[CallsLeft, ...] = ()
    kept: tuple[tuple[str, datetime], ...] = ()
    clock_offset: timedelta = timedelta(0)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a pasted message means. `explained` None: it was not recognised.

    `names`: what the text names, as (label, value). `nearest`: (problem, title) of cards that may be meant.
    """

    explained: Explained | None
    names: tuple[tuple[str, str], ...] = ()
    nearest: tuple[tuple[str, str], ...] = ()


class CardLine(msgspec.Struct, frozen=True, kw_only=True):
    """One card in the list of all. `words`: everything by which it can be found, casefolded."""

    problem: str
    title: str
    area: str
    severity: Literal["blocking", "warning", "info"]
    words: str


class Engine(Protocol):
    """One profile's sync. Coroutines run in a loop of their own thread; the rest blocks and is called in a thread.

    Errors a user can act upon are exceptions whose text is one sentence.
    """

    @property
    def desk(self) -> Desk | None:
        """The practice desk; None with real accounts."""
        ...

    @property
    def setup(self) -> SetUp:
        """The set-up of the profile."""
        ...

    @property
    def mapper(self) -> Mapper:
        """The mapping of the profile."""
        ...

    @property
    def pairs(self) -> Pairs:
        """The duplicates of the profile."""
        ...

    def adopt(self, profile: Profile) -> None:
        """Keep a changed profile, and go by it from now on."""
        ...

    async def run_sync(
        self, options: RunOptions, emit: Callable[[Event], None], stop: Stop
    ) -> RunFinished: ...

    async def look(self) -> Overview: ...

    def remembered(self) -> Overview: ...

    def runs(self) -> list[PastRun]: ...

    def run_events(self, run: int) -> Iterator[AnyEvent]: ...

    def document_events(self, document_id: str) -> Iterator[AnyEvent]: ...

    async def check(self, problem: str, report: Report) -> Checked:
        """Read both sides for the checks; with a problem, only what its checks depend on."""
        ...

    def try_again(self) -> None:
        """Let what was refused at a sign-in be sent once more: the user says that it is mended."""
        ...

    def kept_checks(self) -> Checked:
        """The checks on what was kept; reads no vendor."""
        ...

    def declare(self, files: Sequence[Path]) -> int:
        """Keep what exports of Teamleader declare, instead of what was declared before; how many customers that are."""
        ...

    def cards(self) -> list[CardLine]: ...

    def explain(self, problem: str, document_id: str = "", *, look: bool = True) -> Explained | None:
        """A problem with its causes looked at in what was kept, for one document or for all; None without a card.

        `look` False: the words of the card alone, every cause open, at once.
        """
        ...

    def diagnose(self, text: str) -> Answer:
        """A pasted message or number: recognised and explained, or the honest answer that it is not known."""
        ...

    def save_bundle(self, text: str) -> Path:
        """A support bundle about a message, without secrets; where it was saved."""
        ...
