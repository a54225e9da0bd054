"""Connections to a vendor, kept for a while: HTTP/1.1 as httptools reads it, over what asyncio opens.

A request goes out once: nothing here sends it a second time, and nothing follows, unpacks or remembers anything of
a response. Through a proxy others go (`proxied.py`).
"""

from __future__ import annotations

import asyncio
import select
import ssl
from typing import Final

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from octowizard.transport.bounds import OutOfBounds
from octowizard.transport.messages import (
    Arriving,
    Cut,
    Garbled,
    Headers,
    NoConnection,
    NoConnectionInTime,
    NoWordInTime,
    Origin,
    Request,
    Seconds,
    Unanswered,
)

_MOST_HEADERS: Final = 128 * 1024  # bytes
_NEXT_ADDRESS: Final = (
    0.25  # seconds after which another address of the same name is tried as well (RFC 8305)
)
_SWITCHING: Final = 101
_NO_BODY: Final = (204, 304)


class Connections:
    """To `origin`, as many as are asked for at a time, each kept for `idle` seconds. A Carrier.

    `verify`: whom to trust, None without TLS.
    """

    def __init__(self, origin: Origin, *, verify: ssl.SSLContext | None, idle: float) -> None:
        self._origin = origin
        self._verify = verify
        self._idle = idle
        self._kept: list[_Connection] = []
        self._tidying: asyncio.TimerHandle | None = None
        # An address written out has none to race with. (Given up in a race, asyncio leaves a socket to the collector.)
        self._next_address = None if origin.is_numeric else _NEXT_ADDRESS
        self._first_line_ends = f" HTTP/1.1\r\nHost: {origin.netloc}\r\n"

    async def carry(self, request: Request, arriving: Arriving, patience: Seconds) -> None:
        """See Carrier."""
        message = self._written(request)
        until = asyncio.get_running_loop().time() + patience.in_all
        connection = self._unspoilt() or await self._open(min(patience.connect, patience.in_all))
        has_body = request.method != "HEAD"
        try:
            await connection.exchange(message, arriving, patience.silence, until, has_body=has_body)
        except BaseException:
            connection.abort()
            raise
        self._keep(connection)

    async def aclose(self) -> None:
        """See Carrier."""
        if self._tidying is not None:
            self._tidying.cancel()
        kept, self._kept = self._kept, []
        for connection in kept:
            connection.abort()
        for connection in kept:
            await connection.closed

    def _written(self, request: Request) -> bytes:
        lines = [f"{name}: {value}\r\n" for name, value in request.headers.items()]
        content = request.content or b""
        if content or request.method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(content)}\r\n")
        head = f"{request.method} {request.target}{self._first_line_ends}{''.join(lines)}\r\n"
        if head.count("\n") != len(lines) + 3:
            raise ValueError(
                "a header with a line break"
            )  # checked where it came from (http.check_for_header)
        return head.encode("latin-1") + content

    def _unspoilt(self) -> _Connection | None:
        """A kept connection on which nothing came in since the last response: a good-bye, or no answer to this."""
        now = asyncio.get_running_loop().time()
        while self._kept:
            connection = self._kept.pop()
            if now - connection.kept_since < self._idle and not connection.has_news():
                return connection
            connection.abort()
        return None

    async def _open(self, seconds: float) -> _Connection:
        try:
            async with asyncio.timeout(seconds):
                _transport, connection = await asyncio.get_running_loop().create_connection(
                    _Connection,
                    self._origin.host,
                    self._origin.port,
                    ssl=self._verify,
                    happy_eyeballs_delay=self._next_address,
                )
        except TimeoutError as error:
            raise NoConnectionInTime from error
        except (OSError, UnicodeError) as error:  # of TLS, too; a name that nobody could have
            raise NoConnection from error
        return connection

    def _keep(self, connection: _Connection) -> None:
        if not connection.may_go_on:
            connection.abort()
            return
        loop = asyncio.get_running_loop()
        connection.kept_since = loop.time()
        self._kept.append(connection)
        if self._tidying is None:
            self._tidying = loop.call_later(self._idle, self._tidy)

    def _tidy(self) -> None:
        """Close what was kept long enough."""
        loop = asyncio.get_running_loop()
        since = loop.time() - self._idle
        for connection in self._kept:
            if connection.kept_since <= since:
                connection.abort()
        self._kept = [connection for connection in self._kept if connection.kept_since > since]
        self._tidying = loop.call_later(self._idle, self._tidy) if self._kept else None


