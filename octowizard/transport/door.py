"""The way in for a vendor's answer: read whole, within a number of bytes and of seconds, before anyone sees it.

Wraps what carries the requests of a client, so that it holds for all of them, signing in included. An answer comes
out unpacked.
"""

import asyncio
import zlib
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import Final

from octowizard.locale import _
from octowizard.transport.bounds import (
    CALL_SECONDS,
    MOST_BYTES,
    SILENCE_SECONDS,
    OutOfBounds,
    allowance,
    one_line,
)
from octowizard.transport.messages import (
    Carrier,
    Headers,
    HeldBack,
    NoConnectionInTime,
    NoWordInTime,
    Request,
    Response,
    Seconds,
)

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
_CONNECT_SECONDS: Final = 10.0


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


class BoundedCalls:
    """`patience`: with the vendor, for one exchange from its first byte out to its last byte in, and for all that hang.

    `connections`: at a time. Raises what `carrier` does; NoWordInTime when the seconds are over, HeldBack when the
    vendor has kept us waiting too long already, OutOfBounds for an answer that is too big (or too many bytes of
    several at once), or in an encoding that was not asked for.
    """

    def __init__(self, carrier: Carrier, *, connections: int, patience: Patience) -> None:
        self._carrier = carrier
        self._patience = patience
        self._connect = min(patience.seconds, _CONNECT_SECONDS)
        self._silence = min(patience.seconds, SILENCE_SECONDS)
        self._places = asyncio.Semaphore(connections)  # waiting for a connection is no fault of the vendor's
        self.arriving = 0  # bytes, of all answers on their way

    async def send(self, request: Request) -> Response:
        """What comes back, whatever it says."""
        operation = request.operation
        async with self._places:
            allowed = allowance.get()
            seconds = self._patience.left(operation)
            if allowed is not None:
                seconds = min(seconds, allowed.left)
            if seconds <= 0:
                raise HeldBack(_("it has not answered for a while"))
            began = monotonic()
            try:
                response = await self._exchange(request, Seconds(self._connect, self._silence, seconds))
            except (TimeoutError, NoConnectionInTime, NoWordInTime) as error:
                self._patience.hung(operation, began)
                if not isinstance(error, TimeoutError):
                    raise
                text = _("no complete answer within {seconds} seconds").format(seconds=f"{seconds:.0f}")
                raise NoWordInTime(text) from None
            finally:
                if allowed is not None:
                    allowed.left = max(allowed.left - (monotonic() - began), 0.0)
            self._patience.answered(operation)
            return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._carrier.aclose()

    async def _exchange(self, request: Request, patience: Seconds) -> Response:
        coming = _Coming(self)
        try:
            await self._carrier.carry(request, coming, patience)
            return coming.response()
        finally:
            coming.over()


class _Coming:
    """A response on its way: its body unpacked, and no more of it than is let in."""

    def __init__(self, calls: BoundedCalls) -> None:
        self._calls = calls
        self._body = (
            BytesIO()
        )  # gives its bytes without a copy: an answer of Octopus may be of tens of megabytes
        self._arrived = self._unpacked = 0

    def begin(self, status_code: int, headers: Headers) -> None:
        """See Arriving."""
        encoding = headers.get("Content-Encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise OutOfBounds(
                _("packed in a way that was not asked for: {encoding}").format(
                    encoding=one_line(encoding)[:40]
                )
            )
        self._status_code, self._headers = status_code, headers
        self._unpack = None if encoding in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)

    def take(self, piece: bytes) -> None:
        """See Arriving."""
        self._arrived += len(piece)
        if self._arrived > MOST_BYTES:
            raise _too_big()
        if self._unpack is None:
            self._add(piece)
            return
        while piece and not self._unpack.eof:
            try:
                self._add(self._unpack.decompress(piece, _PIECE))
            except zlib.error:
                raise OutOfBounds(_("packed, and cannot be unpacked")) from None
            piece = self._unpack.unconsumed_tail

    def _add(self, piece: bytes) -> None:
        self._body.write(piece)
        self._unpacked += len(piece)
        self._calls.arriving += len(piece)
        if self._calls.arriving > MOST_BYTES:
            raise _too_big()

    def response(self) -> Response:
        """All of it."""
        if self._unpack is not None and self._arrived and not self._unpack.eof:
            raise OutOfBounds(_("packed, and cut off before its end"))
        return Response(self._status_code, self._headers, self._body.getvalue())

    def over(self) -> None:
        """It is here, or will not come."""
        self._calls.arriving -= self._unpacked
        self._body.close()  # an error on its way keeps this alive


def _too_big() -> OutOfBounds:
    return OutOfBounds(_("more than {count} MB").format(count=MOST_BYTES // 2**20))
