"""Connections through a proxy: those of httpx, which knows how, in the words of `messages.py`."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx

from octowizard.transport.messages import (
    Arriving,
    Cut,
    Garbled,
    Headers,
    HeldBack,
    NoConnection,
    NoConnectionInTime,
    NoProxy,
    NotSent,
    NoWordInTime,
    Origin,
    Request,
    Seconds,
    Unanswered,
)


class ThroughHttpx:
    """A transport of httpx as a Carrier."""

    def __init__(self, origin: Origin, transport: httpx.AsyncBaseTransport) -> None:
        self._address = origin.address
        self._transport = transport

    async def carry(self, request: Request, arriving: Arriving, patience: Seconds) -> None:
        """See Carrier."""
        async with asyncio.timeout(patience.in_all):
            await self._carry(request, arriving, patience)

    async def _carry(self, request: Request, arriving: Arriving, patience: Seconds) -> None:
        wait = httpx.Timeout(patience.silence, connect=patience.connect, pool=None)
        sent = httpx.Request(
            request.method,
            f"{self._address}{request.target}",
            headers=request.headers,
            content=request.content,
            extensions={"timeout": wait.as_dict()},
        )
        try:
            response = await self._transport.handle_async_request(sent)
            try:
                arriving.begin(response.status_code, Headers(response.headers.multi_items()))
                assert isinstance(response.stream, httpx.AsyncByteStream)
                async for piece in response.stream:
                    arriving.take(piece)
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            raise in_our_words(error) from error

    async def aclose(self) -> None:
        """See Carrier."""
        await self._transport.aclose()


_WORDS: Final[tuple[tuple[type[httpx.HTTPError], type[Unanswered]], ...]] = (
    (httpx.ConnectError, NoConnection),
    (httpx.ConnectTimeout, NoConnectionInTime),
    (httpx.PoolTimeout, HeldBack),
    (httpx.ProxyError, NoProxy),
    (httpx.UnsupportedProtocol, NotSent),
    (httpx.LocalProtocolError, NotSent),
    (httpx.TimeoutException, NoWordInTime),
    (httpx.RemoteProtocolError, Garbled),
)


def in_our_words(error: httpx.HTTPError) -> Unanswered:
    """What is not known may have been sent."""
    ours = next((ours for theirs, ours in _WORDS if isinstance(error, theirs)), Cut)
    return ours(str(error))
