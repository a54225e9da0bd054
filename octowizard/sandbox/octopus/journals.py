"""The operations on journals: per bookyear, per type, the changes, create, change, delete, bank balance."""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.octopus import books
from octowizard.sandbox.octopus.errors import Refused, bad_parameters, nothing_found
from octowizard.sandbox.octopus.session import DossierHandler, Visit, ok, ok_unless_empty
from octowizard.sandbox.octopus.years import by_language, in_language, localized
from octowizard.sandbox.state import Bookyear, Dossier, Journal, Json
from octowizard.sandbox.web import Answer, empty_response

_JOURNAL_KIND = {"A": "Buy", "V": "Sell", "F": "Financial", "D": "Divers", "L": "Delivery"}
_INSERTION_MEMBER = {"V": "sellJournalInsertionType", "L": "deliveryJournalInsertionType"}


def summary(journal: Journal, language: str) -> Json:
    """A journal as JournalServiceData, its name in the caller's language."""
    data: Json = {
        "bookyearKey": {"id": journal.bookyear_id},
        "journalKey": journal.key,
        "name": in_language(journal.names, language, journal.key),
        "closed": journal.closed,
        "lastBookedDocumentNr": journal.last_booked,
        "protectedPeriod": journal.protected_period,
        "closedPeriod": journal.closed_period,
        "insertionType": journal.insertion_type,
    }
    if journal.currency is not None:
        data["currencyCode"] = journal.currency
    return data


def _key(bookyear_id: int, key: str) -> Json:
    place = {"journalTypeCode": key[0], "sequenceNumber": int(key[1:])}
    return {"bookyearKey": {"id": bookyear_id}, **place}


def _common(journal: Journal) -> Json:
    return {
        "journalKeyServiceData": _key(journal.bookyear_id, journal.key),
        "names": localized(journal.names, journal.key),
        "nextDocumentNumber": journal.next_document_number,
        "protectedPeriod": journal.protected_period,
        "closed": journal.closed,
        "closedPeriod": journal.closed_period,
    }


def detail(journal: Journal) -> Json:
    """A journal in the shape of its type (SellJournalServiceData and its like)."""
    letter = journal.key[0]
    data: Json = {"commonJournalServiceData": _common(journal)}
    if letter in "VF":
        known = {"bankAccountIban": journal.iban} if journal.iban else {}
        data["bankAccountServiceData"] = journal.detail.get("bankAccountServiceData", known)
    if letter in "VL":
        data["invoicingServiceData"] = journal.detail.get("invoicingServiceData", {})
        by_number = {number: name for name, number in books.INSERTION_TYPES[letter].items()}
        data["insertionType"] = by_number.get(journal.insertion_type, next(iter(by_number.values())))
    if letter == "F":
        data["account"] = bank_account(journal)
        data["currency"] = journal.currency or "EUR"
    return data


def bank_account(journal: Journal) -> int:
    """The ledger account of a financial journal."""
    return int(journal.detail.get("account", 550000))


def list_journals(visit: Visit) -> Answer:
    """`GET bookyears/{bookyearId}/journals`."""
    wanted = visit.path_int("bookyearId")
    own = [journal for journal in books.journals(visit.dossier) if journal.bookyear_id == wanted]
    return ok_unless_empty([summary(journal, visit.language) for journal in own], "Journals")


def list_modified(visit: Visit) -> Answer:
    """`GET journals/modified`: all bookyears; no 404 is documented, so an empty answer is a 200.

    Booking moves `nextDocumentNumber` and counts as a change (inferred).
    """
    since, dossier = visit.stamp(), visit.dossier
    modified = [_common(journal) for journal in books.journals(dossier) if journal.modified >= since]
    deleted = [_key(year, key) for year, key, moment in dossier.deleted_journals if moment >= since]
    return ok({"modifiedJournalServiceDataList": modified, "deletedJournalList": deleted})


def get_journal(letter: str) -> DossierHandler:
    """`GET bookyears/{bookyearId}/journals/V/{sequenceNumber}` and its like; unknown: -10, no 404 documented."""

    def handle(visit: Visit) -> Answer:
        year = books.find_bookyear(visit.dossier, visit.path_int("bookyearId"))
        key = f"{letter}{visit.path_int('sequenceNumber')}"
        return ok(detail(books.find_journal(visit.dossier, year.id, key, letter)))

    return handle


def get_balance(visit: Visit) -> Answer:
    """`GET bookyears/{bookyearId}/journals/{journalKey}`: the balance of a financial journal."""
    year, key = visit.path_int("bookyearId"), visit.call.path("journalKey")
    journal = visit.dossier.journals.get((year, key))
    if journal is None or journal.desktop_only or not key.startswith("F"):
        raise nothing_found("No bookyear or journal found")
    balance = Decimal("0.00")
    for (of_year, of_key, _), booking in visit.dossier.financial_bookings.items():
        if (of_year, of_key) == (year, key):
            balance += sum((line["amount"] for line in booking.data.get("bookingLines", ())), Decimal(0))
    return ok({"bookyearKey": {"id": year}, "journalKey": key, "balance": balance})


