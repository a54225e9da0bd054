"""Serving the practice company over the loopback interface: one port, both stand-ins, the control address.

    async with serving(company) as served:        # in the running event loop, for tests
        served.url, served.connection()

The `Date` header follows the practice clock, as it follows the server's own clock at the vendors. What the
command line does around this (arguments, signals) is in serve.py.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from octowizard.sandbox import control, octopus, teamleader
from octowizard.sandbox.faults import Faults
from octowizard.sandbox.guard import Rules, guarded
from octowizard.sandbox.routing import Router
from octowizard.sandbox.state import Json, World
from octowizard.sandbox.teamleader.http import AUTHORIZE, TOKEN
from octowizard.sandbox.web import TRANSPORT, Company

HOST = "127.0.0.1"
GRACE = 1.0  # seconds that an answer under way gets when the company closes

_LOG = logging.getLogger(__name__)


class CuttableProtocol(H11Protocol):
    """HTTP over a connection that an answer may cut: the transport travels in the ASGI scope."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        inner = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = self.transport
            await inner(scope, receive, send)

        self.app = app


class _Server(uvicorn.Server):
    """A server that says when it listens, ends at once when told, and leaves signals to the program around it.

    uvicorn's own looks ten times a second whether it is to end, and then sleeps as long again for its connections.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.told_to_end = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.told_to_end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in self.servers:
            listening.close()
        for listener in sockets or []:
            listener.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while state.connections or state.tasks:  # noqa: ASYNC110 - nothing tells when they are gone
                    await asyncio.sleep(0.002)
        for task in state.tasks:
            task.cancel()


@dataclass(frozen=True)
class Served:
    """A practice company that is being served at `url` (without a slash at its end)."""

    company: Company

    @property
    def url(self) -> str:
        return self.company.url

    def connection(self) -> Json:
        """Addresses and credentials, as the first line of `serve` and as `GET CONTROL_URL/connection`."""
        return control.connection(self.company)


def new_company(
    world: World, *, latency_octopus_ms: int = 0, latency_teamleader_ms: int = 0, files: Path | None = None
) -> Company:
    """A company around a world, with the time each vendor takes before every answer and the folder of its files."""
    latency = {"octopus": latency_octopus_ms / 1000, "teamleader": latency_teamleader_ms / 1000}
    return Company(world, latency, Faults(world.seed), files=files)


def build_app(company: Company, url: str) -> ASGIApp:
    """The application that answers below `url`."""
    company.url = url
    inner = Starlette()
    inner.router = Router([*octopus.routes(company), *teamleader.routes(company), *control.routes(company)])
    within = guarded(
        inner, Rules(_hosts(url), pages=(AUTHORIZE, octopus.AUTHORIZE), forms=(TOKEN, octopus.TOKEN))
    )

    async def dated(scope: Scope, receive: Receive, send: Send) -> None:
        async def stamp(message: Message) -> None:
            if message["type"] == "http.response.start":
                moment = format_datetime(company.world.clock.now(), usegmt=True)
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"date", moment.encode("ascii")),
                    (b"x-content-type-options", b"nosniff"),
                    (b"cross-origin-resource-policy", b"same-origin"),  # no page of another site shows it
                ]
            await send(message)

        try:
            await within(scope, receive, stamp)
        except Exception:  # a fault of the stand-in itself; the server's own log is silent
            path = str(scope.get("path")).replace(company.secret, "…")
            _LOG.exception("%s %s failed", scope.get("method"), path)
            raise

    return dated


def _hosts(url: str) -> frozenset[str]:
    """How callers may address what is served at `url`: by number or by name, with the port."""
    port = urlsplit(url).port or 80
    names = (HOST, "localhost")
    return frozenset(f"{name}:{port}" for name in names) | frozenset(names if port == 80 else ())


def bind(port: int) -> socket.socket:
    """A socket on the loopback interface; 0 takes a free port. Raises OSError when the port is taken."""
    # The protocol is named so that asyncio sees TCP and switches Nagle off for what it accepts.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would steal a port in use
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


@asynccontextmanager
async def serving(company: Company, port: int = 0) -> AsyncIterator[Served]:
    """Serve the company from the running event loop until the block is left."""
    listener = bind(port)
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        build_app(company, url),
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",  # at the end it would complain about every call it has to break off
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=75,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve([listener]))
    try:
        await server.listening.wait()
        yield Served(company)
    finally:
        server.told_to_end.set()
        await running
        listener.close()
