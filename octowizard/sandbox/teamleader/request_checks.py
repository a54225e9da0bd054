"""The check of each operation's body against the contract (`requests.json`, the sandbox's own copy).

Where clients or the help centre know more than the schema, or something else, their word stands in `_FACTS`. Members
that a schema does not name are ignored, so read-only fields can be sent and change nothing (official guide).
The titles follow those seen live ("… must be present", "… must not be empty", "… must be valid", "id invalid uuid");
they are not stable, the status is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from octowizard.sandbox.state import Json
from octowizard.sandbox.tables import table
from octowizard.sandbox.teamleader.checks import Refused, bad, parse_moment

LARGEST_NUMBER = 10**12  # a guard of the stand-in: beyond it cents are lost in the product of two numbers

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})")

_FILLED = {"type": "string", "minLength": 1}
_OR_NULL = {"type": "null"}
_CONTACT = {"type": "object", "properties": {"contact_id": {"type": "string", "format": "uuid"}}}
_NAME = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
_MANDATE = {
    "type": "object",
    "properties": {"method": {"const": "sepa_direct_debit"}, "reference": _FILLED},
    "required": ["method", "reference"],
}
_METHODS = ["direct_debit", "credit_card", "cash", "cheque", "bankers_draft", "bank_transfer", "payment_card"]
_OTHER_METHOD = {
    "type": "object",
    "properties": {"method": {"enum": _METHODS}, "reference": {"type": ["string", "null"]}},
    "required": ["method"],
}
_DOCUMENTS = ("InvoiceDraft", "InvoiceUpdate", "InvoiceUpdateBooked")
# What stands instead of a member's schema. `{}` checks nothing: the kind of value depends on a definition that is
# looked up later.
_FACTS: dict[str, Json] = {
    **dict.fromkeys(("CompanyAdd.name", "CompanyUpdate.name", "ContactAdd.last_name"), _FILLED),
    **dict.fromkeys(("ContactUpdate.last_name", "Email.email", "PrimaryEmail.email"), _FILLED),
    **dict.fromkeys(("CompanyTelephone.number", "ContactTelephone.number", "AddressInput.country"), _FILLED),
    # an empty text is refused where null works (seen by one client)
    **{f"{name}.note": {"oneOf": [_FILLED, _OR_NULL]} for name in _DOCUMENTS},
    **{f"{name}.currency.exchange_rate": {"type": "number", "above": 0} for name in _DOCUMENTS},
    "CustomFieldInput.value": {},
    # a name or the id of a contact (official: one of the two); an id counts, whatever stands beside it
    "InvoiceeInput.for_attention_of": {
        "allOf": [_CONTACT, {"oneOf": [{**_CONTACT, "required": ["contact_id"]}, _NAME]}]
    },
    "LineInput.description": {"type": "string", "maxLength": 250},  # characters of a line (help centre)
    "PaymentTerm.days": {"type": "integer", "minimum": 0, "maximum": 3650},  # the bounds are ours
    "ContactUpdate.emails[].email": {"oneOf": [_FILLED, _OR_NULL]},
    # a mandate has a reference (seen by one client)
    "ExpectedPaymentMethod": {"oneOf": [_MANDATE, _OTHER_METHOD]},
    "customFieldDefinitions.create.label": {**_FILLED, "maxLength": 30},
    "customFieldDefinitions.create.configuration": {
        "type": "object",
        "properties": {
            "options": {"type": "array", "items": {"type": "string"}},
            "default_value": {"type": "number"},
            "searchable": {"type": "boolean"},
        },
    },
}
# Null is taken here although the contract does not say so.
_CLEARED_BY_NULL = {
    *("ContactUpdate.first_name", "ContactUpdate.salutation", "ContactUpdate.website"),
    *("ContactCompanyLink.position", "InvoiceeInput.for_attention_of"),
    *("InvoiceDraft.purchase_order_number", "InvoiceUpdate.purchase_order_number"),
    *("LineInput.discount", "LineInput.product_id", "LineInput.product_category_id"),
    "LineInput.withholding_tax_rate_id",
}


def check_request(operation: str, body: Any) -> None:
    """Check the body of an operation (`companies.add`). Raises Refused; one that takes no body takes any."""
    schema = table("teamleader/requests.json").get(operation)
    if schema is not None:
        _check(body, schema, "", operation)


def _check(value: Any, schema: Json, path: str, place: str) -> None:
    """Check a value, which stands at `path` of the body, against a schema.

    `place`: the schema's name, or `Name.member` of the one around it. How a list is to be sorted is never refused.
    """
    if path != "sort" and (value is not None or place not in _CLEARED_BY_NULL):
        _check_schema(value, _FACTS.get(place, schema), path, place)


def _check_schema(value: Any, schema: Json, path: str, place: str) -> None:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        _check(value, table("teamleader/requests.json")[name], path, name)
        return
    for part in schema.get("allOf", ()):
        _check_schema(value, part, path, place)
    if "oneOf" in schema:
        _check_any(value, schema["oneOf"], path, place)
    elif "const" in schema or "enum" in schema:
        _check_enum(value, [schema["const"]] if "const" in schema else schema["enum"], path)
    elif isinstance(schema.get("type"), list):
        _check_any(value, [{**schema, "type": kind} for kind in schema["type"]], path, place)
    elif "type" in schema:
        _CHECKS[schema["type"]](value, schema, path, place)


def _check_any(value: Any, schemas: list[Json], path: str, place: str) -> None:
    """At least one of several schemas fits; a single one, beside null, says itself what is wrong."""
    others = [schema for schema in schemas if schema.get("type") != "null"]
    if value is None and len(others) < len(schemas):
        return
    if len(others) == 1:
        _check_schema(value, others[0], path, place)
        return
    for schema in others:
        try:
            _check_schema(value, schema, path, place)
        except Refused:
            continue
        return
    raise bad("oneOf rule failed", path)


def _check_enum(value: Any, allowed: list[Any], path: str) -> None:
    if value is None and None in allowed:
        return
    if not isinstance(value, str) or value not in allowed:
        raise bad(f"{path} must be in `{{ {', '.join(one for one in allowed if one is not None)} }}`", path)


def _object(value: Any, schema: Json, path: str, place: str) -> None:
    """An object with the members that are required; others may be left out, and unknown ones are ignored."""
    if not isinstance(value, dict):
        raise bad(f"{path or 'body'} must be an object", path or None)
    required = schema.get("required", ())
    for name in sorted(schema["properties"], key=lambda name: name not in required):
        inside = f"{path}.{name}" if path else name
        if name in value:
            _check(value[name], schema["properties"][name], inside, f"{place}.{name}")
        elif name in required:
            raise bad(f"{inside} must be present", inside)


def _array(value: Any, schema: Json, path: str, place: str) -> None:
    if not isinstance(value, list):
        raise bad(f"{path} must be an array", path)
    if len(value) < schema.get("minItems", 0):
        raise bad(f"{path} must not be empty", path)
    for index, entry in enumerate(value):
        _check(entry, schema["items"], f"{path}.{index}", f"{place}[]")


def _string(value: Any, schema: Json, path: str, _place: str) -> None:
    kind = schema.get("format", "")
    if kind in _FORMATS:
        fits, title = _FORMATS[kind]
        if not isinstance(value, str) or not fits(value):
            raise bad(f"{path} {title}", path)
    if not isinstance(value, str):
        raise bad(f"{path} must be a string", path)
    if schema.get("minLength") and not value.strip():
        raise bad(f"{path} must not be empty", path)
    if len(value) > schema.get("maxLength", len(value)):
        raise bad(f"{path} must have a length lower than {schema['maxLength']}", path)


def _number(value: Any, schema: Json, path: str, _place: str) -> None:
    numeric = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not numeric or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise bad(f"{path} must be numeric", path)
    if "above" in schema and value <= schema["above"]:
        raise bad(f"{path} must be positive", path)
    if "maximum" in schema and not schema.get("minimum", 0) <= value <= schema["maximum"]:
        raise bad(f"{path} must be between {schema.get('minimum', 0)} and {schema['maximum']}", path)


def _integer(value: Any, schema: Json, path: str, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_NUMBER:
        raise bad(f"{path} must be an integer", path)
    # the bounds of a page are those of the list, which says more about them
    if place in _FACTS and not schema["minimum"] <= value <= schema["maximum"]:
        raise bad(f"{path} must be valid", path)


def _boolean(value: Any, _schema: Json, path: str, _place: str) -> None:
    if not isinstance(value, bool):
        raise bad(f"{path} must be a boolean", path)


_CHECKS: dict[str, Callable[[Any, Json, str, str], None]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
}


def _parses(form: re.Pattern[str], read: Callable[[str], object], value: str) -> bool:
    try:
        fits = bool(form.fullmatch(value) and read(value))
    except (ValueError, OverflowError):
        return False
    return fits and "1000" <= value[:4] <= "9000"  # a guard: sums with other years leave the calendar


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in value


_FORMATS: dict[str, tuple[Callable[[str], object], str]] = {
    "uuid": (_UUID.fullmatch, "invalid uuid"),
    "date": (partial(_parses, _DATE, date.fromisoformat), "must be a valid date"),
    "date-time": (partial(_parses, _MOMENT, parse_moment), "must be a valid date time"),
    "uri": (_is_address, "must be valid"),
}
