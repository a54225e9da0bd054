"""Whatever a client sends, the practice Teamleader answers as the contract says and never falls over."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from octowizard.sandbox.faults import Fault, Faults
from octowizard.sandbox.teamleader import routes
from octowizard.sandbox.teamleader.http import OPERATIONS
from octowizard.sandbox.web import Company
from tests.contracts import check_response, load
from tests.sandbox.teamleader_world import (
    ACCESS,
    ANN,
    BAKERY,
    BRUSSELS,
    RATE_21,
    SALES,
    UNKNOWN,
    draft,
    make_world,
    open_api,
)

ODD: list[Any] = [
    *(None, True, -1, 0, 10**13, 1.5, 1e300, "", "x", "\ud800", "2026-11-02", "9999-12-31"),
    *("0001-01-01T00:00:00+14:00", BAKERY, ANN, BRUSSELS, RATE_21, SALES, UNKNOWN, [], {}, "http://["),
    *("EUR", "company", "custom_fields,pagination", [BAKERY], ["draft"], [{}], {"type": "primary"}),
]


def schema_of(name: str) -> Any:
    operation = load("teamleader")["paths"][f"/{name}"]["post"]
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def likely(schema: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values that mostly look like what the contract asks for, with odd ones in between."""
    if "$ref" in schema:
        schema = load("teamleader")["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema and depth < 6:
            return st.one_of([likely(branch, depth + 1) for branch in schema[key]])
    odd = st.sampled_from(ODD)
    if "enum" in schema:
        return st.one_of(st.sampled_from(schema["enum"]), odd)
    if "const" in schema:
        return st.one_of(st.just(schema["const"]), odd)
    if "properties" in schema and depth < 6:
        keys = {key: likely(item, depth + 1) for key, item in schema["properties"].items()}
        must = {key: item for key, item in keys.items() if key in schema.get("required", ())}
        may = {key: item for key, item in keys.items() if key not in must}
        return st.one_of(st.fixed_dictionaries(must, optional=may), odd)
    if schema.get("type") == "array" and depth < 6:
        return st.one_of(st.lists(likely(schema["items"], depth + 1), max_size=2), odd)
    return st.one_of(odd, st.text(max_size=5), st.integers(), st.sampled_from([BAKERY, ANN, RATE_21]))


@pytest.mark.parametrize("name", list(OPERATIONS))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_any_body_is_answered_as_documented(name: str, data: st.DataObject) -> None:
    world = make_world(limits=False)
    async with open_api(world) as api:
        identity = await api.book()
        body = data.draw(likely(schema_of(name)))
        if isinstance(body, dict) and "id" in body and data.draw(st.booleans()):
            body["id"] = data.draw(st.sampled_from([identity, BAKERY, ANN]))
        path = f"/teamleader/{name}"
        headers = {"Authorization": f"Bearer {ACCESS}"}
        answer = await api.http.post(path, content=json.dumps(body).encode(), headers=headers)
        said = json.loads(answer.content, parse_float=Decimal) if answer.content else None
        check_response("teamleader", "POST", path, answer.status_code, dict(answer.headers), said)
        for subject, key in (("companies", BAKERY), ("contacts", ANN), ("invoices", identity)):
            await api(f"{subject}.info", {"id": key})


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40), st.text(max_size=10))
async def test_any_query_is_answered(name: str, value: str) -> None:
    transport = httpx.ASGITransport(Starlette(routes=routes(Company(make_world()))))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        headers = {"Authorization": f"Bearer {ACCESS}"}
        for prefix in ("", "filter[", "page[", "sort[0]["):
            query = {prefix + name: value}
            answer = await http.get("/teamleader/companies.list", params=query, headers=headers)
            assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "wrong", [r'{"name": "\ud800"}', r'{"name": "x", "custom_fields": [{"id": "\uDFFF"}]}']
)
async def test_half_a_character_is_refused_and_a_whole_one_kept(wrong: str) -> None:
    async with open_api(make_world()) as api:
        headers = {"Authorization": f"Bearer {ACCESS}"}
        path = "/teamleader/companies.add"
        assert (await api.http.post(path, content=wrong, headers=headers)).status_code == 400
        whole = r'{"name": "\ud83d\ude00"}'
        answer = await api.http.post(path, content=whole, headers=headers)
        identity = answer.json()["data"]["id"]
        assert (await api("companies.info", {"id": identity})).data["name"] == "😀"


async def test_an_injected_429_carries_the_window_headers() -> None:
    world = make_world()
    company = Company(world)
    company.faults = Faults(0)
    company.faults.add(Fault("invoices.list", "status", status=429, times=1))
    transport = httpx.ASGITransport(Starlette(routes=routes(company)))
    headers = {"Authorization": f"Bearer {ACCESS}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        answer = await http.post("/teamleader/invoices.list", headers=headers)
        assert answer.status_code == 429
        assert answer.headers["X-RateLimit-Limit"] == "200"
        assert (await http.post("/teamleader/invoices.list", headers=headers)).status_code == 200
    assert world.teamleader_refused[0].status == 429
    assert world.teamleader_calls == {"invoices.list": 2}


async def test_a_long_number_of_drafts_is_found_to_the_last() -> None:
    world = make_world(limits=False)
    async with open_api(world) as api:
        for _ in range(101):
            await api("invoices.draft", draft())
        body = {"page": {"size": 100, "number": 2}}
        assert len((await api("invoices.list", body)).data) == 1
