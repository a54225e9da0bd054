"""The bank in Octopus: import statements, reconcile customers, undo a reconciliation.

Only sales invoices are paid here. Amounts are in euro, as the bank journal holds: an invoice in another currency is
paid at the rate of its booking, and only when it is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from octowizard.sandbox.octopus.lines import line_relation
from octowizard.sandbox.practice.action import BadArguments, Task, action
from octowizard.sandbox.practice.booked import display, key_named
from octowizard.sandbox.state import Booking, DocumentKey, Dossier, Journal, Json
from octowizard.sandbox.teamleader.money import cents
from octowizard.sandbox.worlds import bookings
from octowizard.sandbox.worlds.books import year_of


@dataclass(frozen=True)
class _Receipt:
    key: DocumentKey
    line: int
    relation: int
    reference: str | None
    open: Decimal


def _bank_journal(task: Task) -> Journal:
    dossier = task.dossier
    year = year_of(dossier, task.today)
    for (number, key), journal in sorted(dossier.journals.items()):
        if year is not None and number == year.id and key.startswith("F") and journal.currency == "EUR":
            return journal
    raise BadArguments(f"Octopus has no bank journal in euro in the fiscal year of {task.today}.")


def _number(dossier: Dossier, identification: Json) -> int:
    """The relation meant by key or by external number; 0 for none."""
    relation = dossier.relation(identification)
    return 0 if relation is None else relation.id


def _relation(dossier: Dossier, booking: Booking) -> int:
    return _number(dossier, booking.data["relationIdentificationServiceData"])


def _open_invoices(dossier: Dossier) -> dict[DocumentKey, Decimal]:
    """Sales documents above zero that are not matched in full, oldest first, with what is open in euro."""
    matched = dossier.matched()
    still_open: dict[DocumentKey, Decimal] = {}
    for key in sorted(dossier.bookings, key=lambda key: (dossier.bookings[key].data["documentDate"], key)):
        booking = dossier.bookings[key]
        euro = cents(booking.data["amount"] * booking.data["exchangeRate"])
        left = euro - matched.get((*key, bookings.CUSTOMER_LINE), bookings.ZERO)
        if key[1].startswith("V") and booking.data["amount"] > 0 and left > 0:
            still_open[key] = left
    return still_open


def _open_receipts(dossier: Dossier) -> list[_Receipt]:
    matched = dossier.matched()
    receipts = []
    for key, booking in sorted(dossier.financial_bookings.items()):
        for number, line in enumerate(booking.data["bookingLines"], start=1):
            if not key[1].startswith("F") or line["type"] != "C" or line["amount"] <= 0:
                continue
            left = line["amount"] - matched.get((*key, number), bookings.ZERO)
            if left > 0:
                relation = _number(dossier, line_relation(line))
                receipts.append(_Receipt(key, number, relation, line.get("reference"), left))
    return receipts


def _reference(booking: Booking, key: DocumentKey) -> str:
    return str(booking.data.get("reference") or display(key))


def _to_pay(task: Task) -> dict[DocumentKey, Decimal]:
    """The documents meant, with what is neither matched nor lies received on the bank. Raises BadArguments."""
    dossier = task.dossier
    open_ = _open_invoices(dossier)
    received: dict[tuple[int, str | None], Decimal] = {}
    for entry in _open_receipts(dossier):
        place = (entry.relation, entry.reference)
        received[place] = received.get(place, bookings.ZERO) + entry.open
    left: dict[DocumentKey, Decimal] = {}
    for key, amount in open_.items():
        booking = dossier.bookings[key]
        place = (_relation(dossier, booking), _reference(booking, key))
        if (missing := amount - received.get(place, bookings.ZERO)) > 0:
            left[key] = missing
    everything = task.yes("all")
    if sum((everything, "count" in task, "document" in task)) > 1:
        raise BadArguments("Name one of document, count and all.")
    if "document" in task:
        key = key_named(task)
        if key not in left:
            raise BadArguments(f"Nothing is left to pay on {display(key)}.")
        return {key: left[key]}
    euro = {key: left[key] for key in left if dossier.bookings[key].data["currencyCode"] == "EUR"}
    if task.text("count", "all") == "all":
        return euro
    return dict(list(euro.items())[: task.number("count")])


def _import(task: Task) -> tuple[DocumentKey | None, list[Json]]:
    """One statement with a receipt per document. Returns its key and what to show of each line."""
    dossier = task.dossier
    share = task.share("share")
    amount = task.amount() if "amount" in task else None
    lines, shown = [], []
    for key, open_ in _to_pay(task).items():
        paid = amount if amount is not None else max(cents(open_ * share), Decimal("0.01"))
        booking = dossier.bookings[key]
        reference = _reference(booking, key)
        lines.append(bookings.customer_line(_relation(dossier, booking), paid, reference))
        shown.append({"document": display(key), "reference": reference, "amount": paid})
    if not lines:
        return None, []
    return bookings.receipt(dossier, _bank_journal(task), lines, task.today, task.now), shown


@action("import-coda")
def import_coda(task: Task) -> Json:
    key, shown = _import(task)
    return {"statement": display(key) if key else None, "receipts": shown}


def _reconcile(task: Task, only: DocumentKey | None = None) -> list[Json]:
    """Match each open receipt of `only` (or all) with the invoice it names, else with an equal one.

    First same customer and reference, then the customer's only invoice with exactly that amount open.
    """
    dossier, now = task.dossier, task.now
    open_ = _open_invoices(dossier)
    of_customer: dict[int, list[DocumentKey]] = {}
    for key in open_:
        of_customer.setdefault(_relation(dossier, dossier.bookings[key]), []).append(key)
    done = []
    for entry in _open_receipts(dossier):
        if only is not None and entry.key != only:
            continue
        candidates = [key for key in of_customer.get(entry.relation, []) if open_[key] > 0]
        named = [key for key in candidates if _reference(dossier.bookings[key], key) == entry.reference]
        equal = [key for key in candidates if open_[key] == entry.open]
        left = entry.open
        for key in named or (equal if len(equal) == 1 else []):
            amount = min(left, open_[key])
            if amount <= 0:
                break
            bookings.match(dossier, key, entry.key, entry.line, amount, now)
            open_[key] -= amount
            left -= amount
            done.append({"document": display(key), "receipt": display(entry.key), "amount": amount})
    return done


@action("reconcile")
def reconcile(task: Task) -> Json:
    return {"matched": _reconcile(task)}


@action("pay")
def pay(task: Task) -> Json:
    key, _ = _import(task)
    matched = _reconcile(task, key) if key else []
    return {"statement": display(key) if key else None, "matched": matched}


@action("unreconcile")
def unreconcile(task: Task) -> Json:
    dossier, now = task.dossier, task.now
    key = key_named(task)
    undone = []
    for balancing in dossier.balancings:
        documents = [line[:3] for line in balancing.lines]
        if key in documents and any(document[1].startswith("F") for document in documents):
            undone.append(balancing)
    if not undone:
        raise BadArguments(f"{display(key)} is not reconciled with anything on the bank.")
    dossier.balancings[:] = [entry for entry in dossier.balancings if entry not in undone]
    dossier.deleted_balancings += [(balancing, now) for balancing in undone]
    return {"document": display(key), "amount": sum((entry.amount for entry in undone), bookings.ZERO)}
