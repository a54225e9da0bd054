"""The browser sign-in of the practice Octopus: a code once and for five minutes, a refresh token for sixty days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from octowizard.sandbox.octopus import AUTHORIZE, PREFIX, TOKEN
from octowizard.sandbox.server import build_app
from octowizard.sandbox.web import Company
from tests.sandbox.octopus_world import SOFTWARE_HOUSE, tiny_world

REDIRECT = "http://localhost:8765/callback"
ASKED = {
    "client_id": SOFTWARE_HOUSE,
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "scope": "webservice",
    "state": "s1",
}


class Browser:
    """A company, and calls of its sign-in."""

    def __init__(self) -> None:
        self.company = Company(tiny_world())
        address = "http://127.0.0.1:8010"
        transport = httpx.ASGITransport(app=build_app(self.company, address))
        self.http = httpx.AsyncClient(transport=transport, base_url=address)

    async def code(self) -> str:
        """A code that was agreed to."""
        answer = await self.http.get(AUTHORIZE, params={**ASKED, "approve": "yes"})
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert query["state"] == ["s1"]
        return query["code"][0]

    async def token(self, **given: str) -> tuple[int, dict[str, Any]]:
        """Status and body of a token request."""
        answer = await self.http.post(TOKEN, data={"client_id": SOFTWARE_HOUSE, **given})
        return answer.status_code, answer.json()

    def later(self, **by: float) -> None:
        self.company.world.clock.advance(timedelta(**by))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    browser = Browser()
    yield browser
    await browser.http.aclose()


async def test_the_page_asks_and_sends_a_stranger_nowhere(browser: Browser) -> None:
    page = await browser.http.get(AUTHORIZE, params=ASKED)
    assert (page.status_code, 'id="allow"' in page.text) == (200, True)
    refused = await browser.http.get(AUTHORIZE, params={**ASKED, "approve": "no"})
    assert refused.headers["Location"] == f"{REDIRECT}?error=access_denied&state=s1"
    for wrong in ({"redirect_uri": "http://evil.example/"}, {"client_id": "other"}, {"scope": "all"}):
        answer = await browser.http.get(AUTHORIZE, params={**ASKED, **wrong, "approve": "yes"})
        assert (answer.status_code, "Location" in answer.headers) == (400, False)


async def test_the_access_token_is_a_user_token_for_ten_minutes_and_a_refresh_gives_the_next(
    browser: Browser,
) -> None:
    code = await browser.code()
    status, tokens = await browser.token(grant_type="authorization_code", code=code)
    assert (status, tokens["expires_in"]) == (200, 600)
    assert (await browser.token(grant_type="authorization_code", code=code))[0] == 400

    async def lists_dossiers(token: str) -> bool:
        answer = await browser.http.get(f"{PREFIX}/dossiers", headers={"Token": token})
        return answer.status_code == 200

    assert await lists_dossiers(tokens["access_token"])
    browser.later(minutes=10)
    assert not await lists_dossiers(tokens["access_token"])
    refresh = tokens["refresh_token"]
    status, tokens = await browser.token(grant_type="refresh_token", refresh_token=refresh)
    assert status == 200
    assert await lists_dossiers(tokens["access_token"])
    browser.later(days=60)
    refused = await browser.token(grant_type="refresh_token", refresh_token=refresh)
    assert refused == (400, {"error": "invalid_grant"})


async def test_a_code_of_five_minutes_ago_an_unknown_client_and_another_kind_are_refused(
    browser: Browser,
) -> None:
    code = await browser.code()
    browser.later(minutes=5)
    assert (await browser.token(grant_type="authorization_code", code=code))[1] == {"error": "invalid_grant"}
    assert (await browser.token(grant_type="password"))[1] == {"error": "unsupported_grant_type"}
    assert (await browser.token(client_id="other", grant_type="refresh_token"))[0] == 401


async def test_whether_a_refresh_token_works_once_is_a_switch(browser: Browser) -> None:
    browser.company.world.switches.oauth_refresh_once = True
    _status, first = await browser.token(grant_type="authorization_code", code=await browser.code())
    used = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    status, second = await browser.token(**used)
    assert (status, second["refresh_token"] == first["refresh_token"]) == (200, False)
    assert await browser.token(**used) == (400, {"error": "invalid_grant"})
    assert (await browser.token(**{**used, "refresh_token": second["refresh_token"]}))[0] == 200


async def test_where_the_parameters_stand_is_a_switch(browser: Browser) -> None:
    browser.company.world.switches.oauth_parameters = "query"
    given = {"client_id": SOFTWARE_HOUSE, "grant_type": "authorization_code", "code": await browser.code()}
    assert (await browser.http.post(TOKEN, data=given)).status_code == 401
    assert (await browser.http.post(TOKEN, params=given)).status_code == 200
