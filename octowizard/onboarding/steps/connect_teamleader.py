"""The connection itself: start date, journals, and what is entered in Teamleader's marketplace."""

from __future__ import annotations

from octowizard.books.fiscal import year_of
from octowizard.locale import _
from octowizard.locale.formats import day
from octowizard.onboarding import connection
from octowizard.onboarding.model import Declaration, Show, Step
from octowizard.onboarding.steps.create_fiscal_year import create_fiscal_year
from octowizard.onboarding.steps.create_journals import create_journals
from octowizard.onboarding.steps.registry import StepContext, step


@step(
    "connect-teamleader",
    place=110,
    needs=(create_fiscal_year, create_journals),
    reads=["years", "journals", "documents"],
    action="connection",
    asks=(connection.START,),
)
def connect_teamleader(context: StepContext) -> Step:
    """Done when the user agreed to the start date, and it lies in an open fiscal year that has both journals."""
    profile, snapshot = context.profile, context.snapshot
    year = year_of(snapshot.years, profile.start_date)
    journals = (profile.invoice_journal, profile.credit_note_journal)
    now = [
        _("Documents from {day} on are synchronised.").format(day=day(profile.start_date)),
        _("Invoices go to {invoices}, credit notes to {credits}.").format(
            invoices=profile.invoice_journal, credits=profile.credit_note_journal
        ),
    ]
    if year is None:
        now.append(_("No fiscal year holds that day."))
    elif year.closed:
        now.append(
            _("{year} is closed: choose a later start date, or have it opened.").format(year=year.name)
        )
    agreed = context.standing.start_agreed
    if agreed is False:
        now.append(_("You said that this is not the start date: choose another one."))
    how = _in_booster(context) if context.standing.booster else _in_marketplace(context)
    return context.step(
        title=_("Connection and start date"),
        recall=_("from {day}").format(day=day(profile.start_date)),
        done=agreed is True
        and year is not None
        and not year.closed
        and all((year.id, key) in snapshot.journals for key in journals),
        unread=context.why_unread("years", "journals"),
        what=_("Choose the start date of the sync, and connect the journals with invoices and credit notes."),
        why=_(
            "Older documents stay as they are. A start date that is moved later leaves older invoices without news of "
            "their payments."
        ),
        now=now,
        notes=(
            how.text
            if profile.mode == "observer"
            else _(
                "octowizard keeps these itself. In Teamleader's own integration it is done so: {how}"
            ).format(how=how.text),
            _(
                "If the right journals cannot be found, the login may see several accounts: choose the right one and "
                "click {link} again."
            ).format(link=context.label("teamleader.link-dossier")),
        ),
        declarations=(
            Declaration(
                key=connection.START,
                question=_("Is {day} the start date of the sync?").format(day=day(profile.start_date)),
                answer=agreed,
            ),
        ),
        show=(how,),
        problems=("start-date-later", "sign-in-refused", "journals-not-synchronised"),
    )


def _in_marketplace(context: StepContext) -> Show:
    menu = ("teamleader.integrations-marketplace", "teamleader.octopus")
    text = _(
        "Click on the user icon at the top right and choose {integrations}; search for {octopus}. "
        "Enter the start date and say whether companies are imported; then user name and password; connect "
        "{invoices} and {credits} with the journals you made; click {save}."
    ).format(
        integrations=context.label(menu[0]),
        octopus=context.label(menu[1]),
        invoices=context.label("teamleader.journal-invoices"),
        credits=context.label("teamleader.journal-credit-notes"),
        save=context.label("teamleader.save"),
    )
    return context.by_hand("Teamleader", menu, text)


def _in_booster(context: StepContext) -> Show:
    """Where the Booster is connected (help centre: the Accounting connector Booster; its labels are not all known)."""
    text = _(
        "Open {menu}, choose the company entity, then the tab {tab}. Sign in there, choose the dossier and the start "
        "date, a journal for invoices and one for credit notes, the account for discounts, a VAT code for each rate "
        "and an account for each VAT rate. It is ready when it shows {connected}; as long as it shows {needed}, "
        "something of this is missing."
    ).format(
        menu=context.menu("teamleader.settings", "teamleader.company-information"),
        tab=context.label("teamleader.accounting-tab"),
        connected=context.label("teamleader.connected"),
        needed=context.label("teamleader.configuration-needed"),
    )
    menu = ("teamleader.settings", "teamleader.company-information", "teamleader.accounting-tab")
    return context.by_hand("Teamleader", menu, text)
