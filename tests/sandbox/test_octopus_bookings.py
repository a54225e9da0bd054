"""What Octopus refuses in a booking, in which order, and what a booking changes when it is taken."""

import re
from decimal import Decimal
from typing import Any

import pytest

from octowizard.sandbox.octopus.errors import text
from tests.sandbox.octopus_world import CLOSED, OPEN, RECENT, D, Octopus, booking, line, receipt, wrapped

Json = dict[str, Any]
POST = f"{D}/buysellbookings"
POST_TEMPLATE = "/dossiers/{dossierId}/buysellbookings"

WRONG: list[tuple[str, int, int, Json]] = [
    ("unknown bookyear", -9, 400, {"bookyearKey": {"id": 99}, "journalKey": "X"}),
    ("unknown journal", -10, 400, {"journalKey": "V9"}),
    ("bank journal", -38, 400, {"journalKey": "F1"}),
    ("invoice journal", -29, 400, {"journalKey": "V3", "documentSequenceNr": 7}),
    ("number too high", -13, 400, {"documentSequenceNr": 2, "bookyearPeriodeNr": 1}),
    ("number too low", -13, 400, {"documentSequenceNr": 0}),
    ("unknown period", -14, 400, {"bookyearPeriodeNr": 202613}),
    ("period of another year", -14, 400, {"bookyearPeriodeNr": 202511}),
    ("closed bookyear", -15, 400, {"bookyearKey": {"id": CLOSED}, "bookyearPeriodeNr": 202511}),
    ("unknown relation", -16, 400, {"relationIdentificationServiceData": {"relationKey": {"id": 99}}}),
    ("no relation", -16, 400, {"relationIdentificationServiceData": {"externalRelationId": 0}}),
    ("unknown currency", -19, 400, {"currencyCode": "JPY"}),
    ("rate of zero", -20, 400, {"exchangeRate": Decimal(0)}),
    ("no lines", -24, 400, {"bookingLines": []}),
    ("unknown account", -21, 400, {"bookingLines": [line(accountKey=999999)]}),
    ("no account", -21, 400, {"bookingLines": [line(accountKey=None)]}),
    ("heading account", -50, 400, {"bookingLines": [line(accountKey=709000)]}),
    ("unknown VAT code", -22, 400, {"bookingLines": [line(vatCodeKey="22")]}),
    ("VAT code of purchases", -75, 400, {"bookingLines": [line(vatCodeKey="D21")]}),
    ("base and VAT of other sign", -23, 400, {"bookingLines": [line(vatAmount=Decimal("-21.00"))]}),
    ("unknown cost centre", -40, 400, {"bookingLines": [line(costCentreKey={"id": 9})]}),
    ("closed cost centre", -41, 400, {"bookingLines": [line(costCentreKey={"id": 2})]}),
]


