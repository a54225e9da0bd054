"""What will become of every payment: register, in sync, park, undone, paid in Teamleader only. Pure.

A match in Octopus becomes a payment in Teamleader. How much may still be paid is known from Teamleader's list already;
which payments are there only from the invoice itself. So a payment too has two depths: checks plan it from the list
(`plan_payments`), the sync decides with the invoice read (`InvoicePayments`), by the same rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, get_args

from octowizard.books.money import CENT, ZERO, cents
from octowizard.snapshot.convert import second_of_day
from octowizard.snapshot.model import Booked, Match, Snapshot
from octowizard.workspace.links import BookingPlace

Action = Literal["register", "in_sync", "park"]
# no_rate: of an invoice in a foreign currency for which Teamleader names no rate: what it is worth there, nobody knows.
Fate = Literal["register", "in_sync", "park", "undone", "only_in_teamleader", "no_rate"]
# match: with its invoice. surplus: another receipt settles that. spent: it is matched already. removed: it is gone.
ReceiptFate = Literal["match", "surplus", "spent", "removed"]

_FEW = 10  # payments of one invoice that are tried in all combinations


class Remembered(Protocol):
    """A payment in Teamleader that octowizard knows. `how`: registered | found | mirrored."""

    @property
    def how(self) -> str:
        """How it came to be known."""
        ...


P = TypeVar("P", bound=Remembered)


class PlannedPayment(NamedTuple):
    """A payment of a booked invoice and what will become of it, as far as Teamleader's list tells.

    `amount`: what is matched in Octopus, or paid in Teamleader where it is paid there only; in the invoice's currency,
    but for *no_rate*. `compared`: what it is held against: the amount still due, or the amount matched. `day`: of the
    match. `key`: names a new match.
    """

    booked: Booked
    fate: Fate
    amount: Decimal
    compared: Decimal
    day: date
    key: str = ""


class InvoicePayments:
    """The payments of one invoice, decided match by match; what was registered meanwhile counts.

    `due`: what is still to be paid. `matches`: those to be decided. `known`: key of the match, amount and day of the
    payments that octowizard remembers. `payments`: amount and moment of those that Teamleader shows.

    A payment at the very moment of a match is that match's own, whoever registered it (another octowizard does it at
    the same moment): it explains no equal match. Each of the others stands for one match of its amount and day.
    """

    def __init__(
        self,
        due: Decimal,
        matches: Iterable[Match],
        known: Sequence[tuple[str, Decimal, date]] = (),
        payments: Sequence[tuple[Decimal, datetime]] = (),
    ) -> None:
        self.due = due
        own: set[datetime] = set()
        if payments:
            own = {paid_at(match) for match in matches} | {_moment(key, day) for key, _amount, day in known}
        there = {moment for _amount, moment in payments}
        self._free: dict[tuple[Decimal, date], int] = {}
        for amount, moment in payments:
            if moment not in own:
                self._count(amount, moment.date(), 1)
        for key, amount, day in known:
            if _moment(key, day) not in there:
                self._count(amount, day, -1)
        self._registered: dict[tuple[Decimal, date], int] = {}

    def _count(self, amount: Decimal, day: date, more: int) -> None:
        self._free[amount, day] = self._free.get((amount, day), 0) + more

    def registered(self, amount: Decimal, day: date) -> int:
        """Payments of that amount and day registered since the invoice was read."""
        return self._registered.get((amount, day), 0)

    def decide(self, amount: Decimal, day: date, *, exact: bool = False) -> Action:
        """Register what is due, park what exceeds it.

        In sync: it is there at its very moment (`exact`), or by hand or another program, or nothing is due any more.
        """
        if exact or self.due <= 0 or self._free.get((amount, day), 0) > 0:
            return "in_sync"
        return "park" if amount > self.due else "register"

    def note_in_sync(self, amount: Decimal, day: date, *, exact: bool = False) -> None:
        """The match is one of the payments: that one explains no other."""
        self._count(amount, day, exact - 1)

    def note_registered(self, amount: Decimal, day: date) -> None:
        """The match became a payment."""
        self._registered[amount, day] = self.registered(amount, day) + 1
        self.due -= amount


def is_money(match: Match) -> bool:
    """Bank, cash and corrections settle an invoice; a credit note does too, but Teamleader knows of that one."""
    return match.counter_journal[:1] in ("F", "D")


def paid_at(match: Match) -> datetime:
    """The bank date, with a time of day that is this match's own."""
    return _moment(match.key, match.counter_date)


