"""The way in for a vendor's answer: read whole, within a number of bytes and of seconds, before anyone sees it.

Wraps a transport of httpx, so that it holds for every request of a client, signing in included. An answer comes
out unpacked and without cookies.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Final

import httpx

from octowizard.locale import _
from octowizard.transport.bounds import CALL_SECONDS, MOST_BYTES, OutOfBounds, allowance, one_line

ENCODINGS: Final = "gzip"
"""What is asked for."""

_GZIP_OR_ZLIB: Final = 47  # of zlib: whichever of the two its first bytes say
FORGIVEN_AFTER: Final = 60.0
"""Seconds after which an operation that hung may be waited for again."""

_PIECE: Final = 1024 * 1024
_TOO_SHORT: Final = 0.2  # seconds within which no vendor answers for certain
_GONE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding", b"set-cookie"})


class BoundedTransport(httpx.AsyncBaseTransport):
    """`seconds`: for one exchange, from its first byte out to its last byte in; `connections`: at a time.

    Raises httpx.ReadTimeout when the seconds are over, httpx.PoolTimeout without sending anything when the same
    operation has kept us waiting that long already, OutOfBounds for an answer that is too big (or too many bytes of
    several at once), or in an encoding that was not asked for.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, *, connections: int, seconds: float = CALL_SECONDS
    ) -> None:
        self._inner = inner
        self._seconds = seconds
        self._places = asyncio.Semaphore(connections)  # waiting for a connection is no fault of the vendor's
        self._arriving = 0
        self._lost: dict[str, _Lost] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.AsyncBaseTransport."""
        operation: str = request.extensions.get("operation", "")
        async with self._places:
            allowed = allowance.get()
            seconds = min(self._seconds, self._patience(operation))
            if allowed is not None:
                seconds = min(seconds, allowed.left)
            if seconds <= 0:
                raise httpx.PoolTimeout(_("it has not answered this for a while"), request=request)
            began = monotonic()
            try:
                async with asyncio.timeout(seconds):
                    answer = await self._exchange(request)
            except (TimeoutError, httpx.TimeoutException) as error:
                self._lose(operation, monotonic() - began)
                if isinstance(error, httpx.TimeoutException):
                    raise
                text = _("no complete answer within {seconds} seconds").format(seconds=f"{seconds:.0f}")
                raise httpx.ReadTimeout(text, request=request) from None
            finally:
                if allowed is not None:
                    allowed.left = max(allowed.left - (monotonic() - began), 0.0)
            self._lost.pop(operation, None)
            return answer

    async def aclose(self) -> None:
        """See httpx.AsyncBaseTransport."""
        await self._inner.aclose()

    def _patience(self, operation: str) -> float:
        """Seconds left for an operation, so that one that hangs does not hold up a command again and again."""
        lost = self._lost.get(operation)
        if lost is None or monotonic() > lost.until:
            return self._seconds
        return self._seconds - lost.seconds if self._seconds - lost.seconds > _TOO_SHORT else 0.0

    def _lose(self, operation: str, seconds: float) -> None:
        before = self._lost.get(operation)
        now = monotonic()
        total = seconds + (before.seconds if before is not None and now <= before.until else 0.0)
        self._lost[operation] = _Lost(total, now + FORGIVEN_AFTER)

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        body = bytearray()
        try:
            async for piece in _unpacked(answer):
                body += piece
                self._arriving += len(piece)
                if self._arriving > MOST_BYTES:
                    raise OutOfBounds(_("more than {count} MB").format(count=MOST_BYTES // 2**20))
            content = bytes(body)
        finally:
            self._arriving -= len(body)
            body.clear()  # an error on its way keeps this frame alive
            await answer.aclose()
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() not in _GONE]
        return httpx.Response(
            answer.status_code, headers=headers, content=content, extensions=answer.extensions
        )


@dataclass(frozen=True)
class _Lost:
    seconds: float
    until: float  # monotonic; forgiven then


async def _unpacked(answer: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it comes, unpacked, a piece of at most a megabyte at a time."""
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise OutOfBounds(
            _("packed in a way that was not asked for: {encoding}").format(encoding=one_line(encoding)[:40])
        )
    unpack = None if encoding in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)
    assert isinstance(answer.stream, httpx.AsyncByteStream)
    arrived = 0
    async for chunk in answer.stream:
        arrived += len(chunk)
        if arrived > MOST_BYTES:
            raise OutOfBounds(_("more than {count} MB").format(count=MOST_BYTES // 2**20))
        if unpack is None:
            yield chunk
            continue
        while chunk and not unpack.eof:
            try:
                yield unpack.decompress(chunk, _PIECE)
            except zlib.error:
                raise OutOfBounds(_("packed, and cannot be unpacked")) from None
            chunk = unpack.unconsumed_tail
    if unpack is not None and arrived and not unpack.eof:
        raise OutOfBounds(_("packed, and cut off before its end"))
