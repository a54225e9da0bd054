"""Documents, receipts and matches in the Octopus journals, as a person or a connector enters them.

For worlds and practice actions: no checks of the vendor are made here (that is the stand-in's work), but the
journals' counters are kept true. Line -1 of a balancing key is the customer's line of a sales document, line 1,
2, ... a line of a bank document (both recorded).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from octowizard.sandbox.state import Balancing, Booking, DocumentKey, Dossier, Journal, Json, Kept, Relation
from octowizard.sandbox.teamleader.money import cents
from octowizard.sandbox.worlds.books import period_of, year_of
from octowizard.sandbox.worlds.settings import DISCOUNT_ACCOUNT, VAT_CODE_OF, Settings

ONE = Decimal("1.0")
ZERO = Decimal("0.00")
CUSTOMER_LINE = -1


def booking_lines(settings: Settings, document: Kept) -> list[Json]:
    """The lines of the booking: one per line of the document, then the discount on the whole, per rate."""
    made: list[Json] = []
    left: dict[str, tuple[Decimal, Decimal]] = {}
    rate_of: dict[str, Decimal] = {}
    for line in document.lines:
        rate = line["tax"]["id"]
        code = VAT_CODE_OF[settings.code_of_rate[rate]]
        net = line["total"]["tax_exclusive"]["amount"]
        tax = line["total"]["tax_inclusive"]["amount"] - net
        account = settings.account_of_category[line["product_category"]["id"]]
        made.append(_booking_line(account, net, code, tax, line["description"]))
        base, vat = left.get(code, (ZERO, ZERO))
        left[code] = (base + net, vat + tax)
        rate_of[code] = settings.fractions[rate]
    if document.data["discounts"]:
        made += _discount_lines(document, left, rate_of)
    return made


def _discount_lines(
    document: Kept, left: dict[str, tuple[Decimal, Decimal]], rate_of: dict[str, Decimal]
) -> list[Json]:
    shown = {entry["rate"]: entry for entry in document.data["total"]["taxes"]}
    made: list[Json] = []
    for code, (base, vat) in left.items():
        entry = shown[rate_of[code]]
        off, off_vat = base - entry["taxable"]["amount"], vat - entry["tax"]["amount"]
        if off or off_vat:
            what = document.data["discounts"][0]["description"]
            made.append(_booking_line(DISCOUNT_ACCOUNT, -off, code, -off_vat, what))
    return made


def _booking_line(account: int, base: Decimal, code: str, vat: Decimal, what: str) -> Json:
    amounts = {"baseAmount": base, "vatCodeKey": code, "vatAmount": vat}
    return {"accountKey": account, **amounts, "comment": what}


def sales_booking(
    settings: Settings,
    dossier: Dossier,
    document: Kept,
    journal: Journal,
    relation: Relation,
    comment: str,
    moment: datetime,
    by: str,
) -> DocumentKey:
    """Book a Teamleader document as the next number of `journal`, in the period of its own date.

    Raises ValueError when no year of the dossier holds the date.
    """
    booking = booking_of(settings, document, relation, comment)
    return _enter(dossier, dossier.bookings, journal, booking, date.fromisoformat(document.date), moment, by)


def booking_of(settings: Settings, document: Kept, relation: Relation, comment: str) -> Json:
    """The booking of a Teamleader document, but for its place: fiscal year, journal, number and period."""
    data = document.data
    credit = document.is_credit_note
    total = data["total"]["payable"]["amount"]
    rate = data["currency_exchange_rate"]
    booking: Json = {
        "relationIdentificationServiceData": dict(relation.data["relationIdentificationServiceData"]),
        "documentDate": document.date,
        "expiryDate": document.date if credit else data["due_on"],
        "comment": comment,
        "reference": data.get("payment_reference") or document.number,
        "amount": -total if credit else total,
        "currencyCode": data["currency"],
        "exchangeRate": rate["rate"] if rate else ONE,
        "bookingLines": booking_lines(settings, document),
        "paymentMethod": 0,
    }
    if data.get("purchase_order_number"):
        booking["orderReference"] = data["purchase_order_number"]
    return booking


def enter_sale(
    dossier: Dossier,
    journal: Journal,
    relation: Relation,
    amount: Decimal,
    day: date,
    moment: datetime,
    comment: str,
    reference: str,
    what: str,
) -> DocumentKey:
    """Book a sale that a person typed: one line at 21 %, on 700000, of `what`. `amount`: with VAT."""
    base = cents(amount / Decimal("1.21"))
    line = _booking_line(700000, base, "21", amount - base, what)
    booking: Json = {
        "relationIdentificationServiceData": dict(relation.data["relationIdentificationServiceData"]),
        "documentDate": day.isoformat(),
        "expiryDate": day.isoformat(),
        "comment": comment,
        "reference": reference,
        "amount": amount,
        "currencyCode": "EUR",
        "exchangeRate": ONE,
        "bookingLines": [line],
        "paymentMethod": 0,
    }
    return _enter(dossier, dossier.bookings, journal, booking, day, moment, "desktop")


def receipt(
    dossier: Dossier, journal: Journal, lines: list[Json], day: date, moment: datetime
) -> DocumentKey:
    """One bank document of `journal` with these lines."""
    booking: Json = {"documentDate": day.isoformat(), "exchangeRate": ONE, "bookingLines": lines}
    return _enter(dossier, dossier.financial_bookings, journal, booking, day, moment, "desktop")


def _enter(
    dossier: Dossier,
    into: dict[DocumentKey, Booking],
    journal: Journal,
    booking: Json,
    day: date,
    moment: datetime,
    by: str,
) -> DocumentKey:
    year = year_of(dossier, day)
    period = period_of(year, day) if year else None
    if year is None or period is None or year.id != journal.bookyear_id:
        raise ValueError(f"{day} lies outside the fiscal year of journal {journal.key}.")
    number = journal.next_document_number
    key = (year.id, journal.key, number)
    booking |= {
        "bookyearKey": {"id": year.id},
        "journalKey": journal.key,
        "documentSequenceNr": number,
        "bookyearPeriodeNr": period,
    }
    into[key] = Booking(booking, moment, by)
    journal.last_booked = number
    journal.next_document_number = number + 1
    journal.modified = moment
    return key


def customer_line(relation: int, amount: Decimal, reference: str | None) -> Json:
    """A line of a bank document that says a customer paid (above zero) or was paid back (below)."""
    given = {"reference": reference} if reference else {}
    return {"type": "C", "relationId": relation, "amount": amount, **given}


def match(
    dossier: Dossier, document: DocumentKey, other: DocumentKey, line: int, amount: Decimal, moment: datetime
) -> None:
    """Match the customer's line of a sales document with a line of another document, for `amount` (above zero)."""
    debet, credit = _line(document, CUSTOMER_LINE), _line(other, line)
    dossier.balancings.append(Balancing(debet, credit, amount, moment))


def _line(key: DocumentKey, line: int) -> Json:
    """A line as BalancingKeyServiceData."""
    year, journal, number = key
    place = {"bookyearKey": {"id": year}, "journalKey": journal, "documentSequenceNr": number}
    return {**place, "lineSequenceNr": line}
