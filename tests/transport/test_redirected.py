"""Who redirects to another host of this machine gets nothing sent there: no credentials, no token, no call at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import pytest

from octowizard.octopus import oauth as octopus_oauth
from octowizard.octopus.client import Octopus
from octowizard.octopus.session import Credentials as OctopusCredentials
from octowizard.teamleader import oauth as teamleader_oauth
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import VendorError
from octowizard.transport.ledger import MemoryCallLedger
from octowizard.transport.refusals import Credential, MemoryRefusals
from octowizard.transport.retry import AT_ONCE
from tests.teamleader.vendor import Store

SECRETS = ("the-house", "the-password", "the-code", "the-secret", "a-token", "refresh-0")
FOREIGN = ("127.0.0.2", "::1")


class Hosts(NamedTuple):
    """Where is asked, what that was asked, and what came where it sends on to."""

    url: str
    asked: list[str]
    came: list[bytes]


@asynccontextmanager
async def hosts(foreign: str, status: int, token: str = "") -> AsyncIterator[Hosts]:
    """A host that sends all on to `foreign`, but for a sign-in where a token is given out."""
    asked: list[str] = []
    came: list[bytes] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read(65536))
        writer.close()

    async def sends_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length")), 0
        )
        asked.append(head + (await reader.readexactly(length)).decode())
        body = b""
        lines = [f"HTTP/1.1 {status} Moved", f"Location: http://{name}:{port}/stolen"]
        if token and "/authentication" in head:
            body = json.dumps({"token": token}).encode()
            lines = ["HTTP/1.1 200 OK", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        writer.close()

    async with AsyncExitStack() as open_:
        other = await open_.enter_async_context(await asyncio.start_server(elsewhere, foreign, 0))
        port, name = other.sockets[0].getsockname()[1], f"[{foreign}]" if ":" in foreign else foreign
        here = await open_.enter_async_context(await asyncio.start_server(sends_on, "127.0.0.1", 0))
        yield Hosts(f"http://127.0.0.1:{here.sockets[0].getsockname()[1]}", asked, came)


async def _octopus(url: str) -> None:
    login = OctopusCredentials("the-house", "a-user", "the-password")
    async with Octopus(url, login, dossier_id=None, ledger=MemoryCallLedger(), pauses=AT_ONCE) as client:
        await client.dossiers()


async def _octopus_code(url: str) -> None:
    await octopus_oauth.exchange_code(octopus_oauth.Door(url), "the-house", "the-code", "http://localhost/x")


async def _octopus_refresh(url: str) -> None:
    store = octopus_oauth.FirstRefresh("refresh-0")
    browser = octopus_oauth.BrowserSignIn(octopus_oauth.Door(url), "the-house", store)
    await browser.user_token(MemoryRefusals(), Credential("Octopus", "software house", ("the-house",)))


async def _teamleader_code(url: str) -> None:
    keys = teamleader_oauth.Credentials("an-id", "the-secret")
    await teamleader_oauth.exchange_code(url, keys, "the-code", "http://localhost/x")


async def _teamleader_refresh(url: str) -> None:
    keys = teamleader_oauth.Credentials("an-id", "the-secret")
    async with Teamleader(url, url, keys, Store([]), pauses=AT_ONCE) as teamleader:
        await teamleader.me()


SIGNS_IN: tuple[Callable[[str], Awaitable[None]], ...] = (
    _octopus,
    _octopus_code,
    _octopus_refresh,
    _teamleader_code,
    _teamleader_refresh,
)


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize("sign_in", SIGNS_IN)
async def test_no_credentials_follow_a_redirect_to_another_host(
    sign_in: Callable[[str], Awaitable[None]], status: int, foreign: str
) -> None:
    async with hosts(foreign, status) as there:
        with pytest.raises(VendorError):
            await sign_in(there.url)
        assert any(secret in asked for asked in there.asked for secret in SECRETS)  # they are what was sent
        assert there.came == []


@pytest.mark.parametrize("foreign", FOREIGN)
async def test_no_token_follows_a_redirect_to_another_host(foreign: str) -> None:
    async with hosts(foreign, 307, token="a-token") as there:
        with pytest.raises(VendorError):
            await _octopus(there.url)
        assert any("a-token" in asked for asked in there.asked)
        assert there.came == []
