"""The connection itself: start date, journals, and what is entered in Teamleader's marketplace."""

from __future__ import annotations

from octowizard.books.fiscal import year_of
from octowizard.locale import _
from octowizard.onboarding.model import Show, Step
from octowizard.onboarding.steps.parts import Told, day, label, show, state_of


def connect_teamleader(told: Told) -> Step:
    """The start date lies in an open fiscal year, and the journals are connected."""
    standing = told.standing
    profile, snapshot = standing.profile, standing.snapshot
    unread = told.why_unread("years", "journals")
    year = year_of(snapshot.years, profile.start_date)
    journals = (profile.invoice_journal, profile.credit_note_journal)
    there = year is not None and all((year.id, key) in snapshot.journals for key in journals)
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
    watching = profile.mode == "observer"
    booster = standing.decisions.get("booster") is True
    by_hand = (
        _booster()
        if booster
        else _(
            "Click on the user icon at the top right and choose {integrations}/{marketplace}; search for {octopus}. "
            "Enter the start date and say whether companies are imported; then user name and password; connect "
            "{invoices} and {credits} with the journals you made; click {save}."
        ).format(
            integrations=label(standing, "teamleader.integrations"),
            marketplace=label(standing, "teamleader.marketplace"),
            octopus=label(standing, "teamleader.octopus"),
            invoices=label(standing, "teamleader.journal-invoices"),
            credits=label(standing, "teamleader.journal-credit-notes"),
            save=label(standing, "teamleader.save"),
        )
    )
    return Step(
        id="connect-teamleader",
        title=_("Connection and start date"),
        state=state_of(
            there and year is not None and not year.closed,
            unread=unread,
            waits=told.waits_for("create-fiscal-year", "create-journals"),
        ),
        what=_("Choose the start date of the sync, and connect the journals with invoices and credit notes."),
        why=_(
            "Older documents stay as they are. A start date that is moved later leaves older invoices without news of "
            "their payments."
        ),
        now=(unread, *now) if unread else tuple(now),
        notes=(
            by_hand
            if watching
            else _(
                "octowizard keeps these itself. In Teamleader's own integration it is done so: {how}"
            ).format(how=by_hand),
            _(
                "If the right journals cannot be found, the login may see several accounts: choose the right one and "
                "click {link} again."
            ).format(link=label(standing, "teamleader.link-dossier")),
        ),
        show=(
            Show("Teamleader", "Settings > Company information > Accounting", by_hand)
            if booster
            else show(
                standing,
                "Teamleader",
                ("teamleader.integrations", "teamleader.marketplace", "teamleader.octopus"),
                by_hand,
            ),
        ),
        problems=("start-date-later", "sign-in-refused", "journals-not-synchronised"),
    )


def _booster() -> str:
    """Where the Booster is connected (help centre: the Accounting connector Booster; its labels are not all known)."""
    return _(
        "Open Settings > Company information, choose the company entity, then the tab Accounting. Sign in there, "
        "choose the dossier and the start date, a journal for invoices and one for credit notes, the account for "
        "discounts, a VAT code for each rate and an account for each VAT rate. It is ready when it shows Connected; as "
        "long as it shows Configuration needed, something of this is missing."
    )
