"""Which dossier is linked: with one login for several, the journals of the wrong one may be shown."""

from __future__ import annotations

from octowizard.checks.setup import right_dossiers
from octowizard.locale import _, ngettext
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.registry import StepContext, step


@step("choose-dossier", place=40, reads=["sides"], action="dossier", at_start=True)
def choose_dossier(context: StepContext) -> Step:
    """Done with one dossier, with the VAT number of the department, or when the user has confirmed it."""
    profile, dossiers = context.profile, context.snapshot.dossiers
    wrong = right_dossiers(context.snapshot, profile)
    confirmed = context.standing.decisions.get("dossier") == profile.dossier_id
    department = context.snapshot.department
    linked = next((dossier for dossier in dossiers if dossier.id == profile.dossier_id), None)
    same = bool(linked and department and linked.vat_key and linked.vat_key == department.vat_key)
    now = []
    for dossier in dossiers:
        mark = "●" if dossier is linked else "○"
        now.append(f"{mark} {dossier.id}  {dossier.name}  {dossier.vat_key or ''}".rstrip())
    if department is not None:
        now.append(
            _("The department in Teamleader is {name}  {vat}.").format(
                name=department.name, vat=department.vat_key or _("(no VAT number)")
            )
        )
    if same:
        now.append(_("The VAT number of the dossier is that of the department."))
    if wrong is not None:
        now.append(
            _("The linked dossier bears another VAT number; {others} bears that of the department.").format(
                others=", ".join(f"{dossier.id} {dossier.name}" for dossier in wrong[2])
            )
        )
    return context.step(
        title=_("The dossier"),
        done=len(dossiers) == 1 or confirmed or (same and wrong is None),
        recall=f"{profile.dossier_id} {profile.dossier_name}".strip(),
        unread=context.why_unread("sides"),
        what=_("The right dossier must be linked.")
        if "sides" in context.snapshot.unread
        else ngettext(
            "This Octopus login sees {count} dossier. The right one must be linked.",
            "This Octopus login sees {count} dossiers. The right one must be linked.",
            len(dossiers),
        ).format(count=len(dossiers)),
        why=_(
            "A login that is connected with more than one Octopus account shows the journals of the dossier that is "
            "linked. With the wrong one, the right journals cannot be found."
        ),
        now=now,
        notes=(
            _(
                "In Teamleader: choose the right account, then click {link} again to load its journals."
            ).format(link=context.label("teamleader.link-dossier")),
        ),
        show=(
            context.by_hand(
                "Teamleader",
                ("teamleader.integrations-marketplace", "teamleader.octopus", "teamleader.link-dossier"),
                _("Choose the account, then link it again."),
            ),
        ),
        problems=("two-dossiers",),
    )
