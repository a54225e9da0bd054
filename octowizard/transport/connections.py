"""Connections to a vendor: requests and answers of httpx over those of aiohttp, whose parser is compiled.

A request goes out once: nothing here sends it a second time, and nothing follows, unpacks or remembers anything of
an answer. What fails is told in httpx's words, so that `http.classify` knows whether something may have left.
"""

from __future__ import annotations

import asyncio
import selectors
import ssl
from collections.abc import AsyncIterator
from typing import Final
from weakref import WeakSet

import aiohttp
import httpx
from aiohttp.connector import Connection
from yarl import URL

_MOST_HEADER: Final = 64 * 1024
_READ_AT_ONCE: Final = 256 * 1024


class Connections(httpx.AsyncBaseTransport):
    """Connections of HTTP/1.1, `most` at a time, kept for `idle` seconds; `verify`: whom to trust, None without TLS.

    Raises httpx.ConnectError and ConnectTimeout when nothing was sent; ReadTimeout, ReadError and RemoteProtocolError
    when it may have been.
    """

    def __init__(self, *, verify: ssl.SSLContext | None, most: int, idle: float) -> None:
        self._verify = verify
        self._most = most
        self._idle = idle
        self._session: aiohttp.ClientSession | None = None

    def _opened(self) -> aiohttp.ClientSession:
        """Made with the first request: it belongs to the loop that runs then."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    ssl=self._verify or False,
                    limit=self._most,
                    keepalive_timeout=self._idle,
                    resolver=aiohttp.ThreadedResolver(),  # the computer's own, whatever else is installed
                ),
                request_class=_Request,
                middlewares=(_once,),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Content-Type",),
                auto_decompress=False,
                read_bufsize=_READ_AT_ONCE,
                max_line_size=_MOST_HEADER,
                max_field_size=_MOST_HEADER,
            )
        return self._session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.AsyncBaseTransport."""
        url = request.url
        wait = request.extensions.get("timeout", {})
        answer = await self._opened().request(
            request.method,
            URL(f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}", encoded=True),
            headers=request.headers.multi_items(),
            data=await request.aread() or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(sock_connect=wait.get("connect"), sock_read=wait.get("read")),
        )
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer))

    async def aclose(self) -> None:
        """See httpx.AsyncBaseTransport."""
        if self._session is not None:
            await self._session.close()


class _Spent(Exception):
    """A kept connection that cannot be used again: nothing was sent over it."""


_used: WeakSet[asyncio.BaseProtocol] = WeakSet()
"""Connections over which a request has gone."""


class _Request(aiohttp.ClientRequest):
    """Goes over a kept connection only if nothing came in since the last answer: a good-bye, or no answer to this."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """See aiohttp.ClientRequest."""
        assert conn.protocol is not None
        if conn.protocol in _used and (conn.protocol.should_close or _has_news(conn)):
            raise _Spent
        _used.add(conn.protocol)
        return await super().send(conn)


def _has_news(conn: Connection) -> bool:
    """Whether something lies there that the loop has not come to yet."""
    if conn.transport is None:
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(conn.transport.get_extra_info("socket"), selectors.EVENT_READ)
        return bool(selector.select(0))


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Put errors into httpx's words, in a place where aiohttp would send some requests again on its own errors."""
    while True:
        try:
            return await handler(request)
        except _Spent:
            continue
        except (aiohttp.ClientError, OSError) as error:
            raise _in_words_of_httpx(error) from error.__cause__ or error


class _Body(httpx.AsyncByteStream):
    """The body of an answer as it comes."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.content.iter_any():
                yield piece
        except (aiohttp.ClientError, OSError) as error:
            raise _in_words_of_httpx(error) from error.__cause__ or error

    async def aclose(self) -> None:
        """An answer that was not read to its end takes its connection along."""
        self._answer.release()


_WORDS: Final[tuple[tuple[type[Exception], type[httpx.TransportError]], ...]] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError),
    (aiohttp.ClientResponseError, httpx.RemoteProtocolError),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError),
)


def _in_words_of_httpx(error: Exception) -> httpx.TransportError:
    """Without aiohttp's text, which quotes the address and what arrived; what is not known may have been sent."""
    for theirs, ours in _WORDS:
        if isinstance(error, theirs):
            return ours("")
    return httpx.ReadError("")
