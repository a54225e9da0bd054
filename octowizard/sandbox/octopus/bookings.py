"""The operations on bookings, buy/sell and financial or various: read, create, replace, changes, attach a file.

A booking is refused for the first thing that is wrong, in the order in which `create` checks; that the number
comes before the period was recorded, the rest of the order is inferred. A positive amount on a bank journal is money
received.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from octowizard.sandbox.octopus import books
from octowizard.sandbox.octopus.errors import Refused, bad_parameters
from octowizard.sandbox.octopus.lines import line_account, line_relation
from octowizard.sandbox.octopus.session import DossierHandler, Visit, ok, ok_unless_empty
from octowizard.sandbox.state import Booking, Bookyear, DocumentKey, Journal, Json
from octowizard.sandbox.web import Answer, empty_response

Bookings = dict[DocumentKey, Booking]
Check = Callable[[Visit, Bookyear, Journal, Json], None]


def get_booking(kind: str) -> DossierHandler:
    """`GET buysellbookings` and `financialdiversbookings`: by bookyear, journal and number; 404 when there is none."""

    def handle(visit: Visit) -> Answer:
        journal_key = visit.call.query("journalKey")
        if not journal_key:
            raise bad_parameters()
        key = (visit.query_int("bookyearId"), journal_key, visit.query_int("documentSeqNr"))
        booking: Booking | None = getattr(visit.dossier, kind).get(key)
        if booking is None:
            raise Refused(404, -34, "Booking not found", nothing_found=True)
        return ok(_shown(booking))

    return handle


def list_modified(kind: str) -> DossierHandler:
    """`GET buysellbookings/modified` and its like: whole bookings changed since a time stamp.

    Of one bookyear or (-1) of all, of one journal or of all. An empty copy must be filled year by year: everything
    since 1980 of all years at once is refused (the rule is official, the answer 400 inferred).
    """

    def handle(visit: Visit) -> Answer:
        year, since = visit.query_int("bookyearId"), visit.stamp()
        journal_key = visit.call.query("journalKey")
        if year == -1 and since.year <= 1980:
            raise bad_parameters()
        changed = [
            _shown(booking)
            for (of_year, of_key, _), booking in getattr(visit.dossier, kind).items()
            if booking.modified >= since and year in (-1, of_year) and journal_key in (None, of_key)
        ]
        return ok_unless_empty(changed, "bookings")

    return handle


def _shown(booking: Booking) -> Json:
    """A booking; a financial one with account and external number on every line, 0 for none (recorded)."""
    lines = booking.data.get("bookingLines", ())
    if not lines or "type" not in lines[0]:
        return booking.data
    full = [{"externalRelationId": 0, "accountKey": line_account(line), **line} for line in lines]
    return {**booking.data, "bookingLines": full}


def create_in(bookings: Bookings, visit: Visit, given: Json, check: Check) -> Answer:
    """A booking of either kind, added: 201 without a body."""
    year, journal = _place(visit, given)
    number = given["documentSequenceNr"]
    books.check_number(visit, journal, number)
    check(visit, year, journal, given)
    bookings[year.id, journal.key, number] = Booking(given, visit.now, "api")
    books.number_used(visit, journal, number)
    return empty_response(201)


def to_replace(bookings: Bookings, visit: Visit, given: Json, check: Check) -> tuple[DocumentKey, Booking]:
    """The booking of either kind that stands at the number, once what is to replace it was found good."""
    year, journal = _place(visit, given)
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
    given = visit.write("BuySellBookingAndAttachmentRequest")["buySellBookingServiceData"]
    return create_in(visit.dossier.bookings, visit, given, check_content)


def replace_booking(visit: Visit) -> Answer:
    """`PUT buysellbookings`: replaces the booking of that number; refused below what is matched (inferred)."""
    given = visit.write("BuySellBookingServiceData")
    key, known = to_replace(visit.dossier.bookings, visit, given, check_content)
    done = visit.dossier.matched().get((*key, -1), Decimal(0))
    turned = (given["amount"] < 0) != (known.data["amount"] < 0)
    if done and (turned or abs(given["amount"] * given["exchangeRate"]) < done):
        raise Refused(400, -35, f"Booking is matched for {done}. ")
    known.data, known.modified = given, visit.now
    return empty_response(204)


def _place(visit: Visit, given: Json) -> tuple[Bookyear, Journal]:
    """Bookyear and journal of a booking of either kind, and whether the journal takes it now."""
    letters = "AV" if "relationIdentificationServiceData" in given else "FD"
    year = books.find_bookyear(visit.dossier, given["bookyearKey"]["id"])
    journal = books.find_journal(visit.dossier, year.id, given["journalKey"], letters)
    books.check_journal_open(visit, journal)
    books.check_mode(visit, journal)
    return year, journal


def check_content(visit: Visit, year: Bookyear, journal: Journal, given: Json) -> None:
    """All that is checked after the number: period, relation, dates, currency, lines, total."""
    books.check_period(visit, year, journal, given["bookyearPeriodeNr"])
    relation = visit.dossier.relation(given["relationIdentificationServiceData"])
    if relation is None:
        raise Refused(400, -16, "Relation unknown. ")
    if relation.open_by is not None:  # that an open card stops a booking, and with what code, is inferred
        raise Refused(400, -24, f"Unable to insert booking in dossier {visit.dossier.id}. ")
    books.check_document_date(visit, year, given)
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
    identification = {"externalRelationId": relation.external_id, "relationKey": {"id": relation.id}}
    given["relationIdentificationServiceData"] = identification


def _check_line(visit: Visit, year: Bookyear, journal: Journal, line: Json, *, credit: bool) -> None:
    books.check_account(visit, year.id, line.get("accountKey"))
    types = [vat["type"] for vat in visit.dossier.vat_codes if vat["code"] == line.get("vatCodeKey")]
    if not types:
        raise Refused(400, -22, f"VAT code {line.get('vatCodeKey')} unknown. ")
    wanted = {("V", False): 2, ("V", True): 4, ("A", False): 1, ("A", True): 3}[journal.key[0], credit]
    if wanted not in types:
        raise Refused(400, -75, f"VAT code {line['vatCodeKey']} has the wrong type. ")
    if "baseAmount" not in line or "vatAmount" not in line:
        raise bad_parameters()
    base, tax, switches = line["baseAmount"], line["vatAmount"], visit.world.switches
    if switches.other_sign is not None and base * tax < 0:
        raise Refused(*switches.other_sign, "Base and VAT of a line have another sign. ")
    if switches.parts_of_cents is not None and any(amount != round(amount, 2) for amount in (base, tax)):
        raise Refused(*switches.parts_of_cents, "Amount of a line with more than two decimals. ")
    rate = next(vat["basePercentage"] for vat in visit.dossier.vat_codes if vat["code"] == line["vatCodeKey"])
    if switches.vat_not_by_rate is not None and abs(base * rate / 100 - tax) >= Decimal("0.01"):
        raise Refused(*switches.vat_not_by_rate, f"VAT {tax} is not {rate} % of {base}. ")
    books.check_cost_centre(visit, line["accountKey"], year.id, line.get("costCentreKey"))


def create_financial(visit: Visit) -> Answer:
    """`POST financialdiversbookings`: 201 without a body."""
    given = visit.write("FinancialDiversBookingAndAttachmentRequest")["financialDiversBookingServiceData"]
    return create_in(visit.dossier.financial_bookings, visit, given, _check_financial)


def replace_financial(visit: Visit) -> Answer:
    """`PUT financialdiversbookings`: replaces the booking; refused when one of its lines is matched (inferred)."""
    given = visit.write("FinancialDiversBookingServiceData")
    key, known = to_replace(visit.dossier.financial_bookings, visit, given, _check_financial)
    old = known.data.get("bookingLines", [])
    matched = visit.dossier.matched()
    if any(matched.get((*key, position)) for position in range(1, len(old) + 1)):
        raise Refused(400, -35, "A line of the booking is matched. ")
    known.data, known.modified = given, visit.now
    return empty_response(204)


def _check_financial(visit: Visit, year: Bookyear, journal: Journal, given: Json) -> None:
    books.check_period(visit, year, journal, given["bookyearPeriodeNr"])
    books.check_document_date(visit, year, given)
    lines = lines_of(given)
    for line in lines:
        _check_financial_line(visit, year, line)
    total = sum((line["amount"] for line in lines), Decimal(0))
    refusal = visit.world.switches.unbalanced
    if refusal is not None and total and journal.key.startswith("D"):  # the bank takes what is over of an F
        raise Refused(*refusal, f"Booking out of balance by {total}. ")


def _check_financial_line(visit: Visit, year: Bookyear, line: Json) -> None:
    if line["type"] not in ("A", "C", "S"):
        raise Refused(400, -25, f"Line type {line['type']} unknown. ")
    if line["type"] == "A":
        books.check_account(visit, year.id, line.get("accountKey"))
        books.check_cost_centre(visit, line["accountKey"], year.id, line.get("costCentreKey"))
        return
    relation = visit.dossier.relation(line_relation(line))
    if relation is None:
        raise Refused(400, -16, "Relation unknown. ")
    line |= {"relationId": relation.id, "externalRelationId": relation.external_id}


def attach_file(visit: Visit) -> Answer:
    """`POST bookyears/{bookyearId}/bookings/attachements`: journal and number travel in headers.

    The file is looked at and not kept: nothing in the API shows attachments.
    """
    journal_key, number = visit.call.header("journalKey"), visit.call.header("documentSequennceNr")
    given = visit.body("AttachementData")
    if not journal_key or not number or not number.isdecimal() or not given.get("fileData"):
        raise bad_parameters()
    visit.check_right()
    year = books.find_bookyear(visit.dossier, visit.path_int("bookyearId"))
    key = (year.id, books.find_journal(visit.dossier, year.id, journal_key, "AVFD").key, int(number))
    if key not in visit.dossier.bookings and key not in visit.dossier.financial_bookings:
        raise Refused(400, -34, f"Booking {journal_key}/{number} does not exist. ")
    return empty_response(204)
