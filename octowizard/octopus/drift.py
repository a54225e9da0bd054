"""What has changed in the contract that Octopus publishes, of what octowizard uses: operations, parameters, members.

Pure. Both documents are compared as they are written, OpenAPI 3.0 or 3.1, by following the references of each: schemas
may be renamed freely. Only members that a record of models.py or bookings.py has count as used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

import msgspec

from octowizard.octopus import bookings, models

Document = dict[str, Any]
Kind = Literal["gone", "required", "type", "value", "limit"]

_D = "/dossiers/{dossierId}"
_Y = _D + "/bookyears/{bookyearId}"
USED: Final = (
    "GET /about/version",
    "POST /authentication",
    "GET /dossiers",
    "POST /dossiers",
    "GET /error",
    *(f"{method} {_D}/bookyears" for method in ("GET", "POST", "PUT")),
    f"GET {_Y}",
    f"GET {_Y}/journals",
    *(f"GET {_Y}/journals/{kind}/{{sequenceNumber}}" for kind in "VF"),
    *(f"{method} {_D}/journals/V" for method in ("POST", "PUT")),
    f"POST {_D}/journals/F",
    *(f"{method} {_D}/accounts" for method in ("GET", "PUT")),
    f"GET {_D}/accounts/modified",
    f"GET {_D}/vatcodes",
    f"GET {_D}/currencies",
    f"GET {_D}/costcentres",
    *(f"{method} {_D}/relations" for method in ("GET", "PUT")),
    f"GET {_D}/relations/modified",
    *(f"{method} {_D}/buysellbookings" for method in ("GET", "POST")),
    f"GET {_D}/buysellbookings/modified",
    f"GET {_Y}/bookings/modified",
    *(f"{method} {_D}/financialdiversbookings" for method in ("GET", "POST")),
    f"GET {_D}/financialdiversbookings/modified",
    f"GET {_D}/balancings/modified",
    f"POST {_D}/balancings",
    f"DELETE {_D}/balancings/delete",
    f"POST {_D}/reports/clients/open",
    f"POST {_D}/reports/clients/history",
)
"""The operations that client.py calls; a test holds the two together."""

_LIMIT = "x-max-calls-per-day"
_LIMIT_IN_TEXT = re.compile(r"maximum allowed calls per day\D{0,12}(\d+)", re.IGNORECASE)
_DEEPEST = 8  # records within records; a schema that holds itself ends there


class Difference(NamedTuple):
    """One change. `place`: of a parameter `?name`, of what is sent `>path`, of what is answered `<path`, or "".

    gone      the operation, parameter, member is no longer there
    required  it must be sent now
    type      `before` and `after` are its types
    value     `before` is a value that may no longer be sent
    limit     `before` and `after` are the calls a day
    """

    operation: str
    place: str
    kind: Kind
    before: str = ""
    after: str = ""


class _Member(NamedTuple):
    type: str
    required: bool
    values: frozenset[str]


def shipped() -> Document:
    """The contract that octowizard was made for."""
    document: Document = json.loads(files(__package__).joinpath("contract.json").read_bytes())
    return document


def differences(before: Document, after: Document) -> list[Difference]:
    """What of the operations in USED is otherwise in `after`; additions are none, unless they must be sent."""
    there = {_without_names(path): item for path, item in _dict(after.get("paths")).items()}
    changes: list[Difference] = []
    for operation in USED:
        method, path = operation.split(" ", 1)
        known = before["paths"][path][method.lower()]
        present = _dict(_dict(there.get(_without_names(path))).get(method.lower()))
        if not present:
            changes.append(Difference(operation, "", "gone"))
            continue
        old_limit, new_limit = _limit(known), _limit(present)
        if old_limit and new_limit and old_limit != new_limit:
            changes.append(Difference(operation, "", "limit", str(old_limit), str(new_limit)))
        changes += _compared(
            operation, "?", _parameters(before, known), _parameters(after, present), sent=True
        )
        changes += _compared(operation, ">", _sent(before, known), _sent(after, present), sent=True)
        changes += _compared(operation, "<", _answered(before, known), _answered(after, present), sent=False)
    return changes


def _compared(
    operation: str, side: str, old: dict[str, _Member], new: dict[str, _Member], *, sent: bool
) -> Iterator[Difference]:
    gone: list[str] = []
    for path, member in old.items():
        if not (side == "?" or _is_used(path)) or path.startswith(tuple(gone)):
            continue
        now = new.get(path)
        if now is None:
            gone += (f"{path}.", f"{path}[]")  # what it holds; not what merely begins like it
            yield Difference(operation, side + path, "gone")
            continue
        if member.type and now.type and member.type != now.type:
            yield Difference(operation, side + path, "type", member.type, now.type)
        if sent and now.values:
            for value in sorted(member.values - now.values):
                yield Difference(operation, side + path, "value", value)
    for path, now in new.items():
        known, holder = old.get(path), path.rpartition(".")[0].removesuffix("[]")
        if holder and holder not in old:  # of a new record: where that must be sent, it is named itself
            continue
        if sent and now.required and not (known and known.required):
            yield Difference(operation, side + path, "required")


@cache
def _used_names() -> frozenset[str]:
    records = (
        record
        for module in (models, bookings)
        for record in vars(module).values()
        if isinstance(record, type) and issubclass(record, msgspec.Struct)
    )
    return frozenset(name for record in records for name in record.__struct_encode_fields__)


def _is_used(path: str) -> bool:
    return path.rpartition(".")[2].removesuffix("[]") in _used_names()


def _without_names(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _limit(operation: Document) -> int | None:
    if isinstance(limit := operation.get(_LIMIT), int):
        return limit
    text = _LIMIT_IN_TEXT.search(f"{operation.get('summary', '')} {operation.get('description', '')}")
    return int(text[1]) if text else None


def _parameters(document: Document, operation: Document) -> dict[str, _Member]:
    members: dict[str, _Member] = {}
    for parameter in (_followed(document, one) for one in operation.get("parameters") or ()):
        if parameter.get("in") in ("query", "header"):
            schema = _followed(document, parameter.get("schema"))
            name = str(parameter.get("name", ""))
            members[name] = _member(schema, bool(parameter.get("required")))
    return members


def _sent(document: Document, operation: Document) -> dict[str, _Member]:
    body = _followed(document, operation.get("requestBody"))
    return dict(_members(document, _schema(body), "", 0))


def _answered(document: Document, operation: Document) -> dict[str, _Member]:
    responses = _dict(operation.get("responses"))
    success = next((responses[code] for code in ("200", "201") if code in responses), None)
    return dict(_members(document, _schema(_followed(document, success)), "", 0))


def _schema(body: Document) -> object:
    content = _dict(body.get("content"))
    media = content.get("application/json") or next(iter(content.values()), None)
    return _dict(media).get("schema")


def _members(document: Document, schema: object, prefix: str, depth: int) -> Iterator[tuple[str, _Member]]:
    record = _followed(document, schema)
    if depth > _DEEPEST:
        return
    for part in record.get("allOf") or ():
        yield from _members(document, part, prefix, depth + 1)
    if "items" in record:
        yield from _members(document, record["items"], f"{prefix}[]" if prefix else prefix, depth + 1)
    required = record.get("required") or ()
    for name, member in _dict(record.get("properties")).items():
        path = f"{prefix}.{name}" if prefix else name
        inner = _followed(document, member)
        yield path, _member(inner, name in required)
        yield from _members(document, inner, path, depth + 1)


def _member(schema: Document, required: bool) -> _Member:
    kind = schema.get("type", "object" if "properties" in schema else "")
    if isinstance(kind, list):  # OpenAPI 3.1 lists null among the types
        kind = next((one for one in kind if one != "null"), "")
    return _Member(str(kind), required, frozenset(map(str, schema.get("enum") or ())))


def _followed(document: Document, part: object) -> Document:
    """The part itself, or what its reference leads to; empty where that is nothing."""
    for _step in range(_DEEPEST):
        record = _dict(part)
        reference = record.get("$ref")
        if not isinstance(reference, str):
            return record
        part = document
        for name in reference.removeprefix("#/").split("/"):
            part = _dict(part).get(name)
    return {}


def _dict(thing: object) -> Document:
    return thing if isinstance(thing, dict) else {}
