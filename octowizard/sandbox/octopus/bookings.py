"""The operations on buy/sell bookings: read, create, replace, changes, attach a file.

A booking is refused for the first thing that is wrong, in the order in which `create` checks; that the number
comes before the period was recorded, the rest of the order is inferred.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from octowizard.sandbox.octopus.books import (
    check_account,
    check_cost_centre,
    check_document_date,
    check_journal_open,
    check_mode,
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
from octowizard.sandbox.octopus.errors import Refused, bad_parameters, nothing_found
from octowizard.sandbox.octopus.lines import matched
from octowizard.sandbox.octopus.session import Visit, ok
from octowizard.sandbox.state import Booking, Bookyear, Journal
from octowizard.sandbox.web import Answer, empty_response

Json = dict[str, Any]
Bookings = dict[tuple[int, str, int], Booking]
Place = Callable[[Visit, Json], tuple[Bookyear, Journal]]
Check = Callable[[Visit, Bookyear, Journal, Json], None]


def first_load_check(bookyear_id: int, since: datetime) -> None:
    """An empty copy must be filled year by year: everything since 1980 of all years at once is refused.

    The rule is official; the answer to breaking it (400) is inferred.
    """
    if bookyear_id == -1 and since.year <= 1980:
        raise bad_parameters()


def get_one(visit: Visit, bookings: Bookings) -> Answer:
    """One booking by bookyear, journal and number; 404 when there is none."""
    journal_key = visit.call.query("journalKey")
    if not journal_key:
        raise bad_parameters()
    key = (visit.query_int("bookyearId"), journal_key, visit.query_int("documentSeqNr"))
    found = bookings.get(key)
    if found is None:
        raise Refused(404, -34, "Booking not found", nothing_found=True)
    return ok(found.data)


def list_modified_of(visit: Visit, bookings: Bookings) -> Answer:
    """The whole bookings changed since a time stamp, of one bookyear or (-1) of all, of one journal or of all."""
    year, since = visit.query_int("bookyearId"), visit.stamp()
    journal_key = visit.call.query("journalKey")
    first_load_check(year, since)
    found = [
        booking.data
        for (of_year, of_key, _), booking in bookings.items()
        if booking.modified >= since
        and (year == -1 or of_year == year)
        and (journal_key is None or of_key == journal_key)
    ]
    if not found:
        raise nothing_found("bookings")
    return ok(found)


def get_booking(visit: Visit) -> Answer:
    """`GET buysellbookings`."""
    return get_one(visit, visit.dossier.bookings)


def list_modified(visit: Visit) -> Answer:
    """`GET buysellbookings/modified`."""
    return list_modified_of(visit, visit.dossier.bookings)


def create_in(bookings: Bookings, visit: Visit, given: Json, place: Place, check: Check) -> Answer:
    """A booking of either kind, added: 201 without a body."""
    check_right(visit)
    year, journal = place(visit, given)
    number = given["documentSequenceNr"]
    check_number(visit, journal, number)
    check(visit, year, journal, given)
    bookings[year.id, journal.key, number] = Booking(given, visit.now, "api")
    number_used(visit, journal, number)
    return empty_response(201)


def to_replace(
    bookings: Bookings, visit: Visit, given: Json, place: Place, check: Check
) -> tuple[tuple[int, str, int], Booking]:
    """The booking of either kind that stands at the number, once what is to replace it was found good."""
    check_right(visit)
    year, journal = place(visit, given)
    key = (year.id, journal.key, given["documentSequenceNr"])
    known = bookings.get(key)
    if known is None:
        raise Refused(400, -34, f"Booking {journal.key}/{key[2]} does not exist. ")
    check(visit, year, journal, given)
    return key, known


def lines_of(given: Json) -> list[Json]:
    """The lines of a booking of either kind, which must have some, and an exchange rate."""
    if given["exchangeRate"] <= 0:
        raise Refused(400, -20, f"Illegal exchange rate {given['exchangeRate']}. ")
    lines: list[Json] = given.get("bookingLines", [])
    if not lines:
        raise Refused(400, -24, "Booking without lines. ")
    return lines


def create_booking(visit: Visit) -> Answer:
    """`POST buysellbookings`: 201 without a body."""
    given = visit.body("BuySellBookingAndAttachmentRequest")["buySellBookingServiceData"]
    return create_in(visit.dossier.bookings, visit, given, _place, _check_content)


def replace_booking(visit: Visit) -> Answer:
    """`PUT buysellbookings`: replaces the booking of that number; refused below what is matched (inferred)."""
    given = visit.body("BuySellBookingServiceData")
    key, known = to_replace(visit.dossier.bookings, visit, given, _place, _check_content)
    done = matched(visit.dossier, (*key, -1))
    if done and (
        abs(given["amount"] * given["exchangeRate"]) < done
        or (given["amount"] < 0) != (known.data["amount"] < 0)
    ):
        raise Refused(400, -35, f"Booking is matched for {done}. ")
    known.data, known.modified = given, visit.now
    return empty_response(204)


def _place(visit: Visit, given: Json) -> tuple[Bookyear, Journal]:
    """Bookyear and journal of a booking, and whether the journal takes it now."""
    year = find_bookyear(visit.dossier, given["bookyearKey"]["id"])
    journal = find_journal(visit.dossier, year.id, given["journalKey"], "AV")
    check_journal_open(visit, journal)
    check_mode(visit, journal)
    return year, journal


def _check_content(visit: Visit, year: Bookyear, journal: Journal, given: Json) -> None:
    """All that is checked after the number: period, relation, dates, currency, lines, total."""
    check_period(visit, year, journal, given["bookyearPeriodeNr"], "invoice")
    relation = find_relation(visit.dossier, given["relationIdentificationServiceData"])
    if relation is None:
        raise Refused(400, -16, "Relation unknown. ")
    if relation.open_by is not None:  # that an open card stops a booking, and with what code, is inferred
        raise Refused(400, -24, f"Unable to insert booking in dossier {visit.dossier.id}. ")
    check_document_date(visit, year, given.get("documentDate"))
    if "expiryDate" not in given:
        raise Refused(400, -18, "No expiry date. ")
    early = visit.world.switches.due_before_date
    if early is not None and given["expiryDate"] < given["documentDate"]:
        raise Refused(*early, f"Expiry date {given['expiryDate']} before {given['documentDate']}. ")
    if given["currencyCode"] not in visit.dossier.currencies:
        raise Refused(400, -19, f"Currency {given['currencyCode']} unknown. ")
    lines = lines_of(given)
    credit = given["amount"] < 0
    for line in lines:
        _check_line(visit, year, journal, line, credit=credit)
    refusal = visit.world.switches.total_mismatch
    total = sum((line["baseAmount"] + line["vatAmount"] for line in lines), Decimal(0))
    if refusal is not None and total != (-given["amount"] if credit else given["amount"]):
        raise Refused(*refusal, f"Total {given['amount']} differs from the lines {total}. ")
    given["relationIdentificationServiceData"] = {
        "externalRelationId": external_id(relation),
        "relationKey": {"id": relation_id(relation)},
    }


def _check_line(visit: Visit, year: Bookyear, journal: Journal, line: Json, *, credit: bool) -> None:
    check_account(visit, year.id, line.get("accountKey"))
    types = [vat["type"] for vat in visit.dossier.vat_codes if vat["code"] == line.get("vatCodeKey")]
    if not types:
        raise Refused(400, -22, f"VAT code {line.get('vatCodeKey')} unknown. ")
    wanted = {("V", False): 2, ("V", True): 4, ("A", False): 1, ("A", True): 3}[journal.key[0], credit]
    if wanted not in types:
        raise Refused(400, -75, f"VAT code {line['vatCodeKey']} has the wrong type. ")
    if "baseAmount" not in line or "vatAmount" not in line:
        raise bad_parameters()
    if line["baseAmount"] * line["vatAmount"] < 0:
        raise Refused(400, -23, "Base and VAT of a line have another sign. ")
    check_cost_centre(visit, line["accountKey"], year.id, line.get("costCentreKey"))


def attach_file(visit: Visit) -> Answer:
    """`POST bookyears/{bookyearId}/bookings/attachements`: journal and number travel in headers.

    The file is looked at and not kept: nothing in the API shows attachments.
    """
    journal_key, number = visit.call.header("journalKey"), visit.call.header("documentSequennceNr")
    given = visit.body("AttachementData")
    if not journal_key or not number or not number.isdecimal() or not given.get("fileData"):
        raise bad_parameters()
    check_right(visit)
    year = find_bookyear(visit.dossier, visit.path_int("bookyearId"))
    key = (year.id, find_journal(visit.dossier, year.id, journal_key, "AVFD").key, int(number))
    if key not in visit.dossier.bookings and key not in visit.dossier.financial_bookings:
        raise Refused(400, -34, f"Booking {journal_key}/{number} does not exist. ")
    return empty_response(204)
