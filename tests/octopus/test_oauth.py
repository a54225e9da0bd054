"""Octopus' sign-in by the browser: what a code must bring."""

from __future__ import annotations

import httpx
import pytest

from octowizard.octopus import oauth
from octowizard.transport.errors import Unreadable


async def test_a_code_that_brings_no_refresh_token_signs_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.Response(200, json={"access_token": "short-lived"})

    def client(address: str, **_options: object) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=address, transport=httpx.MockTransport(lambda _request: answer))

    monkeypatch.setattr(oauth, "client", client)
    door = oauth.Door("http://127.0.0.1:9/octopus-oauth")
    with pytest.raises(Unreadable) as caught:
        await oauth.exchange_code(door, "house", "code", "http://localhost:8765/callback")
    assert caught.value.path == "$.refresh_token"
