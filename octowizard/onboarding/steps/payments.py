"""Bank statements read in, payments matched, and paid in Teamleader."""

from __future__ import annotations

from octowizard.locale import _, ngettext
from octowizard.locale.counted import counted
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.first_sync import first_sync
from octowizard.onboarding.steps.registry import StepContext, step
from octowizard.planning.payments import only_in_teamleader

_NAMED = 5  # invoices that are named one by one


@step(
    "payments",
    place=150,
    needs=(first_sync,),
    reads=["documents", "journals", "matches"],
    offers=("bank-journals",),
    action="sync",
)
def payments(context: StepContext) -> Step:
    """Done when a payment was brought to Teamleader; not yet, while none is matched and there is a journal for them."""
    snapshot = context.snapshot
    brought = len(snapshot.payments)
    paid = context.label("teamleader.paid")
    now = [
        ngettext(
            "{count} match of sales documents in Octopus.",
            "{count} matches of sales documents in Octopus.",
            len(snapshot.matches),
        ).format(count=len(snapshot.matches)),
        _("{payments} brought to Teamleader.").format(payments=counted("payment", brought)),
    ]
    banks = any(key.startswith("F") for _year, key in snapshot.journals) or context.why_unread("journals")
    if not banks and not brought:
        now.insert(
            0,
            _(
                "Octopus has no bank journal: bank statements (CODA files) are imported into one, so it comes first."
            ),
        )
    empty = not (brought or snapshot.matches or context.changes() or context.profile.unconnected)
    if empty:
        now.append(
            _("Nothing is matched in Octopus yet: this step comes back by itself with the first payment.")
        )
    drift = only_in_teamleader(snapshot)
    if drift:
        now.append(
            ngettext(
                "{count} invoice is paid in Teamleader and open in Octopus: {documents}.",
                "{count} invoices are paid in Teamleader and open in Octopus: {documents}.",
                len(drift),
            ).format(
                count=len(drift), documents=", ".join(each.booked.head.number for each in drift[:_NAMED])
            )
        )
    return context.step(
        title=_("Payments"),
        done=brought > 0,
        not_yet=empty,
        recall=ngettext("{count} payment brought back", "{count} payments brought back", brought).format(
            count=brought
        ),
        unread=context.why_unread("matches"),
        what=_(
            "Import the CODA files of your bank in Octopus, and match (reconcile) the payments with the invoices."
        ),
        why=_("Invoices that are reconciled in Octopus become paid in Teamleader with the next sync."),
        now=now,
        notes=(
            _other_way(context, paid),
            _(
                "Nothing is taken back: when the payment is undone in Octopus, Teamleader keeps "
                "{paid} until somebody changes it by hand."
            ).format(paid=paid),
        ),
        show=(
            context.by_hand(
                "Octopus",
                ("octopus.accounting", "octopus.import", "octopus.coda-files"),
                _("Import the bank statements."),
            ),
            context.by_hand(
                "Octopus",
                ("octopus.accounting", "octopus.reconcile", "octopus.reconcile-customers"),
                _("Match the payments with the invoices."),
            ),
        ),
        skip=_("Invoices stay unpaid in Teamleader until a payment was matched in Octopus."),
        opens="sync",
        problems=("paid-drift", "unmatched-drift"),
    )


def _other_way(context: StepContext, paid: str) -> str:
    """What becomes of a payment that is entered in Teamleader: that depends on who books."""
    mirror = context.profile.mirror
    if context.profile.mode == "observer":
        text = _(
            "An invoice that gets the status {paid} in Teamleader also counts as paid in Octopus: Teamleader's own "
            "integration sees to that."
        )
        return text.format(paid=paid)
    if mirror is None:
        text = _(
            "With Teamleader's own integration, an invoice that gets the status {paid} in Teamleader also counts as "
            "paid in Octopus. Here octowizard books: such a payment comes to Octopus only through a journal and an "
            "account that you name in the mapping. Until then the invoice stays open there, and each sync says so."
        )
        return text.format(paid=paid)
    text = _(
        "An invoice that gets the status {paid} in Teamleader also counts as paid in Octopus: the sync books the "
        "payment in {journal}, on account {account}."
    )
    return text.format(paid=paid, journal=mirror.journal, account=mirror.account)
