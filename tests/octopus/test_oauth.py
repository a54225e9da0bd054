"""Octopus' sign-in by the browser: what a code must bring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import parse_qs

import httpx
import pytest

from octowizard.octopus import oauth
from octowizard.transport import http
from octowizard.transport.errors import Unreadable
from octowizard.transport.refusals import Credential, MemoryRefusals


async def test_a_code_that_brings_no_refresh_token_signs_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.Response(200, json={"access_token": "short-lived"})

    answering = partial(http.client, transport=httpx.MockTransport(lambda _request: answer))
    monkeypatch.setattr(oauth, "client", answering)
    door = oauth.Door("http://127.0.0.1:9/octopus-oauth")
    with pytest.raises(Unreadable) as caught:
        await oauth.exchange_code(door, "house", "code", "http://localhost:8765/callback")
    assert caught.value.path == "$.refresh_token"


class OneAtATime(MemoryRefusals):
    """As the refusals of a workspace: one process signs in at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        async with self._lock:
            yield


async def test_two_that_sign_in_at_once_share_refresh_tokens_that_work_only_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether Octopus gives out such ones is not known."""
    good = ["refresh-0"]

    def answer(request: httpx.Request) -> httpx.Response:
        if parse_qs(request.content.decode())["refresh_token"] != [good[-1]]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        good.append(f"refresh-{len(good)}")
        return httpx.Response(200, json={"access_token": f"access-{len(good)}", "refresh_token": good[-1]})

    monkeypatch.setattr(oauth, "client", partial(http.client, transport=httpx.MockTransport(answer)))
    door, store, refusals = oauth.Door("http://127.0.0.1:9/o"), oauth.FirstRefresh("refresh-0"), OneAtATime()
    house = Credential("Octopus", "software house", ("house",))
    several = [oauth.BrowserSignIn(door, "house", store) for _ in range(3)]
    tokens = await asyncio.gather(*(each.user_token(refusals, house) for each in several))
    assert sorted(tokens) == ["access-2", "access-3", "access-4"]
    assert store.read() == good[-1]