class _Connection(asyncio.Protocol):
    """One connection, with one exchange at a time. `kept_since`: of the loop's clock."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.closed = self._loop.create_future()
        self.kept_since = 0.0
        self.may_go_on = False  # after an exchange: whether another may follow
        self._waiting: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def exchange(
        self, message: bytes, arriving: Arriving, silence: float, until: float, *, has_body: bool
    ) -> None:
        """Send it, and hand over the response. Raises Unanswered, OutOfBounds; TimeoutError when it is `until`."""
        self._arriving, self._silence, self._until, self._has_body = arriving, silence, until, has_body
        self._headers: list[tuple[str, str]] = []
        self._pieces: list[bytes] = []
        self._status = self._head_size = 0
        self._has_begun = self._is_whole = self.may_go_on = False
        self._parser = HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(  # as servers are read by others, too
            lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._heard = self._loop.time()
        self._waiting = self._loop.create_future()
        self._timer = self._loop.call_at(min(self._heard + silence, until), self._look_at_the_clock)
        self._transport.write(message)
        try:
            await self._waiting
        finally:
            self._timer.cancel()
            self._waiting = None
            del self._parser, self._arriving

    def abort(self) -> None:
        """Close it at once."""
        self._transport.abort()

    def has_news(self) -> bool:
        """Whether it is closed, or something lies there that the loop has not come to yet."""
        if self.closed.done() or self._transport.is_closing():
            return True
        number: int = self._transport.get_extra_info("socket").fileno()
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(number, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([number], [], [], 0)[0])

    # --- what asyncio tells ----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._waiting is None or self._waiting.done():  # nobody asked
            self.abort()
            return
        self._heard = self._loop.time()
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self.may_go_on = False
            if not self._is_whole:
                self._end(Garbled())
                return
        if self._has_begun:
            self._hand_over()
        else:
            self._head_size += len(data)
            if self._head_size > _MOST_HEADERS:
                self._end(Garbled())

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        if not self.closed.done():
            self.closed.set_result(None)
        if self._waiting is None or self._waiting.done():
            return
        if error is not None:
            self._end(Cut())
        elif self._has_begun and self._ends_with_the_connection():
            self._end(None)
        else:
            self._end(Garbled())

    # --- what httptools tells --------------------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes | None) -> None:
        if not self._has_begun:  # else it follows the body
            self._headers.append((name.decode("latin-1"), (value or b"").decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()
        self._has_begun = not self._is_whole and self._status >= 200
        self._is_whole |= self._has_begun and not self._has_body

    def on_body(self, piece: bytes) -> None:
        if not self._is_whole:
            self._pieces.append(piece)

    def on_message_begin(self) -> None:
        if self._is_whole:  # unasked
            self.may_go_on = False

    def on_message_complete(self) -> None:
        if self._status == _SWITCHING:
            raise ValueError("nobody asked for another protocol")
        if self._has_begun and not self._is_whole:
            self._is_whole = True
            self.may_go_on = self._parser.should_keep_alive()
        elif not self._has_begun:  # a response that only says that the real one is to come
            self._headers.clear()

    # ---------------------------------------------------------------------------------------------------

    def _hand_over(self) -> None:
        try:
            if self._headers is not _HANDED_OVER:
                headers, self._headers = Headers(self._headers), _HANDED_OVER
                self._is_long = "Content-Length" in headers or "Transfer-Encoding" in headers
                self._arriving.begin(self._status, headers)
            for piece in self._pieces:
                self._arriving.take(piece)
        except OutOfBounds as error:
            self._end(error)
            return
        self._pieces.clear()
        if self._is_whole:
            self._end(None)

    def _ends_with_the_connection(self) -> bool:
        return not self._is_long and self._status not in _NO_BODY

    def _end(self, error: Unanswered | OutOfBounds | TimeoutError | None) -> None:
        assert self._waiting is not None
        if error is None:
            self._waiting.set_result(None)
        else:
            self._waiting.set_exception(error)

    def _look_at_the_clock(self) -> None:
        if self._waiting is None or self._waiting.done():
            return
        now, silent = self._loop.time(), self._heard + self._silence
        if now < min(silent, self._until):
            self._timer = self._loop.call_at(min(silent, self._until), self._look_at_the_clock)
        else:
            self._end(NoWordInTime() if now >= silent else TimeoutError())


_HANDED_OVER: Final[list[tuple[str, str]]] = []
