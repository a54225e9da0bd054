"""The set-up as it stands: a pure function of a Standing. What each step says of it is in `steps/`, a file per step."""

from __future__ import annotations

import msgspec

from octowizard.locale import _
from octowizard.onboarding.closing import closing, summary
from octowizard.onboarding.detect import detect
from octowizard.onboarding.model import SETTLED, Guide, State, Step
from octowizard.onboarding.standing import Standing
from octowizard.onboarding.steps.registry import StepContext, comes_first, definitions, definitions_of

_ASKING = (State.TODO, State.UNKNOWN)


class NotOffered(Exception):
    """What was asked for is not offered (any more); the message is one sentence."""


def guide(standing: Standing) -> Guide:
    """All steps of the scenario that holds, in the documented order, each with its state and what can be done there."""
    detected = detect(standing)
    steps: dict[str, Step] = {}
    for definition in definitions_of(detected.scenario):
        before = {id: step.state for id, step in steps.items()}
        derived = definition.derive(StepContext(definition, standing, detected, before))
        steps[definition.id] = _skipped(standing, derived)
    current = next((step.id for step in steps.values() if step.state in _ASKING), None)
    return Guide(
        scenario=detected.scenario,
        detected=detected.detected,
        reason=detected.reason,
        counts=detected.now,
        overruled=detected.overruled,
        booster=standing.booster,
        steps=tuple(steps.values()),
        current=current,
        summary=() if current is not None else tuple(summary(standing)),
        closing=None if current is not None else closing(standing, tuple(steps.values())),
    )


def _skipped(standing: Standing, step: Step) -> Step:
    """What the user skipped counts as skipped as long as it is not done after all."""
    settled = step.state in (State.DONE, State.NOT_NEEDED)
    if settled or step.skip is None or not standing.skipped(step.id):
        return step
    return msgspec.structs.replace(step, state=State.SKIPPED)


def unskippable(step: Step) -> str:
    """Why a step that has no `skip` is not left out."""
    return _("The step “{title}” can't be skipped.").format(title=step.title)


def step_named(guide: Guide, id: str) -> Step:
    """A step by its id. NotOffered, with the ids there are."""
    step = step_of(guide, id)
    if step is None:
        raise NotOffered(
            _("There is no step “{step}” in this set-up; there are: {steps}.").format(
                step=id, steps=", ".join(each.id for each in guide.steps)
            )
        )
    return step


def step_of(guide: Guide, id: str) -> Step | None:
    """A step by its id, or None when this scenario has no such step."""
    return next((step for step in guide.steps if step.id == id), None)


def earlier_of(guide: Guide, step: Step) -> Step | None:
    """The first of the steps that come before this one and are not settled; None when nothing keeps it waiting."""
    before = comes_first(definitions()[step.id], definitions().values())
    return next((each for each in guide.steps if each.id in before and each.state not in SETTLED), None)


def is_unknown(guide: Guide) -> bool:
    """Whether nothing can be said yet of what every other step builds on: both sides are to be read first."""
    at_start = {definition.id for definition in definitions().values() if definition.at_start}
    return any(step.state is State.UNKNOWN and step.id in at_start for step in guide.steps)
