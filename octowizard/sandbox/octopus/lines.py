"""Documents as ledger lines: the rows of `bookings/modified`, and what of a customer's line is still open.

Amounts are debit above zero, credit below, in the document's currency and in euro (document amount times the
exchange rate, rounded half up to the cent; the direction of the rate is inferred). Line -1 is the line a
document's head stands for: customer or supplier of a buy/sell booking (recorded), the bank of a financial one
(inferred). The other lines count from 1; VAT follows behind them, one line per code (inferred).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from octowizard.sandbox.octopus.books import TYPE_IDS
from octowizard.sandbox.octopus.errors import bad_parameters
from octowizard.sandbox.octopus.journals import bank_account
from octowizard.sandbox.octopus.session import Visit, changes
from octowizard.sandbox.state import Booking, DocumentKey, Dossier, Journal, Json, LineKey
from octowizard.sandbox.web import Answer

_CENT = Decimal("0.01")
_CUSTOMERS, _SUPPLIERS = 400000, 440000
_VAT_DUE, _VAT_BACK = 451000, 411000
_GRIDS = {Decimal(21): "03", Decimal(12): "02", Decimal(6): "01", Decimal(0): "00"}


@dataclass(frozen=True)
class Row:
    """One line of a document."""

    key: LineKey
    data: Json  # the booking the line belongs to
    account: int
    amount: Decimal  # document currency, debit above zero
    booked: Decimal  # euro
    relation: int | None = None
    kind: str = "A"  # A account, C client, S supplier
    comment: str | None = None
    reference: str | None = None
    vat_section: str | None = None
    vat_recup: Decimal | None = None
    cost_centre: Json | None = None
    currency: str = "EUR"


def in_euro(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount of a document in the books' currency."""
    if rate == 1:
        return amount
    return (amount * rate).quantize(_CENT, ROUND_HALF_UP)


def _row(data: Json, position: int, account: int, amount: Decimal, **more: Any) -> Row:
    """The line of a booking at a position, with an amount in the document's currency."""
    key = (data["bookyearKey"]["id"], data["journalKey"], data["documentSequenceNr"], position)
    return Row(key, data, account, amount, in_euro(amount, data["exchangeRate"]), **more)


def head_row(dossier: Dossier, data: Json) -> Row:
    """The customer's (or supplier's) line of a buy/sell booking."""
    relation = dossier.relation(data["relationIdentificationServiceData"])
    sale = data["journalKey"].startswith("V")
    return _row(
        data,
        -1,
        _CUSTOMERS if sale else _SUPPLIERS,
        data["amount"] if sale else -data["amount"],
        relation=None if relation is None else relation.id,
        kind="C" if sale else "S",
        comment=data.get("comment"),
        reference=data.get("reference"),
        currency=data["currencyCode"],
    )


def vat_grids(dossier: Dossier) -> dict[str, str]:
    """The box of the VAT return that a sale with a VAT code goes into, by the code's percentage."""
    grids = {vat["code"]: _GRIDS.get(Decimal(vat.get("basePercentage", 0))) for vat in dossier.vat_codes}
    return {code: grid for code, grid in grids.items() if grid is not None}


def rows_of_booking(dossier: Dossier, data: Json, grids: dict[str, str]) -> list[Row]:
    """All lines of a buy/sell booking: head, bases, VAT per code. `grids`: see `vat_grids`."""
    head = head_row(dossier, data)
    rows = [head]
    sale, credit = data["journalKey"].startswith("V"), data["amount"] < 0
    sign = -1 if sale != credit else 1  # a sale and a purchase credited stand on the credit side
    same: Json = {"relation": head.relation, "reference": head.reference, "currency": head.currency}
    taxes: dict[str, Decimal] = {}
    for position, line in enumerate(data.get("bookingLines", ()), 1):
        code = line["vatCodeKey"]
        taxes[code] = taxes.get(code, Decimal(0)) + sign * line["vatAmount"]
        more = {
            "comment": line.get("comment", data.get("comment")),
            "vat_section": grids.get(code),
            "vat_recup": line.get("vatRecupPercentage"),
            "cost_centre": line.get("costCentreKey"),
        }
        rows.append(_row(data, position, line["accountKey"], sign * line["baseAmount"], **same, **more))
    account, section = (_VAT_DUE, "54") if sale else (_VAT_BACK, "59")
    for code, tax in taxes.items():
        if tax:
            rows.append(_row(data, len(rows), account, tax, **same, comment=code, vat_section=section))
    return rows


