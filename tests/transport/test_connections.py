"""What goes over the wire and what does not: once, as it was asked, over a connection on which nothing else waits."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from octowizard.transport import http
from octowizard.transport.errors import ConfigurationError, Interrupted, Unreachable
from octowizard.transport.messages import Response, origin_of

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Vendor:
    """What one vendor has had: each request with the number of its connection."""

    url: str = ""
    requests: list[tuple[int, bytes]] = field(default_factory=list)
    connections: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)


Play = Callable[[int, asyncio.StreamWriter], None]
"""Answers the request with this number, counted from 0."""


@asynccontextmanager
async def vendor(play: Play) -> AsyncIterator[Vendor]:
    """Served on the loopback interface while the block lasts."""
    state = Vendor()
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, state.connections = state.connections, state.connections + 1
        writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                body = await reader.readexactly(int(sizes[0].partition(b":")[2]) if sizes else 0)
                state.requests.append((number, head + body))
                play(len(state.requests) - 1, writer)
        except (asyncio.IncompleteReadError, OSError):
            state.closed.set()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    state.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield state
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()


async def called(
    client: http.Client, method: str, path: str = "/x", *, write: bool = False, body: bytes = b""
) -> Response:
    request = client.build_request(method, path, content=body or None)
    return await http.exchange(client, request, vendor="Octopus", operation=f"{method} {path}", write=write)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_a_request_whose_connection_is_dropped_is_never_sent_again(method: str) -> None:
    def play(number: int, writer: asyncio.StreamWriter) -> None:
        if number == 0:
            writer.write(OK)
        else:
            writer.transport.abort()

    async with vendor(play) as there, http.client(there.url) as client:
        await called(client, "GET")
        with pytest.raises(Interrupted) as cut:
            await called(client, method, write=True, body=b"{}")
        assert cut.value.in_doubt
        assert [number for number, _request in there.requests] == [0, 0]  # over the kept connection, once


@pytest.mark.parametrize("turns", [0, 20])  # of the loop, which takes it from the socket
async def test_what_comes_unasked_is_no_answer_to_the_next_request(turns: int) -> None:
    unasked = asyncio.Event()

    def play(number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        if number == 0:

            def more() -> None:
                writer.write(OK.replace(b"200 OK", b"500 Not Yours"))
                unasked.set()

            asyncio.get_running_loop().call_later(0.01, more)

    async with vendor(play) as there, http.client(there.url) as client:
        await called(client, "GET")
        await unasked.wait()
        for _turn in range(turns):
            await asyncio.sleep(0)
        assert (await called(client, "POST", write=True)).status_code == 200
        assert [number for number, _request in there.requests] == [0, 1]


def test_a_connection_that_was_closed_while_the_loop_was_busy_is_not_used_for_a_write() -> None:
    ports: list[int] = []
    ready, close, closed, over = (threading.Event() for _event in range(4))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await writer.drain()
        await asyncio.to_thread(close.wait)
        writer.close()
        await writer.wait_closed()
        closed.set()

    async def there() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await asyncio.to_thread(over.wait)
        server.close()

    async def here() -> None:
        async with http.client(f"http://127.0.0.1:{ports[0]}") as client:
            await called(client, "GET")
            close.set()
            closed.wait()  # the loop stands still, and does not hear of it
            assert (await called(client, "POST", write=True)).status_code == 200

    serving = threading.Thread(target=lambda: asyncio.run(there()))
    serving.start()
    ready.wait()
    try:
        asyncio.run(here())
    finally:
        close.set()
        over.set()
        serving.join()


async def test_nothing_is_added_to_a_request_and_its_address_stays_letter_for_letter() -> None:
    def play(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)

    async with vendor(play) as there, http.client(there.url) as client:
        await called(client, "GET", "/a%2Fb/c%7Ed;x=1?q=a%20b%2Bc+d&e=%C3%A9")
        await called(client, "POST", write=True)
        await called(client, "PUT", write=True, body=b'{"a": 1}')
    heads = [request.split(b"\r\n\r\n")[0].split(b"\r\n") for _connection, request in there.requests]
    assert heads[0][0] == b"GET /a%2Fb/c%7Ed;x=1?q=a%20b%2Bc+d&e=%C3%A9 HTTP/1.1"
    names = [{line.split(b":")[0].lower() for line in head[1:]} for head in heads]
    usual = {b"host", b"accept", b"accept-encoding", b"connection", b"user-agent"}
    assert names == [usual, usual | {b"content-length"}, usual | {b"content-length"}]
    assert there.requests[2][1].endswith(b'\r\n\r\n{"a": 1}')


async def test_no_cookie_is_sent_back_and_no_redirect_is_followed() -> None:
    def play(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"
        )

    async with vendor(play) as there, http.client(there.url.replace("127.0.0.1", "localhost")) as client:
        assert [(await called(client, "GET")).status_code for _time in range(2)] == [302, 302]
    assert len(there.requests) == 2
    assert b"cookie" not in there.requests[1][1].lower()


async def test_a_request_that_is_given_up_takes_its_connection_along() -> None:
    asked = asyncio.Event()

    async with vendor(lambda _number, _writer: asked.set()) as there, http.client(there.url) as client:
        call = asyncio.create_task(called(client, "POST", write=True))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await there.closed.wait()


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
async def test_a_request_that_is_given_up_at_any_moment_leaves_no_connection_open() -> None:
    async with vendor(lambda _number, writer: writer.write(OK)) as there:
        for turns in range(30):  # of the loop: while it connects, sends, waits, is done
            async with http.client(there.url) as client:
                call = asyncio.create_task(called(client, "GET"))
                for _turn in range(turns):
                    await asyncio.sleep(0)
                call.cancel()
                await asyncio.gather(call, return_exceptions=True)
        gc.collect()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
async def test_an_answer_that_breaks_off_or_is_none_leaves_a_write_in_doubt(answer: bytes) -> None:
    def play(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with vendor(play) as there, http.client(there.url) as client:
        with pytest.raises(Interrupted) as cut:
            await called(client, "POST", "/secret", write=True)
        assert cut.value.in_doubt
        assert cut.value.text in (
            "its answer broke off, or was none of a web service",
            "the connection was cut",
        )
    assert len(there.requests) == 1


async def test_headers_without_an_end_are_not_read_for_ever() -> None:
    def play(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000)

    async with vendor(play) as there, http.client(there.url) as client:
        with pytest.raises(Interrupted):
            await called(client, "GET")
        await there.closed.wait()


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", b"to the end"),  # no length: all that comes
        (b"HTTP/1.0 200 OK\r\n\r\n", b""),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nto\r\n1;x=y\r\n!\r\n0\r\nA: b\r\n\r\n",
            b"to!",
        ),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nto",
            b"to",
        ),
        (b"HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\nto", b"to"),
    ],
)
async def test_an_answer_is_whole_however_its_end_is_told(answer: bytes, content: bytes) -> None:
    def play(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with vendor(play) as there, http.client(there.url) as client:
        response = await called(client, "GET")
    assert (response.status_code, response.content) == (200, content)
    assert "Link" not in response.headers


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
        ("HEAD", OK[:-2]),
    ],
)
async def test_an_answer_without_a_body_is_not_waited_for(method: str, answer: bytes) -> None:
    async with (
        vendor(lambda _number, writer: writer.write(answer)) as there,
        http.client(there.url) as client,
    ):
        for _time in range(2):
            assert (await called(client, method)).content == b""


async def test_another_protocol_that_nobody_asked_for_is_no_answer() -> None:
    def play(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")

    async with vendor(play) as there, http.client(there.url) as client:
        with pytest.raises(Interrupted):
            await called(client, "POST", write=True)


async def test_a_header_that_comes_twice_is_one_by_any_letters() -> None:
    def play(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(OK.replace(b"\r\n\r\n", b"\r\nx-a: 1\r\nX-A: 2\r\nX-Empty:\r\n\r\n"))

    async with vendor(play) as there, http.client(there.url) as client:
        headers = (await called(client, "GET")).headers
    assert (headers["X-a"], headers["x-empty"], headers.get("X-B")) == ("1, 2", "", None)


async def test_a_connection_is_kept_for_a_while_and_closed_without_being_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "_KEEP_ALIVE", 0.01)
    async with vendor(lambda _number, writer: writer.write(OK)) as there, http.client(there.url) as client:
        await called(client, "GET")
        await there.closed.wait()


async def test_a_header_of_two_lines_is_not_sent() -> None:
    async with vendor(lambda _number, writer: writer.write(OK)) as there, http.client(there.url) as client:
        with pytest.raises(ValueError, match="line break"):
            await client.send(client.build_request("GET", "/x", headers={"A": "b\r\nInjected: c"}))
    assert there.requests == []


@pytest.mark.parametrize(
    "address",
    ["https://a b.example", "https://a..b", "https://[::g]/", "https://x:y/", "https://x\ny/", "https://<x>"],
)
def test_an_address_that_is_none_is_told_before_anything_is_sent(address: str) -> None:
    with pytest.raises(ConfigurationError):
        http.checked_address(address)


@pytest.mark.parametrize(
    ("address", "netloc", "path"),
    [
        ("https://user:word@Example.be:443/v1/", "example.be", "/v1"),
        ("http://[::1]:8000", "[::1]:8000", ""),
        ("https://bücher.example/a b", "xn--bcher-kva.example", "/a%20b"),
    ],
)
def test_an_address_is_named_as_it_is_looked_up(address: str, netloc: str, path: str) -> None:
    origin = origin_of(address)
    assert (origin.netloc, origin.path) == (netloc, path)


async def test_a_name_that_is_not_found_was_asked_nothing() -> None:
    async with http.client("https://octowizard.invalid") as client:
        with pytest.raises(Unreachable, match=r"the name octowizard\.invalid is not found"):
            await called(client, "POST", write=True)