def in_currency_of_invoice(matched: Decimal, rate_to_own: Decimal, due: Decimal) -> Decimal:
    """What is matched, which Octopus says in the dossier's currency, in the invoice's, by its rate.

    A full payment converted back may miss what is `due` by a cent.
    """
    if rate_to_own == 1:
        return matched
    amount = cents(matched / rate_to_own)
    return due if abs(amount - due) <= CENT and due > ZERO else amount


def _moment(key: str, day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(seconds=second_of_day(key))


class MatchStanding(NamedTuple):
    """A match of a booking and what it is in Teamleader.

    `standing`: how the payment came to be known (registered, found, mirrored); what a sync does with it (register,
    in_sync, park); *credit_note*: Teamleader knows of that one; *unsure*: only the invoice itself tells.
    """

    match: Match
    standing: Literal[
        "registered", "found", "mirrored", "register", "in_sync", "park", "credit_note", "unsure"
    ]


def standings(snapshot: Snapshot, booked: Booked, planned: Iterable[PlannedPayment]) -> list[MatchStanding]:
    """The matches of one booking, by bank date. `planned`: the payments of the Plan."""
    mine = (payment for payment in planned if payment.booked.head.id == booked.head.id)
    fates = iter([payment.fate for payment in mine if payment.fate in get_args(Action)])
    result = []
    for match in sorted(snapshot.matches, key=lambda match: (match.counter_date, match.key)):
        if match.place != booked.place:
            continue
        standing: Any
        if (known := snapshot.payments.get(match.key)) is not None:
            standing = known.how
        elif not is_money(match):
            standing = "credit_note"
        else:
            standing = next(fates, "unsure")
        result.append(MatchStanding(match, standing))
    return result


def matched_amounts(matches: Iterable[Match]) -> defaultdict[BookingPlace, Decimal]:
    """What is matched of each booking, credit notes included; 0 for any other booking."""
    matched: defaultdict[BookingPlace, Decimal] = defaultdict(lambda: ZERO)
    for match in matches:
        matched[match.place] += match.amount
    return matched


def receipt_fate(
    amount: Decimal,
    still_open: Decimal,
    *,
    stands: bool = True,
    spent: Decimal = ZERO,
    paid: int = 0,
    known: int = 0,
) -> ReceiptFate:
    """What becomes of a receipt that octowizard booked and did not match. `still_open`: of its invoice, in Octopus.

    `stands`: it is still in Octopus. `spent`: what of it is matched, with whatever. `paid`: payments of its amount
    and day in Teamleader. `known`: other matches of that amount and day, each of which is one of those payments.
    """
    if not stands:
        return "removed"
    if spent >= amount:
        return "spent"
    return "surplus" if amount > still_open or 0 < paid <= known else "match"


def undone(payments: Mapping[str, P], standing: set[str]) -> Iterator[P]:
    """Payments that octowizard registered and whose match no longer stands in Octopus (`standing`: keys)."""
    return (
        payment for key, payment in payments.items() if payment.how == "registered" and key not in standing
    )


def plan_payments(snapshot: Snapshot) -> tuple[PlannedPayment, ...]:
    """The payments of all booked invoices: undone ones first, then those paid on one side, then the new matches."""
    taken_back = list(_undone(snapshot))
    covered = {planned.booked.head.id for planned in taken_back}
    return (*taken_back, *_only_in_teamleader(snapshot, covered), *_new(snapshot))


def _undone(snapshot: Snapshot) -> Iterator[PlannedPayment]:
    heads = {booked.head.id: booked for booked in snapshot.booked}
    covered: set[str] = set()
    for payment in undone(snapshot.payments, {match.key for match in snapshot.matches}):
        if payment.document in heads:
            covered.add(payment.document)
            day = date.fromisoformat(payment.paid_on)
            yield PlannedPayment(heads[payment.document], "undone", payment.amount, ZERO, day)
    if not snapshot.undone:
        return
    # Matches that Octopus says were undone, of invoices that are paid in Teamleader beyond what is matched.
    series = {booked.place: booked for booked in snapshot.booked}
    matched = matched_amounts(snapshot.matches)
    for match in snapshot.undone:
        place = match.place
        booked = series.get(place)
        if booked is None or booked.head.open_amount is None or booked.head.id in covered:
            continue
        if booked.head.amount - booked.head.open_amount > matched[place] and booked.head.kind == "invoice":
            covered.add(booked.head.id)
            yield PlannedPayment(booked, "undone", match.amount, matched[place], match.counter_date)


def is_ahead(paid: Decimal, matched: Decimal, *, own: bool) -> bool:
    """Whether more is paid in Teamleader than matched in Octopus. `own`: in the dossier's own currency.

    A foreign invoice is matched in euro: only all or nothing can be compared.
    """
    return paid > matched if own else paid > 0 and not matched


def only_in_teamleader(snapshot: Snapshot) -> list[PlannedPayment]:
    """The payments that were entered in Teamleader and that nothing in Octopus matches."""
    return list(_only_in_teamleader(snapshot, {planned.booked.head.id for planned in _undone(snapshot)}))


def _only_in_teamleader(snapshot: Snapshot, covered: set[str]) -> Iterator[PlannedPayment]:
    matched = matched_amounts(snapshot.matches)
    for booked in snapshot.booked:
        head = booked.head
        if head.kind != "invoice" or head.open_amount is None or head.id in covered:
            continue
        paid = head.amount - head.open_amount
        there = matched[booked.place]
        if is_ahead(paid, there, own=head.currency == snapshot.own_currency):
            yield PlannedPayment(booked, "only_in_teamleader", paid, there, head.date)


def _new(snapshot: Snapshot) -> Iterator[PlannedPayment]:
    """Matches that are not payments yet, in the order in which a sync takes them."""
    matches: dict[BookingPlace, list[Match]] = defaultdict(list)
    for match in snapshot.matches:
        matches[match.place].append(match)
    for booked in snapshot.booked:
        head = booked.head
        if head.kind != "invoice" or head.open_amount is None:
            continue
        mine = matches.get(booked.place, ())
        new = [match for match in mine if match.key not in snapshot.payments and is_money(match)]
        if not new:
            continue
        in_order = sorted(new, key=lambda m: (m.counter_date, m.key)) if len(new) > 1 else new
        own = head.currency == snapshot.own_currency
        rate = Decimal(1) if own else head.rate_to_own
        if not rate:
            for match in in_order:
                yield PlannedPayment(booked, "no_rate", match.amount, ZERO, match.counter_date, match.key)
            continue
        paid = head.amount - head.open_amount
        payments = InvoicePayments(head.open_amount, new)
        for match in in_order:
            amount = in_currency_of_invoice(match.amount, rate, payments.due)
            action = payments.decide(amount, match.counter_date)
            if action == "park" and paid > 0:
                # The list says how much is paid, not by which payments: where matches explain it, they are these.
                parts = [in_currency_of_invoice(one.amount, rate, paid) for one in mine]
                if _is_sum_of(paid, parts, ZERO if own else CENT * len(parts)):
                    action = "in_sync"
            yield PlannedPayment(booked, action, amount, payments.due, match.counter_date, match.key)
            if action == "register":
                payments.note_registered(amount, match.counter_date)


def _is_sum_of(amount: Decimal, parts: list[Decimal], slack: Decimal) -> bool:
    """Whether some of the parts add up to the amount, give or take `slack`; an invoice has few payments."""
    sums = {ZERO}
    for part in parts[:_FEW]:
        sums |= {known + part for known in sums}
    return any(abs(amount - one) <= slack for one in sums)