@pytest.mark.parametrize(
    ("code", "status", "changes"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
async def test_a_wrong_booking_is_refused_with_its_code_and_changes_nothing(
    octopus: Octopus, code: int, status: int, changes: Json
) -> None:
    assert await octopus.refused("POST", POST, wrapped(booking(**changes)), status=status) == code
    assert octopus.dossier.bookings == {}
    assert octopus.dossier.journals[OPEN, "V1"].next_document_number == 1
    refusal = octopus.company.world.octopus_refused[-1]
    assert (refusal.operation, refusal.status, refusal.code) == (f"POST {POST_TEMPLATE}", status, code)


@pytest.mark.parametrize(("member", "code"), [("documentDate", -17), ("expiryDate", -18)])
async def test_a_missing_date_has_a_code_of_its_own(octopus: Octopus, member: str, code: int) -> None:
    missing: Json = {member: None}
    body = wrapped(booking(**missing))
    assert await octopus.refused("POST", POST, body, by_contract=False) == code


async def test_what_is_wrong_first_is_what_is_said(octopus: Octopus) -> None:
    """Each cure uncovers the next refusal, in the order of the vendor's checks."""
    journal = octopus.dossier.journals[OPEN, "V1"]
    journal.closed, journal.locked_by, journal.insertion_type = True, "Jan", 2
    journal.protected_period = 202612
    wrong: Json = {
        "documentSequenceNr": 5,
        "bookyearPeriodeNr": 7,
        "relationIdentificationServiceData": {"relationKey": {"id": 99}},
        "documentDate": None,
        "currencyCode": "JPY",
        "exchangeRate": Decimal(0),
        "bookingLines": [line(accountKey=1, vatCodeKey="?")],
    }
    said = []

    async def attempt(status: int = 400) -> None:
        data = wrapped(booking(**wrong))
        said.append(await octopus.refused("POST", POST, data, status=status, by_contract=False))

    await attempt(403)
    journal.closed = False
    await attempt(403)
    journal.locked_by = None
    await attempt()
    journal.insertion_type = 1
    await attempt()
    wrong["documentSequenceNr"] = 1
    await attempt()
    wrong["bookyearPeriodeNr"] = 202611
    await attempt()
    journal.protected_period = 0
    await attempt()
    wrong["relationIdentificationServiceData"] = {"externalRelationId": 77}
    await attempt()
    wrong["documentDate"] = "2026-11-19"
    await attempt()
    wrong["currencyCode"] = "USD"
    await attempt()
    wrong["exchangeRate"] = Decimal("0.92")
    await attempt()
    wrong["bookingLines"] = [line(vatCodeKey="?")]
    await attempt()
    assert said == [-11, -12, -29, -13, -14, -15, -16, -17, -19, -20, -21, -22]
    wrong["bookingLines"] = [line()]
    await octopus.call("POST", POST, body=wrapped(booking(**wrong)), status=201)


@pytest.mark.parametrize("bound", ["protected_period", "closed_period"])
async def test_a_bound_includes_its_own_period_and_frees_the_next(octopus: Octopus, bound: str) -> None:
    setattr(octopus.dossier.journals[OPEN, "V1"], bound, 202610)
    refused = booking(bookyearPeriodeNr=202610, documentDate="2026-10-31")
    assert await octopus.refused("POST", POST, wrapped(refused)) == -15
    await octopus.call("POST", POST, body=wrapped(booking()), status=201)


async def test_a_user_without_the_right_to_write_is_forbidden(octopus: Octopus) -> None:
    octopus.dossier.may_write = False
    assert await octopus.refused("POST", POST, wrapped(booking()), status=403) == -3
    assert octopus.dossier.bookings == {}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"buySellBookingServiceData": {"documentDate": "19/11/2026"}}', b"[]"],
    ids=["empty", "truncated", "date", "list"],
)
async def test_an_object_that_cannot_be_read_answers_500_without_a_body(
    octopus: Octopus, content: bytes
) -> None:
    token = await octopus.sign_in()
    answer = await octopus.raw("POST", POST, headers={"dossierToken": token}, content=content)
    if content == b"[]":
        assert (answer.status_code, answer.json()) == (
            400,
            {"technicalInfo": "Invalid or missing parameters passed"},
        )
    else:
        assert (answer.status_code, answer.content) == (500, b"")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-11-19T00:00:00", "20261119", ""])
async def test_a_date_that_is_none_answers_500(octopus: Octopus, day: str) -> None:
    body = wrapped(booking(expiryDate=day))
    assert await octopus.call("POST", POST, body=body, status=500, by_contract=False) is None


@pytest.mark.parametrize(
    "changes", [{"amount": "121.00"}, {"documentSequenceNr": Decimal("1.5")}, {"amount": None}]
)
async def test_a_wrong_type_or_a_missing_member_is_a_bad_request(octopus: Octopus, changes: Json) -> None:
    body = wrapped(booking(**changes))
    said = await octopus.call("POST", POST, body=body, status=400, by_contract=False)
    assert said == {"technicalInfo": "Invalid or missing parameters passed"}


async def test_numbers_follow_each_other_per_journal_and_bookyear(octopus: Octopus) -> None:
    for number in (1, 2):
        await octopus.call("POST", POST, body=wrapped(booking(number)), status=201)
    for number in (1, 2, 4):
        assert await octopus.refused("POST", POST, wrapped(booking(number))) == -13
    await octopus.call("POST", POST, body=wrapped(booking(1, journalKey="V2")), status=201)
    journals = await octopus.call("GET", f"{D}/bookyears/{OPEN}/journals")
    assert {one["journalKey"]: one["lastBookedDocumentNr"] for one in journals}["V1"] == 2
    shown = await octopus.call("GET", f"{D}/bookyears/{OPEN}/journals/V/1")
    assert shown["commonJournalServiceData"]["nextDocumentNumber"] == 3