def _check_protected(year: Bookyear, period: int) -> None:
    """0 (none) or a period of the bookyear. Raises Refused -14 (inferred)."""
    if period != 0 and all(known["bookyearPeriod"] != period for known in year.data.get("periods", ())):
        raise Refused(400, -14, f"Bookyear period {period} unknown. ")


def _numbers(dossier: Dossier, journal: Journal) -> list[int]:
    """The numbers of the documents in a journal."""
    keys = (*dossier.bookings, *dossier.financial_bookings)
    return [key[2] for key in keys if key[:2] == (journal.bookyear_id, journal.key)]


def _set_number(dossier: Dossier, journal: Journal, number: int) -> None:
    """Set the next number. Raises Refused -13 when documents from there on exist (inferred)."""
    if not 1 <= number <= 1_000_000_000:
        raise bad_parameters()
    last = max(_numbers(dossier, journal), default=0)
    if number <= last:
        raise Refused(400, -13, f"Illegal next document number {number}.  Last Document = {last}. ")
    journal.next_document_number = number


def _apply(journal: Journal, given: Json) -> None:
    """Take over what belongs to the journal's type."""
    letter = journal.key[0]
    for member in ("bankAccountServiceData", "invoicingServiceData"):
        if member in given:
            journal.detail[member] = given[member]
    if "account" in given:
        if not 500000 <= given["account"] <= 599999:
            raise bad_parameters()
        journal.detail["account"] = given["account"]
    if "currencyCode" in given:
        journal.currency = given["currencyCode"]
    kind = given.get(_INSERTION_MEMBER.get(letter, ""))
    if kind is not None:
        if kind not in books.INSERTION_TYPES[letter]:
            raise bad_parameters()
        journal.insertion_type = books.INSERTION_TYPES[letter][kind]


def _check_currency(dossier: Dossier, given: Json) -> None:
    if "currencyCode" in given and given["currencyCode"] not in dossier.currencies:
        raise Refused(400, -19, f"Currency {given['currencyCode']} unknown. ")


def create_journal(letter: str) -> DossierHandler:
    """`POST journals/V` and its like. Refused when the number is taken (-38, inferred) or the year closed."""

    def handle(visit: Visit) -> Answer:
        given = visit.body(f"{_JOURNAL_KIND[letter]}JournalInsertRequest")
        common = given["commonJournalInsertRequestData"]
        if common["sequenceNumber"] < 1:
            raise bad_parameters()
        visit.check_right()
        dossier = visit.dossier
        year = books.find_bookyear(dossier, common["bookyearKey"]["id"])
        if year.data["closed"]:
            raise Refused(*visit.world.switches.closed_year, f"Bookyear {year.id} is closed. ")
        key = f"{letter}{common['sequenceNumber']}"
        if (year.id, key) in dossier.journals:
            raise Refused(400, -38, f"Journal {key} already exists in bookyear {year.id}. ")
        _check_protected(year, common.get("protectedPeriod", 0))
        _check_currency(dossier, given)
        journal = Journal(year.id, key, by_language(common["names"]), modified=visit.now)
        journal.protected_period = common.get("protectedPeriod", 0)
        _apply(journal, given)
        _set_number(dossier, journal, common.get("nextDocumentNumber", 1))
        dossier.journals[year.id, key] = journal
        return ok(detail(journal))

    return handle


def update_journal(letter: str) -> DossierHandler:
    """`PUT journals/V` and its like: names, next number, secured period, entry type; not `closed`."""

    def handle(visit: Visit) -> Answer:
        given = visit.write(f"{_JOURNAL_KIND[letter]}JournalUpdateRequest")
        common = given["commonJournalUpdateRequestData"]
        dossier = visit.dossier
        year = books.find_bookyear(dossier, common["bookyearKey"]["id"])
        journal = books.find_journal(dossier, year.id, f"{letter}{common['sequenceNumber']}", letter)
        protected = common.get("protectedPeriod", journal.protected_period)
        _check_protected(year, protected)
        _check_currency(dossier, given)
        _apply(journal, given)
        if "nextDocumentNumber" in common and common["nextDocumentNumber"] != journal.next_document_number:
            _set_number(dossier, journal, common["nextDocumentNumber"])
        if "names" in common:
            journal.names = by_language(common["names"])
        journal.protected_period = protected
        journal.modified = visit.now
        return ok(detail(journal))

    return handle


def delete_journal(visit: Visit) -> Answer:
    """`DELETE bookyears/{bookyearId}/journals/{journalTypeCode}/{sequenceNumber}`: only without documents."""
    letter = visit.call.path("journalTypeCode")
    if letter not in _JOURNAL_KIND:
        raise bad_parameters()
    visit.check_right()
    dossier = visit.dossier
    year = books.find_bookyear(dossier, visit.path_int("bookyearId"))
    journal = books.find_journal(dossier, year.id, f"{letter}{visit.path_int('sequenceNumber')}", letter)
    if _numbers(dossier, journal):
        raise Refused(400, -38, f"Journal {journal.key} has bookings in bookyear {year.id}. ")
    del dossier.journals[year.id, journal.key]
    dossier.deleted_journals.append((year.id, journal.key, visit.now))
    return empty_response()
