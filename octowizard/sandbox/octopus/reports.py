"""Reports: what is open and what happened, per customer, supplier or account; reminders; unmatched invoices.

The open report knows only the bookyears it is asked for: started in a year to which the old one was not carried
over, it does not show the old year's open invoices.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octowizard.sandbox.octopus import bodies
from octowizard.sandbox.octopus.books import external_id, find_bookyear, year_key
from octowizard.sandbox.octopus.errors import Refused, bad_parameters, malformed, nothing_found
from octowizard.sandbox.octopus.lines import (
    Row,
    all_rows,
    amount_members,
    matched_per_line,
    relation_members,
    relation_rows,
)
from octowizard.sandbox.octopus.session import DossierHandler, Visit, ok
from octowizard.sandbox.state import Dossier
from octowizard.sandbox.web import Answer

Json = dict[str, Any]

_KIND = {"clients": "C", "suppliers": "S"}


def open_rows(dossier: Dossier) -> list[tuple[Row, Decimal, Decimal]]:
    """The lines on relations that are not fully matched, with what is open in euro and in their currency.

    Signs as the line's: an invoice above zero, a receipt or credit note below.
    """
    done = matched_per_line(dossier.balancings)
    found: list[tuple[Row, Decimal, Decimal]] = []
    for row in relation_rows(dossier):
        paid = done.get(row.key, Decimal(0))
        left = row.booked - (paid if row.booked > 0 else -paid)
        if not left:
            continue
        in_currency = left
        if row.booked != row.amount:
            in_currency = (left * row.amount / row.booked).quantize(Decimal("0.01"))
        found.append((row, left, in_currency))
    return found


def _query(visit: Visit, schema: str) -> Json:
    """The query object; whatever is wrong with it answers 500 without a body (official)."""
    try:
        return visit.body(schema)
    except Refused:
        raise malformed() from None


def _in_span(visit: Visit, query: Json, row: Row) -> bool:
    """Whether a line lies between the asked bookyears and, where given, periods, both included."""
    dossier = visit.dossier
    first = find_bookyear(dossier, query["fromBookyearKey"]["id"])
    last = find_bookyear(dossier, query["toBookyearKey"]["id"])
    year = dossier.bookyears.get(row.key[0])
    if year is None or not first.data["startDate"] <= year.data["startDate"] <= last.data["startDate"]:
        return False
    period = int(row.data["bookyearPeriodeNr"])
    if year is first and period < query.get("fromBookyearPeriodNr", 0):
        return False
    until = int(query.get("toBookyearPeriodNr", 0))
    return not (year is last and 0 < until < period)


def _of_relation(dossier: Dossier, query: Json, row: Row) -> bool:
    wanted, external = query.get("relationId", -1), query.get("externalRelationId", -1)
    if wanted != -1:
        return bool(row.relation == wanted)
    if external == -1:
        return True
    relation = None if row.relation is None else dossier.relations.get(row.relation)
    return relation is not None and external_id(relation) == external


def _check_years(visit: Visit, query: Json) -> None:
    for side in ("fromBookyearKey", "toBookyearKey"):
        find_bookyear(visit.dossier, query[side]["id"])


def _open_data(dossier: Dossier, row: Row, left: Decimal, in_currency: Decimal) -> Json:
    shown: Json = {
        **_history_data(row),
        "lineSequenceNr": row.key[3],
        **relation_members(dossier, row.relation),
        "openBookingAmount": left,
        "openDocAmount": in_currency,
    }
    if "expiryDate" in row.data:
        shown["expirationDate"] = row.data["expiryDate"]
    return shown


def _history_data(row: Row) -> Json:
    year, journal, number, _ = row.key
    shown: Json = {
        "bookyearKey": year_key(year),
        "journalKey": journal,
        "documentSequenceNr": number,
        "bookyearPeriodNr": row.data["bookyearPeriodeNr"],
        "documentDate": row.data["documentDate"],
        "currencyCode": row.currency,
        "exchangeRate": row.data["exchangeRate"],
        **amount_members(row),
    }
    optional = {"comment": row.comment, "reference": row.reference}
    return shown | {name: value for name, value in optional.items() if value is not None}


def open_report(who: str) -> DossierHandler:
    """`POST reports/clients/open` and `suppliers/open`; 404 when nothing is open."""

    def handle(visit: Visit) -> Answer:
        query = _query(visit, "OpenRelationQueryData")
        _check_years(visit, query)
        found = [
            _open_data(visit.dossier, row, left, in_currency)
            for row, left, in_currency in open_rows(visit.dossier)
            if row.kind == _KIND[who]
            and _of_relation(visit.dossier, query, row)
            and _in_span(visit, query, row)
        ]
        if not found:
            raise nothing_found(f"open {who} data")
        return ok(found)

    return handle


def history_report(who: str) -> DossierHandler:
    """`POST reports/clients/history` and `suppliers/history`; 404 when there is none."""

    def handle(visit: Visit) -> Answer:
        query = _query(visit, "HistoryRelationQueryData")
        _check_years(visit, query)
        found = [
            _history_data(row)
            for row in relation_rows(visit.dossier)
            if row.kind == _KIND[who]
            and _of_relation(visit.dossier, query, row)
            and _in_span(visit, query, row)
        ]
        if not found:
            raise nothing_found(f"history {who} data")
        return ok(found)

    return handle


def account_history(visit: Visit) -> Answer:
    """`POST reports/accounts/history`: the lines of one account."""
    query = _query(visit, "HistoryAccountQueryData")
    _check_years(visit, query)
    found = [
        _history_data(row)
        for row, _ in all_rows(visit.dossier)
        if row.account == query.get("accountNr") and _in_span(visit, query, row)
    ]
    if not found:
        raise nothing_found("history data")
    return ok(found)


def account_open(visit: Visit) -> Answer:
    """`POST reports/accounts/open`: lines of an account can be matched by hand only; none ever are here, so
    every line of the account is open."""
    query = _query(visit, "OpenAccountQueryData")
    _check_years(visit, query)
    found = [
        _open_data(visit.dossier, row, row.booked, row.amount)
        for row, _ in all_rows(visit.dossier)
        if row.kind == "A" and row.account == query.get("accountNr") and _in_span(visit, query, row)
    ]
    if not found:
        raise nothing_found("open account data")
    return ok(found)


def bank_invoices(visit: Visit) -> Answer:
    """`GET bank/invoices`: open documents that can be paid out: purchases and customers' credit notes.

    That sales invoices are not among them is inferred from its place among the payment calls. No 404.
    """
    found: list[Json] = []
    for row, left, _ in open_rows(visit.dossier):
        year, journal, number, _ = row.key
        if journal[0] not in "AV" or left >= 0:
            continue
        relation = visit.dossier.relations.get(row.relation or 0)
        shown: Json = {
            "bookyearKey": year_key(year),
            "journalKey": journal,
            "documentSequenceNr": number,
            "documentDate": row.data["documentDate"],
            "expiryDate": row.data["expiryDate"],
            "amount": row.data["amount"],
            "currencyCode": row.currency,
            "credit": row.data["amount"] < 0,
        }
        if relation is not None:
            shown["relationKey"] = {"id": row.relation}
            shown["relationName"] = relation.data.get("name", "")
        optional = {"comment": row.comment, "reference": row.reference}
        found.append(shown | {name: value for name, value in optional.items() if value is not None})
    return ok(found)


def reminders(visit: Visit) -> Answer:
    """`GET rappels`: per customer, the open invoices due up to `expirationDate`; 404 when there are none."""
    limit = visit.call.query("expirationDate")
    try:
        bodies.read_date(limit)
    except bodies.BadDate:
        raise bad_parameters() from None
    per_relation: dict[int, list[Json]] = {}
    for row, _, in_currency in open_rows(visit.dossier):
        if row.kind != "C" or row.booked <= 0 or row.relation is None or "expiryDate" not in row.data:
            continue
        if row.data["expiryDate"] > str(limit):
            continue
        year, journal, number, _ = row.key
        shown: Json = {
            "bookyearKey": year_key(year),
            "journalKey": journal,
            "documentSequenceNr": number,
            "documentDate": row.data["documentDate"],
            "openAmount": in_currency,
            "expirationDate": row.data["expiryDate"],
            "currencyCode": row.currency,
            "rappelInfoList": [],
        }
        optional = {"comment": row.comment, "reference": row.reference}
        shown |= {name: value for name, value in optional.items() if value is not None}
        per_relation.setdefault(row.relation, []).append(shown)
    if not per_relation:
        raise nothing_found("rappel information")
    relations = visit.dossier.relations
    return ok(
        [
            {"relation": relations[number].data, "invoiceList": invoices}
            for number, invoices in per_relation.items()
            if number in relations
        ]
    )
