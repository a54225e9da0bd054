"""The sandbox's own copy of what the contracts say about requests: `python -m tests.sandbox.request_schemas`.

Writes `octowizard/sandbox/<vendor>/requests.json` from the contracts as octowizard ships them: the schemas that a
request body can reach, without descriptions and examples. To be run again after a contract has changed; a test
says so when it was forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.contracts import load

Json = dict[str, Any]

_KEPT = (
    *(
        "$ref",
        "type",
        "format",
        "enum",
        "readOnly",
        "required",
        "properties",
        "items",
        "oneOf",
        "anyOf",
        "allOf",
    ),
    *("minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "const"),
)
_SANDBOX = Path(__file__).parents[2] / "octowizard" / "sandbox"


def _trimmed(schema: Json) -> Json:
    """The schema with only what a check can use."""
    kept = {name: value for name, value in schema.items() if name in _KEPT}
    if "properties" in kept:
        kept["properties"] = {name: _trimmed(value) for name, value in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _trimmed(kept["items"])
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in kept:
            kept[choice] = [_trimmed(value) for value in kept[choice]]
    return kept


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def request_schemas(vendor: str) -> Json:
    """Name -> schema, of everything that a request body can hold; Teamleader's operations also by their path."""
    contract = load(vendor)
    components = contract["components"]["schemas"]
    made: Json = {}
    for path, methods in contract["paths"].items():
        for operation in methods.values():
            body = operation.get("requestBody", {}) if isinstance(operation, dict) else {}
            schema = body.get("content", {}).get("application/json", {}).get("schema")
            if schema is not None and vendor == "teamleader":
                made[path.removeprefix("/")] = _trimmed(schema)
            elif schema is not None and "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2]
                made[name] = _trimmed(components[name])
    waiting = [*made.values()]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in made:
                made[name] = _trimmed(components[name])
                waiting.append(made[name])
    return made


def text(vendor: str) -> str:
    """The file as it is shipped: one schema a line."""
    lines = (
        f"{json.dumps(name)}: {json.dumps(schema, separators=(',', ':'))}"
        for name, schema in request_schemas(vendor).items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    for each in ("octopus", "teamleader"):
        (_SANDBOX / each / "requests.json").write_text(text(each), encoding="utf-8", newline="\n")
