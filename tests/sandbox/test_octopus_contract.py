"""Every operation of the Octopus contract is served, and answers in the shape the contract gives it."""

from decimal import Decimal
from typing import Any

from octowizard.sandbox import octopus as stand_in
from octowizard.sandbox.octopus.limits import PER_DAY
from tests.contracts import find_operation, load
from tests.sandbox.octopus_world import (
    CLOSED,
    EVERYTHING,
    OPEN,
    RECENT,
    SOFTWARE_HOUSE,
    D,
    Octopus,
    booking,
    match_key,
    receipt,
    wrapped,
)

Step = tuple[int, str, str, dict[str, Any], Any]

NAMES = [{"language": "NL", "value": "Verkoop"}, {"language": "FR", "value": "Ventes"}]
YEAR = {"id": OPEN}
FILE = {"fileName": "factuur.pdf", "fileData": "JVBERi0="}
SINCE = {"modifiedTimeStamp": RECENT}
PLACE = {"bookyearId": OPEN, "journalKey": "V1", "documentSeqNr": 1}
QUERY = {"fromBookyearKey": {"id": CLOSED}, "toBookyearKey": YEAR}
PAIR = {"debetKey": match_key("V1", 1, -1), "creditKey": match_key("F1", 1, 1)}
ENVELOPE = f"{D}/bank/enveloppes/7"
PAYMENT = {"bankPaymentListKey": {"id": 1}}
SELECTION = {"bookyearKey": YEAR, "journal": "V1", "documentSequenceNr": 1, "toDocumentSequenceNr": 1}
INVOICE = {
    name: value
    for name, value in booking().items()
    if name not in ("amount", "bookingLines", "paymentMethod")
}
RETURN = {"returnInvoice": "true", "returnPdfDocument": "false", "returnEInvoiceXml": "false"}
PUBLISH = {"publishPdfDocument": "true", "publishEInvoice": "false"}
PRODUCT = {
    "productKey": {"id": 1},
    "code": {"description_NL": "P1"},
    "description": {"description_NL": "Stoel"},
    "priceVatExclusive": Decimal("10.00"),
    "priceVatInclusive": Decimal("12.10"),
    "currencyCode": "EUR",
    "vatCode": "21",
    "unit": "stuk",
    "defaultBookingAccountNr": 700000,
    "active": True,
}
FREE_PAYMENT = {
    "relationKey": {"id": 4},
    "date": "2026-11-20T00:00:00Z",
    "payDate": "2026-11-20T00:00:00Z",
    "iban": "BE68539007547034",
    "amount": Decimal("10.00"),
    "reference": "x",
}
BANK_DOCUMENT = {"bookyearKey": YEAR, "journalKey": "A1", "documentSequenceNr": 1}
MAIL = {"fromAddress": "a@example.com", "toAddress": "b@example.com"}


def journal_body(letter: str, kind: str) -> dict[str, Any]:
    """A body that creates (`Insert`) or changes (`Update`) the journal 9 of a type."""
    common: dict[str, Any] = {"bookyearKey": YEAR, "sequenceNumber": 9, "names": NAMES}
    body: dict[str, Any] = {f"commonJournal{kind}RequestData": common}
    if letter == "V":
        body["sellJournalInsertionType"] = "BOOKING"
    if letter == "L":
        body["deliveryJournalInsertionType"] = "VAT_EXCLUSIVE"
    if letter == "F":
        body |= {"account": 550000, "currencyCode": "EUR"}
    return body


