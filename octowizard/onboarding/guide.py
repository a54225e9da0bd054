"""The set-up as it stands: a pure function of a Standing. A step is a function too; the list of them is in `steps/`."""

from __future__ import annotations

import msgspec

from octowizard.onboarding import fixes
from octowizard.onboarding.detect import detect
from octowizard.onboarding.model import Guide, State, Step
from octowizard.onboarding.state import Standing
from octowizard.onboarding.steps import steps_of
from octowizard.onboarding.steps.parts import Propose, Told

_ASKING = (State.TODO, State.UNKNOWN)


def guide(standing: Standing, propose: Propose = fixes.for_step) -> Guide:
    """All steps of the scenario that holds, in the documented order, each with its state and what can be done there."""
    detected = detect(standing)
    found: list[Step] = []
    for make in steps_of(detected.scenario):
        told = Told(standing, detected, {step.id: step.state for step in found}, propose)
        found.append(_skipped(standing, make(told)))
    booster = standing.decisions.get("booster")
    return Guide(
        scenario=detected.scenario,
        detected=detected.detected,
        reason=detected.reason,
        overruled=detected.overruled,
        booster=booster if isinstance(booster, bool) else None,
        steps=tuple(found),
        current=next((step.id for step in found if step.state in _ASKING), None),
    )


def _skipped(standing: Standing, step: Step) -> Step:
    """What the user skipped counts as skipped as long as it is not done after all."""
    settled = step.state in (State.DONE, State.NOT_NEEDED)
    if settled or step.skip is None or not standing.skipped(step.id):
        return step
    return msgspec.structs.replace(step, state=State.SKIPPED)


def step_of(found: Guide, step: str) -> Step | None:
    """A step by its id, or None when this scenario has no such step."""
    return next((one for one in found.steps if one.id == step), None)