async def test_the_number_set_on_the_journal_is_the_one_expected(octopus: Octopus) -> None:
    common = {"bookyearKey": {"id": OPEN}, "sequenceNumber": 1, "nextDocumentNumber": 41}
    await octopus.call("PUT", f"{D}/journals/V", body={"commonJournalUpdateRequestData": common})
    assert await octopus.refused("POST", POST, wrapped(booking(1))) == -13
    await octopus.call("POST", POST, body=wrapped(booking(41)), status=201)
    common["nextDocumentNumber"] = 41
    body = {"commonJournalUpdateRequestData": common}
    assert await octopus.refused("PUT", f"{D}/journals/V", body) == -13


async def test_the_two_recorded_texts_are_genuine_and_all_others_are_marked(octopus: Octopus) -> None:
    octopus.locale = 1
    said = await octopus.call("POST", POST, body=wrapped(booking(7)), status=400)
    assert said["errorMessage"].startswith("Het document nummer is ongeldig.")
    assert said["technicalInfo"] == (
        "Unable to insert booking in dossier 1.  Illegal document seq Nr.  Last Document = 0.  New Document = 7. "
    )
    said = await octopus.call("POST", POST, body=wrapped(booking(bookyearPeriodeNr=1)), status=400)
    assert said["errorMessage"] == "De gebruikte boekjaar periode bestaat niet in het boekjaar."
    assert said["technicalInfo"] == "Unable to insert booking in dossier 1.  Bookyear period unknown"
    genuine = [
        (code, locale)
        for code in range(-79, 0)
        for locale in (1, 2, 3, 4)
        if not text(code, locale).startswith("[placeholder")
    ]
    assert genuine == [(-14, 1), (-13, 1)]


async def test_a_refusal_speaks_the_language_of_the_token(octopus: Octopus) -> None:
    octopus.locale = 2
    octopus.dossier.journals[OPEN, "V1"].protected_period = 202612
    said = await octopus.call("POST", POST, body=wrapped(booking()), status=400)
    assert said["errorMessage"] == "[placeholder FR -15] période protégée ou clôturée"


_NEGATIVE = line(baseAmount=Decimal("-100.00"), vatAmount=Decimal("-21.00"))
UNSETTLED: list[tuple[str, bool, Json]] = [  # the switch, whether it refuses by default, what it is about
    ("total_mismatch", True, booking(amount=Decimal("121.01"))),
    ("total_mismatch", True, booking(amount=Decimal("-121.00"), bookingLines=[_NEGATIVE])),
    ("date_outside_year", True, booking(documentDate="2027-01-01")),
    ("date_outside_period", False, booking(documentDate="2026-10-31")),
    ("other_sign", True, booking(amount=Decimal(79), bookingLines=[line(vatAmount=Decimal("-21.00"))])),
    (
        "vat_not_by_rate",
        False,
        booking(amount=Decimal("121.01"), bookingLines=[line(vatAmount=Decimal("21.01"))]),
    ),
    (
        "parts_of_cents",
        False,
        booking(amount=Decimal("121.001"), bookingLines=[line(baseAmount=Decimal("100.001"))]),
    ),
    ("due_before_date", False, booking(expiryDate="2026-11-01")),
]


@pytest.mark.parametrize(
    ("switch", "refuses", "data"), UNSETTLED, ids=[f"{case[0]}-{case[2]['amount']}" for case in UNSETTLED]
)
async def test_what_unbalances_or_misplaces_is_refused_unless_switched_off_and_the_rest_if_switched_on(
    octopus: Octopus, switch: str, refuses: bool, data: Json
) -> None:
    switches = octopus.company.world.switches
    if refuses:
        assert await octopus.refused("POST", POST, wrapped(data)) in (-24, -23)
        setattr(switches, switch, None)
        await octopus.call("POST", POST, body=wrapped(data), status=201)
        assert (await octopus.call("GET", POST, _at("V1", 1)))["amount"] == data["amount"]
        return
    await octopus.call("POST", POST, body=wrapped(data), status=201)
    setattr(switches, switch, (403, -35))
    again = {**data, "documentSequenceNr": 2}
    assert await octopus.refused("POST", POST, wrapped(again), status=403) == -35


