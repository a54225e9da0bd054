"""Adding and deleting customers in the practice Teamleader, as unforgiving as its contract."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from octowizard.sandbox.state import World
from tests.sandbox.teamleader_world import BAKERY, BOB, Api, make_world, open_api


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
async def api(world: World) -> AsyncIterator[Api]:
    async with open_api(world) as opened:
        yield opened


@pytest.mark.parametrize(
    "field",
    ["vat_number", "national_identification_number", "website", "iban", "bic", "remarks", "business_type_id"],
)
async def test_nothing_of_a_new_company_may_be_null_and_a_change_may_clear_it(api: Api, field: str) -> None:
    body = {"name": "Nieuw", field: None}
    assert (await api("companies.add", body, strict=False)).status == 400
    assert (await api("companies.update", {"id": BAKERY, field: None})).status == 204


@pytest.mark.parametrize("field", ["first_name", "website"])
async def test_nor_may_the_names_of_a_new_contact(api: Api, field: str) -> None:
    assert (await api("contacts.add", {"last_name": "Nieuw", field: None}, strict=False)).status == 400


@pytest.mark.parametrize("missing", ["line_1", "postal_code", "city", "country"])
async def test_an_address_needs_all_four_of_its_keys(api: Api, missing: str) -> None:
    address: dict[str, Any] = {"line_1": None, "postal_code": None, "city": None, "country": "BE"}
    body = {"name": "Nieuw", "addresses": [{"type": "primary", "address": address}]}
    assert (await api("companies.add", body)).status == 201
    del address[missing]
    assert (await api("companies.add", body, strict=False)).status == 400


async def test_what_is_deleted_lies_in_the_recycle_bin(api: Api, world: World) -> None:
    assert (await api("companies.delete", {"id": BAKERY})).status == 204
    assert (await api("contacts.delete", {"id": BOB})).status == 204
    assert set(world.teamleader.recycled) == {BAKERY, BOB}
    assert (await api("companies.delete", {"id": BAKERY})).status == 404


async def test_a_company_with_deals_is_not_deleted_although_no_answer_shows_them(
    api: Api, world: World
) -> None:
    world.teamleader.companies[BAKERY].hidden["deals"] = True
    assert (await api("companies.delete", {"id": BAKERY})).status == 400
    assert (await api("companies.info", {"id": BAKERY})).status == 200
