"""What the Set up screen needs of the set-up: a small protocol, so that tests can play a scripted one.

`WiredSetUp` is the real one, on top of `onboarding`. Coroutines talk to the vendors and run in a loop of their own
thread; the rest blocks and is called in a thread. Errors a user can act upon are exceptions of one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

if TYPE_CHECKING:
    from octowizard.app.open_profile import OpenProfile
    from octowizard.customers.importing import Imported, Preview, Tell
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.model import Change, Guide, ScenarioName
    from octowizard.onboarding.standing import Standing
    from octowizard.progress import Stop
    from octowizard.workspace.profiles import Profile

Report = Callable[[str, int], None]


class Changed(msgspec.Struct, frozen=True):
    """What became of one change. `mark`: ✔ it stands, ✖ nothing was written, ? not known yet."""

    change: Change
    mark: str
    said: str = ""


class SetUp(Protocol):
    """One profile's set-up."""

    def kept(self) -> Guide:
        """As it was last seen, with what was decided since; reads no vendor."""
        ...

    async def look(self, step: str, report: Report) -> Guide:
        """Read again what a step depends on; both sides whole when it is empty."""
        ...

    async def make(self, step: str, changes: tuple[Change, ...], report: Report, stop: Stop) -> list[Changed]:
        """Make these changes, which the user has seen and agreed to, in order; ends at the first that is not made.

        `step`: the step of the set-up that offered them, empty for a finding.
        """
        ...

    def for_problem(self, problem: str) -> tuple[Change, ...]:
        """What can be changed for the user against a problem of the catalogue, by what is kept."""
        ...

    def declare(self, key: str, answer: bool) -> Guide: ...

    def skip(self, step: str, take_back: bool) -> Guide: ...

    def choose_scenario(self, scenario: ScenarioName | None) -> Guide: ...

    def dossiers(self) -> list[tuple[int, str]]:
        """The dossiers that the login sees: number and name."""
        ...

    def set_dossier(self, dossier: int, accept_loss: bool) -> Profile:
        """Raises LossNotAccepted, with what would be lost."""
        ...

    def set_start_date(self, day: date, accept_loss: bool) -> Profile:
        """Raises LossNotAccepted, with what would be lost."""
        ...

    def set_numbering(self, how: Literal["follow", "next"], accept_loss: bool) -> Profile:
        """Raises LossNotAccepted, with what would be lost."""
        ...

    async def preview_import(self) -> Preview: ...

    async def import_companies(self, tell: Tell, stop: Stop, accept_loss: bool) -> Imported:
        """Raises LossNotAccepted, with what would be lost."""
        ...


class WiredSetUp:
    """The real one, of the profile that its engine has at the moment."""

    def __init__(self, engine: OpenProfile) -> None:
        self._engine = engine

    @property
    def _profile(self) -> Profile:
        return self._engine.profile

    def _guide(self, standing: Standing) -> Guide:
        from octowizard.onboarding.guide import guide

        return guide(standing)

    def _standing(self) -> Standing:
        from octowizard.onboarding.state import remembered

        return remembered(self._engine.root, self._profile)

    def kept(self) -> Guide:
        return self._guide(self._standing())

    async def look(self, step: str, report: Report) -> Guide:
        from octowizard.onboarding import state

        try:
            if step:
                return self._guide(await state.again(self._engine.root, self._profile, step, report))
            return self._guide(await state.read(self._engine.root, self._profile, report))
        finally:
            self._engine.forget()

    async def make(self, step: str, changes: tuple[Change, ...], report: Report, stop: Stop) -> list[Changed]:
        from octowizard.onboarding import actions

        def wanted() -> Iterator[Change]:
            for number, change in enumerate(changes, 1):
                if stop.requested:
                    return
                report(change.title, number)
                yield change

        try:
            made = await actions.make(self._engine.root, self._profile, step, wanted(), lambda _outcome: None)
        finally:
            self._engine.forget()
        return [_changed(outcome) for outcome in made]

    def for_problem(self, problem: str) -> tuple[Change, ...]:
        from octowizard.onboarding import fixes
        from octowizard.workspace import decisions
        from octowizard.workspace.forget import workspace_of

        with workspace_of(self._engine.root, self._profile) as workspace:
            decided = decisions.beginning(workspace)
        return fixes.for_problem(problem, self._engine.snapshot(), self._profile, decided)

    # --- what the user decides ------------------------------------------------------------------------------

    def declare(self, key: str, answer: bool) -> Guide:
        from octowizard.onboarding import actions

        actions.declare(self._engine.root, self._profile, key, answer)
        return self.kept()

    def skip(self, step: str, take_back: bool) -> Guide:
        from octowizard.onboarding import actions

        actions.skip(self._engine.root, self._profile, step, take_back=take_back)
        return self.kept()

    def choose_scenario(self, scenario: ScenarioName | None) -> Guide:
        from octowizard.onboarding import actions

        actions.choose_scenario(self._engine.root, self._profile, scenario)
        return self.kept()

    def dossiers(self) -> list[tuple[int, str]]:
        return [(dossier.id, dossier.name) for dossier in self._standing().snapshot.dossiers]

    def set_dossier(self, dossier: int, accept_loss: bool) -> Profile:
        from octowizard.onboarding import actions

        return actions.set_dossier(self._engine.root, self._profile, dossier, accept_loss=accept_loss)

    def set_start_date(self, day: date, accept_loss: bool) -> Profile:
        from octowizard.onboarding import actions

        return actions.set_start_date(self._engine.root, self._profile, day, accept_loss=accept_loss)

    def set_numbering(self, how: Literal["follow", "next"], accept_loss: bool) -> Profile:
        from octowizard.onboarding import actions

        return actions.set_numbering(self._engine.root, self._profile, how, accept_loss=accept_loss)

    # --- the import -----------------------------------------------------------------------------------------

    async def preview_import(self) -> Preview:
        from octowizard.onboarding import actions

        return await actions.preview_import(self._engine.root, self._profile)

    async def import_companies(self, tell: Tell, stop: Stop, accept_loss: bool) -> Imported:
        from octowizard.onboarding import actions

        try:
            return await actions.import_companies(
                self._engine.root, self._profile, tell, stop, accept_loss=accept_loss
            )
        finally:
            self._engine.forget()


def _changed(outcome: Outcome) -> Changed:
    mark = {"done": "✔", "refused": "✖", "in_doubt": "?"}[outcome.state]
    return Changed(outcome.change, mark, outcome.text)
