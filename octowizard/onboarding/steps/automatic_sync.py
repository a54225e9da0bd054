"""Automatic syncing: only after a clean run by hand, with the files that make the computer do it."""

from __future__ import annotations

import os

from octowizard.locale import _
from octowizard.onboarding.model import State, Step
from octowizard.onboarding.schedules import command, schedules
from octowizard.onboarding.steps.first_sync import first_sync
from octowizard.onboarding.steps.registry import StepContext, step

AUTOMATIC = "automatic"  # the question


@step("automatic-sync", place=160, needs=(first_sync,), asks=(AUTOMATIC,))
def automatic_sync(context: StepContext) -> Step:
    """Offered only when a sync by hand booked and left nothing failing: one that was skipped is not enough."""
    profile = context.profile
    watching = profile.mode == "observer"
    ready = context.before.get(first_sync.id) is State.DONE
    answer = context.question(
        AUTOMATIC, _("Is the automatic sync switched on? (With no, it runs when you run it.)")
    )
    files: tuple[tuple[str, str], ...] = ()
    if ready and not watching:
        files = schedules(profile.name, command(), os.environ.get("OCTOWIZARD_HOME"))
    notes = [
        _("Teamleader's own automatic sync runs by night, and its results come as notifications.")
        if watching
        else _(
            "One of these is enough: a line for cron, a timer and a service for systemd, or a command that makes a "
            "task of Windows. Each runs the sync once a day and fails visibly (exit code 1 or 3)."
        )
    ]
    if profile.practice and files:
        notes.append(_("This is a practice company: take the files as an example."))
    now = [
        _("A run by hand has booked, and the last one was clean.")
        if ready
        else _("There was no clean run by hand yet that booked anything.")
    ]
    if ready and profile.unconnected:
        now = [_("You declared that a first sync has ended.")]
    if answer.answer:
        now.append(_("You declared that it is switched on."))
    elif answer.answer is False:
        now.append(_("You said that the sync runs when you run it."))
    return context.step(
        title=_("Automatic syncing"),
        done=ready and answer.answer is not None,
        recall=_("by itself") if answer.answer else _("when you run it"),
        waits=context.before.get(first_sync.id) not in (State.DONE, State.NOT_YET),
        what=_(
            "Set the automatic synchronisation only now that the connection has been established and a run was clean."
        )
        if ready
        else _(
            "Set the automatic synchronisation only after the connection has been established and a run by hand was "
            "clean."
        ),
        why=_("What runs by itself tells nobody when it fails: mend what fails while you are looking."),
        now=now,
        notes=tuple(notes),
        declarations=(answer,),
        files=files,
        skip=_("The sync runs when you run it."),
        problems=("set-up-missing",),
    )
