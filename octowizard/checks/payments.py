"""Payments: what is paid on one side and open on the other, in both directions, and what is in doubt.

Matched in Octopus and open in Teamleader is no finding: the next sync brings it over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from octowizard.checks.grouping import SHOWN, document_record
from octowizard.checks.registry import Finding, Record, check, finding
from octowizard.checks.sources import CONNECTING
from octowizard.locale import _
from octowizard.locale.formats import amount as shown_amount
from octowizard.locale.formats import day as shown_day
from octowizard.planning.payments import PlannedPayment
from octowizard.planning.plan import plan
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile


@check(
    "payments",
    lambda: _("Payments on both sides"),
    needs=("documents", "bookings", "matches"),
    whole_with=("years", "journals"),
    problems=("paid-drift", "unmatched-drift", "payment-parked"),
    source=CONNECTING,
)
def payments(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Paid in Teamleader and open in Octopus; a match undone; payments that a person must look at."""
    planned = plan(snapshot, profile).payments
    yield from _drifted(
        "unmatched-drift",
        _("Matches were undone in Octopus; Teamleader still shows the payments"),
        _("{document}: the match of {amount} on {day} is gone in Octopus."),
        [payment for payment in planned if payment.fate == "undone"],
    )
    yield from _drifted(
        "paid-drift",
        _("Paid in Teamleader, open in Octopus"),
        _("{document}, booked as {place}: {amount} paid in Teamleader, {other} matched in Octopus."),
        [payment for payment in planned if payment.fate == "only_in_teamleader"],
    )
    # One line per invoice: its first payment that is too much.
    parked = {payment.booked.head.id: payment for payment in reversed(planned) if payment.fate == "park"}
    yield from _drifted(
        "payment-parked",
        _("More is matched in Octopus than Teamleader shows as due"),
        _("{document}: {amount} matched in Octopus, {other} still due in Teamleader."),
        [*reversed(parked.values())],
    )
    if snapshot.parked:
        yield finding(
            "payment-parked",
            _("Payments whose outcome is not known wait for a person"),
            (Record("payment", label, label) for label in snapshot.parked),
        )


def _drifted(
    problem: str, title: str, evidence: str, payments: Sequence[PlannedPayment]
) -> Iterator[Finding]:
    """One finding for all payments, if there are any. `evidence`: the sentence on each; `other`: what is compared."""
    if payments:
        yield finding(
            problem,
            title,
            (document_record(payment.booked.head) for payment in payments),
            (
                evidence.format(
                    document=payment.booked.head.number,
                    place=f"{payment.booked.journal}/{payment.booked.number}",
                    amount=shown_amount(payment.amount),
                    other=shown_amount(payment.compared),
                    day=shown_day(payment.day),
                )
                for payment in payments[:SHOWN]
            ),
        )
