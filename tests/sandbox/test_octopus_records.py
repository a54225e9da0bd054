"""Bookyears, journals, accounts and relations of the Octopus stand-in: what a user sees and can change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.contracts import load
from tests.sandbox.octopus_world import CLOSED, OPEN, RECENT, D, Octopus, booking, line, wrapped

Json = dict[str, Any]


def relation(identification: Json, **members: Any) -> Json:
    return {"relationIdentificationServiceData": identification, "currencyCode": "EUR", **members}


async def test_a_new_relation_gets_a_key_and_the_vendors_defaults(octopus: Octopus) -> None:
    made = await octopus.call(
        "PUT", f"{D}/relations", body=relation({}, name="Nieuw BV", client=True), status=201
    )
    assert made["relationIdentificationServiceData"] == {"externalRelationId": 0, "relationKey": {"id": 5}}
    assert (made["expirationDays"], made["expirationType"], made["vatType"], made["active"]) == (
        30,
        2,
        0,
        True,
    )
    assert made["country"] == "  "
    all_members = load("octopus")["components"]["schemas"]["RelationServiceData"]["properties"]
    (found,) = await octopus.call("GET", f"{D}/relations", {"relationId": 5})
    changed = await octopus.call("GET", f"{D}/relations/modified", {"modifiedTimeStamp": RECENT})
    assert made == found == changed["modified"][0]
    assert {*made} == {*all_members} - {"sddSignatureDate"}  # null is absent
    empty = (
        "bankAccountNr",
        "defaultBookingAccountClient",
        "sddActive",
        "sddSeqtype",
        "supplierPaymentMethod",
    )
    assert [made[name] for name in empty] == ["", 0, False, 0, 0]


async def test_external_number_zero_makes_a_duplicate_each_time(octopus: Octopus) -> None:
    for _ in range(2):
        body = relation({"externalRelationId": 0}, name="Dubbel BV")
        await octopus.call("PUT", f"{D}/relations", body=body, status=201)
    assert len(await octopus.call("GET", f"{D}/relations", {"name": "DUBBEL BV"})) == 2


async def test_a_known_relation_is_merged_and_keeps_what_was_not_sent(octopus: Octopus) -> None:
    body = relation({"relationKey": {"id": 1}, "externalRelationId": 900}, city="Gent")
    await octopus.call("PUT", f"{D}/relations", body=body, status=204)
    (found,) = await octopus.call("GET", f"{D}/relations", {"extRelationId": 900})
    assert (found["name"], found["city"]) == ("Peeters & Zonen BV", "Gent")
    changed = await octopus.call("GET", f"{D}/relations/modified", {"modifiedTimeStamp": RECENT})
    assert [one["name"] for one in changed["modified"]] == ["Peeters & Zonen BV"]
    taken = relation({"relationKey": {"id": 1}, "externalRelationId": 77})
    assert await octopus.refused("PUT", f"{D}/relations", taken) == -7


async def test_an_unknown_key_creates_a_relation_with_another_key(octopus: Octopus) -> None:
    made = await octopus.call(
        "PUT", f"{D}/relations", body=relation({"relationKey": {"id": 4000}}), status=201
    )
    assert made["relationIdentificationServiceData"]["relationKey"] == {"id": 5}


async def test_a_search_finds_what_meets_any_filter_inactive_too(octopus: Octopus) -> None:
    query = {"name": "gestopt nv", "vatNr": "BE0456.789.123", "relationId": 2}
    found = await octopus.call("GET", f"{D}/relations", query)
    assert [one["name"] for one in found] == ["Peeters & Zonen BV", "Café De Kroon", "Gestopt NV"]
    listed = await octopus.call("GET", f"{D}/relations")
    assert "Gestopt NV" not in [one["name"] for one in listed]
    await octopus.call("GET", f"{D}/relations", {"extRelationId": 0}, status=404)
    octopus.company.world.switches.relations_list_refused = True
    await octopus.call("GET", f"{D}/relations", status=400)


async def test_a_relation_in_an_unknown_currency_is_refused(octopus: Octopus) -> None:
    assert await octopus.refused("PUT", f"{D}/relations", relation({}) | {"currencyCode": "XXX"}) == -19
    assert await octopus.refused("PUT", f"{D}/relations", relation({}, vatType=5)) == -7


async def test_a_first_bookyear_gets_periods_and_accounts_but_no_journals(octopus: Octopus) -> None:
    token = {"dossierToken": await octopus.sign_in(dossier=3)}
    await octopus.call("GET", "/dossiers/3/bookyears", headers=token, status=404)
    body = {
        "names": [{"language": "FR", "value": "Exercice 2026-2027"}],
        "bookingPeriodType": "QUARTER",
        "fromDate": "2026-07-01",
        "toDate": "2027-06-30",
        "proRataTemporis": True,
        "declarantType": "QUARTERLY",
    }
    made = await octopus.call("POST", "/dossiers/3/bookyears", body=body, headers=token)
    assert (made["fromDate"], made["declarantType"], made["closed"]) == ("2026-07-01", "QUARTERLY", False)
    (year,) = await octopus.call("GET", "/dossiers/3/bookyears", headers=token)
    assert year["bookyearDescription"] == "Exercice 2026-2027"
    assert [(one["bookyearPeriod"], one["startDate"], one["endDate"]) for one in year["periods"]] == [
        (202601, "2026-07-01", "2026-09-30"),
        (202602, "2026-10-01", "2026-12-31"),
        (202603, "2027-01-01", "2027-03-31"),
        (202604, "2027-04-01", "2027-06-30"),
    ]
    accounts = await octopus.call("GET", "/dossiers/3/accounts", {"bookyearId": 1}, headers=token)
    assert 700000 in [one["accountKey"]["id"] for one in accounts]
    await octopus.call("GET", "/dossiers/3/bookyears/1/journals", headers=token, status=404)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2027-02-01", "2028-01-31"),
        ("2027-01-01", "2029-06-30"),
        ("2027-01-01", "2026-12-31"),
    ],
)
async def test_a_bookyear_that_does_not_follow_on_is_refused(octopus: Octopus, first: str, last: str) -> None:
    body = {
        "names": [{"language": "NL", "value": "2027"}],
        "bookingPeriodType": "MONTH",
        "fromDate": first,
        "toDate": last,
        "proRataTemporis": True,
        "declarantType": "MONTHLY",
    }
    assert await octopus.refused("POST", f"{D}/bookyears", body) == -79


async def test_a_bookyear_is_closed_only_when_another_follows(octopus: Octopus) -> None:
    query = {"copyAllAccountDescriptions": "true"}
    await octopus.call("POST", f"{D}/bookyears/{OPEN}/close", query, status=400)
    octopus.dossier.bookyears[CLOSED].data["closed"] = False
    await octopus.call("POST", f"{D}/bookyears/{CLOSED}/close", query, status=204)
    years = await octopus.call("GET", f"{D}/bookyears")
    assert [year["closed"] for year in years] == [True, False]


async def test_an_entry_type_and_a_secured_period_can_be_set(octopus: Octopus) -> None:
    common: Json = {"bookyearKey": {"id": OPEN}, "sequenceNumber": 3, "protectedPeriod": 202609}
    body = {"commonJournalUpdateRequestData": common, "sellJournalInsertionType": "BOOKING"}
    shown = await octopus.call("PUT", f"{D}/journals/V", body=body)
    assert shown["insertionType"] == "BOOKING"
    listed = await octopus.call("GET", f"{D}/bookyears/{OPEN}/journals")
    (journal,) = [one for one in listed if one["journalKey"] == "V3"]
    assert (journal["insertionType"], journal["protectedPeriod"]) == (1, 202609)
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking(journalKey="V3")), status=201)
    common["protectedPeriod"] = 202613
    assert await octopus.refused("PUT", f"{D}/journals/V", body) == -14


async def test_a_journal_is_made_per_bookyear_and_goes_only_while_empty(octopus: Octopus) -> None:
    common: Json = {
        "bookyearKey": {"id": OPEN},
        "sequenceNumber": 4,
        "names": [{"language": "NL", "value": "Nieuw"}],
    }
    body = {"commonJournalInsertRequestData": common, "sellJournalInsertionType": "BOOKING"}
    await octopus.call("POST", f"{D}/journals/V", body=body)
    assert await octopus.refused("POST", f"{D}/journals/V", body) == -38
    common["bookyearKey"] = {"id": CLOSED}
    assert await octopus.refused("POST", f"{D}/journals/V", body) == -15
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking(journalKey="V4")), status=201)
    await octopus.call("DELETE", f"{D}/bookyears/{OPEN}/journals/V/4", status=400)
    await octopus.call("DELETE", f"{D}/bookyears/{OPEN}/journals/V/2", status=204)
    changes = await octopus.call("GET", f"{D}/journals/modified", {"modifiedTimeStamp": RECENT})
    (deleted,) = changes["deletedJournalList"]
    assert (deleted["journalTypeCode"], deleted["sequenceNumber"]) == ("V", 2)
    numbers = {
        one["journalKeyServiceData"]["sequenceNumber"]: one["nextDocumentNumber"]
        for one in changes["modifiedJournalServiceDataList"]
    }
    assert numbers == {4: 2}


async def test_a_new_account_can_be_booked_on(octopus: Octopus) -> None:
    sale = wrapped(booking(bookingLines=[line(accountKey=700500)]))
    assert await octopus.refused("POST", f"{D}/buysellbookings", sale) == -21
    body = {
        "accountKey": {"bookyearKey": {"id": OPEN}, "id": 700500},
        "description": {"description_NL": "Web"},
    }
    await octopus.call("PUT", f"{D}/accounts", body=body, status=201)
    await octopus.call("POST", f"{D}/buysellbookings", body=sale, status=201)
    assert octopus.dossier.bookings[OPEN, "V1", 1].data["amount"] == Decimal("121.00")


async def test_reading_twenty_thousand_bookings_takes_no_noticeable_time(octopus: Octopus) -> None:
    await octopus.call("POST", f"{D}/buysellbookings", body=wrapped(booking()), status=201)
    dossier = octopus.dossier
    first = dossier.bookings[OPEN, "V1", 1]
    for number in range(2, 20_001):
        dossier.bookings[OPEN, "V1", number] = first
    clock = octopus.company.world.clock
    began = clock.now()
    query = {"bookyearId": OPEN, "modifiedTimeStamp": "2026-11-20 09:30:00.000"}
    await octopus.call("GET", f"{D}/buysellbookings/modified", query, status=404)
    await octopus.call("GET", f"{D}/bookyears/{OPEN}/journals")
    assert (clock.now() - began).total_seconds() < 0.5
