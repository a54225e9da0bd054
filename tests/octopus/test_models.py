"""The records against the contract, both ways."""

import json
from decimal import Decimal
from typing import Any

import pytest

from octowizard.octopus import bookings, contract, errors, models
from octowizard.transport import http
from tests.contracts import check_schema, load
from tests.octopus.scripted import sample

# schema -> record, and what octowizard leaves out of it on purpose
ANSWERS: list[tuple[str, type[Any], set[str]]] = [
    ("ErrorResult", models.ErrorResult, set()),
    ("DossierServiceData", models.Dossier, set()),
    ("BookyearServiceData", models.Bookyear, set()),
    ("BookyearDetailServiceData", models.BookyearDetail, set()),
    ("JournalServiceData", models.Journal, {"customFieldList", "customFieldLineList"}),
    ("SellJournalServiceData", models.SellJournal, {"invoicingServiceData"}),
    ("AccountServiceData", models.Account, set()),
    ("SyncAccounts", models.SyncAccounts, set()),
    ("VatCodeServiceData", models.VatCode, set()),
    ("CostCentreServiceData", models.CostCentre, set()),
    (
        "RelationServiceData",
        models.Relation,
        {"sddReference", "sddSeqtype", "sddMandateType", "sddSignatureDate", "sddActive"},
    ),
    ("BuySellBookingServiceData", bookings.BuySellBooking, set()),
    ("FinancialDiversBookingServiceData", bookings.FinancialDiversBooking, {"codaInfo"}),
    ("BookingReportData", bookings.BookingRow, set()),
    ("SyncBookings", bookings.SyncBookings, set()),
    ("SyncBalancings", bookings.SyncBalancings, set()),
    ("OpenData", bookings.OpenItem, set()),
    ("HistoryData", bookings.HistoryItem, set()),
]
REQUESTS: list[tuple[str, type[Any], set[str]]] = [
    ("BookyearInsertRequest", models.BookyearInsert, set()),
    ("BookyearUpdateRequest", models.BookyearUpdate, set()),
    ("SellJournalInsertRequest", models.SellJournalInsert, {"invoicingServiceData"}),
    ("SellJournalUpdateRequest", models.SellJournalUpdate, {"invoicingServiceData"}),
    ("BuySellBookingAndAttachmentRequest", bookings.BuySellBookingRequest, {"attachments"}),
    (
        "FinancialDiversBookingAndAttachmentRequest",
        bookings.FinancialDiversBookingRequest,
        {"attachments", "codaInfo"},
    ),
    ("BalancingServiceData", bookings.Balancing, set()),
    ("DeleteBalancingItemRequest", bookings.BalancingPair, set()),
    ("OpenRelationQueryData", bookings.RelationQuery, set()),
    ("HistoryRelationQueryData", bookings.RelationQuery, set()),
]


def required_of(schema: str) -> set[str]:
    return set(load("octopus")["components"]["schemas"][schema].get("required", ()))


def without(record: Any, names: set[str]) -> Any:
    if isinstance(record, dict):
        return {key: without(value, names) for key, value in record.items() if key not in names}
    return [without(item, names) for item in record] if isinstance(record, list) else record


@pytest.mark.parametrize(("schema", "record", "left_out"), ANSWERS + REQUESTS)
def test_no_member_of_a_record_is_lost_or_renamed(schema: str, record: type[Any], left_out: set[str]) -> None:
    whole = sample(schema)
    read = http.decode(http.encode(whole), record)
    assert json.loads(http.encode(read), parse_float=Decimal) == without(whole, left_out)


@pytest.mark.parametrize(
    ("schema", "record", "left_out"), [row for row in ANSWERS + REQUESTS if required_of(row[0])]
)
def test_a_record_with_only_what_is_required_can_be_read_and_sent(
    schema: str, record: type[Any], left_out: set[str]
) -> None:
    required = required_of(schema)
    bare = {key: value for key, value in sample(schema).items() if key in required}
    read = http.decode(http.encode(bare), record)
    sent = json.loads(http.encode(read), parse_float=Decimal)
    assert set(sent) >= required - left_out
    if (schema, record, left_out) in REQUESTS:
        check_schema("octopus", schema, sent, direction="request")


@pytest.mark.parametrize(("schema", "record", "_left_out"), ANSWERS)
def test_members_nobody_has_heard_of_are_ignored(schema: str, record: type[Any], _left_out: set[str]) -> None:
    whole = sample(schema)
    assert http.decode(http.encode(whole | {"newMember": [1.5, {}]}), record) == http.decode(
        http.encode(whole), record
    )


def test_zero_and_no_are_sent_and_nothing_is_not() -> None:
    relation = models.Relation(
        models.RelationIdentification(external_relation_id=0), "EUR", vat_type=0, active=False
    )
    assert json.loads(http.encode(relation)) == {
        "relationIdentificationServiceData": {"externalRelationId": 0},
        "currencyCode": "EUR",
        "vatType": 0,
        "active": False,
    }
    line = bookings.BuySellBookingLine(700000, Decimal("10.00"), "00")
    assert http.encode(line) == b'{"accountKey":700000,"baseAmount":10.00,"vatCodeKey":"00","vatAmount":0}'


def test_unknown_letters_and_numbers_are_kept_as_they_are() -> None:
    changed = sample("JournalServiceData") | {"insertionType": 99, "journalKey": "Z1"}
    journal = http.decode(http.encode(changed), models.Journal)
    assert (journal.insertion_type, journal.journal_key) == (99, "Z1")
    detail = sample("SellJournalServiceData") | {"insertionType": "SOMETHING"}
    assert http.decode(http.encode(detail), models.SellJournal).insertion_type == "SOMETHING"


def test_the_limits_are_those_of_the_contract() -> None:
    assert contract.max_calls_per_day("GET /dossiers/{dossierId}/accounts") == 2
    assert contract.max_calls_per_day("POST /dossiers") == 150
    assert contract.max_calls_per_day("POST /authentication") is None
    assert contract.max_calls_per_day(contract.LIST_RELATIONS) == 2
    assert contract.max_calls_per_day(contract.SEARCH_RELATIONS) == 400
    published = {
        f"{method.upper()} {path}": operation.get("x-max-calls-per-day")
        for path, item in load("octopus")["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete")
    }
    assert published | {contract.SEARCH_RELATIONS: 400} == contract.limits()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (-13, "ILLEGAL_DOCUMENT_SEQUENCE_NR"),
        (-15, "BOOKYEAR_PERIOD_NR_PROTECTED"),
        (-29, "JOURNAL_WRONG_MODE"),
        (-51, "TO_MANY_CONNECTIONS"),
        (-68, "INVALID_SOFTWARE_HOUSE_IDENTIFICATION"),
        (-79, "INVALID_PARAMETER"),
        (-999, ""),
        (None, ""),
    ],
)
def test_an_error_number_has_its_name(code: int | None, name: str) -> None:
    assert errors.name_of(code) == name


def test_the_named_numbers_agree_with_the_table() -> None:
    named = {name: value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert len(named) > 10
    assert {name: errors.name_of(value) for name, value in named.items()} == {name: name for name in named}
