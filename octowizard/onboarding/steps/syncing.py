"""The first sync after a preview, and the payments that come back."""

from __future__ import annotations

from octowizard.locale import _, ngettext
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.parts import Told, label, show, state_of

_NEEDED = (
    "choose-connector",
    "connect-octopus",
    "choose-scenario",
    "choose-dossier",
    "create-fiscal-year",
    "create-journals",
    "check-accounts",
    "customer-vat",
    "import-companies",
    "merge",
    "connect-teamleader",
    "map-vat",
    "map-accounts",
)
CLOSED = "journal-closed"


def first_sync(told: Told) -> Step:
    """A sync that leaves nothing failing, after a look at what it would do."""
    standing = told.standing
    runs, snapshot, profile = standing.runs, standing.snapshot, standing.profile
    watching = profile.mode == "observer"
    waiting = len(snapshot.pending)
    now = []
    if runs.last is not None:
        now.append(
            _("The last sync booked {booked}, and left {failing} failing; {count} are in sync.").format(
                booked=runs.last.booked, failing=runs.last.failing, count=runs.last.in_sync
            )
        )
    elif runs.preview is not None:
        now.append(_("A preview was made on {day}; no sync yet.").format(day=runs.preview.date().isoformat()))
    else:
        now.append(_("Nothing was synchronised yet, and no preview made."))
    now.append(ngettext("{count} document waits.", "{count} documents wait.", waiting).format(count=waiting))
    booked = snapshot.in_sync + len(snapshot.elsewhere)
    if watching:
        now.append(
            ngettext(
                "{count} document stands in Octopus.", "{count} documents stand in Octopus.", booked
            ).format(count=booked)
        )
    done = (booked > 0 and not waiting) if watching else runs.clean
    menu = show(standing, "Octopus", ("octopus.accounting", "octopus.sales-journal"), "").path
    return Step(
        id="first-sync",
        title=_("First sync"),
        state=state_of(
            done,
            unread=told.why_unread("documents") if watching else "",
            waits=told.waits_for(*_NEEDED),
        ),
        what=_(
            "Look at the preview first: what would be written, and what would fail. Then run the sync by hand."
        ),
        why=_(
            "A sync contains the customers of invoices and credit notes, which go to Octopus before their documents; "
            "then the invoices and credit notes, imported ones too; then the payments that come back from Octopus."
        ),
        now=tuple(now),
        notes=(
            _("Close the sales journal in Octopus during the sync: an open one lets nobody else book."),
            _(
                "In Teamleader: {revenue} > {invoices} shows a synchronisation symbol on the right; it syncs with "
                "Octopus again. After a while a notification tells the results: with any problem, look there first, "
                "and paste it into octowizard diagnose."
            ).format(
                revenue=label(standing, "teamleader.revenue"), invoices=label(standing, "teamleader.invoices")
            ),
            *_of_the_booster(told),
            _("What was booked is seen in Octopus under {menu}.").format(menu=menu),
        ),
        show=(
            show(
                standing,
                "Teamleader",
                ("teamleader.revenue", "teamleader.invoices"),
                _("The synchronisation symbol on the right."),
            ),
            show(
                standing,
                "Octopus",
                ("octopus.accounting", "octopus.sales-journal"),
                _("The bookings, once the sync has ended."),
            ),
        ),
        opens="sync",
        problems=("open-journal", "customer-missing", "no-changes", "vendor-refused"),
    )


def _of_the_booster(told: Told) -> tuple[str, ...]:
    """What differs with it (help centre: the Accounting connector Booster)."""
    if told.standing.decisions.get("booster") is not True:
        return ()
    return (
        _(
            "The Booster has a button of its own on its tab Synchronisation, which also shows each document of the "
            "last week; after a run by hand a notification and an e-mail come."
        ),
    )


def payments(told: Told) -> Step:
    """Bank statements read in, payments matched, and paid in Teamleader."""
    standing = told.standing
    snapshot = standing.snapshot
    matched, brought = len(snapshot.matches), len(snapshot.payments)
    return Step(
        id="payments",
        title=_("Payments"),
        state=state_of(brought > 0, unread=told.why_unread("matches"), waits=told.waits_for("first-sync")),
        what=_(
            "Import the CODA files of your bank in Octopus, and match (reconcile) the payments with the invoices."
        ),
        why=_("Invoices that are reconciled in Octopus become paid in Teamleader with the next sync."),
        now=(
            _(
                "{count} matches of sales documents in Octopus; {brought} payments brought to Teamleader."
            ).format(count=matched, brought=brought),
        ),
        notes=(
            _("An invoice that gets the status {paid} in Teamleader also counts as paid in Octopus.").format(
                paid=label(standing, "teamleader.paid")
            ),
            _(
                "The other way round nothing is taken back: when the payment is undone in Octopus, Teamleader keeps "
                "{paid} until somebody changes it by hand."
            ).format(paid=label(standing, "teamleader.paid")),
        ),
        show=(
            show(
                standing,
                "Octopus",
                ("octopus.accounting", "octopus.import", "octopus.coda-files"),
                _("Import the bank statements."),
            ),
            show(
                standing,
                "Octopus",
                ("octopus.accounting", "octopus.reconcile", "octopus.reconcile-customers"),
                _("Match the payments with the invoices."),
            ),
        ),
        skip=_("Invoices stay unpaid in Teamleader until a payment was matched in Octopus."),
        opens="sync",
        problems=("paid-drift", "unmatched-drift"),
    )
