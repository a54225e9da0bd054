"""The account's settings in the practice Teamleader: entities, rates, ledgers, products, fields, webhooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.sandbox.teamleader_world import (
    ABROAD,
    BAKERY,
    BRUSSELS,
    CHOICE,
    GHENT,
    NO_LEDGER,
    PRODUCT,
    RATE_6,
    RATE_21,
    RATE_GHENT,
    RATE_MC,
    SALES,
    TERM_30,
    TRANSFER,
    UNKNOWN,
    Api,
    make_world,
    open_api,
)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with open_api(make_world()) as opened:
        yield opened


async def test_the_user_and_the_entities_are_shown(api: Api) -> None:
    assert (await api("users.me")).data["account"]["type"] == "account"
    body = {"filter": {"status": ["active"]}, "sort": [{"field": "name", "order": "desc"}]}
    assert (await api("departments.list", body)).ids == [GHENT, BRUSSELS]
    assert (await api("departments.list", {"filter": {"ids": [GHENT]}})).ids == [GHENT]
    assert (await api("departments.info", {"id": GHENT})).data["currency"] == "EUR"
    assert (await api("departments.info", {"id": UNKNOWN})).status == 404


async def test_vat_rates_belong_to_an_entity_and_show_no_code(api: Api) -> None:
    said = await api("taxRates.list", {"filter": {"department_id": BRUSSELS}})
    assert said.ids == [RATE_21, RATE_6, RATE_MC]
    assert said.data[0]["rate"] == Decimal("0.21")
    assert all("code" not in rate for rate in said.data)
    by_rate = await api("taxRates.list", {"sort": [{"field": "rate", "order": "desc"}]})
    assert by_rate.ids == [RATE_21, RATE_GHENT, RATE_6, RATE_MC]


async def test_old_vat_codes_lead_to_rates(api: Api) -> None:
    said = await api("migrate.taxRate", {"department_id": BRUSSELS, "tax_rate": "MC"})
    assert said.data == {"type": "taxRate", "id": RATE_MC}
    assert (await api("migrate.taxRate", {"department_id": GHENT, "tax_rate": "MC"})).status == 404
    assert (await api("migrate.taxRate", {"department_id": UNKNOWN, "tax_rate": "21"})).status == 400


async def test_old_ids_lead_to_records(api: Api) -> None:
    assert (await api("migrate.id", {"type": "company", "id": 1})).id == BAKERY
    assert (await api("migrate.id", {"type": "company", "id": "3"})).id == ABROAD
    assert (await api("migrate.id", {"type": "company", "id": 4})).status == 404
    assert (await api("migrate.id", {"type": "planet", "id": 1})).status == 400


async def test_ledgers_are_those_of_the_entity(api: Api) -> None:
    assert (await api("productCategories.list")).ids == [SALES, NO_LEDGER]
    said = await api("productCategories.list", {"filter": {"department_id": BRUSSELS}})
    assert said.data[0]["ledgers"][0]["ledger_account_number"] == "700000"
    assert (await api("productCategories.list", {"filter": {"department_id": GHENT}})).data == []


async def test_terms_methods_discounts_and_legal_forms_are_listed(api: Api) -> None:
    terms = await api("paymentTerms.list")
    assert terms.body["meta"] == {"default": TERM_30}
    assert terms.data[1]["type"] == "cash"
    assert (await api("paymentMethods.list", {"filter": {"status": ["active"]}})).ids == [TRANSFER]
    body = {"filter": {"department_id": GHENT}}
    assert (await api("commercialDiscounts.list", body)).data == []
    assert (await api("commercialDiscounts.list")).data[0]["name"] == "Korting"
    assert len((await api("businessTypes.list", {"country": "BE"})).data) == 1
    assert (await api("businessTypes.list", {"country": "FR"})).data == []


async def test_products_are_found_by_code_and_shown_with_rate_and_ledger(api: Api) -> None:
    assert (await api("products.list", {"filter": {"term": "br-1"}})).ids == [PRODUCT]
    assert (await api("products.list", {"filter": {"updated_since": "2026-11-02T00:00:00+00:00"}})).data == []
    shown = (await api("products.info", {"id": PRODUCT})).data
    assert (shown["tax"]["id"], shown["product_category"]["id"]) == (RATE_6, SALES)


async def test_a_custom_field_can_be_made_and_is_then_listed(api: Api) -> None:
    body = {
        "label": "Octopus number",
        "type": "single_select",
        "context": "company",
        "configuration": {"options": ["a", "b"]},
    }
    identity = (await api("customFieldDefinitions.create", body)).id
    shown = (await api("customFieldDefinitions.info", {"id": identity})).data
    assert [option["value"] for option in shown["configuration"]["options"]] == ["a", "b"]
    said = await api("customFieldDefinitions.list", {"filter": {"context": "company"}})
    assert identity in said.ids
    assert CHOICE in said.ids
    assert len(said.data) == 3
    long = {**body, "label": "x" * 31}
    assert (await api("customFieldDefinitions.create", long, strict=False)).status == 400


async def test_webhooks_are_registered_listed_in_order_and_taken_away(api: Api) -> None:
    for url in ("https://b.example.be/x", "https://a.example.be/x", "https://b.example.be/x"):
        body = {"url": url, "types": ["invoice.booked", "company.updated"]}
        assert (await api("webhooks.register", body)).status == 204
    said = await api("webhooks.list")
    assert [hook["url"] for hook in said.data] == ["https://a.example.be/x", "https://b.example.be/x"]
    assert said.data[1]["types"] == ["invoice.booked", "company.updated"]
    gone = {"url": "https://a.example.be/x", "types": ["invoice.booked", "company.updated"]}
    assert (await api("webhooks.unregister", gone)).status == 204
    assert (await api("webhooks.unregister", gone)).status == 404
    assert len((await api("webhooks.list")).data) == 1
    wrong = {"url": "https://a.example.be/x", "types": ["company.merged"]}
    assert (await api("webhooks.register", wrong, strict=False)).status == 400
