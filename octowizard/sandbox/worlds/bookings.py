"""Documents, receipts and matches in the Octopus journals, as a person or a connector enters them.

For worlds and practice actions: no checks of the vendor are made here (that is the stand-in's work), but the
journals' counters are kept true. Line -1 of a balancing key is the customer's line of a sales document, line 1,
2, ... a line of a bank document (both recorded).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from octowizard.sandbox.state import Balancing, Booking, Dossier, Journal, Json, Kept, Relation
from octowizard.sandbox.teamleader.money import cents
from octowizard.sandbox.worlds.books import period_of, year_of
from octowizard.sandbox.worlds.document_fields import is_credit_note, number_of
from octowizard.sandbox.worlds.settings import DISCOUNT_ACCOUNT, VAT_CODE_OF, Settings

ONE = Decimal("1")
ZERO = Decimal("0.00")
CUSTOMER_LINE = -1

SalesKey = tuple[int, str, int]
"""Year id, journal, document number."""


def booking_lines(settings: Settings, document: Kept) -> list[Json]:
    """The lines of the booking: one per line of the document, then the discount on the whole, per rate."""
    made: list[Json] = []
    left: dict[str, tuple[Decimal, Decimal]] = {}
    rate_of: dict[str, Decimal] = {}
    for group in document.data["grouped_lines"]:
        for line in group["line_items"]:
            rate = line["tax"]["id"]
            code = VAT_CODE_OF[settings.code_of_rate[rate]]
            net = line["total"]["tax_exclusive"]["amount"]
            tax = line["total"]["tax_inclusive"]["amount"] - net
            made.append(
                {
                    "accountKey": settings.account_of_category[line["product_category"]["id"]],
                    "baseAmount": net,
                    "vatCodeKey": code,
                    "vatAmount": tax,
                    "comment": line["description"],
                }
            )
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
            made.append(
                {
                    "accountKey": DISCOUNT_ACCOUNT,
                    "baseAmount": -off,
                    "vatCodeKey": code,
                    "vatAmount": -off_vat,
                    "comment": document.data["discounts"][0]["description"],
                }
            )
    return made


def sales_booking(
    settings: Settings,
    dossier: Dossier,
    document: Kept,
    journal: Journal,
    relation: Json,
    comment: str,
    moment: datetime,
    by: str,
) -> SalesKey:
    """Book a Teamleader document as the next number of `journal`, in the period of its own date.

    `relation`: the identification of the customer. Raises ValueError when no year of the dossier holds the date.
    """
    data = document.data
    credit = is_credit_note(document)
    day = str(data["credit_note_date" if credit else "invoice_date"])
    total = data["total"]["payable"]["amount"]
    rate = data["currency_exchange_rate"]
    booking: Json = {
        "relationIdentificationServiceData": dict(relation),
        "documentDate": day,
        "expiryDate": day if credit else data["due_on"],
        "comment": comment,
        "reference": data.get("payment_reference") or number_of(document),
        "amount": -total if credit else total,
        "currencyCode": data["currency"],
        "exchangeRate": rate["rate"] if rate else ONE,
        "bookingLines": booking_lines(settings, document),
        "paymentMethod": 0,
    }
    if data.get("purchase_order_number"):
        booking["orderReference"] = data["purchase_order_number"]
    return _enter(dossier, dossier.bookings, journal, booking, date.fromisoformat(day), moment, by)


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
) -> SalesKey:
    """Book a sale that a person typed: one line at 21 %, on 700000, of `what`. `amount`: with VAT."""
    base = cents(amount / Decimal("1.21"))
    line = {"accountKey": 700000, "baseAmount": base, "vatCodeKey": "21", "vatAmount": amount - base}
    booking: Json = {
        "relationIdentificationServiceData": dict(relation.data["relationIdentificationServiceData"]),
        "documentDate": day.isoformat(),
        "expiryDate": day.isoformat(),
        "comment": comment,
        "reference": reference,
        "amount": amount,
        "currencyCode": "EUR",
        "exchangeRate": ONE,
        "bookingLines": [{**line, "comment": what}],
        "paymentMethod": 0,
    }
    return _enter(dossier, dossier.bookings, journal, booking, day, moment, "desktop")


def receipt(dossier: Dossier, journal: Journal, lines: list[Json], day: date, moment: datetime) -> SalesKey:
    """One bank document of `journal` with these lines."""
    return _enter(
        dossier,
        dossier.financial_bookings,
        journal,
        {"documentDate": day.isoformat(), "exchangeRate": ONE, "bookingLines": lines},
        day,
        moment,
        "desktop",
    )


def _enter(
    dossier: Dossier,
    into: dict[SalesKey, Booking],
    journal: Journal,
    booking: Json,
    day: date,
    moment: datetime,
    by: str,
) -> SalesKey:
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
    line: Json = {"type": "C", "relationId": relation, "amount": amount}
    if reference:
        line["reference"] = reference
    return line


def balancing_key(key: SalesKey, line: int = CUSTOMER_LINE) -> Json:
    """The key of one line in a match."""
    return {
        "bookyearKey": {"id": key[0]},
        "journalKey": key[1],
        "documentSequenceNr": key[2],
        "lineSequenceNr": line,
    }


def match(dossier: Dossier, debet: Json, credit: Json, amount: Decimal, moment: datetime) -> Balancing:
    """Match a debit line with a credit line for `amount` (above zero)."""
    made = Balancing(debet, credit, amount, moment)
    dossier.balancings.append(made)
    return made


def document_of(key: Json) -> tuple[SalesKey, int]:
    """A balancing key as plain key and line."""
    return (key["bookyearKey"]["id"], key["journalKey"], key["documentSequenceNr"]), key["lineSequenceNr"]


def matched_amounts(dossier: Dossier) -> dict[tuple[SalesKey, int], Decimal]:
    """Per line, how much of it is matched so far."""
    found: dict[tuple[SalesKey, int], Decimal] = {}
    for balancing in dossier.balancings:
        for side in (balancing.debet, balancing.credit):
            key = document_of(side)
            found[key] = found.get(key, ZERO) + balancing.amount
    return found
