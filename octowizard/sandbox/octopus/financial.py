"""The operations on financial and various bookings: read, create, replace, changes. Same order of checks as
bookings.py; a positive amount on a bank journal is money received."""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.octopus.bookings import create_in, get_one, lines_of, list_modified_of, to_replace
from octowizard.sandbox.octopus.books import (
    check_account,
    check_cost_centre,
    check_document_date,
    check_journal_open,
    check_period,
    external_id,
    find_bookyear,
    find_journal,
    find_relation,
    relation_id,
)
from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.octopus.lines import line_relation, matched
from octowizard.sandbox.octopus.session import Visit
from octowizard.sandbox.state import Bookyear, Journal
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
    for line in lines_of(given):
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
    given = visit.body("FinancialDiversBookingAndAttachmentRequest")["financialDiversBookingServiceData"]
    return create_in(visit.dossier.financial_bookings, visit, given, _place, _check_content)


def replace_booking(visit: Visit) -> Answer:
    """`PUT financialdiversbookings`: replaces the booking; refused when one of its lines is matched (inferred)."""
    given = visit.body("FinancialDiversBookingServiceData")
    key, known = to_replace(visit.dossier.financial_bookings, visit, given, _place, _check_content)
    old = known.data.get("bookingLines", [])
    if any(matched(visit.dossier, (*key, position)) for position in range(1, len(old) + 1)):
        raise Refused(400, -35, "A line of the booking is matched. ")
    known.data, known.modified = given, visit.now
    return empty_response(204)
