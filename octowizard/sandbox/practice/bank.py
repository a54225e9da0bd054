"""The bank in Octopus: import statements, reconcile customers, undo a reconciliation.

Only sales invoices are paid here. Amounts are in euro, as the bank journal holds: an invoice in another currency is
paid at the rate of its booking, and only when it is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from octowizard.sandbox.octopus.books import find_relation
from octowizard.sandbox.octopus.lines import line_relation
from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    dossier_of,
    relation_number,
    today,
)
from octowizard.sandbox.practice.booked import display, key_named
from octowizard.sandbox.state import Booking, Dossier, Journal, Json, World
from octowizard.sandbox.teamleader.money import cents
from octowizard.sandbox.worlds import bookings
from octowizard.sandbox.worlds.books import year_of


@dataclass(frozen=True)
class _Receipt:
    key: bookings.SalesKey
    line: int
    relation: int
    reference: str | None
    open: Decimal


def _bank_journal(world: World) -> Journal:
    dossier = dossier_of(world)
    year = year_of(dossier, today(world))
    for (number, key), journal in sorted(dossier.journals.items()):
        if year is not None and number == year.id and key.startswith("F") and journal.currency == "EUR":
            return journal
    raise BadArguments(f"Octopus has no bank journal in euro in the fiscal year of {today(world)}.")


def _number(dossier: Dossier, identification: Json) -> int:
    """The relation meant by key or by external number; 0 for none."""
    relation = find_relation(dossier, identification)
    return 0 if relation is None else relation_number(relation)


def _relation(dossier: Dossier, booking: Booking) -> int:
    return _number(dossier, booking.data["relationIdentificationServiceData"])


def _open_invoices(dossier: Dossier) -> dict[bookings.SalesKey, Decimal]:
    """Sales documents above zero that are not matched in full, oldest first, with what is open in euro."""
    matched = bookings.matched_amounts(dossier)
    found: dict[bookings.SalesKey, Decimal] = {}
    for key, booking in sorted(
        dossier.bookings.items(), key=lambda item: (item[1].data["documentDate"], item[0])
    ):
        euro = cents(booking.data["amount"] * booking.data["exchangeRate"])
        left = euro - matched.get((key, bookings.CUSTOMER_LINE), bookings.ZERO)
        if key[1].startswith("V") and booking.data["amount"] > 0 and left > 0:
            found[key] = left
    return found


def _open_receipts(dossier: Dossier) -> list[_Receipt]:
    matched = bookings.matched_amounts(dossier)
    found = []
    for key, booking in sorted(dossier.financial_bookings.items()):
        for number, line in enumerate(booking.data["bookingLines"], start=1):
            if not key[1].startswith("F") or line["type"] != "C" or line["amount"] <= 0:
                continue
            left = line["amount"] - matched.get((key, number), bookings.ZERO)
            if left > 0:
                found.append(
                    _Receipt(key, number, _number(dossier, line_relation(line)), line.get("reference"), left)
                )
    return found


def _reference(booking: Booking, key: bookings.SalesKey) -> str:
    return str(booking.data.get("reference") or display(key))


def _to_pay(world: World, arguments: Arguments) -> dict[bookings.SalesKey, Decimal]:
    """The documents meant, with what is neither matched nor lies received on the bank. Raises BadArguments."""
    dossier = dossier_of(world)
    open_ = _open_invoices(dossier)
    received: dict[tuple[int, str | None], Decimal] = {}
    for entry in _open_receipts(dossier):
        place = (entry.relation, entry.reference)
        received[place] = received.get(place, bookings.ZERO) + entry.open
    left: dict[bookings.SalesKey, Decimal] = {}
    for key, amount in open_.items():
        booking = dossier.bookings[key]
        place = (_relation(dossier, booking), _reference(booking, key))
        if received.get(place, bookings.ZERO) < amount:
            left[key] = amount - received.get(place, bookings.ZERO)
    everything = arguments.yes("all")
    if sum((everything, "count" in arguments, "document" in arguments)) > 1:
        raise BadArguments("Name one of document, count and all.")
    if "document" in arguments:
        key = key_named(world, arguments.text("document"))
        if key not in left:
            raise BadArguments(f"Nothing is left to pay on {display(key)}.")
        return {key: left[key]}
    euro = {key: left[key] for key in left if dossier.bookings[key].data["currencyCode"] == "EUR"}
    if arguments.text_or("count", "all") == "all":
        return euro
    return dict(list(euro.items())[: arguments.number("count")])


def _import(world: World, arguments: Arguments) -> tuple[bookings.SalesKey | None, list[Json]]:
    """One statement with a receipt per document. Returns its key and what to show of each line."""
    dossier = dossier_of(world)
    share = arguments.share("share") if "share" in arguments else Decimal(1)
    amount = arguments.amount("amount") if "amount" in arguments else None
    lines, shown = [], []
    for key, open_ in _to_pay(world, arguments).items():
        paid = amount if amount is not None else max(cents(open_ * share), Decimal("0.01"))
        booking = dossier.bookings[key]
        reference = _reference(booking, key)
        lines.append(bookings.customer_line(_relation(dossier, booking), paid, reference))
        shown.append({"document": display(key), "reference": reference, "amount": paid})
    if not lines:
        return None, []
    return bookings.receipt(dossier, _bank_journal(world), lines, today(world), world.clock.now()), shown


@action("import-coda")
def import_coda(world: World, arguments: Arguments) -> Json:
    key, shown = _import(world, arguments)
    return {"statement": display(key) if key else None, "receipts": shown}


def _reconcile(world: World, only: bookings.SalesKey | None = None) -> list[Json]:
    """Match each open receipt of `only` (or all) with the invoice it names, else with an equal one.

    First same customer and reference, then the customer's only invoice with exactly that amount open.
    """
    dossier, now = dossier_of(world), world.clock.now()
    open_ = _open_invoices(dossier)
    of_customer: dict[int, list[bookings.SalesKey]] = {}
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
            bookings.match(
                dossier,
                bookings.balancing_key(key),
                bookings.balancing_key(entry.key, entry.line),
                amount,
                now,
            )
            open_[key] -= amount
            left -= amount
            done.append({"document": display(key), "receipt": display(entry.key), "amount": amount})
    return done


@action("reconcile")
def reconcile(world: World, _: Arguments) -> Json:
    return {"matched": _reconcile(world)}


@action("pay")
def pay(world: World, arguments: Arguments) -> Json:
    key, _ = _import(world, arguments)
    matched = _reconcile(world, key) if key else []
    return {"statement": display(key) if key else None, "matched": matched}


@action("unreconcile")
def unreconcile(world: World, arguments: Arguments) -> Json:
    dossier, now = dossier_of(world), world.clock.now()
    key = key_named(world, arguments.text("document"))
    kept, undone = [], []
    for balancing in dossier.balancings:
        sides = [bookings.document_of(balancing.debet)[0], bookings.document_of(balancing.credit)[0]]
        if key in sides and any(other[1].startswith("F") for other in sides):
            undone.append(balancing)
        else:
            kept.append(balancing)
    if not undone:
        raise BadArguments(f"{display(key)} is not reconciled with anything on the bank.")
    dossier.balancings[:] = kept
    dossier.deleted_balancings += [(balancing, now) for balancing in undone]
    return {"document": display(key), "amount": sum((entry.amount for entry in undone), bookings.ZERO)}
