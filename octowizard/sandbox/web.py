"""The plumbing both stand-ins share: JSON with exact amounts, counting, faults, latency, cut connections.

How a stand-in uses it:

    VENDOR = Vendor("octopus", failure=..., describe=...)

    def get_bookyears(call: Call) -> Answer:          # plain function, no await: it runs as one atomic step
        body = call.json()                            # numbers with a point are Decimal; raises BadJson
        return json_response([...])                   # or json_response({...}, 404, refusal=False)

    def routes(company: Company) -> list[Route]:
        name = "GET /dossiers/{dossierId}/bookyears"
        return [Route(PREFIX + "/dossiers/{dossierId}/bookyears",
                      operation(company, VENDOR, name, get_bookyears), methods=["GET"])]

Every call goes: count -> latency (base and fault) -> drop_before or status fault -> handler -> record the refusal ->
malformed or drop_after. Handlers read the state through `call.world` and must not keep it between calls: the
practice company can be exchanged. What a vendor checks itself (tokens, limits) is the handler's business.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octowizard.sandbox.faults import Faults
from octowizard.sandbox.state import Refusal, World

TRANSPORT = "octowizard.transport"  # key in the ASGI scope; server.py puts the connection there

DEEPEST = 100  # levels of a body

_SURROGATE = re.compile(rb"\\u[dD]")
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_SORTED = msgspec.json.Encoder(decimal_format="number", order="sorted")


class BadJson(ValueError):
    """The body is no JSON that can be used; the text is one sentence."""


def parse_json(body: bytes, *, unique: bool = False) -> Any:
    """JSON in UTF-8 with numbers as int or Decimal, never float. Raises BadJson, for an empty body too.

    Refused beside what is no JSON: half a character (`\\ud800`) and whole numbers beyond 64 bits, which could be
    kept but never be shown again; amounts beyond all reckoning; values nested deeper than DEEPEST. `unique`: a
    member that is named twice is refused too; else the last counts.
    """
    pairs = _each_once if unique else None
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text, parse_int=_whole, parse_float=_decimal, parse_constant=_no_constant, object_pairs_hook=pairs
        )
        if _SURROGATE.search(body):
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise BadJson("The body holds half a character.") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise BadJson("The body is no JSON.") from None
    except ValueError as problem:  # of the functions below
        raise BadJson(f"In the body {problem}.") from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(value) > DEEPEST:
        raise BadJson(f"The body is nested deeper than {DEEPEST} levels.")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"stands {name}, which is no JSON")


def _whole(text: str) -> int:
    if len(text) > 20 or not -(2**63) <= (number := int(text)) < 2**63:
        raise ValueError("stands a whole number beyond 64 bits")
    return number


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > 400 or abs(number.adjusted()) > 300:
        raise ValueError("stands a number beyond all reckoning")
    return number


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _depth(value: Any) -> int:
    """How many lists and objects lie in each other."""
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return depth


class Answer(Response):
    """A response that remembers what was said, so that a refusal can be recorded.

    `refusal` False: not a refusal although the status is 400 or more (an empty list that answers 404).
    """

    def __init__(
        self,
        content: bytes = b"",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        data: Any = None,
        refusal: bool = True,
    ) -> None:
        super().__init__(content, status, dict(headers or {}), media_type)
        self.data = data
        self.refusal = refusal and status >= 400


def json_response(
    data: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    sort_keys: bool = False,
    refusal: bool = True,
) -> Answer:
    """An answer with a JSON body; Decimals are written digit by digit as JSON numbers."""
    content = (_SORTED if sort_keys else _ENCODER).encode(data)
    return Answer(content, status, headers, "application/json", data, refusal)


def empty_response(status: int = 204, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer without a body."""
    return Answer(b"", status, headers)


@dataclass
class Company:
    """What the stand-ins and the control address share: the practice company and how it is served.

    `files`: the one folder in which practice actions read and write. `secret`: whoever knows it may act; it is
    new for each start, and part of the control address.
    """

    world: World
    latency: dict[str, float] = field(default_factory=dict)  # vendor name -> seconds before every answer
    faults: Faults = field(default_factory=lambda: Faults(0))
    operations: set[str] = field(default_factory=set)  # the names that `operation` was called with
    url: str = ""  # where it is being served, without a slash at the end
    files: Path | None = None
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


@dataclass(frozen=True)
class Call:
    """One call on its way through a stand-in: the request with its body read."""

    company: Company
    operation: str
    request: Request
    body: bytes

    @property
    def world(self) -> World:
        return self.company.world

    def json(self) -> Any:
        """The body as JSON. Raises BadJson."""
        return parse_json(self.body)

    def header(self, name: str) -> str | None:
        """A request header; the case of the name does not matter."""
        return self.request.headers.get(name)

    def query(self, name: str) -> str | None:
        """A query parameter."""
        return self.request.query_params.get(name)

    def path(self, name: str) -> str:
        """A path parameter."""
        return str(self.request.path_params[name])


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Vendor:
    """How one vendor speaks of errors.

    `name`: "octopus" or "teamleader". `failure(call, status)`: an error answer in the vendor's own shape for
    a status that a fault asks for. `describe(data)`: error code and text of an error body (any JSON or None).
    """

    name: str
    failure: Callable[[Call, int], Answer]
    describe: Callable[[Any], tuple[int | None, str]]


class Cut(Answer):
    """No answer at all: the connection is cut."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Abort the connection and wait until the server has noticed, so that it does not answer itself."""
        transport = scope.get(TRANSPORT)
        if transport is None:
            raise ConnectionAbortedError("a fault cuts the connection, and this server has none to cut")
        transport.abort()
        message = await receive()
        while message["type"] != "http.disconnect":
            message = await receive()


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form, or of a query, the first value of each."""
    return {
        name: values[0]
        for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()
    }


def operation(
    company: Company, vendor: Vendor, name: str, handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    """The Starlette endpoint of one operation, with all that is said at the top of this file around it."""
    company.operations.add(name)
    return unlisted_operation(company, vendor, name, handler)


def unlisted_operation(
    company: Company, vendor: Vendor, name: str, handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    """The same for a call of something that the vendor does not have: counted, and unknown to the faults."""

    async def endpoint(request: Request) -> Response:
        try:
            call = Call(company, name, request, await request.body())
        except ClientDisconnect:
            return Answer()  # nobody is left to read it
        octopus = vendor.name == "octopus"
        calls = call.world.octopus_calls if octopus else call.world.teamleader_calls
        calls[name] = calls.get(name, 0) + 1
        hit = company.faults.hit(name)
        seconds = company.latency.get(vendor.name, 0.0) + hit.seconds
        if seconds > 0:
            await asyncio.sleep(seconds)
        if hit.drop_before:
            return Cut()
        broken = call.world.out_of_order
        status = hit.status or broken.get(vendor.name) or broken.get(name)
        answer = handler(call) if status is None else vendor.failure(call, status)
        if answer.refusal:
            code, text = vendor.describe(answer.data)
            world = call.world
            refused = world.octopus_refused if octopus else world.teamleader_refused
            refused.append(Refusal(name, answer.status_code, code, text, world.clock.now()))
        if hit.malformed:
            return _halved(answer)
        return Cut() if hit.drop_after else answer

    return endpoint


def _halved(answer: Answer) -> Answer:
    """The first half of an answer, as if it were whole; of an empty one, a page that some proxy made."""
    body = bytes(answer.body)
    kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Answer(body[: len(body) // 2] or b"<html>", answer.status_code if body else 200, kept)
