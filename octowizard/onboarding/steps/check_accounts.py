"""The ledger accounts that begin with 70: there, and agreed to by the accountant."""

from __future__ import annotations

from octowizard.books.fiscal import FiscalYear
from octowizard.locale import _, ngettext
from octowizard.onboarding import fixes
from octowizard.onboarding.mapping import SALES
from octowizard.onboarding.model import Declaration, Step
from octowizard.onboarding.steps.create_fiscal_year import create_fiscal_year
from octowizard.onboarding.steps.registry import StepContext, step

_SHOWN = 8
_PROBLEMS = ("unknown-account", "heading-account", "missing-discount-account", "cost-centre-missing")


def agreed(context: StepContext) -> Declaration:
    """The question without whose yes octowizard makes no account."""
    return context.question(
        "accounts",
        _("Has your accountant agreed to the ledger accounts, those included that are still to be made?"),
    )


@step(
    "check-accounts",
    place=70,
    needs=(create_fiscal_year,),
    reads=["accounts", "settings", "documents"],
    offers=("accounts", "cost-centres"),
    asks=("accounts",),
)
def check_accounts(context: StepContext) -> Step:
    """Done when the accounts that the categories name are in the chart of every year that was read."""
    charted = [year for year in context.snapshot.years if context.snapshot.accounts.get(year.id)]
    missing = [
        _("Missing in {year}: {account}, the account of {categories}.").format(
            year=year.name, account=account, categories=", ".join(categories)
        )
        for year in charted
        for account, categories in sorted(
            fixes.missing_accounts(context.snapshot, context.profile, year).items()
        )
    ]
    consent = agreed(context)
    changed = bool(context.standing.decisions.get(f"changed/{context.definition.id}"))
    now = [line for year in charted for line in _chart_lines(context, year)]
    if not now:
        now.append(_("No chart of accounts was read yet: it comes with the fiscal year."))
    now += missing
    if consent.answer:
        now.append(_("You declared that your accountant agrees."))
    return context.step(
        title=_("Ledger accounts"),
        settles=context.blocked(*_PROBLEMS),
        consent=consent,
        word=consent,
        recall=_("agreed with the accountant") if consent.answer else "",
        done=bool(charted) and not missing and (consent.answer is True or not changed),
        unread=context.why_unread("years", "settings") or context.why_unread("accounts"),
        what=_(
            "Look through the accounts of sales in Octopus. Accounts are managed there and come over to Teamleader by "
            "themselves: those that begin with 70."
        ),
        why=_(
            "In Teamleader each line of an invoice names the account on which it is posted. An account that Octopus "
            "does not have, or that does not begin with 70, cannot be named."
        ),
        now=now,
        notes=(
            _("Edit accounts only in consultation with your accountant."),
            _("Octopus gives the list of accounts twice a day; changes to it can be read more often."),
        ),
        declarations=(consent,),
        show=(
            context.by_hand(
                "Octopus",
                ("octopus.management", "octopus.accounts"),
                _("Look through the accounts that begin with 70."),
            ),
        ),
        opens="mapping",
        skip=_("Lines whose account is missing keep their document from being booked."),
        problems=_PROBLEMS,
    )


def _chart_lines(context: StepContext, year: FiscalYear) -> list[str]:
    """How many accounts of sales a year has, and the first of them."""
    chart = context.snapshot.accounts[year.id].values()
    sales = [account for account in chart if str(account.number).startswith(SALES)]
    counted = ngettext(
        "{year}: {count} account begins with 70", "{year}: {count} accounts begin with 70", len(sales)
    )
    lines = [counted.format(year=year.name, count=len(sales))]
    lines += [f"  {account.number}  {account.name}" for account in sales[:_SHOWN]]
    if len(sales) > _SHOWN:
        lines.append(_("  … and {count} more").format(count=len(sales) - _SHOWN))
    return lines
