"""Payments: what is paid on one side and open on the other, in both directions, and what is in doubt.

Matched in Octopus and open in Teamleader is no finding: the next sync brings it over.
"""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.checks.grouping import SHOWN, document_record
from octowizard.checks.registry import Finding, Record, check
from octowizard.checks.sources import CONNECTING
from octowizard.locale import _
from octowizard.locale.formats import amount as shown_amount
from octowizard.locale.formats import day as shown_day
from octowizard.planning.plan import plan
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile


@check(
    "payments",
    lambda: _("Payments on both sides"),
    needs=("documents", "bookings", "matches"),
    problems=("paid-drift", "unmatched-drift", "payment-parked"),
    source=CONNECTING,
)
def payments(snapshot: Snapshot, profile: Profile) -> Iterator[Finding]:
    """Paid in Teamleader and open in Octopus; a match undone; payments that a person must look at."""
    planned = plan(snapshot, profile).payments
    undone = [payment for payment in planned if payment.fate == "undone"]
    if undone:
        yield Finding(
            problem="unmatched-drift",
            severity="warning",
            title=_("Matches were undone in Octopus; Teamleader still shows the payments"),
            records=tuple(document_record(payment.booked.head) for payment in undone),
            evidence=tuple(
                _("{document}: the match of {amount} on {day} is gone in Octopus.").format(
                    document=payment.booked.head.number,
                    amount=shown_amount(payment.amount),
                    day=shown_day(payment.day),
                )
                for payment in undone[:SHOWN]
            ),
        )
    one_sided = [payment for payment in planned if payment.fate == "only_in_teamleader"]
    if one_sided:
        yield Finding(
            problem="paid-drift",
            severity="warning",
            title=_("Paid in Teamleader, open in Octopus"),
            records=tuple(document_record(payment.booked.head) for payment in one_sided),
            evidence=tuple(
                _(
                    "{document}, booked as {place}: {paid} paid in Teamleader, {matched} matched in Octopus."
                ).format(
                    document=payment.booked.head.number,
                    place=f"{payment.booked.journal}/{payment.booked.number}",
                    paid=shown_amount(payment.amount),
                    matched=shown_amount(payment.compared),
                )
                for payment in one_sided[:SHOWN]
            ),
        )
    # One line per invoice: its first payment that is too much.
    parked = {payment.booked.head.id: payment for payment in reversed(planned) if payment.fate == "park"}
    too_much = list(reversed(parked.values()))
    if too_much:
        yield Finding(
            problem="payment-parked",
            severity="warning",
            title=_("More is matched in Octopus than Teamleader shows as due"),
            records=tuple(document_record(payment.booked.head) for payment in too_much),
            evidence=tuple(
                _("{document}: {amount} matched in Octopus, {due} still due in Teamleader.").format(
                    document=payment.booked.head.number,
                    amount=shown_amount(payment.amount),
                    due=shown_amount(payment.compared),
                )
                for payment in too_much[:SHOWN]
            ),
        )
    if snapshot.parked:
        yield Finding(
            problem="payment-parked",
            severity="warning",
            title=_("Payments whose outcome is not known wait for a person"),
            records=tuple(Record("payment", label, label) for label in snapshot.parked),
        )
