"""Both sides answer."""

from __future__ import annotations

from octowizard.locale import _
from octowizard.locale.formats import labelled
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.registry import StepContext, step


@step("connect-octopus", place=20, reads=None, at_start=True)
def connect_octopus(context: StepContext) -> Step:
    """Done when both vendors were read without a refusal."""
    profile, troubles = context.profile, context.snapshot.troubles
    now = [labelled(trouble.vendor, trouble.said) for trouble in troubles]
    if context.standing.looked and not troubles:
        signed_in = {
            "Octopus": _("Octopus: dossier {id} {name}, signed in.").format(
                id=profile.dossier_id, name=profile.dossier_name
            ),
            "Teamleader": _("Teamleader: department {name}, signed in.").format(name=profile.department_name),
        }
        absent = _(
            "{vendor}: not connected. What you declare, and its exports, stand for it; nothing is written."
        )
        now = [
            absent.format(vendor=vendor) if vendor in profile.unconnected else text
            for vendor, text in signed_in.items()
        ]
    notes = [_("Whoever has no Octopus account yet can buy one at www.octopus.be.")]
    if profile.unconnected:
        notes.insert(0, _("octowizard connect {name} signs in later.").format(name=profile.name))
    unread = "" if context.standing.looked else _("Neither side has been looked at yet: check again.")
    return context.step(
        title=_("Both accounts"),
        done=not troubles,
        unread=unread,
        what=_("You go through the set-up without signing in to both.")
        if profile.unconnected
        else _("Octopus and Teamleader both let octowizard in."),
        why=_("Everything that follows is told from what both sides hold now."),
        now=now,
        notes=tuple(notes),
        problems=tuple(dict.fromkeys(trouble.problem for trouble in troubles))
        or ("sign-in-refused", "dossier-refused"),
    )
