"""Teamleader's own integration at work: customers and documents to Octopus, payments back, with errors of its own.

It sends what Teamleader holds and Octopus does not, invoices before credit notes, each as the journal's next number.
One that is refused is skipped and the rest goes on (help centre); the next sync tries it again. Which integration
books what, and what its bookings bear of a document, no source says: the number in the comment and the structured
communication as the reference is inferred, and `texts` tries the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from octowizard.sandbox.octopus import books
from octowizard.sandbox.octopus.bookings import check_content, create_in
from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.octopus.session import Visit
from octowizard.sandbox.practice.action import Task, action
from octowizard.sandbox.practice.booked import BY_HAND, display, key_of
from octowizard.sandbox.practice.sales import known_relation
from octowizard.sandbox.state import DocumentKey, Json, Kept, Relation, World
from octowizard.sandbox.tables import table
from octowizard.sandbox.worlds.bookings import CUSTOMER_LINE, booking_of
from octowizard.sandbox.worlds.books import period_of, year_of
from octowizard.sandbox.worlds.customers import add_relation, relation_of
from octowizard.sandbox.worlds.documents import pay
from octowizard.sandbox.worlds.settings import DISCOUNT_ACCOUNT, VAT_CODE_OF, settings_of

_ONE_IN = 4  # documents, about, that `errors` makes something wrong with
_HICCUP = "hiccup"  # an error of its own that no screen shows; the next sync does without it
_BOOKED, _PAID, _LOT = "booked_as", "paid_by", "lot"  # what it remembers of a document, in `hidden`
_PROBLEMS = "practice/native.json"  # code of Octopus -> what it is, in the words of the scenarios


@dataclass(frozen=True)
class _Own(Visit):
    """A write of the integration: past the same checks as any other, and through no door."""

    company: World

    @property
    def world(self) -> World:
        return self.company


class _Skipped(Exception):
    """A document is not booked: the problem, empty where nothing is to be seen of it, and what it says itself."""

    def __init__(self, problem: str, why: str) -> None:
        self.problem = problem
        self.why = why
        super().__init__(why)


class _Order(NamedTuple):
    """What was asked."""

    most: int
    errors: bool
    texts: str


@action("native-sync")
def native_sync(task: Task) -> Json:
    """Book up to `count` of what waits, in order, and register what was reconciled since. Tells what it decided."""
    waiting = list(_waiting(task))
    order = _Order(
        task.number("count", len(waiting), at_least=1),
        task.yes("errors"),
        task.one_of("texts", "number", "communication", "nothing", fallback="number"),
    )
    booked: list[Json] = []
    failed: list[Json] = []
    for document in waiting:
        if len(booked) == order.most:
            break
        try:
            booked.append(_book(task, document, order))
        except _Skipped as skipped:
            failed.append({"document": document.number, "problem": skipped.problem, "why": skipped.why})
    return {
        "booked": booked,
        "failed": failed,
        "payments": list(_payments(task)),
        "left": len(waiting) - len(booked),
    }


def _waiting(task: Task) -> Iterator[Kept]:
    """The documents with a number, from the start date, that neither it nor anybody else has booked."""
    numbered = [kept for kept in task.side.documents if kept.number and kept.date >= task.world.start_date]
    for kept in sorted(numbered, key=lambda kept: (kept.is_credit_note, kept.date, _sequence(kept))):
        if _standing(task, kept) is None:
            yield kept


def _sequence(document: Kept) -> int:
    return int(str(document.number).rpartition("/")[2])


def _standing(task: Task, document: Kept) -> DocumentKey | None:
    """Where a document is booked, by its own memory or by what the bookings bear."""
    key: DocumentKey | None = document.hidden.get(_BOOKED)
    return key if key in task.dossier.bookings else key_of(task, document)


def _book(task: Task, document: Kept, order: _Order) -> Json:
    """Book one document as the next number of its journal. Raises _Skipped."""
    _draw(task, document, order)
    if document.hidden.get(_LOT) == _HICCUP:
        document.hidden[_LOT] = ""
        raise _Skipped("", "Something went wrong, please try again later.")
    dossier, day = task.dossier, date.fromisoformat(document.date)
    year = year_of(dossier, day)
    if year is None or year.desktop_only:
        raise _Skipped("missing-year", f"There is no bookyear for {day}.")
    period = period_of(year, day)
    if period is None:
        raise _Skipped("missing-period", f"There is no bookyear period for {day}.")
    visit = _Own(None, dossier, 1, task.world)  # type: ignore[arg-type]  # there is no call: it comes from inside
    try:
        visit.check_right()
        journal = books.find_journal(dossier, year.id, "V2" if document.is_credit_note else "V1", "V")
        books.check_journal_open(visit, journal)
        books.check_mode(visit, journal)
        books.check_period(visit, year, journal, period)
        _check(task, document)
        relation = _relation(task, document)
        comment = f"{BY_HAND}{document.number}" if order.texts == "number" else ""
        booking = booking_of(settings_of(task.side), document, relation, comment) | {
            "bookyearKey": {"id": year.id},
            "journalKey": journal.key,
            "documentSequenceNr": journal.next_document_number,
            "bookyearPeriodeNr": period,
        }
        if order.texts == "nothing":
            booking["reference"] = ""
        create_in(dossier.bookings, visit, booking, check_content)
    except Refused as refused:
        raise _Skipped(_problem(refused), refused.technical.strip()) from None
    key = (year.id, journal.key, booking["documentSequenceNr"])
    document.hidden |= {_BOOKED: key, "booking_number": str(key[2])}
    return {
        "document": document.number,
        "id": document.data["id"],
        "booking": display(key),
        "bookyear": year.id,
        "relation": relation.id,
        "amount": booking["amount"],
    }


def _problem(refused: Refused) -> str:
    """What a refusal of Octopus is; of the bounds of a journal, which one."""
    if refused.code == -15:
        year = refused.technical.startswith("Bookyear")
        return (
            "closed-year" if year else f"{'secured' if 'protected' in refused.technical else 'closed'}-period"
        )
    if refused.code == -21 and str(DISCOUNT_ACCOUNT) in refused.technical:
        return "missing-discount-account"
    return str(table(_PROBLEMS).get(str(refused.code), "insert-booking"))


def _check(task: Task, document: Kept) -> None:
    """What the integration finds wrong before it sends anything. Raises _Skipped."""
    settings = settings_of(task.side)
    for line in document.lines:
        category = line["product_category"]
        if category is None:
            why = f"An invoice item did not have an account specified for invoice {document.number}."
            raise _Skipped("missing-account", why)
        if category["id"] not in settings.account_of_category:
            raise _Skipped("unmapped-category", f"A category of {document.number} has no ledger account.")
        if settings.code_of_rate.get(line["tax"]["id"]) not in VAT_CODE_OF:
            raise _Skipped("unmapped-vat", f"A VAT rate of {document.number} is linked with no VAT code.")
    if document.data["currency"] != settings.own_currency and not document.data["currency_exchange_rate"]:
        raise _Skipped("missing-exchange-rate", f"{document.number} has no exchange rate.")


def _customer(task: Task, document: Kept) -> Kept | None:
    return task.side.customer(document.data["invoicee"]["customer"])


def _relation(task: Task, document: Kept) -> Relation:
    """The relation of the customer: the one that is alike, else a new one, for which a country is needed."""
    customer, dossier = _customer(task, document), task.dossier
    if customer is None:
        raise _Skipped("customer-missing", f"The customer of {document.number} is no longer there.")
    if (known := known_relation(dossier, customer)) is not None:
        return known
    if not (customer.address.get("country") or customer.data.get("vat_number")):
        raise _Skipped("customer-without-country", f"{customer.name} has no country.")
    number = add_relation(dossier, relation_of(Random(customer.name), customer), task.now)
    return dossier.relations[number]


# --- what goes wrong ----------------------------------------------------------------------------------------


def _draw(task: Task, document: Kept, order: _Order) -> None:
    """Decide once for each document whether something is wrong with it, and make it so."""
    if not order.errors or _LOT in document.hidden:
        return
    chance = Random(f"{task.world.scenario}/{task.world.seed}/native/{document.number}")
    drawn = chance.choice(_lots(task, document)) if chance.randrange(_ONE_IN) == 0 else ""
    document.hidden[_LOT] = drawn
    if drawn == "missing-account":
        chance.choice(document.lines)["product_category"] = None
    elif drawn == "missing-exchange-rate":
        document.data["currency_exchange_rate"] = None
    elif drawn == "customer-without-country" and (customer := _customer(task, document)) is not None:
        customer.data |= {"vat_number": None, "addresses": []}
        task.touch(customer)
    if drawn:
        task.touch(document)


def _lots(task: Task, document: Kept) -> list[str]:
    """What can go wrong with this document and be seen on both sides, and once what cannot."""
    lots = [_HICCUP, "missing-account", "missing-account"]
    if document.data["currency"] != "EUR":
        lots += ["missing-exchange-rate"] * 2
    customer = _customer(task, document)
    if customer is not None and known_relation(task.dossier, customer) is None:
        lots += ["customer-without-country"] * 2
    return lots


# --- payments -----------------------------------------------------------------------------------------------


def _payments(task: Task) -> Iterator[Json]:
    """What was reconciled with bank or corrections since the last sync becomes a payment, as far as it is due."""
    dossier = task.dossier
    by_booking = {key: kept for kept in task.side.invoices.values() if (key := _of(task, kept)) is not None}
    for match in dossier.balancings:
        sale, receipt = match.lines
        invoice = by_booking.get(sale[:3])
        if invoice is None or sale[3] != CUSTOMER_LINE or receipt[1][0] not in "FD":
            continue
        known = invoice.hidden.setdefault(_PAID, [])
        if receipt in known or not 0 < match.amount <= invoice.data["total"]["due"]["amount"]:
            continue
        known.append(receipt)
        day = date.fromisoformat(dossier.financial_bookings[receipt[:3]].data["documentDate"])
        pay(invoice, match.amount, day, task.now)
        yield {"invoice": invoice.number, "amount": match.amount, "day": day.isoformat()}


def _of(task: Task, invoice: Kept) -> DocumentKey | None:
    """Where an invoice in euro that is not paid is booked."""
    due = invoice.data["total"]["due"]["amount"] if invoice.number else 0
    return _standing(task, invoice) if due > 0 and invoice.data["currency"] == "EUR" else None