def _at(journal: str, number: int) -> Json:
    return {"bookyearId": OPEN, "journalKey": journal, "documentSeqNr": number}


async def test_a_various_booking_has_to_balance_and_shows_account_and_external_number_of_each_line(
    octopus: Octopus,
) -> None:
    lines: list[Json] = [
        {"type": "A", "accountKey": 700000, "amount": Decimal("-5.00")},
        {"type": "C", "relationId": 2, "amount": Decimal("4.99")},
    ]
    path, data = f"{D}/financialdiversbookings", receipt(journalKey="D1", bookingLines=lines)
    assert await octopus.refused("POST", path, data) == -24
    lines[1]["amount"] = Decimal("5.00")
    await octopus.call("POST", path, body=data, status=201)
    query = {"bookyearId": OPEN, "modifiedTimeStamp": RECENT}
    (shown,) = await octopus.call("GET", f"{path}/modified", query)
    assert [(each["accountKey"], each["externalRelationId"]) for each in shown["bookingLines"]] == [
        (700000, 0),
        (400000, 77),
    ]
    octopus.company.world.switches.unbalanced = None
    lines[1]["amount"] = Decimal("4.99")
    data = receipt(2, journalKey="D1", bookingLines=lines)
    await octopus.call("POST", path, body=data, status=201)


async def test_a_rate_is_written_with_its_decimals(octopus: Octopus) -> None:
    for number, rate in enumerate((1, Decimal("1.00"), Decimal("0.920")), 1):
        body = wrapped(booking(number, currencyCode="USD", exchangeRate=rate))
        await octopus.call("POST", POST, body=body, status=201)
    token = {"dossierToken": await octopus.sign_in()}
    query = {"bookyearId": str(OPEN), "modifiedTimeStamp": RECENT}
    for path in (f"{POST}/modified", f"{D}/bookyears/{OPEN}/bookings/modified"):
        answer = await octopus.raw("GET", path, {**query, "journalTypeId": "2"}, token)
        rates = re.findall(r'"exchangeRate":([0-9.]+)', answer.text)
        assert sorted({*rates}) == ["0.92", "1.0"], path


async def test_no_invoice_is_found_in_the_words_that_were_recorded(octopus: Octopus) -> None:
    query = {"bookyearId": 1, "modifiedTimeStamp": RECENT}
    said = await octopus.call("GET", f"{D}/invoices/modified", query, status=404)
    assert said == {
        "technicalInfo": "No modified Invoices found in dossier 1bookyearId: 1, Journal Key: null "
    }


async def test_the_other_switches_of_a_booking_refuse_as_they_say(octopus: Octopus) -> None:
    switches = octopus.company.world.switches
    switches.missing_cost_centre = (400, -40)
    mandatory = booking(bookingLines=[line(accountKey=700100)])
    assert await octopus.refused("POST", POST, wrapped(mandatory)) == -40
    switches.closed_year = (403, -11)
    closed = booking(bookyearKey={"id": CLOSED}, bookyearPeriodeNr=202511, documentDate="2025-11-19")
    assert await octopus.refused("POST", POST, wrapped(closed), status=403) == -11


async def test_desktop_changes_are_invisible_until_they_are_synchronised(octopus: Octopus) -> None:
    journal = octopus.dossier.journals[OPEN, "V1"]
    journal.desktop_only = True
    listed = await octopus.call("GET", f"{D}/bookyears/{OPEN}/journals")
    assert "V1" not in [one["journalKey"] for one in listed]
    assert await octopus.refused("POST", POST, wrapped(booking())) == -10
    journal.desktop_only = False
    journal.protected_period, journal.pending = 202612, {"protected_period": 0}
    assert await octopus.refused("POST", POST, wrapped(booking())) == -15
    octopus.dossier.bookyears[OPEN].desktop_only = True
    years = await octopus.call("GET", f"{D}/bookyears")
    assert [year["bookyearKey"]["id"] for year in years] == [CLOSED]
    assert await octopus.refused("POST", POST, wrapped(booking())) == -9


