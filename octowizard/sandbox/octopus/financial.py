"""The operations on financial and various bookings: read, create, replace, changes. Same order of checks as
bookings.py; a positive amount on a bank journal is money received."""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.octopus import bodies
from octowizard.sandbox.octopus.bookings import get_one, list_modified_of
from octowizard.sandbox.octopus.books import (
    check_account,
    check_cost_centre,
    check_document_date,
    check_journal_open,
    check_number,
    check_period,
    check_right,
    external_id,
    find_bookyear,
    find_journal,
    find_relation,
    number_used,
    relation_id,
)
from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.octopus.lines import line_relation, matched
from octowizard.sandbox.octopus.session import Visit
from octowizard.sandbox.state import Booking, Bookyear, Journal
from octowizard.sandbox.web import Answer, empty_response

Json = dict[str, Any]


def get_booking(visit: Visit) -> Answer:
    """`GET financialdiversbookings`."""
    return get_one(visit, visit.dossier.financial_bookings)


def list_modified(visit: Visit) -> Answer:
    """`GET financialdiversbookings/modified`."""
    return list_modified_of(visit, visit.dossier.financial_bookings)


def _place(visit: Visit, given: Json) -> tuple[Bookyear, Journal]:
    year = find_bookyear(visit.dossier, given["bookyearKey"]["id"])
    journal = find_journal(visit.dossier, year.id, given["journalKey"], "FD")
    check_journal_open(visit, journal)
    return year, journal


def _check_content(visit: Visit, year: Bookyear, journal: Journal, given: Json) -> None:
    check_period(visit, year, journal, given["bookyearPeriodeNr"], "booking")
    check_document_date(visit, year, given.get("documentDate"))
    if given["exchangeRate"] <= 0:
        raise Refused(400, -20, f"Illegal exchange rate {given['exchangeRate']}. ")
    lines = given.get("bookingLines", [])
    if not lines:
        raise Refused(400, -24, "Booking without lines. ")
    for line in lines:
        _check_line(visit, year, line)


def _check_line(visit: Visit, year: Bookyear, line: Json) -> None:
    if line["type"] not in ("A", "C", "S"):
        raise Refused(400, -25, f"Line type {line['type']} unknown. ")
    if line["type"] == "A":
        check_account(visit, year.id, line.get("accountKey"))
        check_cost_centre(visit, line["accountKey"], year.id, line.get("costCentreKey"))
        return
    relation = find_relation(visit.dossier, line_relation(line))
    if relation is None:
        raise Refused(400, -16, "Relation unknown. ")
    line["relationId"] = relation_id(relation)
    line["externalRelationId"] = external_id(relation)


def create_booking(visit: Visit) -> Answer:
    """`POST financialdiversbookings`: 201 without a body."""
    given = visit.body(bodies.FINANCIAL_REQUEST)["financialDiversBookingServiceData"]
    check_right(visit)
    year, journal = _place(visit, given)
    number = given["documentSequenceNr"]
    check_number(visit, journal, number)
    _check_content(visit, year, journal, given)
    visit.dossier.financial_bookings[year.id, journal.key, number] = Booking(given, visit.now, "api")
    number_used(visit, journal, number)
    return empty_response(201)


def replace_booking(visit: Visit) -> Answer:
    """`PUT financialdiversbookings`: replaces the booking; refused when one of its lines is matched (inferred)."""
    given = visit.body(bodies.FINANCIAL)
    check_right(visit)
    year, journal = _place(visit, given)
    key = (year.id, journal.key, given["documentSequenceNr"])
    known = visit.dossier.financial_bookings.get(key)
    if known is None:
        raise Refused(400, -34, f"Booking {journal.key}/{given['documentSequenceNr']} does not exist. ")
    _check_content(visit, year, journal, given)
    old = known.data.get("bookingLines", [])
    if any(matched(visit.dossier, (*key, position)) for position in range(1, len(old) + 1)):
        raise Refused(400, -35, "A line of the booking is matched. ")
    known.data, known.modified = given, visit.now
    return empty_response(204)
