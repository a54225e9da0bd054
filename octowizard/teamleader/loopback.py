"""The way back from the browser: a listener on this machine for one redirect, and the reading of a pasted address.

Plain http to localhost is accepted as a redirect address (official); it has to be registered with its port, so
the port is fixed by the user. The `state` tells our own redirect from a stranger's. Nothing is kept here.
"""

import asyncio
import secrets
from contextlib import suppress
from html import escape
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs

from octowizard.locale import _

PATH: Final = "/callback"
_LONGEST_HEAD = 16_384  # bytes of a request line and its headers
_HEAD_SECONDS = 10.0


class NoCode(Exception):
    """No code came: refused on the consent page, not in time, or not in the pasted text. One sentence."""


class Listener:
    """Waits on the loopback interface for the browser to come back; an async context manager.

    `port` 0 takes a free one; `state`: that of a page which was shown already. Raises NoCode on entering when the
    port is taken.
    """

    def __init__(self, port: int = 0, state: str = "") -> None:
        self.state: Final = state or secrets.token_urlsafe(24)
        self.port = port
        self._servers: list[asyncio.Server] = []
        self._answer: asyncio.Future[str] | None = None

    @property
    def redirect_uri(self) -> str:
        """The address to register with the integration and to ask the code with."""
        return f"http://localhost:{self.port}{PATH}"

    async def __aenter__(self) -> Self:
        self._answer = asyncio.get_running_loop().create_future()
        try:
            server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=_LONGEST_HEAD)
        except OSError:
            raise NoCode(
                _(
                    "Port {port} of this machine is taken; close what uses it, or paste the code instead."
                ).format(port=self.port)
            ) from None
        self._servers.append(server)
        self.port = server.sockets[0].getsockname()[1]
        with suppress(OSError):  # a browser may take "localhost" for ::1; many machines have no IPv6
            self._servers.append(
                await asyncio.start_server(self._serve, "::1", self.port, limit=_LONGEST_HEAD)
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
        for server in self._servers:
            await server.wait_closed()
        if self._answer is not None and self._answer.done() and not self._answer.cancelled():
            self._answer.exception()  # taken note of, even if nobody waited for it

    async def code(self, seconds: float = 300.0) -> str:
        """The code, once the browser has brought it. Raises NoCode when it was refused or `seconds` have passed."""
        if self._answer is None:
            raise RuntimeError("the listener was not entered")
        try:
            return await asyncio.wait_for(asyncio.shield(self._answer), seconds)
        except TimeoutError:
            raise NoCode(
                _(
                    "The browser did not come back within {seconds:.0f} seconds; try again, or paste the code."
                ).format(seconds=seconds)
            ) from None

    def give_up(self) -> None:
        """End the waiting of `code`, from any thread: the code came by another way, or nobody wants it any more."""
        answer = self._answer

        def end() -> None:
            if answer is not None and not answer.done():
                answer.set_exception(NoCode(_("Nobody waits for the browser any more.")))

        if answer is not None:
            with suppress(RuntimeError):  # its loop is closed: the waiting is over
                answer.get_loop().call_soon_threadsafe(end)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
            status, title, text = self._judge(head)
            writer.write(_page(status, title, text))
            await writer.drain()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # whoever that was has gone away or does not speak HTTP: keep waiting for the browser
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _judge(self, head: bytes) -> tuple[str, str, str]:
        """What to answer; the first redirect of ours settles the outcome, strangers change nothing."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, _space, rest = first.partition(" ")
        target = rest.rpartition(" ")[0]
        if not self._is_ours(lines):
            return (
                "403 Forbidden",
                _("Nothing here"),
                _("octowizard waits at another address."),
            )
        if method != "GET" or target.partition("?")[0] != PATH:
            return (
                "404 Not Found",
                _("Nothing here"),
                _("octowizard waits at another address."),
            )
        answer = self._answer
        try:
            code = _code_in(target, self.state)
        except NoCode as refusal:
            given = _value(target, "state")
            ours = secrets.compare_digest(given.encode(), self.state.encode())
            if ours and answer is not None and not answer.done():
                answer.set_exception(refusal)
            return "400 Bad Request", _("Not signed in"), str(refusal)
        if answer is not None and not answer.done():
            answer.set_result(code)
        elif answer is None or answer.cancelled() or answer.exception() or answer.result() != code:
            return (  # one redirect settles it; the same once more is a browser that loads the page again
                "400 Bad Request",
                _("Not signed in"),
                _("That address belongs to another sign-in; open the sign-in page again from octowizard."),
            )
        return "200 OK", _("Signed in"), _("You may close this window and go back to octowizard.")

    def _is_ours(self, lines: list[str]) -> bool:
        """Whether the request names this listener as its host, and no script of a page sent it.

        A browser that was sent here comes with a plain navigation, which carries no `Origin`; a name that a stranger
        binds to 127.0.0.1 carries that name.
        """
        headers = [line.partition(":") for line in lines if line]
        named = [(name.strip().lower(), value.strip().lower()) for name, _colon, value in headers]
        hosts = [value for name, value in named if name == "host"]
        names = ("localhost", "127.0.0.1", "[::1]")
        ours = {*names, *(f"{name}:{self.port}" for name in names)}
        return len(hosts) == 1 and hosts[0] in ours and all(name != "origin" for name, _value in named)


def code_from(pasted: str, state: str | None = None) -> str:
    """The code in a pasted redirect address, or the pasted code itself.

    `state`: what the consent page was opened with; an address that carries another is a stranger's. Raises NoCode.
    """
    text = pasted.strip()
    if not text:
        raise NoCode(_("Nothing was pasted; paste the whole address from the browser, or the code in it."))
    if not any(sign in text for sign in ("?", "://", "code=", "error=", " ", PATH)):
        return text
    return _code_in(text, state)


def _code_in(address: str, state: str | None) -> str:
    """The code in an address that the browser was sent to. Raises NoCode."""
    if _value(address, "error"):
        raise NoCode(
            _(
                "The page came back without letting octowizard in ({error}): open it again, and agree there."
            ).format(error=_value(address, "error"))
        )
    code = _value(address, "code")
    if not code:
        raise NoCode(_("There is no code in that address; paste the one the browser shows after you agreed."))
    given = _value(address, "state")
    if state is not None and not secrets.compare_digest(given.encode(), state.encode()):
        raise NoCode(
            _("That address belongs to another sign-in; open the sign-in page again from octowizard.")
        )
    return code


def _value(address: str, name: str) -> str:
    query = address.partition("?")[2] if "?" in address else address
    return parse_qs(query.partition("#")[0]).get(name, [""])[0]


def _page(status: str, title: str, text: str) -> bytes:
    body = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} – octowizard</title>"
        '<body style="font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem">'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></body>"
    ).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