async def test_amounts_come_back_to_the_last_digit(octopus: Octopus) -> None:
    octopus.company.world.switches.total_mismatch = None
    odd = booking(amount=Decimal("90071992547409.91"), bookingLines=[line(baseAmount=Decimal("0.1"))])
    await octopus.call("POST", POST, body=wrapped(odd), status=201)
    query = {"bookyearId": OPEN, "journalKey": "V1", "documentSeqNr": 1}
    shown = await octopus.call("GET", POST, query)
    assert shown["amount"] == Decimal("90071992547409.91")
    assert shown["bookingLines"][0]["baseAmount"] == Decimal("0.1")


async def test_a_replaced_booking_shows_up_among_the_changed_ones(octopus: Octopus) -> None:
    await octopus.call("POST", POST, body=wrapped(booking()), status=201)
    await octopus.call("PUT", POST, body=booking(comment="beter"), status=204)
    assert await octopus.refused("PUT", POST, booking(2)) == -34
    changed = await octopus.call(
        "GET", f"{POST}/modified", {"bookyearId": OPEN, "modifiedTimeStamp": RECENT, "journalKey": "V1"}
    )
    assert [one["comment"] for one in changed] == ["beter"]
    later = {"bookyearId": OPEN, "modifiedTimeStamp": "2026-11-20 09:00:00.000"}
    await octopus.call("GET", f"{POST}/modified", later, status=404)


async def test_a_booking_is_reported_line_by_line_and_in_balance(octopus: Octopus) -> None:
    await octopus.call("POST", POST, body=wrapped(booking()), status=201)
    credit = booking(1, journalKey="V2", amount=Decimal("-121.00"))
    await octopus.call("POST", POST, body=wrapped(credit), status=201)
    query = {"journalTypeId": 2, "modifiedTimeStamp": RECENT}
    rows = (await octopus.call("GET", f"{D}/bookyears/{OPEN}/bookings/modified", query))["modifiedBookings"]
    shown = [
        (row["journalNr"], row["lineSequenceNr"], row["accountKey"], row["bookingAmount"]) for row in rows
    ]
    assert shown == [
        (1, -1, 400000, Decimal("121.00")),
        (1, 1, 700000, Decimal("-100.00")),
        (1, 2, 451000, Decimal("-21.00")),
        (2, -1, 400000, Decimal("-121.00")),
        (2, 1, 700000, Decimal("100.00")),
        (2, 2, 451000, Decimal("21.00")),
    ]


BANK: list[tuple[str, int, Json]] = [
    ("sales journal", -38, {"journalKey": "V1"}),
    ("number", -13, {"documentSequenceNr": 6}),
    ("period", -14, {"bookyearPeriodeNr": 1}),
    ("line type", -25, {"bookingLines": [{"type": "Z", "amount": Decimal(1)}]}),
    ("relation", -16, {"bookingLines": [{"type": "C", "relationId": 99, "amount": Decimal(1)}]}),
    ("account", -21, {"bookingLines": [{"type": "A", "accountKey": 1, "amount": Decimal(1)}]}),
    ("rate", -20, {"exchangeRate": Decimal(0)}),
    ("lines", -24, {"bookingLines": []}),
]


@pytest.mark.parametrize(("code", "changes"), [case[1:] for case in BANK], ids=[case[0] for case in BANK])
async def test_a_wrong_bank_booking_is_refused_with_its_code(
    octopus: Octopus, code: int, changes: Json
) -> None:
    body = receipt(**changes)
    said = await octopus.call("POST", f"{D}/financialdiversbookings", body=body, status=400)
    assert said["errorCode"] == code
    if code == -13:
        assert said["technicalInfo"] == (
            "Unable to insert booking in dossier 1.  Illegal document sequence nr.  Last Document : 0"
        )
    assert octopus.dossier.financial_bookings == {}
