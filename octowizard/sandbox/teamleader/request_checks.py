"""The check of each operation's body, made from the contract (`requests.json`, the sandbox's own copy).

A check is made when its operation is first called. Where clients or the help centre know more than the schema, or
something else, their word stands in `_FACTS`. Members that a schema does not name are ignored, so read-only fields
can be sent and change nothing.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from octowizard.sandbox.teamleader.checks import (
    Check,
    Json,
    anything,
    bad,
    boolean,
    day,
    either,
    filled,
    integer,
    many,
    moment,
    nullable,
    number,
    one_of,
    percentage,
    positive,
    record,
    text,
    up_to,
    uuid,
)

LONGEST_DESCRIPTION = 250  # characters of a line (help centre)


def check_request(operation: str, body: Any) -> None:
    """Check the body of an operation (`companies.add`). Raises Refused; one that takes no body takes any."""
    _check_of(operation)(body, "")


@cache
def _schemas() -> dict[str, Json]:
    file = resources.files(__package__).joinpath("requests.json")
    schemas: dict[str, Json] = json.loads(file.read_text(encoding="utf-8"))
    return schemas


@cache
def _check_of(name: str) -> Check:
    """The check of a named schema, or of the operation whose body it describes."""
    schema = _schemas().get(name)
    return anything if schema is None else _compiled(schema, name)


def _compiled(schema: Json, place: str) -> Check:
    """The check of a schema that stands at `place`: its name, or `Name.member` of the one around it."""
    if place in _FACTS:
        return _FACTS[place]
    check = _without_null(schema, place)
    return nullable(check) if _takes_null(schema) or place in _CLEARED_BY_NULL else check


def _without_null(schema: Json, place: str) -> Check:
    if "$ref" in schema:
        return _check_of(schema["$ref"].rpartition("/")[2])
    if "allOf" in schema:
        return _all_of([_compiled(part, place) for part in schema["allOf"]])
    if "oneOf" in schema:
        parts = [part for part in schema["oneOf"] if part != {"type": "null"}]
        return _one_of_several([_compiled(part, place) for part in parts])
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if values:
        return one_of(*(value for value in values if value is not None))
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    kinds = [kind for kind in kinds if kind != "null"]
    return _one_of_several([_of_type(kind, schema, place) for kind in kinds])


def _of_type(kind: str, schema: Json, place: str) -> Check:
    if kind == "object":
        required = schema.get("required", ())
        members = {
            name: _compiled(member, f"{place}.{name}") for name, member in schema["properties"].items()
        }
        return record(
            {name: check for name, check in members.items() if name in required},
            {name: check for name, check in members.items() if name not in required},
        )
    if kind == "array":
        return many(_compiled(schema["items"], f"{place}[]"), schema.get("minItems", 0))
    if kind == "string":
        check = _FORMATS.get(schema.get("format", ""), filled if schema.get("minLength") else text)
        return up_to(schema["maxLength"], check) if "maxLength" in schema else check
    if kind == "number":
        return percentage if schema.get("maximum") == 100 else number
    return {"integer": integer, "boolean": boolean}[kind]


def _takes_null(schema: Json) -> bool:
    return "null" in schema.get("type", ()) or {"type": "null"} in schema.get("oneOf", ())


def _one_of_several(checks: list[Check]) -> Check:
    return checks[0] if len(checks) == 1 else either(*checks)


def _all_of(checks: list[Check]) -> Check:
    def every(value: Any, path: str) -> None:
        for check in checks:
            check(value, path)

    return every


def _days(value: Any, path: str) -> None:
    integer(value, path)
    if not 0 <= value <= 3650:  # the bound is ours
        raise bad(f"{path} must be valid", path)


def _attention(value: Any, path: str) -> None:
    """A name, or the id of a contact (official: one of the two)."""
    record()(value, path)
    if "contact_id" in value:
        uuid(value["contact_id"], f"{path}.contact_id")
    elif "name" in value:
        text(value["name"], f"{path}.name")
    else:
        raise bad("oneOf rule failed", path)


def _web_address(value: Any, path: str) -> None:
    filled(value, path)
    try:
        parts = urlsplit(value)
    except ValueError:
        raise bad(f"{path} must be valid", path) from None
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in value:
        raise bad(f"{path} must be valid", path)


_FORMATS: dict[str, Check] = {"uuid": uuid, "date": day, "date-time": moment, "uri": _web_address}
_DOCUMENTS = ("InvoiceDraft", "InvoiceUpdate", "InvoiceUpdateBooked")
_FACTS: dict[str, Check] = {
    **dict.fromkeys(("CompanyAdd.name", "CompanyUpdate.name", "ContactAdd.last_name"), filled),
    **dict.fromkeys(("ContactUpdate.last_name", "Email.email", "PrimaryEmail.email"), filled),
    **dict.fromkeys(("CompanyTelephone.number", "ContactTelephone.number", "AddressInput.country"), filled),
    # an empty text is refused where null works (seen by one client)
    **{f"{name}.note": nullable(filled) for name in _DOCUMENTS},
    **{f"{name}.currency.exchange_rate": positive for name in _DOCUMENTS},
    "CustomFieldInput.value": anything,  # its kind depends on a definition that is looked up later
    "InvoiceeInput.for_attention_of": nullable(_attention),
    "LineInput.description": up_to(LONGEST_DESCRIPTION),
    "PaymentTerm.days": _days,
    "customFieldDefinitions.create.label": up_to(30, filled),
    "customFieldDefinitions.create.configuration": record(
        optional={"options": many(text), "default_value": number, "searchable": boolean}
    ),
}
# Null is taken here although the contract does not say so.
_CLEARED_BY_NULL = {
    *("ContactUpdate.first_name", "ContactUpdate.salutation", "ContactUpdate.website"),
    "ContactCompanyLink.position",
    *("InvoiceDraft.purchase_order_number", "InvoiceUpdate.purchase_order_number"),
    *("LineInput.discount", "LineInput.product_id", "LineInput.product_category_id"),
    "LineInput.withholding_tax_rate_id",
}
