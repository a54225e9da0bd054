"""The way in for a vendor's answer: read whole, within a number of bytes and of seconds, before anyone sees it.

Wraps a transport of httpx, so that it holds for every request of a client, signing in included. An answer comes
out unpacked and without cookies.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import Final

import httpx

from octowizard.locale import _
from octowizard.transport.bounds import CALL_SECONDS, MOST_BYTES, OutOfBounds, allowance, one_line

ENCODINGS: Final = "gzip"
"""What is asked for."""

_GZIP_OR_ZLIB: Final = 47  # of zlib: whichever of the two its first bytes say
FORGIVEN_AFTER: Final = 60.0
"""Seconds after which a vendor that hung may be waited for again."""
_SECOND_CHANCE: Final = 5.0
"""Seconds for the other operations of a vendor when one has hung for all its time: to look whether a write took
effect, which may well be answered."""

_PIECE: Final = 1024 * 1024
_TOO_SHORT: Final = 0.2  # seconds within which no vendor answers for certain
_GONE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding", b"set-cookie"})


class Patience:
    """How long one vendor may still hang, so that a command in which several of its operations do ends all the same.

    An operation may hang for `seconds` in all, the vendor for _SECOND_CHANCE more; then nothing is sent for
    FORGIVEN_AFTER. What hangs at the same time counts once. An answer forgives its operation, not the vendor.
    """

    def __init__(self, seconds: float = CALL_SECONDS) -> None:
        self.seconds = seconds
        self._vendor = _Hung()
        self._operations: dict[str, _Hung] = {}

    def left(self, operation: str) -> float:
        """Seconds for which this operation may be waited for now; 0 when it is not worth sending."""
        hung = self._operations.get(operation, _NEVER_HUNG).seconds_at(monotonic())
        left = min(self.seconds - hung, self.seconds + _SECOND_CHANCE - self._vendor.seconds_at(monotonic()))
        return left if left > _TOO_SHORT else 0.0

    def hung(self, operation: str, since: float) -> None:
        """It gave no answer from `since` (monotonic) until now."""
        self._vendor.add(since, monotonic())
        self._operations.setdefault(operation, _Hung()).add(since, monotonic())

    def answered(self, operation: str) -> None:
        """It gave one."""
        self._operations.pop(operation, None)


@dataclass
class _Hung:
    """Seconds without an answer, overlapping ones once; forgotten FORGIVEN_AFTER their end."""

    seconds: float = 0.0
    until: float = float("-inf")  # monotonic

    def seconds_at(self, now: float) -> float:
        return self.seconds if now <= self.until + FORGIVEN_AFTER else 0.0

    def add(self, since: float, until: float) -> None:
        self.seconds = self.seconds_at(until) + max(until - max(since, self.until), 0.0)
        self.until = until


_NEVER_HUNG: Final = _Hung()


class BoundedTransport(httpx.AsyncBaseTransport):
    """`patience`: with the vendor, for one exchange from its first byte out to its last byte in, and for all that hang.

    `connections`: at a time. Raises httpx.ReadTimeout when the seconds are over, httpx.PoolTimeout without sending
    anything when the vendor has kept us waiting too long already, OutOfBounds for an answer that is too big (or too
    many bytes of several at once), or in an encoding that was not asked for.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, connections: int, patience: Patience) -> None:
        self._inner = inner
        self._patience = patience
        self._places = asyncio.Semaphore(connections)  # waiting for a connection is no fault of the vendor's
        self._arriving = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.AsyncBaseTransport."""
        operation: str = request.extensions.get("operation", "")
        async with self._places:
            allowed = allowance.get()
            seconds = self._patience.left(operation)
            if allowed is not None:
                seconds = min(seconds, allowed.left)
            if seconds <= 0:
                raise httpx.PoolTimeout(_("it has not answered for a while"), request=request)
            began = monotonic()
            try:
                async with asyncio.timeout(seconds):
                    answer = await self._exchange(request)
            except (TimeoutError, httpx.TimeoutException) as error:
                self._patience.hung(operation, began)
                if isinstance(error, httpx.TimeoutException):
                    raise
                text = _("no complete answer within {seconds} seconds").format(seconds=f"{seconds:.0f}")
                raise httpx.ReadTimeout(text, request=request) from None
            finally:
                if allowed is not None:
                    allowed.left = max(allowed.left - (monotonic() - began), 0.0)
            self._patience.answered(operation)
            return answer

    async def aclose(self) -> None:
        """See httpx.AsyncBaseTransport."""
        await self._inner.aclose()

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        body = BytesIO()  # gives its bytes without a copy: an answer of Octopus may be of tens of megabytes
        arrived = 0
        try:
            async for piece in _unpacked(answer):
                body.write(piece)
                arrived += len(piece)
                self._arriving += len(piece)
                if self._arriving > MOST_BYTES:
                    raise OutOfBounds(_("more than {count} MB").format(count=MOST_BYTES // 2**20))
            content = body.getvalue()
        finally:
            self._arriving -= arrived
            body.close()  # an error on its way keeps this frame alive
            await answer.aclose()
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() not in _GONE]
        return httpx.Response(
            answer.status_code, headers=headers, content=content, extensions=answer.extensions
        )


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
