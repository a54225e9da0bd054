"""The guided set-up of a profile: how its steps stand, making changes, deciding, and the import of the companies.

Coroutines talk to the vendors; the rest blocks. Errors a user can act upon are exceptions of one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from octowizard.customers.importing import Imported, Preview, Tell
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.model import Change, Guide, ScenarioName
    from octowizard.onboarding.standing import Standing
    from octowizard.progress import Report, Stop
    from octowizard.session.profile_session import ProfileSession
    from octowizard.workspace.profiles import Profile


class SetUp:
    """One profile's set-up."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    @property
    def _place(self) -> tuple[Path, Profile]:
        return self._session.root, self._session.profile

    # --- how it stands --------------------------------------------------------------------------------------

    def standing(self) -> Standing:
        """What the steps are told from, as it was last seen; reads no vendor."""
        from octowizard.onboarding.state import remembered

        return remembered(*self._place)

    async def read(self, step: str, report: Report) -> Standing:
        """Read again what a step depends on; both sides whole when it is empty."""
        from octowizard.onboarding import state

        try:
            if step:
                return await state.again(*self._place, step, report)
            return await state.read(*self._place, report)
        finally:
            self._session.forget()

    async def read_for_mapping(self) -> None:
        """Read all that the mapping needs."""
        from octowizard.sync import checking

        try:
            await checking.for_setup(*self._place, None)
        finally:
            self._session.forget()

    def kept(self) -> Guide:
        """The steps as they were last seen, with what was decided since."""
        from octowizard.onboarding.guide import guide

        return guide(self.standing())

    async def look(self, step: str, report: Report) -> Guide:
        """The steps after reading as by `read`."""
        from octowizard.onboarding.guide import guide

        return guide(await self.read(step, report))

    # --- changes --------------------------------------------------------------------------------------------

    async def make(
        self,
        step: str,
        changes: tuple[Change, ...],
        report: Report,
        stop: Stop,
        tell: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> tuple[Outcome, ...]:
        """Make these changes, which the user has seen and agreed to, in order; ends at the first that is not made.

        `step`: the step of the set-up that offered them, empty for a finding.
        """
        from octowizard.onboarding import actions

        def wanted() -> Iterator[Change]:
            for number, change in enumerate(changes, 1):
                if stop.requested:
                    return
                report(change.title, number)
                yield change

        try:
            return await actions.make(*self._place, step, wanted(), tell)
        finally:
            self._session.forget()

    def for_problem(self, problem: str) -> tuple[Change, ...]:
        """What can be changed for the user against a problem of the catalogue, by what is kept."""
        from octowizard.onboarding import fixes
        from octowizard.workspace import decisions

        with self._session.workspace() as workspace:
            decided = decisions.beginning(workspace)
        return fixes.for_problem(problem, self._session.snapshot(), self._session.profile, decided)

    # --- what the user decides ------------------------------------------------------------------------------

    def declare(self, key: str, answer: bool) -> Guide:
        """Keep what the user says of something that no API shows."""
        from octowizard.onboarding import actions

        actions.declare(*self._place, key, answer)
        return self.kept()

    def skip(self, step: str, take_back: bool) -> Guide:
        """Leave a step out, or take it up again."""
        from octowizard.onboarding import actions

        actions.skip(*self._place, step, take_back=take_back)
        return self.kept()

    def choose_scenario(self, scenario: ScenarioName | None) -> Guide:
        """Overrule what was detected; None: as the counts say."""
        from octowizard.onboarding import actions

        actions.choose_scenario(*self._place, scenario)
        return self.kept()

    def dossiers(self) -> list[tuple[int, str]]:
        """The dossiers that the login sees: number and name."""
        return [(dossier.id, dossier.name) for dossier in self.standing().snapshot.dossiers]

    # Each raises LossNotAccepted, with what would be lost.

    def set_dossier(self, dossier: int, accept_loss: bool) -> Profile:
        """Confirm the dossier, or turn the profile to another one."""
        from octowizard.onboarding import actions

        return self._turned(actions.set_dossier(*self._place, dossier, accept_loss=accept_loss))

    def set_start_date(self, day: date, accept_loss: bool) -> Profile:
        """The date of the first document that is synchronised."""
        from octowizard.onboarding import actions

        return self._turned(actions.set_start_date(*self._place, day, accept_loss=accept_loss))

    def set_numbering(self, how: Literal["follow", "next"], accept_loss: bool) -> Profile:
        """Where the numbers of bookings come from."""
        from octowizard.onboarding import actions

        return self._turned(actions.set_numbering(*self._place, how, accept_loss=accept_loss))

    def _turned(self, profile: Profile) -> Profile:
        self._session.turn_to(profile)
        return profile

    # --- the import -----------------------------------------------------------------------------------------

    async def preview_import(self) -> Preview:
        """What an import of the companies would make."""
        from octowizard.onboarding import actions

        return await actions.preview_import(*self._place)

    async def import_companies(self, tell: Tell, stop: Stop, accept_loss: bool) -> Imported:
        """Import what is not linked yet. Raises LossNotAccepted, with what would be lost."""
        from octowizard.onboarding import actions

        try:
            return await actions.import_companies(*self._place, tell, stop, accept_loss=accept_loss)
        finally:
            self._session.forget()


def unanswered(standing: Standing) -> str:
    """What kept a side from being looked at, as a sentence; "" when both answered."""
    from octowizard.planning.problems import has

    return next(
        (trouble.said for trouble in standing.snapshot.troubles if has(trouble.problem, "unseen")), ""
    )


def is_whole(standing: Standing) -> bool:
    """Were both sides ever read whole, and did both answer?"""
    return standing.looked and not standing.unread and not unanswered(standing)
