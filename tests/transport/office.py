"""The network of an office around a practice company: its vendors by https and name, behind a proxy with a password.

`VENDORS` names the hosts; `vendors.pem` is made out to them by a CA of nobody, `a-ca.pem`. No name is looked up: the
proxy leads each to the practice company.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tests.hostile.vendor import in_front_of

T = TypeVar("T")

CERTIFICATES = Path(__file__).parent / "certificates"
CA = CERTIFICATES / "a-ca.pem"
PUBLIC_KEY = "nRLadcz7LMlHRMTfur9qCEvuopTLcqJMUkjyr2rZZp4="  # SHA-256 of that of vendors.pem, for a browser
VENDORS = ("octopus.example", "teamleader.example")
USER, PASSWORD = "office", "p@ss:word"


@dataclass
class Office:
    """`proxy`: its address without user and password; `door`: the port of TLS behind it; `asked`: what went by it."""

    proxy: str = ""
    door: int = 0
    asked: list[str] = field(default_factory=list)
    refused: int = 0


@asynccontextmanager
async def office(url: str) -> AsyncIterator[Office]:
    """Serve the company at `url` as VENDORS while the block lasts."""
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(CERTIFICATES / "vendors.pem")
    async with in_front_of(url, lambda _method, _path: False, None, shown) as behind:
        state = Office(door=urlsplit(behind.url).port or 0)
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(_tunnel(state, reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        state.proxy = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield state
        finally:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _tunnel(state: Office, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    right = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    with suppress(OSError, asyncio.IncompleteReadError):
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines) if name
        }
        method, target, _version = first.split(" ")
        if headers.get("proxy-authorization") != right:
            state.refused += 1
            writer.write(
                b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="office"\r\n'
                b"Content-Length: 0\r\n\r\n"
            )
        elif method != "CONNECT" or target.removesuffix(":443") not in VENDORS:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        else:
            state.asked.append(target)
            there = await asyncio.open_connection("127.0.0.1", state.door)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))
    writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


class Beside:
    """An event loop in a thread of its own, for servers beside a command that runs in the thread of the test."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def enter(self, block: Any) -> Any:
        """Enter an asynchronous context; it is left with this."""
        return self._done(self._stack.enter_async_context(block))

    def close(self) -> None:
        """Leave what was entered, and end the loop."""
        self._done(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _done(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


@contextmanager
def beside() -> Iterator[Beside]:
    """As long as the block lasts."""
    loop = Beside()
    try:
        yield loop
    finally:
        loop.close()
