"""The way in for a vendor's answer: read whole, within a number of bytes and of seconds, before anyone sees it.

Wraps a transport of httpx, so that it holds for every request of a client, signing in included. An answer comes
out unpacked and without cookies.
"""

import asyncio
import zlib
from time import monotonic
from typing import Final

import httpx

from octowizard.locale import _
from octowizard.transport.bounds import CALL_SECONDS, MOST_BYTES, OutOfBounds, allowance, one_line

ENCODINGS: Final = "gzip"
"""What is asked for."""

_GZIP_OR_ZLIB: Final = 47  # of zlib: whichever of the two its first bytes say
_PIECE: Final = 1024 * 1024
_GONE = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})


class BoundedTransport(httpx.AsyncBaseTransport):
    """`seconds`: for one exchange, from its first byte out to its last byte in; `connections`: at a time.

    Raises httpx.ReadTimeout when the seconds are over, OutOfBounds for an answer of more than MOST_BYTES or in an
    encoding that was not asked for.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, *, connections: int, seconds: float = CALL_SECONDS
    ) -> None:
        self._inner = inner
        self._seconds = seconds
        self._places = asyncio.Semaphore(connections)  # waiting for a connection is no fault of the vendor's

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.AsyncBaseTransport."""
        async with self._places:
            allowed = allowance.get()
            seconds = self._seconds if allowed is None else min(self._seconds, allowed.left)
            began = monotonic()
            try:
                async with asyncio.timeout(seconds):
                    return await self._exchange(request)
            except TimeoutError:
                text = _("no complete answer within {seconds} seconds").format(seconds=f"{seconds:.0f}")
                raise httpx.ReadTimeout(text, request=request) from None
            finally:
                if allowed is not None:
                    allowed.left = max(allowed.left - (monotonic() - began), 0.0)

    async def aclose(self) -> None:
        """See httpx.AsyncBaseTransport."""
        await self._inner.aclose()

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        try:
            body = await _unpacked(answer)
        finally:
            await answer.aclose()
        headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _GONE]
        return httpx.Response(answer.status_code, headers=headers, content=body, extensions=answer.extensions)


async def _unpacked(answer: httpx.Response) -> bytes:
    """The body, counted while it comes and while it unpacks."""
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise OutOfBounds(
            _("packed in a way that was not asked for: {encoding}").format(encoding=one_line(encoding)[:40])
        )
    unpack = None if encoding in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)
    assert isinstance(answer.stream, httpx.AsyncByteStream)
    body = bytearray()
    arrived = 0
    async for chunk in answer.stream:
        arrived += len(chunk)
        if unpack is None:
            body += chunk
        else:
            _unpack(unpack, chunk, body)
        if max(arrived, len(body)) > MOST_BYTES:
            raise OutOfBounds(_("more than {count} MB").format(count=MOST_BYTES // 2**20))
    if unpack is not None and arrived and not unpack.eof:
        raise OutOfBounds(_("packed, and cut off before its end"))
    return bytes(body)


def _unpack(unpack: "zlib._Decompress", chunk: bytes, body: bytearray) -> None:
    """Append what a chunk holds, a piece at a time, until there is too much of it."""
    try:
        while chunk and not unpack.eof and len(body) <= MOST_BYTES:
            body += unpack.decompress(chunk, _PIECE)
            chunk = unpack.unconsumed_tail
    except zlib.error:
        raise OutOfBounds(_("packed, and cannot be unpacked")) from None
