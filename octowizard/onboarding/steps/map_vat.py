"""Each tax rate of Teamleader leads to one VAT code of Octopus, for sales and for credit notes."""

from __future__ import annotations

from octowizard.locale import _
from octowizard.locale.formats import labelled
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.create_fiscal_year import create_fiscal_year
from octowizard.onboarding.steps.registry import StepContext, step
from octowizard.planning.blockers import Blocker
from octowizard.planning.plan import planner_of

_PROBLEMS = ("unmapped-vat", "vat-code-wrong-type")


@step(
    "map-vat",
    place=120,
    needs=(create_fiscal_year,),
    reads=["settings", "documents"],
    action="mapping",
)
def map_vat(context: StepContext) -> Step:
    """Done when there are rates and none leads nowhere."""
    unread = context.why_unread("vat_codes", "settings")
    planner = planner_of(context.snapshot, context.profile)
    blocked, mapped = [], []
    for rate in context.snapshot.tax_rates.values():
        codes = [planner.vat_code_of(rate.id, "invoice"), planner.vat_code_of(rate.id, "credit_note")]
        blocker = next((code for code in codes if isinstance(code, Blocker)), None)
        if blocker is not None:
            evidence = blocker.evidence[0] if blocker.evidence else blocker.title
            blocked.append(labelled(f"✖ {rate.description}", evidence))
        else:
            names = dict.fromkeys(code.code for code in codes if not isinstance(code, Blocker))
            mapped.append(f"✔ {rate.description} → {' / '.join(names)}")
    return context.step(
        title=_("VAT rates"),
        done=bool(mapped) and not blocked,
        settles=context.blocked(*_PROBLEMS),
        unread=unread,
        what=_("The VAT rates of Teamleader are connected with the VAT codes of Octopus."),
        why=_(
            "Every line is booked with a VAT code. One code must serve for sales and for credit notes; rates of 0 % "
            "are told apart by what they are for."
        ),
        now=() if unread else (*blocked, *mapped),
        notes=(_("A connection that was chosen by hand counts; the rest is proposed from the rates."),),
        show=(
            context.by_hand(
                "Octopus",
                ("octopus.management", "octopus.vat-codes"),
                _("See which codes have a card for sales and one for credit notes."),
            ),
        ),
        opens="mapping",
        skip=_("Documents with a rate that leads nowhere are not booked."),
        problems=_PROBLEMS,
    )
