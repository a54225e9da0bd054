"""The app in the browser: a server on this computer that starts the app anew for each tab (textual-serve).

textual-serve asks nobody who they are, and any web page that is open in the same browser could type into the app. So
all is kept from whoever has not got the address that was printed: its token becomes a cookie that pages of others
never send, and every request, the websocket's too, must name this server as its host and as its origin.

Imported by `start.serve` alone: it needs the extra `web`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from textual_serve import server
from textual_serve.app_service import AppService

from octowizard import itself
from octowizard.locale import _, spoken

HOST = "127.0.0.1"
PAGE = Path(__file__).parent / "web_page"
_SECONDS_TO_END = 5.0
_TOKEN = "t"  # in the address that is printed
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Child(AppService):
    """The app of one tab: a process that ends with it."""

    def __init__(self, words: Sequence[str], **given: Any) -> None:
        super().__init__("octowizard", **given)
        self._words = words

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await create_subprocess_exec(
            *itself.part("octowizard"),
            *self._words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height) | itself.shared(),
        )
        assert process.stdin is not None  # it was asked for
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        try:
            await super().run()
        finally:
            with suppress(Exception):  # the browser may have gone first
                await self.remote_close()

    async def stop(self) -> None:
        """Let it end by itself, its write in flight too; then make it."""
        process = self._process
        if process is None:
            return
        with suppress(TimeoutError, OSError):
            await asyncio.wait_for(super().stop(), _SECONDS_TO_END)
        for harder in (process.terminate, process.kill):
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _SECONDS_TO_END)
            if process.returncode is not None:
                return
            harder()
        await process.wait()


class Server(server.Server):
    """The page and its websocket, for whoever came by the address that was printed."""

    def __init__(self, words: Sequence[str], port: int) -> None:
        """`words`: what follows `octowizard` in each tab."""
        super().__init__("octowizard", HOST, port, title="octowizard", templates_path=PAGE)
        self._words = words
        self._token, self._session = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._cookie = f"octowizard-{port}"  # browsers send the cookies of one port to all
        self._children: set[Child] = set()

    @property
    def address(self) -> str:
        """Where the app is, for its owner alone."""
        return f"{self.public_url}/?{_TOKEN}={self._token}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Let through what its owner asks; what anybody else asks is refused, whatever it is."""
        response: web.StreamResponse
        if not self._is_ours(request):
            response = _refused(_("octowizard answers its own page alone."))
        elif _TOKEN in request.query:
            response = self._signed_in(request)
        elif not compare_digest(request.cookies.get(self._cookie, "").encode(), self._session.encode()):
            response = _refused(_("Open the address that octowizard printed when it started."))
        else:
            response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _is_ours(self, request: web.Request) -> bool:
        """Whether it was sent to us by our own page or by no page: a page of others names itself as its origin."""
        origin = request.headers.get("Origin")
        if request.headers.getall("Host", []) != [f"{HOST}:{self.port}"] or request.method not in (
            "GET",
            "HEAD",
        ):
            return False
        return origin == self.public_url if origin is not None else request.path != "/ws"

    def _signed_in(self, request: web.Request) -> web.Response:
        """The cookie for the token. The page then goes on by itself: a redirect would not bring the cookie along."""
        if not compare_digest(request.query[_TOKEN].encode(), self._token.encode()):
            return _refused(_("Open the address that octowizard printed when it started."))
        size = server.to_int(request.query.get("fontsize", ""), 0)
        onward = f"/?fontsize={size}" if size else "/"
        response = web.Response(
            text=f'<!doctype html><meta http-equiv="refresh" content="0;url={onward}"><title>octowizard</title>',
            content_type="text/html",
        )
        response.set_cookie(self._cookie, self._session, httponly=True, samesite="Strict", path="/")
        return response

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page, in the language of the app and with nothing from elsewhere."""
        words = {
            "language": spoken(),
            "font_size": server.to_int(request.query.get("fontsize", "16"), 16),
            "socket": f"ws://{HOST}:{self.port}/ws",
            "starting": _("octowizard is being started…"),
            "ended": _("octowizard has ended."),
            "again": _("Start it again"),
        }
        return aiohttp_jinja2.render_template("app_index.html", request, words)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One tab: its app begins with it and ends with it."""
        tab = web.WebSocketResponse(heartbeat=15)
        await tab.prepare(request)
        child = Child(
            self._words,
            write_bytes=tab.send_bytes,
            write_str=tab.send_str,
            close=tab.close,
            download_manager=self.download_manager,
        )
        self._children.add(child)
        try:
            await child.start(
                server.to_int(request.query.get("width", "80"), 80),
                server.to_int(request.query.get("height", "24"), 24),
            )
            await self._process_messages(tab, child)
        except (OSError, ValueError, KeyError, IndexError, AssertionError, TypeError) as error:
            logging.getLogger("octowizard").debug("a tab sent what no page of ours sends: %r", error)
        finally:
            await asyncio.shield(child.stop())
            self._children.discard(child)
        return tab

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is printed from here."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - as its base has it
        """No app is left behind."""
        await asyncio.gather(*(child.stop() for child in self._children))


def _refused(why: str) -> web.Response:
    return web.Response(text=f"{why}\n", status=HTTPStatus.FORBIDDEN)


async def serving(words: Sequence[str], port: int, ready: Callable[[str], None]) -> None:
    """Serve until cancelled; `ready` gets the address once it can be opened. OSError for a port that is taken."""
    listening = socket.create_server((HOST, port))
    made = Server(words, listening.getsockname()[1])
    runner = web.AppRunner(await made._make_app(), access_log=None, shutdown_timeout=_SECONDS_TO_END)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        ready(made.address)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
