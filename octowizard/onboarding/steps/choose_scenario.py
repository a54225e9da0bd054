"""Which of the three situations holds, from the counts of both sides; the user may say otherwise."""

from __future__ import annotations

from octowizard.locale import _
from octowizard.onboarding.detect import evidence, overruling, title
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.registry import StepContext, step


@step(
    "choose-scenario",
    place=30,
    reads=None,
    at_start=True,
    declares=("relations", "companies", "invoices", "credit-notes"),
)
def choose_scenario(context: StepContext) -> Step:
    """Done once everything was counted, or the user has chosen."""
    detected, standing = context.detected, context.standing
    now = [title(detected.scenario), *evidence(detected.reason, detected.now)]
    if detected.overruled:
        now.append(overruling(detected.detected))
    counted = standing.first is not None
    chosen = bool(standing.decisions.get("scenario"))
    known = counted or chosen or context.profile.unconnected
    return context.step(
        title=_("Your situation"),
        done=counted or detected.overruled or (chosen and bool(context.profile.unconnected)),
        unread="" if known else detected.reason,  # it says that not all could be counted
        what=_("One of three situations holds: {a}; {b}; {c}.").format(
            a=title("a"), b=title("b"), c=title("c")
        ),
        why={
            "a": _(
                "An empty Octopus needs three things first: a fiscal year, two journals and its ledger accounts. "
                "Teamleader may hold customers or not."
            ),
            "b": _(
                "The customers of Octopus are brought into the empty Teamleader, and everything is linked then."
            ),
            "c": _(
                "All companies are imported into Teamleader first; otherwise the customers would stand in Octopus "
                "twice. That makes doubles in Teamleader, which are then merged."
            ),
        }[detected.scenario],
        now=now,
        notes=(_("When the counts tell the wrong story, choose another situation."),),
        recall=title(detected.scenario),
        command="octowizard setup scenario a|b|c" if context.profile.unconnected else "",
        problems=("set-up-missing",),
    )
