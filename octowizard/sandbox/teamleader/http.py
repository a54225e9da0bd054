"""The HTTP side of the Teamleader stand-in: addresses, tokens, the window, bodies and error bodies.

The API lies under /teamleader (POST /teamleader/invoices.list), the sign-in under /teamleader-auth, temporary
files under /teamleader-files. Order of the checks of an API call: blocked caller, token, window, right, body. What is
refused counts in the window like any other call (seen by one client); a caller without an account has none.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from octowizard.sandbox.consent import PAGE_HEADERS
from octowizard.sandbox.state import Json, World
from octowizard.sandbox.teamleader import customers, invoices, oauth, settings, window
from octowizard.sandbox.teamleader.call import Desk
from octowizard.sandbox.teamleader.checks import Refused, bad
from octowizard.sandbox.teamleader.request_checks import check_request
from octowizard.sandbox.web import (
    Answer,
    BadJson,
    Call,
    Company,
    Vendor,
    empty_response,
    form_of,
    json_response,
    operation,
    parse_json,
)

API = "/teamleader"
AUTH = "/teamleader-auth"
FILES = "/teamleader-files"
AUTHORIZE = f"{AUTH}/oauth2/authorize"
TOKEN = f"{AUTH}/oauth2/access_token"
VERSION = "2023-09-26"

OPERATIONS = settings.OPERATIONS | customers.OPERATIONS | invoices.OPERATIONS


class _Door:
    """What the stand-in remembers of its callers, for as long as the practice company is the same."""

    def __init__(self) -> None:
        self._world: World | None = None
        self.window = window.Window()
        self.guard = oauth.Guard()

    def of(self, world: World) -> _Door:
        if self._world is not world:
            self._world, self.window, self.guard = world, window.Window(), oauth.Guard()
        return self

    def count(self, call: Call) -> bool:
        """Count a call of a known account in the window; whether it still has room. What is refused for want of
        room counts too, unless the switch `refused_calls_count` says otherwise."""
        world = call.world
        if not world.limits or oauth.account_until(world, call.header("Authorization")) is None:
            return True
        switches = world.switches
        return self.window.take(
            world.clock.now(), switches.rate_limit_per_minute, refused_too=switches.refused_calls_count
        )

    def headers(self, call: Call) -> dict[str, str]:
        """The headers of every answer of the API."""
        world, now = call.world, call.world.clock.now()
        if world.limits:
            headers = self.of(world).window.headers(now, world.switches.rate_limit_per_minute)
        else:
            headers = window.unlimited(now)
        headers["X-Api-Version"] = call.header("X-Api-Version") or VERSION
        return headers


def routes(company: Company) -> list[Route]:
    """All addresses of the stand-in, serving the practice company that `company` holds at each call."""
    door = _Door()

    def failure(call: Call, status: int) -> Answer:
        if status < 500:
            door.of(call.world).count(call)
        return json_response(_errors(status, "Injected failure"), status, door.headers(call))

    vendor = Vendor("teamleader", failure, _describe)
    served = [
        Route(
            f"{API}/{name}",
            operation(company, vendor, name, partial(_api, door)),
            methods=["GET", "POST"] if name.endswith((".list", ".info", ".me")) else ["POST"],
        )
        for name in OPERATIONS
    ]

    def unknown(call: Call) -> Answer:
        door.of(call.world).count(call)
        headers = door.headers(call)
        if call.path("rest") in OPERATIONS:
            return json_response(_errors(405, "Method not allowed"), 405, headers)
        del headers["X-Api-Version"]  # an address that no version has (seen by one client)
        return json_response(_errors(404, "Not found"), 404, headers)

    def token(call: Call) -> Answer:
        try:
            given = _token_request(call)
        except BadJson:
            given = {}
        status, body = oauth.grant(call.world, door.of(call.world).guard, given)
        return json_response(body, status, {"Cache-Control": "no-store"})

    return [
        *served,
        Route(
            API + "/{rest:path}",
            operation(company, vendor, "unknown", unknown),
            methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        ),
        Route(AUTHORIZE, operation(company, vendor, "oauth2/authorize", _authorize), methods=["GET"]),
        Route(TOKEN, operation(company, vendor, "oauth2/access_token", token), methods=["POST"]),
        Route(FILES + "/{id}/{name}", _file, methods=["GET"]),
    ]


def _api(door: _Door, call: Call) -> Answer:
    world, kind = call.world, call.operation.partition(".")[0]
    door.of(world)
    if door.guard.blocked:
        return _refuse(door, call, Refused(403, "Too many calls with wrong credentials"))
    room = door.count(call)
    if not oauth.signed_in(world, door.guard, call.header("Authorization")):
        return _refuse(door, call, Refused(401, "Unauthorized"))
    if not room:
        return _refuse(door, call, Refused(429, "Rate limit exceeded"))
    if kind in world.teamleader.forbidden:  # the beginning of the text was recorded
        return _refuse(door, call, Refused(403, f"No access to {kind}"))
    try:
        body = _body(call)
        check_request(call.operation, body)
        url = call.request.url
        result = OPERATIONS[call.operation](Desk(world, f"{url.scheme}://{url.netloc}"), body)
    except Refused as refused:
        return _refuse(door, call, refused)
    if result.data is None:
        return empty_response(result.status, door.headers(call))
    return json_response(result.data, result.status, door.headers(call))


def _refuse(door: _Door, call: Call, refused: Refused) -> Answer:
    body = _errors(refused.status, refused.title, refused.field)
    return json_response(body, refused.status, door.headers(call))


def _errors(status: int, title: str, field: str | None = None) -> Json:
    """The vendor's error body (official)."""
    return {
        "errors": [{"code": 0, "title": title, "status": status, "meta": {"field": field} if field else {}}]
    }


