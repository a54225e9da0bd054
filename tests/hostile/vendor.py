"""A vendor that plays foul on one operation: a raw server in front of whatever answers the others.

async with hostile(answer, lambda method, path: path.endswith("/bookyears"), spoil) as server: ...
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from tests.hostile.spoils import Answer, Spoil, send

Aimed = Callable[[str, str], bool]
Respond = Callable[[str, str, dict[str, str], bytes], Awaitable[Answer]]


@dataclass
class Hostile:
    """`url` without a slash at its end; `seen`: what was asked, `hits`: how often it was answered foully.

    `armed`: it plays foul. `lost`: calls whose answer does not arrive, beside the spoilt ones.
    """

    url: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)
    hits: int = 0
    armed: bool = True
    lost: Aimed = lambda _method, _path: False


@asynccontextmanager
async def hostile(
    respond: Respond, aimed: Aimed, spoil: Spoil | None, shown: ssl.SSLContext | None = None
) -> AsyncIterator[Hostile]:
    """Serve on the loopback interface while the block lasts; by TLS with the certificate that is `shown`."""
    state = Hostile()
    tasks: set[asyncio.Task[None]] = set()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _version = first.split(" ", 2)
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        length = next((int(v) for k, v in headers.items() if k.lower() == "content-length"), 0)
        body = await reader.readexactly(length)
        plain = path.partition("?")[0]
        state.seen.append((method, plain))
        answer = await respond(method, path, headers, body)
        if state.armed and state.lost(method, plain):
            writer.transport.abort()
        elif state.armed and spoil is not None and aimed(method, plain):
            state.hits += 1
            await spoil.write(writer, answer)
        else:
            await send(writer, answer)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await play(reader, writer)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=shown)
    state.url = f"http{'s' if shown else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield state
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def in_front_of(
    url: str, aimed: Aimed, spoil: Spoil | None, shown: ssl.SSLContext | None = None
) -> AsyncIterator[Hostile]:
    """A hostile vendor whose other answers are those of the practice company at `url`."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as behind:

        async def respond(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
            passed = {
                k: v for k, v in headers.items() if k.lower() not in ("host", "connection", "accept-encoding")
            }
            answer = await behind.request(method, path, headers=passed, content=body)
            kept = [
                (k, v) for k, v in answer.headers.items() if k.lower() not in ("content-length", "connection")
            ]
            return Answer(answer.status_code, tuple(kept), answer.content)

        async with hostile(respond, aimed, spoil, shown) as state:
            yield state
