"""Companies, contacts, their links and tags in the practice Teamleader."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.sandbox.teamleader_world import (
    ABROAD,
    ANN,
    BAKERY,
    BOB,
    BREWERY,
    BV,
    CHOICE,
    FIELD,
    INVOICE_FIELD,
    UNKNOWN,
    Api,
    company,
    draft,
    make_world,
    open_api,
    uid,
)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with open_api(make_world()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"ids": [BAKERY, UNKNOWN]}, {BAKERY}),
        ({"term": "proef"}, {BAKERY}),
        ({"term": "0400000097"}, {BAKERY}),
        ({"term": "info1f@"}, {BAKERY}),
        ({"email": {"type": "primary", "email": "INFO1F@example.be"}}, {BAKERY}),
        ({"updated_since": "2026-11-10T08:00:00+00:00"}, {BREWERY}),
        ({"updated_since": "2026-11-10T08:00:01+00:00"}, set()),
        ({"tags": ["klant", "bier"]}, {BREWERY}),
        ({"vat_number": "BE 0400.000.097"}, {BAKERY}),
        ({"status": "active"}, {BAKERY, ABROAD}),
        ({"status": "deactivated", "tags": ["klant"]}, {BREWERY}),
        ({"marketing_mails_consent": True}, set()),
        ({}, {BAKERY, BREWERY, ABROAD}),
    ],
)
async def test_companies_are_found_by_every_filter(
    api: Api, filters: dict[str, Any], found: set[str]
) -> None:
    assert set((await api("companies.list", {"filter": filters})).ids) == found


async def test_pages_cover_all_companies_once_and_end_empty(api: Api) -> None:
    for number in range(100, 145):
        api.world.teamleader.companies[uid(number)] = company(uid(number), f"Firma {number}")
    seen: list[str] = []
    sort = [{"field": "updated_at", "order": "asc"}]
    for number in (1, 2, 3):
        page = (await api("companies.list", {"page": {"size": 20, "number": number}, "sort": sort})).ids
        seen += page
    assert len(seen) == len(set(seen)) == 48
    assert (await api("companies.list", {"page": {"size": 20, "number": 4}, "sort": sort})).data == []
    assert len((await api("companies.list")).data) == 20


async def test_totals_of_a_list_come_only_when_asked_for(api: Api) -> None:
    assert "meta" not in (await api("companies.list")).body
    asked = await api("companies.list", {"page": {"size": 2}, "includes": "pagination"})
    assert asked.body["meta"] == {"page": {"size": 2, "number": 1}, "matches": 3}
    assert "meta" not in (await api("contacts.list", {"includes": "pagination"})).body


async def test_a_page_over_a_hundred_can_be_cut_instead_of_refused(api: Api) -> None:
    api.world.switches.page_size_over_100 = "clamp"
    for number in range(100, 220):
        api.world.teamleader.companies[uid(number)] = company(uid(number), f"Firma {number}")
    assert len((await api("companies.list", {"page": {"size": 500}}, strict=False)).data) == 100


async def test_companies_are_sorted_as_asked(api: Api) -> None:
    by_name = await api("companies.list", {"sort": [{"field": "name", "order": "desc"}]})
    assert by_name.ids == [BREWERY, BAKERY, ABROAD]


async def test_the_list_is_lean_and_the_record_full(api: Api) -> None:
    lean = (await api("companies.list", {"filter": {"ids": [BAKERY]}})).data[0]
    assert lean["primary_address"]["city"] == "Gent"
    assert not {"addresses", "remarks", "custom_fields"} & lean.keys()
    with_fields = await api("companies.list", {"includes": "custom_fields"})
    assert with_fields.data[0]["custom_fields"] == []
    full = (await api("companies.info", {"id": BAKERY})).data
    assert full["addresses"][0]["type"] == "primary"
    assert not {"primary_address", "related_contacts"} & full.keys()
    body = {"id": BAKERY, "includes": "related_contacts,related_companies"}
    related = (await api("companies.info", body)).data
    assert [entry["id"] for entry in related["related_contacts"]] == [ANN]
    assert related["related_contacts"][0]["is_decision_maker"] is True


async def test_what_the_vendor_never_shows_never_leaves(api: Api) -> None:
    api.world.teamleader.companies[BAKERY].data["_booking"] = "contractor"
    for name in ("companies.list", "contacts.list", "taxRates.list"):
        text = json.dumps((await api(name)).body, default=str)
        assert "contractor" not in text
        assert "100001" not in text
    assert "_booking" not in (await api("companies.info", {"id": BAKERY})).data


async def test_a_company_is_added_with_only_a_name_and_shown_complete(api: Api) -> None:
    identity = (await api("companies.add", {"name": "Nieuw & Co"})).id
    shown = (await api("companies.info", {"id": identity})).data
    assert (shown["name"], shown["status"], shown["emails"]) == ("Nieuw & Co", "active", [])
    assert identity in (await api("companies.list")).ids


async def test_a_company_keeps_all_that_it_was_added_with(api: Api) -> None:
    address = {"line_1": "Markt 1", "postal_code": "8000", "city": "Brugge", "country": "BE"}
    body = {
        "name": "Alles NV",
        "business_type_id": BV,
        "vat_number": "BE0400000196",
        "emails": [{"type": "invoicing", "email": "facturen@example.be"}],
        "addresses": [{"type": "invoicing", "address": {**address, "addressee": "Boekhouding"}}],
        "tags": ["nieuw", "nieuw"],
        "custom_fields": [{"id": CHOICE, "value": "Gold"}],
    }
    shown = (await api("companies.info", {"id": (await api("companies.add", body)).id})).data
    assert shown["addresses"][0]["address"]["addressee"] == "Boekhouding"
    assert shown["tags"] == ["nieuw"]
    assert shown["custom_fields"][0]["value"] == "Gold"
    assert shown["business_type"] == {"type": "businessType", "id": BV}


async def test_an_update_changes_only_what_it_names_and_null_clears(api: Api) -> None:
    before = (await api("companies.info", {"id": BAKERY})).data
    body = {"id": BAKERY, "vat_number": None, "language": None, "emails": [], "tags": ["anders"]}
    assert (await api("companies.update", body)).status == 204
    after = (await api("companies.info", {"id": BAKERY})).data
    assert (after["vat_number"], after["language"], after["emails"]) == (None, None, [])
    assert after["tags"] == ["anders"]
    assert after["telephones"] == before["telephones"]
    assert after["updated_at"] > before["updated_at"]


async def test_read_only_fields_of_a_company_stay(api: Api) -> None:
    body = {
        "id": BAKERY,
        "status": "deactivated",
        "payment_term": {"type": "cash"},
        "invoicing_preferences": {},
    }
    assert (await api("companies.update", body, strict=False)).status == 204
    shown = (await api("companies.info", {"id": BAKERY})).data
    assert shown["status"] == "active"
    assert shown["payment_term"] == {"type": "after_invoice_date", "days": 30}


async def test_custom_fields_are_replaced_or_merged_as_asked(api: Api) -> None:
    for extra in ({"id": FIELD, "value": "one"}, {"id": CHOICE, "value": "Gold"}):
        body = {"id": BAKERY, "custom_fields": [extra], "custom_fields_update_strategy": "partial"}
        await api("companies.update", body)
    assert len((await api("companies.info", {"id": BAKERY})).data["custom_fields"]) == 2
    await api("companies.update", {"id": BAKERY, "custom_fields": [{"id": FIELD, "value": "two"}]})
    fields = (await api("companies.info", {"id": BAKERY})).data["custom_fields"]
    assert [entry["value"] for entry in fields] == ["two"]


@pytest.mark.parametrize(
    "field",
    [
        {"id": CHOICE, "value": "Silver"},
        {"id": INVOICE_FIELD, "value": "x"},
        {"id": UNKNOWN, "value": "x"},
    ],
)
async def test_a_wrong_custom_field_is_refused_and_nothing_changes(api: Api, field: dict[str, str]) -> None:
    body = {"id": BAKERY, "name": "Changed", "custom_fields": [field]}
    assert (await api("companies.update", body)).status == 400
    assert (await api("companies.info", {"id": BAKERY})).data["name"] == "Bakkerij De Proef"


async def test_a_company_with_documents_cannot_be_deleted_and_one_without_can(api: Api) -> None:
    await api("invoices.draft", draft(customer=BREWERY))
    assert (await api("companies.delete", {"id": BREWERY})).status == 400
    assert (await api("companies.delete", {"id": BAKERY})).status == 204
    assert (await api("companies.info", {"id": BAKERY})).status == 404
    assert (await api("contacts.info", {"id": ANN})).data["companies"] == []


@pytest.mark.parametrize(
    ("kind", "identity", "before"), [("companies", BAKERY, ["klant"]), ("contacts", ANN, [])]
)
async def test_tags_come_and_go(api: Api, kind: str, identity: str, before: list[str]) -> None:
    assert (await api(f"{kind}.tag", {"id": identity, "tags": ["brood", *before]})).status == 204
    assert (await api(f"{kind}.info", {"id": identity})).data["tags"] == [*before, "brood"]
    assert (await api("tags.list")).data == [{"tag": "bier"}, {"tag": "brood"}, {"tag": "klant"}]
    await api(f"{kind}.untag", {"id": identity, "tags": ["klant"]})
    assert (await api(f"{kind}.info", {"id": identity})).data["tags"] == ["brood"]
    assert (await api(f"{kind}.tag", {"id": identity, "tags": []}, strict=False)).status == 400
    assert (await api(f"{kind}.untag", {"id": UNKNOWN, "tags": ["brood"]})).status == 404


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"company_id": BAKERY}, {ANN}),
        ({"company_id": None}, {BOB}),
        ({"term": "bob claes"}, {BOB}),
        ({"email": {"type": "primary", "email": "ann@example.be"}}, {ANN}),
        ({"status": "deactivated"}, set()),
        ({"updated_since": "2026-11-01T09:00:00+01:00"}, {ANN, BOB}),
    ],
)
async def test_contacts_are_found_by_every_filter(api: Api, filters: dict[str, Any], found: set[str]) -> None:
    said = await api("contacts.list", {"filter": filters, "sort": [{"field": "name"}]})
    assert set(said.ids) == found
    assert all("companies" not in record for record in said.data)


async def test_contacts_are_added_changed_and_deleted(api: Api) -> None:
    body = {"last_name": "Łukasz", "emails": [{"type": "primary", "email": "l@example.be"}]}
    identity = (await api("contacts.add", body)).id
    await api("contacts.update", {"id": identity, "first_name": "Ewa", "birthdate": "1980-02-29"})
    shown = (await api("contacts.info", {"id": identity})).data
    assert (shown["first_name"], shown["last_name"], shown["birthdate"]) == ("Ewa", "Łukasz", "1980-02-29")
    nothing = {"emails": [{"type": "primary", "email": None}], "telephones": None, "language": None}
    assert (await api("contacts.update", {"id": identity, **nothing}, strict=False)).status == 400  # language
    del nothing["language"]
    assert (await api("contacts.update", {"id": identity, **nothing})).status == 204
    shown = (await api("contacts.info", {"id": identity})).data
    assert (shown["emails"], shown["telephones"]) == ([], [])
    assert (await api("contacts.delete", {"id": identity})).status == 204
    assert (await api("contacts.info", {"id": identity})).status == 404


async def test_a_contact_is_linked_changed_and_unlinked(api: Api) -> None:
    link = {"id": BOB, "company_id": BREWERY}
    assert (await api("contacts.linkToCompany", {**link, "position": "brewer"})).status == 204
    assert (await api("contacts.linkToCompany", link)).status == 400
    await api("contacts.updateCompanyLink", {**link, "decision_maker": True})
    (shown,) = (await api("contacts.info", {"id": BOB})).data["companies"]
    assert (shown["position"], shown["decision_maker"]) == ("brewer", True)
    assert (await api("contacts.unlinkFromCompany", link)).status == 204
    assert (await api("contacts.unlinkFromCompany", link)).status == 400
    unknown = {"id": BOB, "company_id": UNKNOWN}
    assert (await api("contacts.linkToCompany", unknown)).status == 400
