"""Each product category has an account for this department; accounts can follow VAT rates in Teamleader."""

from __future__ import annotations

from octowizard.locale import _
from octowizard.locale.formats import labelled
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.check_accounts import agreed, check_accounts
from octowizard.onboarding.steps.registry import StepContext, step


@step(
    "map-accounts",
    place=130,
    needs=(check_accounts,),
    reads=["accounts", "settings", "documents"],
    offers=("accounts", "cost-centres"),
    action="mapping",
)
def map_accounts(context: StepContext) -> Step:
    """Done when the department has categories, each with an account."""
    unread = context.why_unread("settings")
    department = context.snapshot.department
    own = [category for category in context.snapshot.categories.values() if not category.elsewhere]
    chosen = context.profile.mapping.accounts
    bare = [
        category.name for category in own if not (chosen.get(category.id) or (category.account or "").strip())
    ]
    now = [labelled(f"✖ {name}", _("no account for this department")) for name in bare]
    now += [
        f"✔ {category.name} → {chosen.get(category.id, category.account)}"
        for category in own
        if category.name not in bare
    ]
    option = context.label("teamleader.auto-suggest")
    return context.step(
        title=_("Accounts of categories"),
        done=bool(own) and not bare,
        settles=context.blocked("unmapped-category"),
        first=(agreed(context),),
        unread=unread,
        what=_("Each product category leads to an account, for the department {name}.").format(
            name=department.name if department else context.profile.department_name
        ),
        why=_("A line without an account keeps its document from being booked."),
        now=() if unread else now,
        notes=(
            _(
                "You can choose to select specific accounts automatically for specific VAT rates: {option}."
            ).format(option=option),
        ),
        show=(
            context.by_hand(
                "Teamleader",
                ("teamleader.settings", "teamleader.settings-invoices", "teamleader.ledger-accounts"),
                _("Switch on {option}, and choose an account for each rate.").format(option=option),
            ),
        ),
        opens="mapping",
        skip=_("Lines of a category without an account keep their document from being booked."),
        problems=("unmapped-category", "missing-account", "missing-discount-account"),
    )
