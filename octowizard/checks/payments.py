"""Payments: what is paid on one side and open on the other, in both directions, and what is in doubt.

Matched in Octopus and open in Teamleader is no finding: the next sync brings it over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from octowizard.books.money import ZERO
from octowizard.checks.finding import Finding, Record, check
from octowizard.checks.pages import CONNECTING
from octowizard.checks.verdicts import SHOWN, document_record
from octowizard.locale import _
from octowizard.snapshot.model import Booked, Snapshot
from octowizard.workspace.profiles import Profile


@check(
    "payments",
    lambda: _("Payments on both sides"),
    needs=("documents", "bookings", "matches"),
    problems=("paid-drift", "unmatched-drift", "payment-parked"),
    again=("matches", "documents"),
    source=CONNECTING,
)
def payments(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Paid in Teamleader and open in Octopus; a match undone; payments that a person must look at."""
    heads = {booked.head.id: booked for booked in snapshot.booked}
    standing = {match.key for match in snapshot.matches}
    undone = [
        (heads[payment.document], payment)
        for key, payment in snapshot.payments.items()
        if payment.how == "registered" and key not in standing and payment.document in heads
    ]
    if undone:
        yield Finding(
            problem="unmatched-drift",
            severity="warning",
            title=_("Matches were undone in Octopus; Teamleader still shows the payments"),
            records=tuple(document_record(booked.head) for booked, _payment in undone),
            evidence=tuple(
                _("{document}: the match of {amount} on {day} is gone in Octopus.").format(
                    document=booked.head.number, amount=payment.amount, day=payment.paid_on
                )
                for booked, payment in undone[:SHOWN]
            ),
            fix=(
                _(
                    "If it is not paid, remove the payment in Teamleader by hand: a sync never un-pays an invoice."
                ),
                _("If it is paid, match it again in Octopus: Accounting > Reconcile > Reconcile customers."),
            ),
            fixed_when=_("Both sides show the same as paid."),
        )
    told = {booked.head.id for booked, _payment in undone}
    yield from _drift(snapshot, told)
    if snapshot.parked:
        yield Finding(
            problem="payment-parked",
            severity="warning",
            title=_("Payments whose outcome is not known wait for a person"),
            records=tuple(Record("payment", label, label) for label in snapshot.parked),
            fix=(_("Compare the payments of the invoice on both sides; correct them in Teamleader."),),
            fixed_when=_("The next sync has nothing in doubt."),
        )


def _drift(snapshot: Snapshot, told: set[str]) -> Iterator[Finding]:
    matched: dict[tuple[int, str, int], Decimal] = defaultdict(lambda: ZERO)
    for match in snapshot.matches:
        matched[match.bookyear, match.journal, match.number] += match.amount
    drifted: list[tuple[Booked, Decimal, Decimal]] = []
    for booked in snapshot.booked:
        head = booked.head
        if head.kind != "invoice" or head.open_amount is None or head.id in told:
            continue
        paid = head.amount - head.open_amount
        there = matched[booked.bookyear, booked.journal, booked.number]
        # A foreign invoice is matched in euro: only all or nothing can be compared.
        own = head.currency == snapshot.own_currency
        if paid > there if own else (paid > 0 and not there):
            drifted.append((booked, paid, there))
    if drifted:
        yield Finding(
            problem="paid-drift",
            severity="warning",
            title=_("Paid in Teamleader, open in Octopus"),
            records=tuple(document_record(booked.head) for booked, _paid, _there in drifted),
            evidence=tuple(
                _(
                    "{document}, booked as {place}: {paid} paid in Teamleader, {matched} matched in Octopus."
                ).format(
                    document=booked.head.number,
                    place=f"{booked.journal}/{booked.number}",
                    paid=paid,
                    matched=there,
                )
                for booked, paid, there in drifted[:SHOWN]
            ),
            fix=(
                _(
                    "In Octopus: Accounting > Import > CODA files, then Accounting > Reconcile > Reconcile customers."
                ),
                _("If it is not paid after all: remove the payment in Teamleader."),
            ),
            fixed_when=_("Both sides show the same as paid."),
        )
