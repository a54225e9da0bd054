"""The guided set-up of a profile: how its steps stand, making changes, deciding, and the import of the companies.

Coroutines talk to the vendors; the rest blocks. Errors a user can act upon are exceptions of one sentence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.customers import smart
    from octowizard.customers.importing import Tell
    from octowizard.onboarding.answers import Fitted
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Change, Guide, ScenarioName, Step
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

    async def read(self, step: str, report: Report, *, fresh: bool = False) -> Standing:
        """Read again what a step depends on; both sides when it is empty, what is minutes old only if `fresh`."""
        from octowizard.onboarding import state

        try:
            if step:
                return await state.again(*self._place, step, report)
            return await state.read(*self._place, report, fresh=fresh)
        finally:
            self._session.forget()

    async def read_for_mapping(self, *, fresh: bool = False) -> None:
        """Read all that the mapping needs."""
        from octowizard.sync.look import look

        try:
            await look(*self._place, freshness="fresh" if fresh else "kept", widely=True)
        finally:
            self._session.forget()

    def kept(self) -> Guide:
        """The steps as they were last seen, with what was decided since."""
        from octowizard.onboarding.guide import guide

        return guide(self.standing())

    async def look(self, step: str, report: Report) -> Guide:
        """The steps after reading as by `read`; what was read whole and is looked at once more is read afresh."""
        from octowizard.onboarding.guide import guide

        return guide(await self.read(step, report, fresh=not step and is_whole(self.standing())))

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

        `step`: the step of the set-up that offered them, empty for a finding. What a vendor says is an outcome.
        """
        from octowizard.onboarding import apply
        from octowizard.snapshot.parts import BY_A_FIX
        from octowizard.workspace import decisions

        made: list[Outcome] = []
        try:
            async with self._session.open() as (workspace, accounts):
                for number, change in enumerate(changes, 1):
                    if stop.requested:
                        break
                    report(change.title, number)
                    outcome = await apply.perform(workspace, accounts, change)
                    if step and outcome.state == "done" and not outcome.already:
                        # The step then asks for the word of whoever should have agreed.
                        decisions.put(workspace, f"changed/{step}", value=True)
                    made.append(outcome)
                    tell(outcome)
                    if outcome.state != "done":
                        break
        finally:
            self._session.written(BY_A_FIX)
        return tuple(made)

    async def make_all(
        self, step: Step, report: Report, stop: Stop
    ) -> tuple[Mapping[str, tuple[Outcome, ...]], Guide]:
        """Make what the step offers, and what was foretold with it, after one yes to all of it.

        The yes is also that to the question of the step's `consent`. What is foretold is made only if it is then wanted
        exactly as it was shown; otherwise its own step shows it anew. Returns the outcomes by step, and how it stands.
        """
        from octowizard.onboarding import foretold

        if step.consent:
            await asyncio.to_thread(self.declare, step.consent, True)
        outcomes = {step.id: await self.make(step.id, step.changes or step.consenting, report, stop)}
        whole = await self.look(step.id, report)
        for next_step in whole.steps if step.foretold else ():
            went = all(one.state == "done" for one in outcomes[step.id]) and not stop.requested
            wanted = foretold.fitting(step.foretold, next_step.changes)
            if went and wanted and next_step.id != step.id:
                outcomes[next_step.id] = await self.make(next_step.id, wanted, report, stop)
                return outcomes, await self.look(next_step.id, report)
        return outcomes, whole

    def for_problem(self, problem: str) -> tuple[Change, ...]:
        """What can be changed for the user against a problem of the catalogue, by what is kept."""
        from octowizard.onboarding import fixes
        from octowizard.workspace import decisions

        with self._session.workspace() as workspace:
            decided = decisions.beginning(workspace)
        return fixes.for_problem(problem, self._session.snapshot(), self._session.profile, decided)

    # --- what the user decides ------------------------------------------------------------------------------

    def declare(self, key: str, answer: bool) -> Guide:
        """Keep what the user says of something that no API shows. NotOffered for a question nobody asks."""
        from octowizard.onboarding import connection
        from octowizard.onboarding.guide import NotOffered
        from octowizard.workspace.decisions import BOOSTER

        asked = {question.key for step in self.kept().steps for question in step.declarations}
        if key not in asked:
            raise NotOffered(
                _("There is no question “{key}” in this set-up; there are: {keys}.").format(
                    key=key, keys=", ".join(sorted(asked))
                )
            )
        if key == connection.START:
            return self._decide(key, self._session.profile.start_date.isoformat() if answer else False)
        return self._decide(BOOSTER if key == BOOSTER else f"declared/{key}", answer)

    def skip(self, step: str, take_back: bool = False) -> Guide:
        """Leave a step out, or take it up again. NotOffered for a step that can't be left out."""
        from octowizard.onboarding.guide import NotOffered, step_named, unskippable

        skipped = step_named(self.kept(), step)
        if skipped.skip is None and not take_back:
            raise NotOffered(unskippable(skipped))
        return self._decide(f"skipped/{step}", None if take_back else True)

    def choose_scenario(self, scenario: ScenarioName | None) -> Guide:
        """Overrule what was detected; None: detect again, from the next whole look at both sides."""
        from octowizard.onboarding.state import FIRST_LOOK

        return self._decide("scenario", scenario, *(() if scenario else (FIRST_LOOK,)))

    def _decide(self, name: str, answer: Any, *forgotten: str) -> Guide:
        """Keep a decision, or forget it (None), and others with it; the steps as they stand then."""
        from octowizard.workspace import decisions

        with self._session.workspace() as workspace:
            if answer is None:
                decisions.forget(workspace, name, *forgotten)
            else:
                decisions.put(workspace, name, answer)
        self._session.decided()
        return self.kept()

    def dossiers(self) -> list[tuple[int, str]]:
        """The dossiers that the login sees: number and name."""
        return [(dossier.id, dossier.name) for dossier in self.standing().snapshot.dossiers]

    # Each raises LossNotAccepted, with what would be lost, unless the loss was accepted.

    def set_dossier(self, dossier: int, accept_loss: bool = False) -> Profile:
        """Confirm the dossier, or turn the profile to another one. NotOffered for one that the login does not see."""
        from octowizard.onboarding import guards
        from octowizard.onboarding.guide import NotOffered
        from octowizard.workspace import decisions
        from octowizard.workspace.decisions import BOOSTER
        from octowizard.workspace.forget import change_dossier

        standing = self.standing()
        names = dict(self.dossiers())
        if dossier not in names:
            shown = ", ".join(f"{key} {name}" for key, name in names.items()) or _("none yet")
            raise NotOffered(
                _("The login sees no dossier {id}; it sees: {dossiers}.").format(id=dossier, dossiers=shown)
            )
        _guard(guards.dossier(standing, dossier), accept_loss)
        if dossier != self._session.profile.dossier_id:
            self._session.turn_to(change_dossier(*self._place, dossier, names[dossier]))
        with self._session.workspace() as workspace:
            decisions.put(workspace, "dossier", dossier)
            if standing.booster is not None:  # it is about Teamleader, not about the dossier
                decisions.put(workspace, BOOSTER, standing.booster)
        return self._session.profile

    def choose(self, what: str, text: str, accept_loss: bool = False) -> Profile:
        """Choose something of the connection, by its id in `onboarding/connection.py`. WrongChoice."""
        from octowizard.onboarding import connection, guards
        from octowizard.workspace import decisions

        setting = connection.setting(what)
        value = connection.chosen(setting, text)
        standing = self.standing()
        then = msgspec.structs.replace(standing.profile, **{setting.field: value})
        _guard(guards.choice(standing, setting, value) or guards.one_journal(standing, then), accept_loss)
        if what == connection.START:
            with self._session.workspace() as workspace:
                decisions.put(workspace, what, value.isoformat())
        if value == "observer":  # the other integration books again: what was said of it holds no longer
            return self._session.change(mode=value, other_connector_off=False)
        return self._session.change(**{setting.field: value})

    # --- the answers file -----------------------------------------------------------------------------------

    async def read_for_answers(self, report: Report) -> Standing:
        """Read all that an answers file speaks of."""
        await self.read_for_mapping()
        return await self.read("", report)

    def fit_answers(self, given: Mapping[str, Any]) -> Fitted:
        """What the tables of an answers file come to here; keeps nothing."""
        from octowizard.onboarding import answers, mapping

        standing = self.standing()
        return answers.fitted(given, standing, mapping.rows(standing.snapshot, self._session.profile))

    def keep_answers(self, fitted: Fitted) -> None:
        """Keep what was checked and agreed to. ValueError for answers that do not fit."""
        from octowizard.workspace import decisions

        if fitted.troubles:
            raise ValueError("answers that do not fit are not kept")
        with self._session.workspace() as workspace:
            for key, value in fitted.decisions.items():
                if value is None:
                    decisions.forget(workspace, key)
                else:
                    decisions.put(workspace, key, value)
        self._session.adopt(fitted.profile)

    # --- the import -----------------------------------------------------------------------------------------

    async def preview_import(self, report: Report) -> smart.Preview:
        """What an import of the companies would link and make. Raises VendorError."""
        from octowizard.session.duplicates import Duplicates

        return await Duplicates(self._session).smart_preview(report, fresh=False)

    async def import_companies(self, tell: Tell, stop: Stop, report: Report) -> smart.Done:
        """Link the clients that Teamleader has, import the new ones; one that was cut off is gone on with."""
        from octowizard.session.duplicates import Duplicates

        return await Duplicates(self._session).smart_import(tell, stop, report, look_after=True)


def _guard(warning: Warning | None, accept_loss: bool) -> None:
    from octowizard.onboarding.guards import LossNotAccepted

    if warning is not None and not accept_loss:
        raise LossNotAccepted(warning)


def unanswered(standing: Standing) -> str:
    """What kept a side from being looked at, as a sentence; "" when both answered."""
    from octowizard.planning.problems import has

    return next(
        (trouble.said for trouble in standing.snapshot.troubles if has(trouble.problem, "unseen")), ""
    )


def is_whole(standing: Standing) -> bool:
    """Were both sides ever read whole, and did both answer?"""
    return standing.looked and not standing.unread and not unanswered(standing)
