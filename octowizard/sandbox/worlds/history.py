"""Documents that octowizard has already booked: their bookings, receipts and matches, on both sides.

What is paid is paid on both sides, what is open is open on both; except for three invoices that are reconciled in
Octopus and not yet paid in Teamleader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from octowizard.sandbox.state import DocumentKey, Kept
from octowizard.sandbox.teamleader.money import cents
from octowizard.sandbox.worlds import bookings
from octowizard.sandbox.worlds.books import year_of
from octowizard.sandbox.worlds.company import Making, sell
from octowizard.sandbox.worlds.documents import noon, pay

SINCE, UNTIL = date(2026, 1, 5), date(2026, 9, 28)
PAID_UNTIL = date(2026, 10, 30)
BANK_DAYS_TO_PUSH = (date(2026, 11, 6), date(2026, 11, 12), date(2026, 11, 18))
TO_PUSH = len(BANK_DAYS_TO_PUSH)


@dataclass(frozen=True)
class _Received:
    day: date
    invoice: Kept
    key: DocumentKey
    amount: Decimal
    told: bool  # whether Teamleader knows


def add_earlier(making: Making, linked: dict[str, int], count: int, until: date = UNTIL) -> None:
    """`count` booked documents of January to September, for customers that are relations (`linked`)."""
    chance = making.chance("earlier")
    customers = [kept for kept in making.customers if kept.data["id"] in linked]
    if not customers or not count:
        return
    invoices, notes = sell(making, chance, customers, count, SINCE, until)
    keys = {kept.data["id"]: _book(making, linked, kept, "V1") for kept in invoices}
    credited = set()
    for note in notes:
        invoice = note.data["invoice"]["id"]
        credited.add(invoice)
        key = _book(making, linked, note, "V2")
        day = date.fromisoformat(note.data["credit_note_date"])
        amount = note.data["total"]["payable"]["amount"]
        moment = noon(day + timedelta(1))
        bookings.match(making.dossier, keys[invoice], key, bookings.CUSTOMER_LINE, amount, moment)
    free = [kept for kept in invoices if kept.data["id"] not in credited]
    _receive(making, linked, _receipts(chance, free, keys))


def _book(making: Making, linked: dict[str, int], document: Kept, journal: str) -> DocumentKey:
    day = date.fromisoformat(document.date)
    year = year_of(making.dossier, day)
    assert year is not None
    return bookings.sales_booking(
        making.settings,
        making.dossier,
        document,
        making.dossier.journals[year.id, journal],
        making.dossier.relations[linked[document.data["invoicee"]["customer"]["id"]]],
        f"{document.number} · octowizard",
        noon(day + timedelta(days=1)),
        "api",
    )


def _receipts(chance: Random, invoices: list[Kept], keys: dict[str, DocumentKey]) -> list[_Received]:
    """Who paid what and when: one in ten not yet, one in fifteen in two parts, three unknown to Teamleader."""
    made: list[_Received] = []
    untold = set(chance.sample(range(len(invoices)), min(TO_PUSH, len(invoices))))
    bank_days = iter(BANK_DAYS_TO_PUSH)
    for place, invoice in enumerate(invoices):
        key = keys[invoice.data["id"]]
        total = invoice.data["total"]["payable"]["amount"]
        if place in untold:
            day = next(bank_days)
            in_part = day == BANK_DAYS_TO_PUSH[-1]
            made.append(_Received(day, invoice, key, cents(total * 2 / 5) if in_part else total, False))
            continue
        if place % 10 == 7:
            continue
        day = date.fromisoformat(invoice.data["invoice_date"]) + timedelta(days=chance.randint(3, 30))
        first = cents(total / 2) if chance.random() < 1 / 15 else total
        made.append(_Received(day, invoice, key, first, True))
        if first != total:
            second = min(PAID_UNTIL, day + timedelta(days=chance.randint(1, 30)))
            made.append(_Received(second, invoice, key, total - first, True))
    return sorted(made, key=lambda received: received.day)


def _receive(making: Making, linked: dict[str, int], receipts: list[_Received]) -> None:
    dossier = making.dossier
    for received in receipts:
        data = received.invoice.data
        moment = noon(received.day)
        bank = dossier.journals[received.key[0], "F1"]
        relation = linked[data["invoicee"]["customer"]["id"]]
        reference = data["payment_reference"] or data["invoice_number"]
        line = bookings.customer_line(relation, received.amount, reference)
        key = bookings.receipt(dossier, bank, [line], received.day, moment)
        bookings.match(dossier, received.key, key, 1, received.amount, moment)
        if received.told:
            pay(received.invoice, received.amount, received.day, noon(received.day + timedelta(days=1)))
