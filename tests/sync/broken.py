"""A practice company whose answers arrive spoiled: cut off, of another kind, or not JSON at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from octowizard.sandbox import server

SPOILERS: dict[str, Any] = {
    "cut off": lambda body: body[: len(body) // 2],
    "a web page": lambda _body: b"<html><body>Maintenance</body></html>",
    "not text": lambda _body: b"\xff\xfe\x00",
    "another kind": lambda _body: json.dumps(
        {"data": 7, "modified": 7, "token": 7, "access_token": 7}
    ).encode(),
    "empty": lambda _body: b"",
}


@contextmanager
def spoiled(path: str, how: str) -> Iterator[None]:
    """Companies that are served within the block spoil every answer whose address ends in `path`."""
    build = server.build_app

    def app(company: Any, url: str) -> ASGIApp:
        return _Spoiling(build(company, url), path, how)

    with patch.object(server, "build_app", app):
        yield


class _Spoiling:
    def __init__(self, inner: ASGIApp, path: str, how: str) -> None:
        self._inner = inner
        self._path = path
        self._spoil = SPOILERS[how]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(self._path):
            await self._inner(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await self._inner(scope, receive, keep)
        if start["status"] < 300:
            body = self._spoil(body)
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        start["headers"] = [*headers, (b"content-length", str(len(body)).encode())]
        await send(start)
        await send({"type": "http.response.body", "body": body})