def steps() -> list[Step]:
    """(status, method, path, query or headers under `headers`, body), in an order that makes sense."""
    listed: list[Step] = [
        (200, "GET", "/about/version", {}, None),
        (400, "GET", "/error", {"errorCode": -13, "localeId": 1}, None),
        (200, "GET", f"{D}/bookyears", {}, None),
        (200, "GET", f"{D}/bookyears/{OPEN}", {}, None),
        (400, "GET", f"{D}/bookyears/99", {}, None),
        (200, "GET", f"{D}/bookyears/{OPEN}/journals", {}, None),
        (404, "GET", f"{D}/bookyears/99/journals", {}, None),
        (200, "GET", f"{D}/journals/modified", SINCE, None),
    ]
    for letter in "AVFDL":
        listed += [
            (200, "POST", f"{D}/journals/{letter}", {}, journal_body(letter, "Insert")),
            (200, "PUT", f"{D}/journals/{letter}", {}, journal_body(letter, "Update")),
            (200, "GET", f"{D}/bookyears/{OPEN}/journals/{letter}/9", {}, None),
            (204, "DELETE", f"{D}/bookyears/{OPEN}/journals/{letter}/9", {}, None),
        ]
    listed += [
        (200, "GET", f"{D}/journals/modified", SINCE, None),
        (200, "GET", f"{D}/accounts", {"bookyearId": OPEN}, None),
        (404, "GET", f"{D}/accounts/modified", SINCE, None),
        (201, "PUT", f"{D}/accounts", {}, {"accountKey": {"bookyearKey": YEAR, "id": 700700}}),
        (204, "PUT", f"{D}/accounts", {}, {"accountKey": {"bookyearKey": YEAR, "id": 700700}}),
        (200, "GET", f"{D}/accounts/modified", SINCE, None),
        (404, "GET", f"{D}/accounts/amounts/modified", {}, None),
        (200, "GET", f"{D}/vatcodes", {}, None),
        (200, "GET", f"{D}/currencies", {}, None),
        (200, "GET", f"{D}/costcentres", {}, None),
        (200, "GET", f"{D}/costcentres/active", {}, None),
        (
            201,
            "PUT",
            f"{D}/costcentres",
            {},
            {"costCentreKey": {"id": 3}, "description": {}, "closed": False},
        ),
        (200, "GET", f"{D}/relations", {}, None),
        (404, "GET", f"{D}/relations/modified", SINCE, None),
        (
            201,
            "PUT",
            f"{D}/relations",
            {},
            {"relationIdentificationServiceData": {"externalRelationId": 5}, "currencyCode": "EUR"},
        ),
        (
            204,
            "PUT",
            f"{D}/relations",
            {},
            {"relationIdentificationServiceData": {"externalRelationId": 5}, "currencyCode": "EUR"},
        ),
        (200, "GET", f"{D}/relations/modified", {}, None),
        (404, "GET", f"{D}/buysellbookings/modified", {**SINCE, "bookyearId": -1}, None),
        (404, "GET", f"{D}/buysellbookings", PLACE, None),
        (201, "POST", f"{D}/buysellbookings", {}, wrapped(booking()) | {"attachments": [FILE]}),
        (204, "PUT", f"{D}/buysellbookings", {}, booking(comment="anders")),
        (200, "GET", f"{D}/buysellbookings", PLACE, None),
        (200, "GET", f"{D}/buysellbookings/modified", {**SINCE, "bookyearId": -1}, None),
        (
            204,
            "POST",
            f"{D}/bookyears/{OPEN}/bookings/attachements",
            {"headers": {"journalKey": "V1", "documentSequennceNr": "1"}},
            FILE,
        ),
        (404, "GET", f"{D}/financialdiversbookings", PLACE | {"journalKey": "F1"}, None),
        (201, "POST", f"{D}/financialdiversbookings", {}, receipt()),
        (
            204,
            "PUT",
            f"{D}/financialdiversbookings",
            {},
            receipt(amount="100.00")["financialDiversBookingServiceData"],
        ),
        (200, "GET", f"{D}/financialdiversbookings", PLACE | {"journalKey": "F1"}, None),
        (200, "GET", f"{D}/financialdiversbookings/modified", {**SINCE, "bookyearId": OPEN}, None),
        (200, "GET", f"{D}/bookyears/{OPEN}/journals/F1", {}, None),
        (404, "GET", f"{D}/bookyears/{OPEN}/journals/V1", {}, None),
        (200, "GET", f"{D}/bookyears/-1/bookings/modified", {**SINCE, "journalTypeId": -1}, None),
        (404, "GET", f"{D}/bookyears/{CLOSED}/bookings/modified", {**SINCE, "journalTypeId": 2}, None),
        (200, "GET", f"{D}/accounts/amounts/modified", SINCE, None),
        (404, "GET", f"{D}/balancings/modified", SINCE, None),
        (200, "POST", f"{D}/reports/clients/open", {}, QUERY | {"relationId": -1, "externalRelationId": -1}),
        (404, "POST", f"{D}/reports/suppliers/open", {}, QUERY),
        (200, "POST", f"{D}/reports/clients/history", {}, QUERY | {"relationId": 1}),
        (404, "POST", f"{D}/reports/suppliers/history", {}, QUERY),
        (200, "POST", f"{D}/reports/accounts/history", {}, QUERY | {"accountNr": 700000}),
        (200, "POST", f"{D}/reports/accounts/open", {}, QUERY | {"accountNr": 700000}),
        (500, "POST", f"{D}/reports/clients/open", {}, {}),
        (404, "GET", f"{D}/rappels", {"expirationDate": "2026-11-20"}, None),
        (200, "GET", f"{D}/rappels", {"expirationDate": "2026-12-31"}, None),
        (404, "GET", f"{D}/rappels/export", {"relationId": 1, "rappelId": 1}, None),
        (201, "POST", f"{D}/balancings", {}, PAIR | {"balanceAmount": Decimal("60.00")}),
        (200, "GET", f"{D}/balancings/modified", SINCE, None),
        (204, "DELETE", f"{D}/balancings/delete", {}, PAIR),
        (201, "POST", f"{D}/balancings", {}, PAIR | {"balanceAmount": Decimal("60.00")}),
        (204, "DELETE", f"{D}/balancings/bookingline/delete", {}, PAIR["creditKey"]),
        (201, "POST", f"{D}/balancings", {}, PAIR | {"balanceAmount": Decimal("60.00")}),
        (
            204,
            "DELETE",
            f"{D}/balancings/document/delete",
            {},
            {"bookyearKey": YEAR, "journal": "V1", "documentSequenceNr": 1},
        ),
        (200, "GET", f"{D}/balancings/modified", SINCE, None),
        (200, "GET", f"{D}/bank/invoices", {}, None),
        (200, "GET", f"{D}/bank/paymentlist", {}, None),
        (400, "POST", f"{D}/bank/paymentlist", {"amount": "1.00"}, BANK_DOCUMENT),
        (400, "POST", f"{D}/bank/paymentlist/freepayment", {}, FREE_PAYMENT),
        (400, "DELETE", f"{D}/bank/paymentlist/1", {}, None),
        (200, "GET", f"{D}/bank/enveloppes", {}, None),
        (400, "POST", f"{D}/bank/enveloppes", {}, {"bookyearKey": YEAR, "journalKey": "F1"}),
        (400, "GET", ENVELOPE, {}, None),
        (400, "PUT", ENVELOPE, {}, {"status": True}),
        (400, "DELETE", ENVELOPE, {}, None),
        (400, "POST", f"{ENVELOPE}/add", {}, PAYMENT),
        (400, "POST", f"{ENVELOPE}/remove", {}, PAYMENT),
        (400, "POST", f"{ENVELOPE}/export", {}, {"isabelVersion": "SEPA_V3", "isBatchPayment": False}),
        (400, "POST", f"{D}/coda", {}, "0000020112672505        00099449"),
        (404, "GET", f"{D}/customfields", {}, None),
        (404, "GET", f"{D}/productgroups", {}, None),
        (404, "GET", f"{D}/products", {}, None),
        (400, "PUT", f"{D}/products", {}, PRODUCT),
        (404, "GET", f"{D}/invoices", PLACE, None),
        (404, "GET", f"{D}/invoices/modified", {**SINCE, "bookyearId": -1}, None),
        (403, "POST", f"{D}/invoices", {}, INVOICE),
        (403, "PUT", f"{D}/invoices", {}, INVOICE),
        (403, "POST", f"{D}/invoices/book", {"bookyearId": OPEN, "journalKey": "V3"}, None),
        (404, "GET", f"{D}/invoices/export", PLACE | RETURN, None),
        (400, "POST", f"{D}/invoices/generate", PLACE | RETURN | PUBLISH, None),
        (400, "POST", f"{D}/invoices/send", {}, SELECTION | {"fromMailAddress": "a@example.com"}),
        (400, "POST", f"{D}/invoices/send/report/deliverystate", {}, SELECTION),
        (400, "POST", f"{D}/invoices/send/testmail/0", {"journalKey": "V3", "headers": MAIL}, None),
        (
            403,
            "POST",
            f"{D}/invoices/attachments/upload",
            {"bookyearId": OPEN, "journal": "V3", "documentSeqNr": 1, "headers": {"fileName": "a.pdf"}},
            b"%PDF",
        ),
        (
            200,
            "POST",
            f"{D}/bookyears",
            {},
            {
                "names": NAMES,
                "bookingPeriodType": "QUARTER",
                "fromDate": "2027-01-01",
                "toDate": "2027-12-31",
                "proRataTemporis": True,
                "declarantType": "QUARTERLY",
            },
        ),
        (200, "PUT", f"{D}/bookyears", {}, {"bookyearKey": YEAR, "names": NAMES}),
        (204, "POST", f"{D}/bookyears/book", {}, {"bookyearKey": YEAR, "closeSourceBookyear": False}),
        (204, "POST", f"{D}/bookyears/{OPEN}/close", {"copyAllAccountDescriptions": "true"}, None),
        (200, "GET", f"{D}/bookyears/3", {}, None),
    ]
    return listed


