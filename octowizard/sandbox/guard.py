"""Who may speak to the practice company: programs of this machine that call it by its own address, no web page.

A page of another site can make a browser send requests to the loopback interface, and a name that is bound anew to
127.0.0.1 lets it read the answers. So each request is looked at before anything else is done with it:

- `Host` is the address that is being served, with its port, and nothing else;
- no `Origin`, and no `Sec-Fetch-Site` of another site: programs send neither. The consent page, which is meant for a
  browser, may be sent to from itself;
- a body is JSON, which a page cannot send without asking first; the token endpoint takes a form too (contract);
- a body is read whole before it is handled, within a size and a time.

What is refused is answered with `{"error": sentence}`, and is no call: it is neither counted nor recorded.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MOST_BYTES = 32 * 2**20
SECONDS_TO_SEND = 30.0

_FROM_HERE = ("", "none", "same-origin")  # no browser, an address that was typed, a page of our own


@dataclass(frozen=True)
class Rules:
    """`hosts`: the accepted values of `Host`, in small letters. `pages`, `forms`: the two paths with more room."""

    hosts: Collection[str]
    pages: Collection[str] = ()
    forms: Collection[str] = ()


class _Refused(Exception):
    """A request that is not taken: the status, and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def guarded(inner: ASGIApp, rules: Rules) -> ASGIApp:
    """The application behind these rules; it gets the body in one piece."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _check(scope, rules)
            body = await _body(receive)
        except _Refused as refused:
            await _answer(send, refused)
            return
        if body is not None:  # else the caller is gone, and nobody is left to answer
            await inner(scope, _replay(body, receive), send)

    return app


def _check(scope: Scope, rules: Rules) -> None:
    headers: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
    hosts = [host.lower() for host in headers.get("host", ())]
    if len(hosts) != 1 or hosts[0] not in rules.hosts:
        raise _Refused(403, f"The practice company is addressed as {' or '.join(sorted(rules.hosts))} only.")
    own = f"http://{hosts[0]}"
    page = scope["path"] in rules.pages
    if any(not page or origin.lower() != own for origin in headers.get("origin", ())):
        raise _Refused(403, "A web page may not call the practice company.")
    if any(site.lower() not in _FROM_HERE for site in headers.get("sec-fetch-site", ())):
        raise _Refused(403, "A page of another site may not call the practice company.")
    sizes = headers.get("content-length", [])
    if "transfer-encoding" not in headers and all(size == "0" for size in sizes):
        return
    kinds = (JSON, FORM) if scope["path"] in rules.forms else (JSON,)
    given = [kind.partition(";")[0].strip().lower() for kind in headers.get("content-type", ())]
    if len(given) != 1 or given[0] not in kinds:
        raise _Refused(415, f"A body must be sent as Content-Type: {' or '.join(kinds)}.")
    if any(len(size) > 15 or int(size) > MOST_BYTES for size in sizes if size.isdecimal()):
        raise _too_large()


def _too_large() -> _Refused:
    return _Refused(413, f"A body may have {MOST_BYTES // 2**20} MB at most.")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when the caller went away before its end."""
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                body += message.get("body", b"")
                if len(body) > MOST_BYTES:
                    raise _too_large()
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _Refused(408, f"The body did not come within {SECONDS_TO_SEND:.0f} seconds.") from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once, and then waits for the end of the connection as the server's own."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _answer(send: Send, refused: _Refused) -> None:
    content = json.dumps({"error": str(refused)}).encode()
    headers = [(b"content-type", JSON.encode()), (b"content-length", str(len(content)).encode())]
    if refused.status == 408:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
