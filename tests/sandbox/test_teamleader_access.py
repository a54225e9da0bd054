"""Signing in to the practice Teamleader, its call window, and what every answer has in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from octowizard.sandbox.teamleader.http import OPERATIONS
from tests.contracts import check_request, load
from tests.sandbox.teamleader_world import (
    ABROAD,
    ACCESS,
    BAKERY,
    BREWERY,
    CLIENT,
    REDIRECT,
    REFRESH,
    SECRET,
    UNKNOWN,
    Api,
    make_world,
    open_api,
)

AUTHORIZE = "/teamleader-auth/oauth2/authorize"


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with open_api(make_world()) as opened:
        yield opened


def ask(**over: str) -> dict[str, str]:
    return {
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "state": "s1",
        **over,
    }


def test_every_operation_of_the_contract_is_served() -> None:
    contract = {path[1:] for path in load("teamleader")["paths"] if "oauth2" not in path}
    assert set(OPERATIONS) == contract


async def test_consent_page_says_it_is_the_practice_company_and_offers_both_answers(api: Api) -> None:
    check_request("teamleader", "GET", AUTHORIZE, ask(), {}, None)
    page = await api.http.get(AUTHORIZE, params=ask())
    assert page.status_code == 200
    assert "practice company" in page.text
    assert "approve=yes" in page.text
    assert "approve=no" in page.text


async def test_consent_page_does_not_carry_text_from_outside_as_markup(api: Api) -> None:
    page = await api.http.get(AUTHORIZE, params=ask(state='"><script>alert(1)</script>'))
    assert "<script>" not in page.text


async def test_allowing_gives_a_code_that_buys_tokens_once(api: Api) -> None:
    answer = await api.http.get(AUTHORIZE, params=ask(approve="yes"))
    assert answer.status_code == 302
    there = parse_qs(urlsplit(answer.headers["location"]).query)
    assert there["state"] == ["s1"]
    code = there["code"][0]
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    tokens = await api.token_request(**grant)
    assert tokens.status == 200
    assert tokens.body["expires_in"] == 3600
    api.token = tokens.body["access_token"]
    assert (await api("users.me")).status == 200
    again = await api.token_request(**grant)
    assert (again.status, again.title) == (400, "invalid_grant")


async def test_a_code_is_worth_nothing_after_ten_minutes(api: Api) -> None:
    answer = await api.http.get(AUTHORIZE, params=ask(approve="yes"))
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    api.world.clock.advance(timedelta(minutes=10))
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    assert (await api.token_request(**grant)).status == 400


async def test_refusing_sends_back_access_denied(api: Api) -> None:
    answer = await api.http.get(AUTHORIZE, params=ask(approve="no"))
    assert answer.headers["location"] == f"{REDIRECT}?error=access_denied&state=s1"


@pytest.mark.parametrize("wrong", [{"client_id": "other"}, {"redirect_uri": "https://example.be/"}])
async def test_nobody_is_sent_to_an_unregistered_address(api: Api, wrong: dict[str, str]) -> None:
    answer = await api.http.get(AUTHORIZE, params=ask(approve="yes", **wrong))
    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_a_refresh_token_works_once_and_its_successor_works(api: Api) -> None:
    first = await api.token_request(grant_type="refresh_token", refresh_token=REFRESH)
    assert first.status == 200
    reused = await api.token_request(grant_type="refresh_token", refresh_token=REFRESH)
    assert reused.status == 400
    assert reused.body == {
        "errors": [{"status": 400, "title": "invalid_grant", "meta": {"hint": "Token has been revoked"}}]
    }
    next_one = first.body["refresh_token"]
    assert next_one != REFRESH
    assert (await api.token_request(grant_type="refresh_token", refresh_token=next_one)).status == 200


async def test_tokens_can_be_asked_for_in_json(api: Api) -> None:
    body = {
        "grant_type": "refresh_token",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "refresh_token": REFRESH,
    }
    check_request("teamleader", "POST", "/teamleader-auth/oauth2/access_token", {}, {}, body)
    answer = await api.http.post("/teamleader-auth/oauth2/access_token", json=body)
    assert answer.status_code == 200


async def test_a_wrong_secret_is_refused_and_costs_no_token(api: Api) -> None:
    wrong = await api.token_request(grant_type="refresh_token", refresh_token=REFRESH, client_secret="x")
    assert wrong.status == 401
    assert (await api.token_request(grant_type="refresh_token", refresh_token=REFRESH)).status == 200


async def test_an_access_token_ends_after_an_hour(api: Api) -> None:
    tokens = await api.token_request(grant_type="refresh_token", refresh_token=REFRESH)
    api.token = tokens.body["access_token"]
    api.world.clock.advance(timedelta(minutes=59))
    assert (await api("users.me")).status == 200
    api.world.clock.advance(timedelta(minutes=1))
    assert (await api("users.me")).status == 401


@pytest.mark.parametrize("token", [None, "never issued"])
async def test_without_a_good_token_nothing_is_shown(api: Api, token: str | None) -> None:
    api.token = token
    said = await api("companies.list")
    assert said.status == 401
    assert said.body["errors"][0]["status"] == 401
    assert api.world.teamleader_refused[-1].operation == "companies.list"


async def test_more_than_ten_wrong_credentials_in_ten_minutes_block_even_the_right_ones(api: Api) -> None:
    for _ in range(10):
        assert (await api.token_request(grant_type="refresh_token", refresh_token="old")).status == 400
    assert (await api("users.me")).status == 200
    await api.token_request(grant_type="refresh_token", refresh_token="old")
    assert (await api("users.me")).status == 403
    assert (await api.token_request(grant_type="refresh_token", refresh_token=REFRESH)).status == 403


async def test_wrong_credentials_spread_over_more_than_ten_minutes_do_not_block(api: Api) -> None:
    for _ in range(20):
        await api.token_request(grant_type="refresh_token", refresh_token="old")
        api.world.clock.advance(timedelta(minutes=1, seconds=1))
    assert (await api("users.me")).status == 200


async def test_expired_tokens_do_not_block(api: Api) -> None:
    api.world.teamleader.access_tokens["expired"] = api.world.clock.now()
    api.token = "expired"
    for _ in range(12):
        assert (await api("users.me")).status == 401
    api.token = ACCESS
    assert (await api("users.me")).status == 200


async def test_the_window_never_lets_the_201st_call_through(api: Api) -> None:
    begun = api.world.clock.now()
    for made in range(1, 201):
        said = await api("users.me")
        assert said.status == 200
        assert said.headers["X-RateLimit-Limit"] == "200"
        assert said.headers["X-RateLimit-Remaining"] == str(200 - made)
    over = await api("users.me")
    assert (over.status, over.headers["X-RateLimit-Remaining"]) == (429, "0")
    text = over.headers["X-RateLimit-Reset"]
    assert text.endswith("+00:00")
    reset = datetime.fromisoformat(text)
    assert begun + timedelta(seconds=60) <= reset
    api.world.clock.set(reset)
    assert (await api("users.me")).status == 200


@pytest.mark.parametrize(("refused_calls_count", "at_least"), [(False, 25), (True, 5)])
async def test_in_no_sixty_seconds_are_more_than_the_limit_allowed(
    api: Api, refused_calls_count: bool, at_least: int
) -> None:
    """Where refused calls count too, nobody gets in who keeps on asking."""
    api.world.switches.rate_limit_per_minute = 5
    api.world.switches.refused_calls_count = refused_calls_count
    allowed: list[datetime] = []
    for _ in range(60):
        api.world.clock.advance(timedelta(seconds=7))
        for _ in range(2):
            before = api.world.clock.now()
            if (await api("users.me")).status == 200:
                allowed.append(before)
    for index, moment in enumerate(allowed):
        inside = [other for other in allowed[index:] if other - moment < timedelta(seconds=59)]
        assert len(inside) <= 5
    assert len(allowed) >= at_least
    assert not refused_calls_count or len(allowed) == 5


async def test_without_limits_the_headers_say_so() -> None:
    async with open_api(make_world(limits=False)) as api:
        for _ in range(250):
            said = await api("paymentTerms.list")
        assert said.status == 200
        assert said.headers["X-RateLimit-Limit"] == "1000000"
        assert said.headers["X-RateLimit-Remaining"] == "999999"


async def test_the_version_is_repeated(api: Api) -> None:
    assert (await api("users.me")).headers["X-Api-Version"] == "2023-09-26"


@pytest.mark.parametrize(
    "body",
    [
        {"filter": {"nmae": "x"}, "nonsense": 1},
        {"sort": [{"field": "vat_number"}]},
        {"sort": [{"field": ["name"]}, 7, None]},
        {"sort": "name"},
        {"sort": {"field": "name"}},
        {"includes": "price_lists,nonsense"},
        [],
    ],
    ids=str,
)
async def test_what_a_list_does_not_know_is_passed_over_and_everything_returned(api: Api, body: Any) -> None:
    said = await api("companies.list", body, strict=False)
    assert (said.status, set(said.ids)) == (200, {BAKERY, BREWERY, ABROAD})


async def test_refused_calls_of_an_account_count_in_its_window_and_those_of_nobody_do_not(api: Api) -> None:
    api.world.teamleader.access_tokens["expired"] = api.world.clock.now()
    calls = [
        ("companies.info", {"id": "nonsense"}, ACCESS, 400),
        ("companies.info", {"id": UNKNOWN}, ACCESS, 404),
        ("companies.merge", {}, ACCESS, 404),
        ("users.me", {}, "expired", 401),
        ("users.me", {}, "never issued", 401),
    ]
    left = []
    for name, body, token, status in calls:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await api.http.post(f"/teamleader/{name}", json=body, headers=headers)
        assert answer.status_code == status
        left.append(int(answer.headers["X-RateLimit-Remaining"]))
    assert left == [199, 198, 197, 196, 196]
    api.world.switches.rate_limit_per_minute = 4
    for _ in range(2):
        assert (await api("users.me")).status == 429
    api.world.clock.advance(timedelta(seconds=60))
    assert (await api("users.me")).headers["X-RateLimit-Remaining"] == "3"


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("companies.list", {"filter": {"email": "info@example.be"}}, "filter.email"),
        ("companies.list", {"filter": {"ids": ["nonsense"]}}, "filter.ids.0"),
        ("companies.list", {"filter": {"status": "asleep"}}, "filter.status"),
        ("companies.list", {"filter": {"updated_since": "yesterday"}}, "filter.updated_since"),
        ("companies.list", {"page": {"size": 101}}, "page.size"),
        ("companies.list", {"page": {"size": 0}}, "page.size"),
        ("companies.list", {"page": {"number": "1"}}, "page.number"),
        ("customFieldDefinitions.list", {"filter": {"context": "sale"}}, "filter.context"),
        ("companies.info", {"id": "nonsense"}, "id"),
        ("companies.info", {}, "id"),
        ("companies.add", {"name": ""}, "name"),
        ("companies.add", {"name": "X", "business_type_id": UNKNOWN}, "business_type_id"),
        ("invoices.list", {"filter": {"status": ["paid"]}}, "filter.status.0"),
        ("invoices.list", {"filter": {"status": "draft"}}, "filter.status"),
        ("invoices.list", {"filter": {"invoice_date_after": "2026-02-30"}}, "filter.invoice_date_after"),
    ],
)
async def test_a_wrong_body_is_refused_and_the_field_named(
    api: Api, name: str, body: dict[str, Any], field: str
) -> None:
    said = await api(name, body, strict=False)
    assert (said.status, said.field) == (400, field)


async def test_a_body_that_is_no_json_object_is_refused(api: Api) -> None:
    headers = {"Authorization": f"Bearer {ACCESS}"}
    for content in (b"{", b"[1]", b'"x"'):
        answer = await api.http.post("/teamleader/companies.list", content=content, headers=headers)
        assert answer.status_code == 400


async def test_an_unknown_id_is_404_where_it_is_the_subject_and_400_inside_a_body(api: Api) -> None:
    for name in ("companies.info", "contacts.delete", "invoices.info", "invoices.removePayments"):
        assert (await api(name, {"id": UNKNOWN})).status == 404
    link = {"id": UNKNOWN, "company_id": BAKERY}
    assert (await api("contacts.linkToCompany", link)).status == 404
    assert (await api("companies.update", {"id": BAKERY, "responsible_user_id": UNKNOWN})).status == 400


async def test_old_clients_may_read_with_get(api: Api) -> None:
    headers = {"Authorization": f"Bearer {ACCESS}"}
    query = f"page[size]=1&page[number]=1&filter[ids][]={BREWERY}&filter[ids][]={BAKERY}&sort[0][field]=name"
    answer = await api.http.get(f"/teamleader/companies.list?{query}", headers=headers)
    assert [record["id"] for record in answer.json()["data"]] == [BAKERY]
    answer = await api.http.get(f"/teamleader/companies.info?id={BREWERY}", headers=headers)
    assert answer.json()["data"]["id"] == BREWERY
    answer = await api.http.get("/teamleader/users.me", headers=headers)
    assert (answer.status_code, answer.json()["data"]) == (200, (await api("users.me")).data)
    assert answer.json()["data"]["teams"] == []
    answer = await api.http.get(f"/teamleader/companies.delete?id={BREWERY}", headers=headers)
    assert answer.status_code == 405
    assert BREWERY in api.world.teamleader.companies


async def test_a_call_that_the_vendor_lacks_is_not_found(api: Api) -> None:
    answer = await api.http.post("/teamleader/companies.merge", json={})
    assert answer.status_code == 404
    assert "X-RateLimit-Limit" in answer.headers
    assert "X-Api-Version" not in answer.headers
    assert answer.json()["errors"][0]["status"] == 404


async def test_a_renewed_practice_company_knows_nothing_of_the_calls_before() -> None:
    import httpx
    from starlette.applications import Starlette

    from octowizard.sandbox.teamleader import routes
    from octowizard.sandbox.web import Company

    company = Company(make_world())
    company.world.switches.rate_limit_per_minute = 1
    transport = httpx.ASGITransport(Starlette(routes=routes(company)))
    headers = {"Authorization": f"Bearer {ACCESS}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        await http.post("/teamleader/users.me", headers=headers)
        assert (await http.post("/teamleader/users.me", headers=headers)).status_code == 429
        company.world = make_world()
        fresh = await http.post("/teamleader/users.me", headers=headers)
    assert (fresh.status_code, fresh.headers["X-RateLimit-Remaining"]) == (200, "199")
