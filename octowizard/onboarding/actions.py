"""What a user does with the set-up: let a change be made, import, decide, declare, skip, choose dates and dossier.

Each function does one thing and keeps it; how the steps stand afterwards is read anew (`state.again`). What can't be
taken back is asked about first: a guard raises LossNotAccepted unless the loss was accepted by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.locale import _
from octowizard.onboarding import apply, guards
from octowizard.onboarding.detect import NAMES
from octowizard.onboarding.guards import LossNotAccepted, Warning
from octowizard.onboarding.guide import guide, step_of
from octowizard.onboarding.model import Change, Guide, ScenarioName, Step
from octowizard.onboarding.standing import BOOSTER
from octowizard.onboarding.state import FIRST_LOOK, remembered
from octowizard.snapshot.parts import BY_A_FIX, BY_A_MERGE, written
from octowizard.workspace import decisions, intents, profiles
from octowizard.workspace.forget import change_dossier, workspace_of
from octowizard.workspace.profiles import Profile

if TYPE_CHECKING:
    from octowizard.customers import importing
    from octowizard.progress import Stop


class NotOffered(Exception):
    """What was asked for is not offered (any more); the message is one sentence."""


async def make(
    root: Path,
    profile: Profile,
    step: str,
    changes: Iterable[Change],
    tell: Callable[[apply.Outcome], None],
) -> tuple[apply.Outcome, ...]:
    """Make these changes of a step, which the user has seen and agreed to, one after the other, up to the first that is
    not made. Each ends in `tell`. `step`: "" for changes that no step of the set-up offered.

    Raises WorkspaceError; what a vendor says is an outcome.
    """
    from octowizard.sync.accounts import open_accounts

    ended: list[apply.Outcome] = []
    with workspace_of(root, profile) as workspace:
        async with open_accounts(root, profile, workspace) as sides:
            for change in changes:
                written(workspace, BY_A_FIX)  # whoever looks next reads it again
                outcome = await apply.perform(workspace, sides, change)
                if step and outcome.state == "done" and not outcome.already:
                    # The step then asks for the word of whoever should have agreed.
                    decisions.put(workspace, f"changed/{step}", value=True)
                ended.append(outcome)
                tell(outcome)
                if outcome.state != "done":
                    break
    return tuple(ended)


# --- decisions -------------------------------------------------------------------------------------------


def declare(root: Path, profile: Profile, key: str, answer: bool) -> None:
    """Keep what the user says of something that no API shows. NotOffered for a question nobody asks."""
    steps = guide(remembered(root, profile)).steps
    asked = {question.key for step in steps for question in step.declarations}
    if key not in asked:
        raise NotOffered(
            _("There is no question “{key}” in this set-up; there are: {keys}.").format(
                key=key, keys=", ".join(sorted(asked))
            )
        )
    with workspace_of(root, profile) as workspace:
        decisions.put(workspace, BOOSTER if key == BOOSTER else f"declared/{key}", answer)


def skip(root: Path, profile: Profile, step: str, *, take_back: bool = False) -> None:
    """Leave a step out, or take it up again. NotOffered for a step that can't be left out."""
    skipped = step_named(guide(remembered(root, profile)), step)
    if skipped.skip is None and not take_back:
        raise NotOffered(_("The step “{title}” can't be skipped.").format(title=skipped.title))
    with workspace_of(root, profile) as workspace:
        if take_back:
            decisions.forget(workspace, f"skipped/{step}")
        else:
            decisions.put(workspace, f"skipped/{step}", value=True)


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


def choose_scenario(root: Path, profile: Profile, scenario: ScenarioName | None) -> None:
    """Overrule what was detected; None: detect again, from the next whole look at both sides."""
    with workspace_of(root, profile) as workspace:
        if scenario is None:
            decisions.forget(workspace, "scenario", FIRST_LOOK)
        elif scenario in NAMES:
            decisions.put(workspace, "scenario", scenario)


# --- what could lose something -------------------------------------------------------------------------


def _guarded(warning: Warning | None, *, accept_loss: bool) -> None:
    if warning is not None and not accept_loss:
        raise LossNotAccepted(warning)


def set_start_date(root: Path, profile: Profile, day: date, *, accept_loss: bool = False) -> Profile:
    """Another start date; the new profile. LossNotAccepted when synchronised documents would be left behind."""
    _guarded(guards.start_date(remembered(root, profile), day), accept_loss=accept_loss)
    profile = msgspec.structs.replace(profile, start_date=day)
    profiles.save(root, profile)
    return profile


def set_numbering(
    root: Path, profile: Profile, how: Literal["follow", "next"], *, accept_loss: bool = False
) -> Profile:
    """Another way of numbering; the new profile. LossNotAccepted after the first booking."""
    _guarded(guards.numbering(remembered(root, profile), how), accept_loss=accept_loss)
    profile = msgspec.structs.replace(profile, numbering=how)
    profiles.save(root, profile)
    return profile


def set_dossier(root: Path, profile: Profile, dossier_id: int, *, accept_loss: bool = False) -> Profile:
    """The dossier that is meant: confirms the present one, or turns the profile to another; the new profile.

    NotOffered for a dossier that the login does not see; LossNotAccepted when the workspace knows the old one.
    """
    standing = remembered(root, profile)
    names = {dossier.id: dossier.name for dossier in standing.snapshot.dossiers}
    if dossier_id not in names:
        raise NotOffered(
            _("The login sees no dossier {id}; it sees: {dossiers}.").format(
                id=dossier_id,
                dossiers=", ".join(f"{key} {name}" for key, name in names.items()) or _("none yet"),
            )
        )
    _guarded(guards.dossier(standing, dossier_id), accept_loss=accept_loss)
    if dossier_id != profile.dossier_id:
        profile = change_dossier(root, profile, dossier_id, names[dossier_id])
    with workspace_of(root, profile) as workspace:
        decisions.put(workspace, "dossier", dossier_id)
        if standing.booster is not None:  # it is about Teamleader, not about the dossier
            decisions.put(workspace, BOOSTER, standing.booster)
    return profile


# --- the import ----------------------------------------------------------------------------------------


async def preview_import(root: Path, profile: Profile) -> importing.Preview:
    """What an import of the companies would make, and what will not carry over. Raises VendorError."""
    from octowizard.customers import importing  # with httpx behind it, which deciding does without
    from octowizard.sync.accounts import open_accounts

    with workspace_of(root, profile) as workspace:
        async with open_accounts(root, profile, workspace) as sides:
            return await importing.preview(workspace, sides.octopus, sides.teamleader)


async def import_companies(
    root: Path,
    profile: Profile,
    tell: importing.Tell,
    stop: Stop,
    *,
    accept_loss: bool = False,
) -> importing.Imported:
    """Import what is not linked yet; one that was cut off is gone on with.

    LossNotAccepted when companies were imported by somebody else. Raises what `importing.run` raises.
    """
    from octowizard.customers import importing
    from octowizard.sync.accounts import open_accounts

    standing = remembered(root, profile)
    with workspace_of(root, profile) as workspace:
        in_doubt = sum(intent.kind == "company" for intent in intents.in_state(workspace, "open"))
        if standing.imported.foreign > in_doubt:
            # What octowizard itself made is linked, or in doubt and settled first: it is not made a second time.
            _guarded(guards.import_again(standing), accept_loss=accept_loss)
        async with open_accounts(root, profile, workspace) as sides:
            try:
                return await importing.run(workspace, sides.octopus, sides.teamleader, tell, stop)
            finally:
                written(workspace, BY_A_MERGE)  # whoever looks next reads it again