async def test_every_operation_answers_in_the_shape_of_the_contract(octopus: Octopus) -> None:
    seen = set()
    token = (
        await octopus.call(
            "POST",
            "/authentication",
            headers={"softwareHouseUuid": SOFTWARE_HOUSE},
            body={"user": "U12345", "password": "geheim"},
        )
    )["token"]
    assert (await octopus.call("GET", "/authentication", headers={"Token": token}))["token"] == token
    assert len(await octopus.call("GET", "/dossiers", headers={"Token": token})) == 3
    seen |= {"POST /authentication", "GET /authentication", "GET /dossiers", "POST /dossiers"}
    for status, method, path, query, body in steps():
        asked = dict(query)
        headers = asked.pop("headers", {})
        await octopus.call(method, path, asked, body, headers=headers, status=status)
        seen.add(f"{method} {find_operation('octopus', method, path)[0]}")
    listed = {
        f"{method.upper()} {path}" for path, item in load("octopus")["paths"].items() for method in item
    }
    assert seen == listed
    assert listed == stand_in.OPERATIONS


def test_the_daily_limits_are_those_of_the_contract() -> None:
    published = {
        f"{method.upper()} {path}": operation["x-max-calls-per-day"]
        for path, item in load("octopus")["paths"].items()
        for method, operation in item.items()
        if "x-max-calls-per-day" in operation
    }
    assert published == PER_DAY


