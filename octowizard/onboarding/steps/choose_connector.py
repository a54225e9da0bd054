"""Which integration of Teamleader's: asked first, since the set-up differs (help centre: connecting Octopus)."""

from __future__ import annotations

from octowizard.locale import _
from octowizard.onboarding.model import Declaration, Step
from octowizard.onboarding.steps.registry import StepContext, step
from octowizard.problems.card_text import BOOSTER_MENU
from octowizard.workspace.decisions import BOOSTER


@step("choose-connector", place=10, action="integration", asks=(BOOSTER,))
def choose_connector(context: StepContext) -> Step:
    """Done once the user has answered whether the Booster is in use."""
    booster = context.standing.booster
    watching = context.profile.mode == "observer"
    now = [
        _("This profile only watches (observer): Teamleader's own integration books.")
        if watching
        else _("In this profile octowizard itself runs the sync (connector).")
    ]
    if booster:
        now.append(_("Teamleader's integration is the Accounting Connector Booster."))
    elif booster is False:
        now.append(_("The Booster is not in use."))
    return context.step(
        title=_("Which integration"),
        done=booster is not None,
        recall=_("the Booster") if booster else _("not the Booster"),
        what=_(
            "Teamleader sells two integrations with Octopus: the older one of its marketplace, and the Accounting "
            "Connector Booster. Say which one this account has."
        ),
        why=_(
            "With the Booster the connection is set up in another place and in another order. The connection goes both "
            "ways: invoices and credit notes to Octopus, payments back to Teamleader."
        ),
        now=now,
        notes=_booster_notes(context, watching) if booster else (),
        declarations=(
            Declaration(
                key=BOOSTER,
                question=_("Does this Teamleader account use the Accounting Connector Booster?"),
                answer=booster,
            ),
        ),
        problems=("other-connector", "observer-mode"),
    )


def _booster_notes(context: StepContext, watching: bool) -> tuple[str, ...]:
    notes = (
        _(
            "The Booster is set up elsewhere: {menu}, once per entity. There you sign in, choose the dossier and the "
            "start date, then a journal for each kind of document, an account for discounts, a VAT code for each rate "
            "and an account for each VAT rate; a switch fills in the lines that have none yet."
        ).format(menu=context.menu(*BOOSTER_MENU)),
        _(
            "An account that already has the older integration must be switched over to the Booster first. It "
            "also carries purchases, and shows its runs on a tab of its own for a week; a run by night notifies "
            "nobody, and a document that it skips may hide behind the word Success."
        ),
        _(
            "What Octopus needs stays the same, so all steps on Octopus hold. Let octowizard watch "
            "(octowizard setup choose mode observer): it checks, predicts and explains, and books nothing."
        ),
    )
    if watching:
        return notes
    return (
        *notes,
        _(
            "Two connectors on one dossier book everything twice: switch the Booster off before octowizard "
            "syncs, or set this profile's mode to observer."
        ),
    )
