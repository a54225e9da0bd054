"""The ledger accounts that begin with 70, VAT rates as VAT codes, and which account each line of an invoice gets."""

from __future__ import annotations

from octowizard.books.fiscal import FiscalYear
from octowizard.locale import _, ngettext
from octowizard.octopus import models as oc
from octowizard.onboarding.model import Step
from octowizard.onboarding.state import Standing
from octowizard.onboarding.steps.parts import Told, declaration, label, show, state_of
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Planner
from octowizard.planning.plan import planner_of

SALES = "70"  # accounts that Teamleader takes over begin so (help centre: connecting Octopus)
CONSENT = "accounts"  # the declaration that the accountant agrees with the accounts
_SHOWN = 8


def check_accounts(told: Told) -> Step:
    """The accounts of sales that the categories name are in the chart of every year that is read."""
    standing = told.standing
    unread = told.why_unread("years", "settings") or told.why_unread("accounts")
    missing = missing_accounts(standing)
    consent = declaration(
        standing, CONSENT, _("Has your accountant agreed to the ledger accounts as they are?")
    )
    changed = bool(standing.decisions.get("changed/check-accounts"))
    now = []
    for year in _years(standing):
        chart = standing.books.charts.get(year.id, ())
        sales = [account for account in chart if str(account.account_key.id).startswith(SALES)]
        now.append(
            ngettext(
                "{year}: {count} account begins with 70", "{year}: {count} accounts begin with 70", len(sales)
            ).format(year=year.name, count=len(sales))
        )
        now += [f"  {account.account_key.id}  {_name(account, standing)}" for account in sales[:_SHOWN]]
        if len(sales) > _SHOWN:
            now.append(_("  … and {count} more").format(count=len(sales) - _SHOWN))
    if not now:
        now.append(_("No chart of accounts was read yet: it comes with the fiscal year."))
    now += [
        _("Missing in {year}: {account}, the account of {categories}.").format(
            year=year.name, account=account, categories=", ".join(names)
        )
        for year, account, names in missing
    ]
    if consent.answer:
        now.append(_("You declared that your accountant agrees."))
    fine = bool(_years(standing)) and not missing
    return Step(
        id="check-accounts",
        title=_("Ledger accounts"),
        state=state_of(
            fine and (consent.answer is True or not changed),
            unread=unread,
            waits=told.waits_for("create-fiscal-year"),
        ),
        what=_(
            "Look through the accounts of sales in Octopus. Accounts are managed there and come over to Teamleader by "
            "themselves: those that begin with 70."
        ),
        why=_(
            "In Teamleader each line of an invoice names the account on which it is posted. An account that Octopus "
            "does not have, or that does not begin with 70, cannot be named."
        ),
        now=(unread, *now) if unread else tuple(now),
        notes=(
            _("Edit accounts only in consultation with your accountant."),
            _("Octopus gives the list of accounts twice a day; changes to it can be read more often."),
        ),
        changes=told.changes("check-accounts"),
        declarations=(consent,),
        show=(
            show(
                standing,
                "Octopus",
                ("octopus.management", "octopus.accounts"),
                _("Look through the accounts that begin with 70."),
            ),
        ),
        opens="mapping",
        skip=_("Lines whose account is missing keep their document from being booked."),
        problems=("unknown-account", "unmapped-category", "missing-account"),
    )


def missing_accounts(standing: Standing) -> list[tuple[FiscalYear, str, list[str]]]:
    """Accounts that categories of the department name and a chart lacks: year, account, the categories."""
    snapshot, profile = standing.snapshot, standing.profile
    planner = planner_of(snapshot, profile)
    found: dict[tuple[int, str], tuple[FiscalYear, str, list[str]]] = {}
    for year in _years(standing):
        for category in snapshot.categories.values():
            if category.elsewhere:
                continue
            reason = planner.account_of(category.id, year)
            if isinstance(reason, Blocker) and reason.problem == "unknown-account":
                chosen = profile.mapping.accounts.get(category.id)
                account = str(chosen) if chosen is not None else (category.account or "").strip()
                found.setdefault((year.id, account), (year, account, []))[2].append(category.name)
    return sorted(found.values(), key=lambda entry: (entry[0].start, entry[1]))


