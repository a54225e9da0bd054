"""Bank statements read in, payments matched, and paid in Teamleader."""

from __future__ import annotations

from octowizard.locale import _
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.first_sync import first_sync
from octowizard.onboarding.steps.registry import StepContext, step


@step("payments", place=150, needs=(first_sync,), reads=["documents", "matches"], action="sync")
def payments(context: StepContext) -> Step:
    """Done when a payment was brought to Teamleader."""
    brought = len(context.snapshot.payments)
    paid = context.label("teamleader.paid")
    return context.step(
        title=_("Payments"),
        done=brought > 0,
        unread=context.why_unread("matches"),
        what=_(
            "Import the CODA files of your bank in Octopus, and match (reconcile) the payments with the invoices."
        ),
        why=_("Invoices that are reconciled in Octopus become paid in Teamleader with the next sync."),
        now=(
            _(
                "{count} matches of sales documents in Octopus; {brought} payments brought to Teamleader."
            ).format(count=len(context.snapshot.matches), brought=brought),
        ),
        notes=(
            _("An invoice that gets the status {paid} in Teamleader also counts as paid in Octopus.").format(
                paid=paid
            ),
            _(
                "The other way round nothing is taken back: when the payment is undone in Octopus, Teamleader keeps "
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