async def test_members_come_in_alphabetical_order_and_never_as_null(octopus: Octopus) -> None:
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201)
    answer = await octopus.call("GET", f"{D}/buysellbookings", PLACE)
    assert list(answer) == sorted(answer)
    assert None not in answer.values()
    assert "orderReference" not in answer


async def test_a_created_booking_is_answered_without_a_body(octopus: Octopus) -> None:
    assert await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201) is None
    assert octopus.headers["content-length"] == "0"


async def test_an_address_octopus_does_not_have_is_a_refused_call(octopus: Octopus) -> None:
    answer = await octopus.raw("PATCH", f"{D}/buysellbookings")
    assert answer.status_code == 404
    assert octopus.company.world.octopus_refused[-1].operation == f"PATCH {D}/buysellbookings"


async def test_the_first_load_of_everything_at_once_is_refused(octopus: Octopus) -> None:
    everything = {"modifiedTimeStamp": EVERYTHING}
    for path, query in (
        (f"{D}/buysellbookings/modified", {"bookyearId": -1}),
        (f"{D}/financialdiversbookings/modified", {"bookyearId": -1}),
        (f"{D}/bookyears/-1/bookings/modified", {"journalTypeId": -1}),
    ):
        await octopus.call("GET", path, query | everything, status=400)
    await octopus.call("GET", f"{D}/buysellbookings/modified", {"bookyearId": OPEN} | everything, status=404)