def map_vat(told: Told) -> Step:
    """Each tax rate of Teamleader leads to one VAT code, for sales and for credit notes."""
    standing = told.standing
    snapshot = standing.snapshot
    unread = told.why_unread("vat_codes", "settings")
    planner = _planner(standing)
    open_, now = [], []
    for rate in snapshot.tax_rates.values():
        codes = [planner.vat_code_of(rate.id, "invoice"), planner.vat_code_of(rate.id, "credit_note")]
        wrong = next((code for code in codes if isinstance(code, Blocker)), None)
        if wrong is not None:
            open_.append(f"✖ {rate.description}: {wrong.evidence[0] if wrong.evidence else wrong.title}")
        else:
            said = dict.fromkeys(code.code for code in codes if not isinstance(code, Blocker))
            now.append(f"✔ {rate.description} → {' / '.join(said)}")
    return Step(
        id="map-vat",
        title=_("VAT rates"),
        state=state_of(bool(now) and not open_, unread=unread, waits=told.waits_for("create-fiscal-year")),
        what=_("The VAT rates of Teamleader are connected with the VAT codes of Octopus."),
        why=_(
            "Every line is booked with a VAT code. One code must serve for sales and for credit notes; rates of 0 % "
            "are told apart by what they are for."
        ),
        now=(unread,) if unread else (*open_, *now),
        notes=(_("A connection that was chosen by hand counts; the rest is proposed from the rates."),),
        changes=told.changes("map-vat"),
        show=(
            show(
                standing,
                "Octopus",
                ("octopus.management", "octopus.vat-codes"),
                _("See which codes have a card for sales and one for credit notes."),
            ),
        ),
        opens="mapping",
        skip=_("Documents with a rate that leads nowhere are not booked."),
        problems=("unmapped-vat", "vat-code-wrong-type"),
    )


def map_accounts(told: Told) -> Step:
    """Each category has an account for this department; accounts can follow VAT rates in Teamleader."""
    standing = told.standing
    unread = told.why_unread("settings")
    department = standing.snapshot.department
    own = [one for one in standing.snapshot.categories.values() if not one.elsewhere]
    chosen = standing.profile.mapping.accounts
    open_ = [one.name for one in own if not (chosen.get(one.id) or (one.account or "").strip())]
    now = [f"✖ {name}: {_('no account for this department')}" for name in open_]
    now += [f"✔ {one.name} → {chosen.get(one.id, one.account)}" for one in own if one.name not in open_]
    return Step(
        id="map-accounts",
        title=_("Accounts of categories"),
        state=state_of(bool(own) and not open_, unread=unread, waits=told.waits_for("check-accounts")),
        what=_("Each product category leads to an account, for the department {name}.").format(
            name=department.name if department else standing.profile.department_name
        ),
        why=_("A line without an account keeps its document from being booked."),
        now=(unread,) if unread else tuple(now),
        notes=(
            _(
                "You can choose to select specific accounts automatically for specific VAT rates: {option}."
            ).format(option=label(standing, "teamleader.auto-suggest")),
        ),
        changes=told.changes("map-accounts"),
        show=(
            show(
                standing,
                "Teamleader",
                ("teamleader.settings", "teamleader.settings-invoices", "teamleader.ledger-accounts"),
                _("Switch on {option}, and choose an account for each rate.").format(
                    option=label(standing, "teamleader.auto-suggest")
                ),
            ),
        ),
        opens="mapping",
        skip=_("Lines of a category without an account keep their document from being booked."),
        problems=("unmapped-category", "missing-account", "missing-discount-account"),
    )


def _planner(standing: Standing) -> Planner:
    return planner_of(standing.snapshot, standing.profile)


def _years(standing: Standing) -> tuple[FiscalYear, ...]:
    """The years whose chart was read."""
    return tuple(year for year in standing.snapshot.years if standing.snapshot.accounts.get(year.id))


def _name(account: oc.Account, standing: Standing) -> str:
    names = account.description
    own = {"nl": names.nl, "fr": names.fr, "en": names.en}[standing.profile.octopus_language]
    return own or names.nl or names.fr or names.en