def _describe(data: Any) -> tuple[int | None, str]:
    errors = data.get("errors") if isinstance(data, dict) else None
    return None, str(errors[0]["title"]) if errors else ""


def _body(call: Call) -> Json:
    if call.request.method == "GET":
        return _from_query(call.request.query_params.multi_items())
    if not call.body.strip():
        return {}
    try:
        body = call.json()
    except BadJson:
        raise bad("Request body must be valid JSON") from None
    if body == []:  # so a client written in PHP sends no parameters at all (inferred)
        return {}
    if not isinstance(body, dict):
        raise bad("Request body must be an object")
    return body


def _from_query(items: list[tuple[str, str]]) -> Json:
    """`page[size]=100&filter[ids][]=…` as the body it stands for; old clients read with GET (official, deprecated)."""
    body: Json = {}
    for name, value in items:
        keys = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        place = body
        for key, following in pairwise(keys):
            place = _inside(place, key, [] if following == "" or following.isdecimal() else {})
        _inside(place, keys[-1] if keys else name, _plain(keys, value))
    return body


def _inside(place: Any, key: str, fresh: Any) -> Any:
    if isinstance(place, list):
        if not key.isdecimal() or int(key) >= len(place):
            place.append(fresh)
            return fresh
        return place[int(key)]
    return place.setdefault(key, fresh) if isinstance(place, dict) else fresh


def _plain(keys: list[str], value: str) -> Any:
    if keys[:1] == ["page"] and value.isdecimal():
        return int(value)
    return {"true": True, "false": False}.get(value, value)


def _authorize(call: Call) -> Answer:
    query = dict(call.request.query_params)
    status, text = oauth.authorise(call.world, query, call.request.url.path)
    if status == 302:
        return Answer(b"", 302, {"Location": text})
    return Answer(text.encode(), status, PAGE_HEADERS, "text/html")


def _token_request(call: Call) -> Json:
    if (call.header("Content-Type") or "").startswith("application/json"):
        given = parse_json(call.body)
        return given if isinstance(given, dict) else {}
    return {**form_of(call.body)}


async def _file(request: Request) -> Response:
    """A stand-in for a rendition: says what it is and nothing else."""
    name = request.path_params["name"]
    line = f"Practice company: document {request.path_params['id']} as {name}."
    if name == "pdf":
        return Response(_pdf(line), media_type="application/pdf")
    return Response(f'<?xml version="1.0"?><practice>{line}</practice>', media_type="application/xml")


def _pdf(line: str) -> bytes:
    """The smallest PDF of one line."""
    stream = f"BT /F1 12 Tf 40 400 Td ({line}) Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, offsets = "%PDF-1.4\n", []
    for index, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{index} 0 obj{content}endobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("latin-1", "replace")