def rows_of_financial(dossier: Dossier, data: Json) -> list[Row]:
    """All lines of a financial or various booking; a positive amount is a receipt and credits its line."""
    lines = data.get("bookingLines", ())
    rows = [_financial_row(dossier, data, position) for position in range(1, len(lines) + 1)]
    if data["journalKey"].startswith("F"):
        rows.insert(0, _bank_row(dossier, data))
    return rows


def _currency(card: Journal | None) -> str:
    return (card.currency if card else None) or "EUR"


def _bank_row(dossier: Dossier, data: Json) -> Row:
    card = dossier.journals.get((data["bookyearKey"]["id"], data["journalKey"]))
    total = sum((line["amount"] for line in data.get("bookingLines", ())), Decimal(0))
    return _row(data, -1, bank_account(card) if card else 550000, total, currency=_currency(card))


def _financial_row(dossier: Dossier, data: Json, position: int) -> Row:
    """The line at a position, counted from 1."""
    line = data["bookingLines"][position - 1]
    known = dossier.relation(line_relation(line)) if line["type"] in ("C", "S") else None
    return _row(
        data,
        position,
        line_account(line),
        -line["amount"],
        relation=None if known is None else known.id,
        kind=line["type"],
        reference=line.get("reference"),
        cost_centre=line.get("costCentreKey"),
        currency=_currency(dossier.journals.get((data["bookyearKey"]["id"], data["journalKey"]))),
    )


def line_account(line: Json) -> int:
    """The account that a financial line is on: that of customers or suppliers, or its own."""
    of_relation = {"C": _CUSTOMERS, "S": _SUPPLIERS}.get(line["type"])
    return int(line.get("accountKey", 0)) if of_relation is None else of_relation


def line_relation(line: Json) -> Json:
    """The relation of a financial line as an identification object."""
    identification: Json = {"externalRelationId": line.get("externalRelationId", 0)}
    if line.get("relationId", -1) > 0:
        identification["relationKey"] = {"id": line["relationId"]}
    return identification


def all_rows(
    dossier: Dossier, wanted: Callable[[DocumentKey, Booking], bool] = lambda _key, _booking: True
) -> Iterator[tuple[Row, Booking]]:
    """Every line of every document that is wanted, with the booking it stands in."""
    grids = vat_grids(dossier)
    for key, booking in dossier.bookings.items():
        if wanted(key, booking):
            yield from ((row, booking) for row in rows_of_booking(dossier, booking.data, grids))
    for key, booking in dossier.financial_bookings.items():
        if wanted(key, booking):
            yield from ((row, booking) for row in rows_of_financial(dossier, booking.data))


def relation_rows(dossier: Dossier) -> Iterator[Row]:
    """The lines on customers and suppliers: those that can be open and be matched."""
    for booking in dossier.bookings.values():
        yield head_row(dossier, booking.data)
    for booking in dossier.financial_bookings.values():
        yield from (row for row in rows_of_financial(dossier, booking.data) if row.kind != "A")


def find_row(dossier: Dossier, key: LineKey) -> Row | None:
    """One line by its key."""
    booking = dossier.bookings.get(key[:3])
    if booking is not None:
        if key[3] == -1:
            return head_row(dossier, booking.data)
        rows = rows_of_booking(dossier, booking.data, vat_grids(dossier))
        return next((row for row in rows if row.key == key), None)
    booking = dossier.financial_bookings.get(key[:3])
    if booking is None:
        return None
    if key[3] == -1 and key[1].startswith("F"):
        return _bank_row(dossier, booking.data)
    if not 1 <= key[3] <= len(booking.data.get("bookingLines", ())):
        return None
    return _financial_row(dossier, booking.data, key[3])


