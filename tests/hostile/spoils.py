"""Forty ways in which a vendor's answer can be spoilt: in its bytes, its headers, its size or its pace.

A spoil is given the sound answer and writes what is sent instead. `harmless`: the answer is still to be believed.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache


@dataclass(frozen=True)
class Answer:
    """An answer as it goes over the wire; a Content-Length is added unless `headers` has one."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def with_headers(self, **headers: str) -> Answer:
        """With these, underscores being hyphens, in the place of those of the same name."""
        named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        kept = tuple((name, value) for name, value in self.headers if name.lower() not in named)
        return replace(self, headers=(*kept, *named.items()))


Write = Callable[[asyncio.StreamWriter, Answer], Awaitable[None]]


@dataclass(frozen=True)
class Spoil:
    """`slow`: it is ended by our deadline, so it takes that long. `partly`: it may fall on what is not read."""

    name: str
    write: Write
    harmless: bool = False
    slow: bool = False
    partly: bool = False


def head(answer: Answer) -> bytes:
    """The status line and headers."""
    names = {name.lower() for name, _value in answer.headers}
    headers = list(answer.headers)
    if not names & {"content-length", "transfer-encoding"}:
        headers.append(("Content-Length", str(len(answer.body))))
    lines = [
        f"HTTP/1.1 {answer.status} X",
        *(f"{name}: {value}" for name, value in headers),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


async def send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """The answer as it is."""
    writer.write(head(answer))
    if answer.status != 204:
        writer.write(answer.body)
    await writer.drain()


def _changed(change: Callable[[Answer], Answer]) -> Write:
    async def write(writer: asyncio.StreamWriter, answer: Answer) -> None:
        await send(writer, change(answer))

    return write


def _body(change: Callable[[bytes], bytes]) -> Write:
    return _changed(lambda answer: replace(answer, status=200, body=change(answer.body)))


def _values(text: str, make: Callable[[str], str], most: int = 0) -> Write:
    """Every JSON value that matches the pattern (the first `most`), made anew."""

    def change(body: bytes) -> bytes:
        made = re.sub(text, lambda found: make(found[0]), body.decode(), count=most)
        return made.encode() if made != body.decode() else make("1").encode()

    return _body(change)


_NUMBER = r"(?<=[:\[,])\s*-?\d+(\.\d+)?(?=[,\]}])"
_DATE = r'"\d{4}-\d\d-\d\d'
_STRING = r'(?<=[:\[,])\s*"[^"\\]*"(?=[,\]}])'


def _numbers(value: str) -> Write:
    return _values(_NUMBER, lambda _found: value)


def _twice(body: bytes) -> bytes:
    found = re.search(rb'("[^"\\]+"):("[^"\\]*"|-?[\d.]+|true|false|null)(?=[,}])', body)
    return body if found is None else body[: found.end()] + b"," + found[0] + body[found.end() :]


@cache
def _packed_spaces() -> bytes:
    pack = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(pack.compress(b" " * 2**20) for _ in range(100)) + pack.flush()


async def _bomb(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """100 MB of spaces in half a one."""
    packed = answer.with_headers(Content_Encoding="gzip")
    await send(writer, replace(packed, status=200, body=_packed_spaces()))


async def _endless(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(head(replace(answer, status=200).with_headers(Transfer_Encoding="chunked")))
    piece = b"%x\r\n" % 2**20 + b" " * 2**20 + b"\r\n"
    while not writer.is_closing():
        writer.write(piece)
        await writer.drain()


async def _silence(writer: asyncio.StreamWriter, answer: Answer) -> None:
    await asyncio.sleep(600)


async def _silent_body(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(head(replace(answer, body=answer.body + b" ")) + answer.body)
    await writer.drain()
    await asyncio.sleep(600)


async def _dripping(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(head(answer.with_headers(Content_Length="100000")))
    await _drip(writer, b" ")


async def _dripping_headers(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    await _drip(writer, b"X: 1\r\n")


async def _hints(writer: asyncio.StreamWriter, answer: Answer) -> None:
    await _drip(writer, b"HTTP/1.1 103 Early Hints\r\n\r\n")


async def _drip(writer: asyncio.StreamWriter, drop: bytes) -> None:
    while not writer.is_closing():
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.2)


async def _raw(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def _nonsense(writer: asyncio.StreamWriter, answer: Answer) -> None:
    await _raw(writer, b"\x00\x01SSH-2.0 not HTTP\r\n\r\n" * 3)


async def _long_header(writer: asyncio.StreamWriter, answer: Answer) -> None:
    await _raw(writer, b"HTTP/1.1 200 OK\r\nX: " + b"a" * 5_000_000 + b"\r\n\r\n")


async def _hang_up(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.transport.abort()


def _limited(**headers: str) -> Write:
    return _changed(lambda answer: replace(answer.with_headers(**headers), status=429, body=b""))


def _first(body: bytes) -> bytes:
    """The sound answer with a member of 4,000 brackets in it."""
    deep = b"[" * 4000 + b"]" * 4000
    return body.replace(b"{", b'{"zz":' + deep + b",", 1) if b"{" in body else deep


def _list_of(item: bytes, times: int) -> Write:
    def listed(body: bytes) -> bytes:
        many = b"[" + b",".join([item] * times) + b"]"
        return b'{"data":' + many + b',"modified":' + many + b"}" if body[:1] == b"{" else many

    return _body(listed)


def _replaced(status: int, body: bytes, **headers: str) -> Write:
    return _changed(lambda answer: replace(answer.with_headers(**headers), status=status, body=body))


def _headed(**headers: str) -> Write:
    return _changed(lambda answer: answer.with_headers(**headers))


_NEVER = "9999-12-31T23:59:59"
_BEGINNING = "Mon, 01 Jan 0001 00:00:00 GMT"
_CONTROLS = json.dumps({"errorMessage": "\x1b]0;x\x07\n" * 9999}).encode()

SPOILS = (
    Spoil("gzip bomb", _bomb),
    Spoil("endless body", _endless),
    Spoil("silence", _silence, slow=True),
    Spoil("silence within", _silent_body, slow=True),
    Spoil("a byte at a time", _dripping, slow=True),
    Spoil("headers for ever", _dripping_headers, slow=True),
    Spoil("hints for ever", _hints, slow=True),
    Spoil("no HTTP", _nonsense),
    Spoil("a header of 5 MB", _long_header),
    Spoil("hung up", _hang_up),
    Spoil("length too great", _changed(lambda a: a.with_headers(Content_Length=str(len(a.body) + 9)))),
    Spoil("length too small", _changed(lambda a: a.with_headers(Content_Length=str(max(len(a.body) // 2, 1))))),
    Spoil("cut off", _body(lambda body: body[: len(body) // 2])),
    Spoil("no gzip", _changed(lambda a: replace(a, body=b"x" + a.body).with_headers(Content_Encoding="gzip"))),
    Spoil(
        "gzip cut off",
        _changed(lambda a: replace(a, body=gzip.compress(a.body + b" ")[:-9]).with_headers(Content_Encoding="gzip")),
    ),
    Spoil("brotli", _changed(lambda a: replace(a, body=b"\x8b\x00" + a.body).with_headers(Content_Encoding="br"))),
    Spoil("a web page", _replaced(200, b"<html>hi", Content_Type="text/html")),
    Spoil("204", _changed(lambda a: replace(a, status=204, body=b""))),
    Spoil("empty", _body(lambda _body: b"")),
    Spoil("redirect", _changed(lambda a: replace(a.with_headers(Location="http://127.0.0.1:9/"), status=307))),
    Spoil("another kind", _body(lambda _body: b'{"data":7,"modified":7,"token":7,"Dossiertoken":7,"access_token":7}')),
    Spoil("nested", _body(lambda _body: b"[" * 200_000)),
    Spoil("nested in an unknown member", _body(_first)),
    Spoil("many values", _list_of(b"1", 4_000_000)),
    Spoil("many records", _list_of(b"{}", 3_000_000)),
    Spoil("a text of 20 MB", _values(_STRING, lambda _found: '"' + "x" * 20_000_000 + '"', most=1), partly=True),
    Spoil("numbers of 40 digits", _numbers("9" * 40), partly=True),
    Spoil("numbers of 5,000 digits", _numbers("9" * 5000), partly=True),
    Spoil("1e999999999", _numbers("1e999999999"), partly=True),
    Spoil("NaN", _numbers("NaN")),
    Spoil('"NaN"', _numbers('"NaN"'), partly=True),
    Spoil("Infinity", _numbers("-Infinity")),
    Spoil("lone surrogates", _values(_STRING, lambda _found: r'"\ud800"'), partly=True),
    Spoil("not UTF-8", _body(lambda body: body.replace(b'"', b'"\xff\xfe') + b"\xff"), partly=True),
    Spoil("a byte order mark", _body(lambda body: b"\xef\xbb\xbf\xef\xbb\xbf" + body)),
    Spoil("the year 1", _values(_DATE, lambda _found: '"0001-01-01'), partly=True),
    Spoil("the year 9999", _values(_DATE, lambda _found: '"9999-12-31'), partly=True),
    Spoil("Retry-After of 4,000 digits", _limited(Retry_After="9" * 4000, X_RateLimit_Remaining="9" * 4000)),
    Spoil("Retry-After in no digits of ours", _limited(Retry_After="٣٣٣", X_RateLimit_Reset=f"{_NEVER}+00:00")),
    Spoil("Retry-After in the year 9999", _limited(Retry_After="Fri, 31 Dec 9999 23:59:59 GMT", Date=_BEGINNING)),
    Spoil("500 with control characters", _replaced(500, _CONTROLS)),
    Spoil("doubled names", _changed(lambda a: replace(a, body=_twice(a.body))), harmless=True),
    Spoil("cookies", _headed(Set_Cookie="a=b; Domain=127.0.0.1; Max-Age=" + "9" * 400), harmless=True),
    Spoil("a charset of its own", _headed(Content_Type="application/json; charset=base64"), harmless=True),
)  # fmt: skip
