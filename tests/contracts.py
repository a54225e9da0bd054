"""Checks requests and answers against the vendors' contracts, stricter than the vendors are themselves.

    check_request("octopus", "POST", "/dossiers/1/balancings", {}, headers, body)
    check_response("octopus", "POST", "/dossiers/1/balancings", 201, headers, None)
    check_schema("octopus", "JournalServiceData", record)

Bodies are parsed JSON (None: no body), best read with `parse_float=Decimal`. Unknown members, unknown query
parameters and undocumented statuses are failures, so that a slip in a name cannot hide. Every failure is an
AssertionError that says where. It does not know how either side is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any, Literal
from urllib.parse import unquote

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

Vendor = Literal["octopus", "teamleader"]
Json = dict[str, Any]

PREFIXES = ("/octopus-rest-api/v1", "/teamleader-auth", "/teamleader")

_FORMATS = FormatChecker()


def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


_FORMATS.checks("int32")(_is_int32)


@cache
def load(vendor: Vendor) -> Json:
    """The vendor's contract as shipped with octowizard."""
    text = resources.files(f"octowizard.{vendor}").joinpath("contract.json").read_text(encoding="utf-8")
    contract: Json = json.loads(text)
    return contract


def _strict(vendor: Vendor, schema: Any, direction: str, *, open_here: bool = False) -> Any:
    """A copy of a schema that forbids unknown members; `open_here` for a branch of an allOf.

    An object composed of branches is closed as a whole, since each branch sees only its own members.
    """
    if isinstance(schema, list):
        return [_strict(vendor, item, direction) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:  # nothing that counts stands beside one
        return _named(vendor, direction, schema["$ref"].rsplit("/", 1)[1], open_here=open_here)
    strict: Json = {}
    composed = "allOf" in schema
    spread = composed or ("properties" in schema and ("oneOf" in schema or "anyOf" in schema))
    for key, value in schema.items():
        if key == "properties":
            strict[key] = {name: _property(vendor, item, direction) for name, item in value.items()}
        elif key in ("allOf", "oneOf", "anyOf"):
            loose = spread or open_here
            strict[key] = [_strict(vendor, branch, direction, open_here=loose) for branch in value]
        elif key == "items":
            strict[key] = _strict(vendor, value, direction)
        elif key in ("example", "examples", "description") or key.startswith("x-"):
            continue
        else:
            strict[key] = value
    hidden = _hidden(schema.get("properties", {}), direction)
    if "required" in strict:
        strict["required"] = [name for name in strict["required"] if name not in hidden]
    said = "additionalProperties" in schema or "unevaluatedProperties" in schema
    if not open_here and not said and ("properties" in schema or composed):
        strict["unevaluatedProperties" if spread else "additionalProperties"] = False
    return strict


def _property(vendor: Vendor, schema: Any, direction: str) -> Any:
    return False if _is_hidden(schema, direction) else _strict(vendor, schema, direction)


def _is_hidden(schema: Any, direction: str) -> bool:
    flag = "readOnly" if direction == "request" else "writeOnly"
    return isinstance(schema, dict) and bool(schema.get(flag))


def _hidden(properties: Mapping[str, Any], direction: str) -> set[str]:
    return {name for name, item in properties.items() if _is_hidden(item, direction)}


_NAMED: dict[tuple[str, str, bool, str], Json] = {}


def _named(vendor: Vendor, direction: str, name: str, *, open_here: bool) -> Json:
    """The strict schema of that name; it holds the others themselves, so that no check looks up a reference."""
    key = (vendor, direction, open_here, name)
    if key not in _NAMED:
        _NAMED[key] = {}  # a schema may hold itself
        schema = load(vendor)["components"]["schemas"][name]
        _NAMED[key].update(_strict(vendor, schema, direction, open_here=open_here))
    return _NAMED[key]


_TYPES: dict[type, tuple[str, ...]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    Decimal: ("number",),
    type(None): ("null",),
}
_SOUND: set[bytes] = set()
_SOUND_MEMBERS: set[tuple[int, str]] = set()
"""What was checked and found sound: companies hold thousands of records, and of members, that are equal."""


def _properties(validator: Any, properties: Json, instance: Any, _schema: Json) -> Iterator[ValidationError]:
    """The keyword `properties`, which looks at a member once by its schema (that lives to the end) and what it is."""
    if not isinstance(instance, dict):
        return
    for name, schema in properties.items():
        if name not in instance:
            continue
        value = instance[name]
        if isinstance(schema, dict):
            of = schema.get("type", ())
            types = (of,) if isinstance(of, str) else of
            if len(schema) == 1 and any(one in types for one in _TYPES.get(type(value), ())):
                continue  # any text, any number: nothing more is asked of it
            key = id(schema), repr(value)
            if key in _SOUND_MEMBERS:
                continue
            problems = list(validator.descend(value, schema, path=name, schema_path=name))
            if not problems:
                _SOUND_MEMBERS.add(key)
            yield from problems
        else:
            yield from validator.descend(value, schema, path=name, schema_path=name)


_Validator = extend(Draft202012Validator, {"properties": _properties})


@cache
def _validator(vendor: Vendor, direction: str, schema_text: str) -> Any:
    strict = _strict(vendor, json.loads(schema_text), direction)
    return _Validator(strict, format_checker=_FORMATS)


def _check(vendor: Vendor, direction: str, schema: Any, value: Any, where: str) -> None:
    named = json.dumps(schema, sort_keys=True)
    checked = blake2b(f"{vendor} {direction} {named} {value!r}".encode("utf-8", "backslashreplace")).digest()
    if checked in _SOUND:
        return
    validator = _validator(vendor, direction, named)
    problems = [f"{problem.json_path}: {problem.message[:500]}" for problem in validator.iter_errors(value)]
    assert not problems, f"{where} breaks the contract: " + "; ".join(problems[:5])
    _SOUND.add(checked)


def check_schema(vendor: Vendor, name: str, value: Any, *, direction: str = "response") -> None:
    """A record against the schema of that name."""
    _check(vendor, direction, {"$ref": f"#/components/schemas/{name}"}, value, f"{vendor} {name}")


@cache
def _templates(vendor: Vendor) -> list[tuple[re.Pattern[str], str, Json]]:
    paths: Json = load(vendor)["paths"]
    made = []
    for template in sorted(paths, key=lambda path: (path.count("{"), path)):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
        made.append((re.compile(pattern + r"\Z"), template, paths[template]))
    return made


def find_operation(vendor: Vendor, method: str, path: str) -> tuple[str, Json, dict[str, str]]:
    """Template, operation and path parameters of a call; `path` with or without a stand-in's prefix."""
    for prefix in PREFIXES:
        if path.startswith(prefix + "/"):
            path = path[len(prefix) :]
            break
    for pattern, template, item in _templates(vendor):
        match = pattern.match(path)
        if match and method.lower() in item:
            found = {name: unquote(value) for name, value in match.groupdict().items()}
            return template, item[method.lower()], found
    raise AssertionError(f"{vendor} has no operation {method} {path}")


def _parameters(vendor: Vendor, operation: Json) -> list[Json]:
    shared = load(vendor)["components"].get("parameters", {})
    listed = operation.get("parameters", [])
    return [shared[item["$ref"].rsplit("/", 1)[1]] if "$ref" in item else item for item in listed]


def _typed(text: str, schema: Json) -> Any:
    """A parameter's text as the type that its schema names; text that does not fit stays text, and fails."""
    try:
        if schema.get("type") == "integer":
            return int(text)
        if schema.get("type") == "number":
            return float(text)
    except ValueError:
        return text
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def check_request(
    vendor: Vendor,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> None:
    """A request against its operation: path, parameters, required headers and body."""
    template, operation, in_path = find_operation(vendor, method, path)
    where = f"request {method} {template}"
    given: dict[str, Mapping[str, str]] = {
        "path": in_path,
        "query": dict(query or {}),
        "header": {name.lower(): value for name, value in (headers or {}).items()},
    }
    known_query = set()
    for parameter in _parameters(vendor, operation):
        place, name = parameter["in"], parameter["name"]
        if place == "query":
            known_query.add(name)
        key = name.lower() if place == "header" else name
        if key not in given[place]:
            assert not parameter.get("required"), f"{where} lacks the {place} parameter {name}"
            continue
        value = _typed(given[place][key], parameter["schema"])
        _check(vendor, "request", parameter["schema"], value, f"{where}, parameter {name}")
    strange = set(given["query"]) - known_query
    assert not strange, f"{where} has unknown query parameters {sorted(strange)}"
    request_body = operation.get("requestBody")
    if body is None or request_body is None:
        assert body is None, f"{where} has a body and the contract names none"
        assert request_body is None or not request_body.get("required"), f"{where} lacks its body"
        return
    media = "application/json"
    if media not in request_body["content"] or isinstance(body, bytes):
        media = next(iter(request_body["content"]))
    if isinstance(body, bytes):
        assert media == "application/octet-stream", f"{where} sends bytes, the contract says {media}"
        return
    _check(vendor, "request", request_body["content"][media].get("schema", {}), body, where)


def check_response(
    vendor: Vendor,
    method: str,
    path: str,
    status: int,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    *,
    undocumented: Collection[int] = (),
) -> None:
    """An answer against its operation. `undocumented`: statuses that the caller knows and lets pass unread.

    A 204 has no body, whatever the contract says.
    """
    template, operation, _ = find_operation(vendor, method, path)
    where = f"answer {status} to {method} {template}"
    answers = operation["responses"]
    if status in undocumented and str(status) not in answers:
        return
    answer = answers.get(str(status), answers.get("default"))
    assert answer is not None, f"{where}: the contract documents only {sorted(answers)}"
    if "$ref" in answer:
        answer = load(vendor)["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
    content = answer.get("content", {})
    empty = body is None or body in (b"", "")
    if not content or status == 204:
        assert empty, f"{where} has a body and should be empty"
        return
    given_media = {name.lower(): value for name, value in (headers or {}).items()}.get("content-type", "")
    if given_media:
        media = given_media.split(";")[0].strip()
        assert media in content, f"{where} is {media}, the contract says {sorted(content)}"
    else:
        media = next(iter(content))
    if isinstance(body, bytes):
        assert media != "application/json", f"{where} is not JSON"
        return
    _check(vendor, "response", content[media].get("schema", {}), body, where)