def report_row(row: Row) -> Json:
    """A line as BookingReportData."""
    year, journal, number, line = row.key
    data: Json = {
        "bookyearKey": {"id": year},
        "journalType": TYPE_IDS[journal[0]],
        "journalNr": int(journal[1:]),
        "documentSequenceNr": number,
        "lineSequenceNr": line,
        "bookyearPeriodeNr": row.data["bookyearPeriodeNr"],
        "documentDate": row.data["documentDate"],
        "currencyCode": row.currency,
        "exchangeRate": row.data["exchangeRate"],
        "accountKey": row.account,
        "bookingAmount": row.booked,
        "documentAmount": row.amount,
    }
    return data | given_members(
        expiryDate=row.data.get("expiryDate"),
        relationKey=None if row.relation is None else {"id": row.relation},
        comment=row.comment,
        reference=row.reference,
        vatSectionCode=row.vat_section,
        vatRecuperationPercentage=row.vat_recup,
        costCentreKey=row.cost_centre,
    )


def list_modified_lines(visit: Visit) -> Answer:
    """`GET bookyears/{bookyearId}/bookings/modified`: changed documents line by line, and deleted documents.

    First load: one year and one journal type at a time; everything at once (-1 and -1) only from a later stamp.
    """
    year, kind = visit.path_int("bookyearId"), visit.query_int("journalTypeId")
    since, until = visit.stamp(), visit.optional_stamp("modifiedTimeStampTo")
    if kind not in (1, 2, 3, 4, -1) or (kind == -1 and year != -1) or (year == -1 and since.year <= 1980):
        raise bad_parameters()
    dossier = visit.dossier

    def wanted(of_year: int, journal: str, moment: datetime) -> bool:
        timely = moment >= since and (until is None or moment <= until)
        return timely and year in (-1, of_year) and kind in (-1, TYPE_IDS[journal[0]])

    known = all_rows(dossier, lambda key, booking: wanted(key[0], key[1], booking.modified))
    rows = [report_row(row) for row, _ in known]
    deleted = [
        {
            "bookyearKey": {"id": of_year},
            "journalType": TYPE_IDS[journal[0]],
            "journalSequenceNr": int(journal[1:]),
            "documentSequenceNr": number,
        }
        for of_year, journal, number, moment in dossier.deleted_bookings
        if wanted(of_year, journal, moment)
    ]
    return changes("modified bookings", rows, deleted, "modifiedBookings deletedBookings")


def list_modified_amounts(visit: Visit) -> Answer:
    """`GET accounts/amounts/modified`: balances of the accounts and periods touched since a time stamp."""
    since = visit.optional_stamp()
    balances: dict[tuple[int, int, int], Decimal] = {}
    touched: set[tuple[int, int, int]] = set()
    for row, booking in all_rows(visit.dossier):
        place = (row.key[0], row.data["bookyearPeriodeNr"], row.account)
        balances[place] = balances.get(place, Decimal(0)) + row.booked
        if since is None or booking.modified >= since:
            touched.add(place)
    modified = [
        {
            "accountAmountKey": {
                "bookyearPeriodKey": {"bookyearKey": {"id": year}, "bookyearPeriodNr": period},
                "accountKey": {"bookyearKey": {"id": year}, "id": account},
            },
            "balance": balances[year, period, account],
        }
        for year, period, account in sorted(touched)
    ]
    return changes("modified account amounts", modified, [])


def given_members(**members: Any) -> Json:
    """Those of these members that have a value: Octopus leaves the others out."""
    return {name: value for name, value in members.items() if value is not None}


def document_members(row: Row) -> Json:
    """What reports say of the document that a line stands in."""
    return {
        "bookyearKey": {"id": row.key[0]},
        "journalKey": row.key[1],
        "documentSequenceNr": row.key[2],
        "documentDate": row.data["documentDate"],
        "currencyCode": row.currency,
    }


def relation_members(dossier: Dossier, number: int | None) -> Json:
    """`relationKey` and `externalRelationId` of a line, where there is a relation."""
    relation = None if number is None else dossier.relations.get(number)
    if relation is None:
        return {}
    return {"relationKey": {"id": number}, "externalRelationId": relation.external_id}


def amount_members(row: Row) -> Json:
    """The four amounts of a line as reports and matches show them."""
    nothing = Decimal("0.00")
    return {
        "debetBookingAmount": max(row.booked, nothing),
        "creditBookingAmount": max(-row.booked, nothing),
        "debetDocumentAmount": max(row.amount, nothing),
        "creditDocumentAmount": max(-row.amount, nothing),
    }
