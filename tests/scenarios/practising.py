"""A practice company in this process, a profile for it, syncs of it, and what both sides hold afterwards.

Not a test: what the tests of this room stand on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from octowizard.checks.registry import Finding, run_checks
from octowizard.customers.by_hand import ByHand
from octowizard.customers.declaring import declare
from octowizard.sandbox import control
from octowizard.sandbox.server import Served, new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session import practice_company
from octowizard.sync import events
from octowizard.sync.look import look
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile
from octowizard.workspace.refusals import try_again
from tests.checks.practice import check_again

MARK = " · octowizard"
ELSEWHERE = "Factuur "  # how another connector begins its comment


@dataclass(frozen=True)
class Ended:
    """How a sync ended."""

    told: tuple[events.Event, ...]
    last: events.RunFinished

    @property
    def failed(self) -> list[str]:
        """Numbers of the documents that failed, those that only wait for them left out; sorted."""
        return sorted(
            event.document.number for event in self.told if isinstance(event, events.DocumentFailed)
        )

    @property
    def problems(self) -> set[str]:
        """The problems named for documents, or for the whole run."""
        kinds = (events.DocumentFailed, events.RunRefused, events.CustomerFailed)
        return {event.explanation.problem for event in self.told if isinstance(event, kinds)}


class Practice:
    """A served practice company and the profile of it; a new profile whenever its owner answers differently."""

    def __init__(self, root: Path, served: Served) -> None:
        self.root = root
        self._served = served
        self._made = 0
        self.world: World = served.company.world
        self.profile = self._connect()

    def _connect(self) -> Profile:
        self._made += 1
        told = practice_company.decoded(msgspec.json.encode(self._served.connection()))
        profile = practice_company.add(self.root, f"p{self._made}", told)
        return self._answered(profile)

    def _answered(self, profile: Profile) -> Profile:
        given = {name: value for name, value in self.world.answers.items() if name != "dossier_id"}
        start = date.fromisoformat(self.world.start_date)
        return msgspec.structs.replace(profile, start_date=start, **given)

    async def sync(self) -> Ended:
        """One sync with everything as the profile says."""
        seen: list[events.Event] = []
        finished = await run_sync(self.root, self.profile, SyncOptions(), seen.append, Stop())
        return Ended(tuple(seen), finished)

    async def check(self) -> list[Finding]:
        """The findings of all checks, both sides read as far as they need."""
        snapshot = await look(self.root, self.profile, freshness="fresh")
        findings, _skipped = run_checks(snapshot, self.profile)
        return findings

    def export(self, name: str = "companies.xlsx") -> int:
        """Export the companies of Teamleader, and take what the file declares. How many there are."""
        file = self.root / name
        file.unlink(missing_ok=True)  # the practice company replaces none
        control.do_action(self.world, {"action": "export-companies", "file": file.name}, self.root)
        return declare(self.root, self.profile, {file: ByHand()}, self.world.clock.now())

    async def check_again(self, problem: str) -> list[Finding]:
        """What is left of one problem, after reading only what it depends on."""
        _snapshot, findings, _unchecked = await check_again(self.root, self.profile, problem)
        return findings

    def do(self, step: dict[str, Any]) -> None:
        """One practice action, as it is posted to the control address."""
        control.do_action(self.world, step)
        if self.world.answers.get("dossier_id", self.profile.dossier_id) != self.profile.dossier_id:
            self.profile = self._connect()
        self.profile = self._answered(self.profile)

    def cure(self) -> None:
        """All that is wrong, as documented; it takes a person a minute."""
        for step in control.scenario(self.world)["cure"]:
            self.do(step)
        self.wait()

    def try_again(self) -> None:
        """The user says that a refused sign-in is mended: `--try-again`, or its key in the app."""
        with Workspace.open(self.root, self.profile.name) as workspace:
            try_again(workspace)

    def wait(self) -> None:
        """A minute goes by: what was read before is not taken for fresh."""
        self.world.clock.advance(timedelta(minutes=1))

    def not_booked(self) -> list[str]:
        """Numbers of the documents from the start date on that stand in no dossier; sorted."""
        booked: Counter[str] = Counter()
        for dossier in self.world.octopus.dossiers.values():
            for booking in dossier.bookings.values():
                comment = str(booking.data["comment"])
                if comment.endswith(MARK) or comment.startswith(ELSEWHERE):
                    booked[comment.removeprefix(ELSEWHERE).removesuffix(MARK)] += 1
        return sorted((self._documents(self.world.start_date) - booked).elements())

    def booked_again(self) -> list[str]:
        """Numbers that octowizard has booked more often than there are documents of that number."""
        ours = Counter(
            str(booking.data["comment"]).removesuffix(MARK)
            for dossier in self.world.octopus.dossiers.values()
            for booking in dossier.bookings.values()
            if booking.by == "api" and str(booking.data["comment"]).endswith(MARK)
        )
        return sorted((ours - self._documents("")).elements())

    def _documents(self, since: str) -> Counter[str]:
        side, found = self.world.teamleader, Counter[str]()
        for kept in (*side.invoices.values(), *side.credit_notes.values()):
            data = kept.data
            number = data.get("invoice_number") or data.get("credit_note_number")
            if number and (data.get("invoice_date") or data["credit_note_date"]) >= since:
                found[number] += 1
        return found


def documents(findings: Iterable[Finding]) -> list[str]:
    """Numbers of the documents that findings name; sorted."""
    kinds = ("invoice", "credit_note")
    return sorted(record.label for finding in findings for record in finding.records if record.kind in kinds)


@asynccontextmanager
async def practice(root: Path, scenario: str, seed: int = 1) -> AsyncIterator[Practice]:
    """The scenario, served and connected, until the block is left."""
    async with serving(new_company(SCENARIOS[scenario].build(seed))) as served:
        yield Practice(root, served)
