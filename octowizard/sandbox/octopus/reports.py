"""Reports: what is open and what happened, per customer, supplier or account; reminders; unmatched invoices.

The open report knows only the bookyears it is asked for: started in a year to which the old one was not carried
over, it does not show the old year's open invoices.
"""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.octopus import bodies, lines
from octowizard.sandbox.octopus.books import find_bookyear
from octowizard.sandbox.octopus.errors import Refused, bad_parameters, malformed
from octowizard.sandbox.octopus.relations import shown as relation_shown
from octowizard.sandbox.octopus.session import DossierHandler, Visit, ok, ok_unless_empty
from octowizard.sandbox.state import Dossier, Json
from octowizard.sandbox.web import Answer

# report -> kind of line, word in the name of the query object, what is not found in the report of what is open
# and in that of what happened
WHO = {
    "clients": ("C", "Relation", "open clients data", "history clients data"),
    "suppliers": ("S", "Relation", "open suppliers data", "history suppliers data"),
    "accounts": ("A", "Account", "open account data", "history data"),
}


def open_rows(dossier: Dossier) -> list[tuple[lines.Row, Decimal, Decimal]]:
    """The lines on relations that are not fully matched, with what is open in euro and in their currency.

    Signs as the line's: an invoice above zero, a receipt or credit note below.
    """
    done = dossier.matched()
    still_open: list[tuple[lines.Row, Decimal, Decimal]] = []
    for row in lines.relation_rows(dossier):
        paid = done.get(row.key, Decimal(0))
        left = row.booked - (paid if row.booked > 0 else -paid)
        if not left:
            continue
        in_currency = left
        if row.booked != row.amount:
            in_currency = (left * row.amount / row.booked).quantize(Decimal("0.01"))
        still_open.append((row, left, in_currency))
    return still_open


def _query(visit: Visit, schema: str) -> Json:
    """The query object; whatever is wrong with it answers 500 without a body (official). Its years must exist."""
    try:
        query = visit.body(schema)
    except Refused:
        raise malformed() from None
    for side in ("fromBookyearKey", "toBookyearKey"):
        find_bookyear(visit.dossier, query[side]["id"])
    return query


def _in_span(visit: Visit, query: Json, row: lines.Row) -> bool:
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


def _of_relation(dossier: Dossier, query: Json, row: lines.Row) -> bool:
    wanted, external = query.get("relationId", -1), query.get("externalRelationId", -1)
    if wanted != -1:
        return bool(row.relation == wanted)
    if external == -1:
        return True
    relation = None if row.relation is None else dossier.relations.get(row.relation)
    return relation is not None and relation.external_id == external


def _open_data(dossier: Dossier, row: lines.Row, left: Decimal, in_currency: Decimal) -> Json:
    shown: Json = {
        **_history_data(row),
        "lineSequenceNr": row.key[3],
        **lines.relation_members(dossier, row.relation),
        "openBookingAmount": left,
        "openDocAmount": in_currency,
    }
    if "expiryDate" in row.data:
        shown["expirationDate"] = row.data["expiryDate"]
    return shown


def _history_data(row: lines.Row) -> Json:
    return {
        **lines.document_members(row),
        "bookyearPeriodNr": row.data["bookyearPeriodeNr"],
        "exchangeRate": row.data["exchangeRate"],
        **lines.amount_members(row),
        **lines.given_members(comment=row.comment, reference=row.reference),
    }


def _asked(visit: Visit, query: Json, row: lines.Row, kind: str) -> bool:
    """Whether a report asks for a line: of this kind of relation, or (kind A) of the account."""
    if kind == "A":
        wanted = row.account == query.get("accountNr")
    else:
        wanted = row.kind == kind and _of_relation(visit.dossier, query, row)
    return wanted and _in_span(visit, query, row)


def open_report(who: str) -> DossierHandler:
    """`POST reports/clients/open` and its like; 404 when nothing is open.

    Lines of an account can be matched by hand only; none ever are here, so every line of an account is open.
    """
    kind, what, nothing, _ = WHO[who]

    def handle(visit: Visit) -> Answer:
        query = _query(visit, f"Open{what}QueryData")
        rows = open_rows(visit.dossier)
        if kind == "A":
            all_rows = (row for row, _ in lines.all_rows(visit.dossier))
            rows = [(row, row.booked, row.amount) for row in all_rows if row.kind == "A"]
        asked = [entry for entry in rows if _asked(visit, query, entry[0], kind)]
        return ok_unless_empty([_open_data(visit.dossier, *entry) for entry in asked], nothing)

    return handle


def history_report(who: str) -> DossierHandler:
    """`POST reports/clients/history` and its like; 404 when there is none."""
    kind, what, _, nothing = WHO[who]

    def handle(visit: Visit) -> Answer:
        query = _query(visit, f"History{what}QueryData")
        every = (row for row, _ in lines.all_rows(visit.dossier))
        rows = every if kind == "A" else lines.relation_rows(visit.dossier)
        asked = [row for row in rows if _asked(visit, query, row, kind)]
        return ok_unless_empty([_history_data(row) for row in asked], nothing)

    return handle


def bank_invoices(visit: Visit) -> Answer:
    """`GET bank/invoices`: open documents that can be paid out: purchases and customers' credit notes.

    That sales invoices are not among them is inferred from its place among the payment calls. No 404.
    """
    payable: list[Json] = []
    for row, left, _ in open_rows(visit.dossier):
        if row.key[1][0] not in "AV" or left >= 0:
            continue
        relation = visit.dossier.relations.get(row.relation or 0)
        shown: Json = {
            **lines.document_members(row),
            **lines.given_members(comment=row.comment, reference=row.reference),
            "expiryDate": row.data["expiryDate"],
            "amount": row.data["amount"],
            "credit": row.data["amount"] < 0,
        }
        if relation is not None:
            shown["relationKey"] = {"id": row.relation}
            shown["relationName"] = relation.data.get("name", "")
        payable.append(shown)
    return ok(payable)


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
        shown: Json = {
            **lines.document_members(row),
            **lines.given_members(comment=row.comment, reference=row.reference),
            "openAmount": in_currency,
            "expirationDate": row.data["expiryDate"],
            "rappelInfoList": [],
        }
        per_relation.setdefault(row.relation, []).append(shown)
    relations = visit.dossier.relations
    reminded = [
        {"relation": relation_shown(relations[number].data), "invoiceList": invoices}
        for number, invoices in per_relation.items()
        if number in relations
    ]
    return ok_unless_empty(reminded, "rappel information")
