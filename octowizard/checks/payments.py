"""Payments: what is paid on one side and open on the other, in both directions, and what is in doubt.

Matched in Octopus and open in Teamleader is no finding: the next sync brings it over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from octowizard.books.money import ZERO
from octowizard.checks.grouping import SHOWN, document_record
from octowizard.checks.registry import Finding, Record, check
from octowizard.checks.sources import CONNECTING
from octowizard.locale import _
from octowizard.locale.formats import amount as shown_amount
from octowizard.locale.formats import day as shown_day
from octowizard.snapshot.model import Booked, Match, Snapshot
from octowizard.workspace.profiles import Profile

_FEW = 10


@check(
    "payments",
    lambda: _("Payments on both sides"),
    needs=("documents", "bookings", "matches"),
    problems=("paid-drift", "unmatched-drift", "payment-parked"),
    source=CONNECTING,
)
def payments(snapshot: Snapshot, _profile: Profile) -> Iterator[Finding]:
    """Paid in Teamleader and open in Octopus; a match undone; payments that a person must look at."""
    heads = {booked.head.id: booked for booked in snapshot.booked}
    standing = {match.key for match in snapshot.matches}
    undone = [
        (heads[payment.document], payment.amount, payment.paid_on)
        for key, payment in snapshot.payments.items()
        if payment.how == "registered" and key not in standing and payment.document in heads
    ]
    undone += _undone(snapshot, {booked.head.id for booked, _amount, _day in undone})
    if undone:
        yield Finding(
            problem="unmatched-drift",
            severity="warning",
            title=_("Matches were undone in Octopus; Teamleader still shows the payments"),
            records=tuple(document_record(booked.head) for booked, _amount, _day in undone),
            evidence=tuple(
                _("{document}: the match of {amount} on {day} is gone in Octopus.").format(
                    document=booked.head.number,
                    amount=shown_amount(amount),
                    day=shown_day(date.fromisoformat(day)),
                )
                for booked, amount, day in undone[:SHOWN]
            ),
        )
    told = {booked.head.id for booked, _amount, _day in undone}
    yield from _drift(snapshot, told)
    too_much = list(_too_much(snapshot))
    if too_much:
        yield Finding(
            problem="payment-parked",
            severity="warning",
            title=_("More is matched in Octopus than Teamleader shows as due"),
            records=tuple(document_record(booked.head) for booked, _match in too_much),
            evidence=tuple(
                _("{document}: {amount} matched in Octopus, {due} still due in Teamleader.").format(
                    document=booked.head.number,
                    amount=shown_amount(match.amount),
                    due=shown_amount(booked.head.open_amount or ZERO),
                )
                for booked, match in too_much[:SHOWN]
            ),
        )
    if snapshot.parked:
        yield Finding(
            problem="payment-parked",
            severity="warning",
            title=_("Payments whose outcome is not known wait for a person"),
            records=tuple(Record("payment", label, label) for label in snapshot.parked),
        )


def _matched(snapshot: Snapshot) -> dict[tuple[int, str, int], Decimal]:
    matched: dict[tuple[int, str, int], Decimal] = defaultdict(lambda: ZERO)
    for match in snapshot.matches:
        matched[match.bookyear, match.journal, match.number] += match.amount
    return matched


def _undone(snapshot: Snapshot, told: set[str]) -> Iterator[tuple[Booked, Decimal, str]]:
    """Matches that Octopus says were undone, of invoices that are paid in Teamleader beyond what is matched."""
    if not snapshot.undone:
        return
    places = {(booked.bookyear, booked.journal, booked.number): booked for booked in snapshot.booked}
    matched = _matched(snapshot)
    for match in snapshot.undone:
        place = (match.bookyear, match.journal, match.number)
        booked = places.get(place)
        if booked is None or booked.head.open_amount is None or booked.head.id in told:
            continue
        if booked.head.amount - booked.head.open_amount > matched[place] and booked.head.kind == "invoice":
            told.add(booked.head.id)
            yield booked, match.amount, match.counter_date.isoformat()


def _too_much(snapshot: Snapshot) -> Iterator[tuple[Booked, Match]]:
    """A match not yet brought over that exceeds what is due, where no other matches explain what is paid."""
    matches: dict[tuple[int, str, int], list[Match]] = defaultdict(list)
    for match in snapshot.matches:
        matches[match.bookyear, match.journal, match.number].append(match)
    for booked in snapshot.booked:
        head = booked.head
        mine = matches.get((booked.bookyear, booked.journal, booked.number), [])
        if head.kind != "invoice" or not head.open_amount or head.currency != snapshot.own_currency:
            continue
        paid = head.amount - head.open_amount
        new = [m for m in mine if m.key not in snapshot.payments and m.counter_journal[:1] in ("F", "D")]
        over = next((m for m in new if m.amount > head.open_amount), None)
        if over is not None and paid > 0 and not _is_sum_of(paid, [m.amount for m in mine]):
            yield booked, over


def _is_sum_of(amount: Decimal, parts: list[Decimal]) -> bool:
    """Whether some of the parts add up to the amount; an invoice has few payments."""
    sums = {ZERO}
    for part in parts[:_FEW]:
        sums |= {known + part for known in sums}
    return amount in sums


def _drift(snapshot: Snapshot, told: set[str]) -> Iterator[Finding]:
    matched = _matched(snapshot)
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
                    paid=shown_amount(paid),
                    matched=shown_amount(there),
                )
                for booked, paid, there in drifted[:SHOWN]
            ),
        )
