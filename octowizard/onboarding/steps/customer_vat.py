"""The VAT type of customers: none is Contractor, which Octopus does not know."""

from __future__ import annotations

import msgspec

from octowizard.locale import _, ngettext
from octowizard.onboarding import fixes
from octowizard.onboarding.model import State, Step
from octowizard.onboarding.steps.choose_dossier import choose_dossier
from octowizard.onboarding.steps.registry import StepContext, step


@step(
    "customer-vat",
    place=80,
    scenarios="ac",
    needs=(choose_dossier,),
    reads=["relations"],
    offers=("relations",),
    declares=("companies",),
    asks=("no-contractor",),
)
def customer_vat(context: StepContext) -> Step:
    """Done when the export shows no such customer, or without one when the user has declared it."""
    declared = [each for each in context.snapshot.declared.values() if each.vat_type is not None]
    left = sum(each.vat_type == fixes.CONTRACTOR for each in declared)
    contractor = context.label("teamleader.contractor")
    answer = context.question(
        "no-contractor",
        _("Have all customers of the VAT type {contractor} become {liable}?").format(
            contractor=contractor, liable=context.label("teamleader.vat-liable")
        ),
    )
    if declared:
        now = ngettext(
            "Of {all} customers in the export, {count} has the VAT type {contractor}.",
            "Of {all} customers in the export, {count} have the VAT type {contractor}.",
            left,
        ).format(all=len(declared), count=left, contractor=contractor)
    elif answer.answer:
        now = _("You declared that none has the VAT type {contractor}.").format(contractor=contractor)
    else:
        now = _(
            "Teamleader's API shows no VAT type. An export of its companies does (octowizard check --declared FILE "
            "takes it in), or your word."
        )
    derived = context.step(
        title=_("VAT type of customers"),
        done=left == 0 if declared else answer.answer is True,
        recall=_("none is {contractor}").format(contractor=contractor),
        what=_("Change every customer of the VAT type {contractor} to {liable} in Teamleader.").format(
            contractor=contractor, liable=context.label("teamleader.vat-liable")
        ),
        why=_(
            "Octopus does not know this VAT type: such a customer arrives there with the VAT type unknown. Reverse "
            "charge belongs to the VAT rate of the lines."
        ),
        now=(now, _("Take in a new export once they are changed.")) if left else (now,),
        notes=(
            _("A segment of the companies with this VAT type shows them; each is changed on its own page."),
            _("Relations that arrived as unknown can be given their VAT type afterwards."),
        ),
        declarations=(answer,),
        skip=_(
            "Their relations are made with the VAT type unknown, and must be mended in Octopus one by one."
        ),
        problems=("contractor",),
    )
    counts = context.standing.counts
    if counts.companies == 0 and counts.contacts == 0:
        nobody = (_("There are no customers in Teamleader yet."),)
        return msgspec.structs.replace(derived, state=State.NOT_NEEDED, now=nobody)
    return derived
