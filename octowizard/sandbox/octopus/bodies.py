"""The bodies that Octopus accepts, read as the contract describes them (`requests.json`, the sandbox's own copy).

Unknown and read-only members are ignored, and members that are null count as absent. A wrong type is a bad
request; a date that is none breaks the whole object (500 without a body where the vendor documents that). No
business rule lives here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from octowizard.sandbox.octopus.errors import bad_parameters
from octowizard.sandbox.state import Json
from octowizard.sandbox.tables import table

# Where the vendor's words and its answers say more than the schema's `required`.
_ALSO_REQUIRED: dict[str, tuple[str, ...]] = {
    "BuySellBookingAndAttachmentRequest": ("buySellBookingServiceData",),
    "FinancialDiversBookingAndAttachmentRequest": ("financialDiversBookingServiceData",),
    "BalancingServiceData": ("debetKey", "creditKey", "balanceAmount"),
    "BalancingKeyServiceData": ("bookyearKey", "journalKey", "documentSequenceNr", "lineSequenceNr"),
    **{
        f"{report}{who}QueryData": ("fromBookyearKey", "toBookyearKey")
        for report in ("History", "Open")
        for who in ("Relation", "Account")
    },
}
_WITH_CODE_OF_ITS_OWN = {"documentDate", "expiryDate"}  # required; their absence has an error code of its own


class BadDate(ValueError):
    """A date that is none."""


@cache
def _schemas() -> dict[str, Json]:
    schemas: dict[str, Json] = table("octopus/requests.json")
    return schemas | {name: {**schemas[name], "required": needed} for name, needed in _ALSO_REQUIRED.items()}


def read_body(value: Any, name: str) -> Json:
    """The known members of an object of the schema `name`.

    Raises BadDate, or Refused (400) for a wrong type or a missing member.
    """
    known: Json = _read(value, _schemas()[name])
    return known


def read_date(value: Any) -> str:
    """A day as it is written, `YYYY-MM-DD`. Raises BadDate."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            date.fromisoformat(value)
        except ValueError:
            raise BadDate(value) from None
        return value
    raise BadDate(repr(value))


def double(value: int | Decimal) -> Decimal:
    """A number as the vendor writes it: at least one decimal, and no zero behind it (recorded: `1.0`, `2544.0`)."""
    exact = Decimal(value)
    if exact == exact.to_integral_value():
        return exact.quantize(Decimal("0.1"))
    return exact.normalize()


def _read(value: Any, schema: Json) -> Any:
    while "$ref" in schema:
        schema = _schemas()[schema["$ref"].rpartition("/")[2]]
    kind = schema["type"]
    if kind == "object":
        return _read_object(value, schema)
    if schema.get("format") == "date":
        return read_date(value)
    if not _FITS[kind](value) or value not in schema.get("enum", (value,)):
        raise bad_parameters()
    if kind == "number":
        return double(value)
    return [_read(item, schema["items"]) for item in value] if kind == "array" else value


def _read_object(value: Any, schema: Json) -> Json:
    if not isinstance(value, dict):
        raise bad_parameters()
    required = {*schema.get("required", ())} - _WITH_CODE_OF_ITS_OWN
    known: Json = {}
    for name, member in schema["properties"].items():
        if value.get(name) is not None and not member.get("readOnly"):
            known[name] = _read(value[name], member)
    if not required <= known.keys():  # asked last: a date that is none weighs more
        raise bad_parameters()
    return known


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return Decimal(-(10**15)) < value < 10**15


_FITS: dict[str, Callable[[Any], bool]] = {
    "integer": _is_int,
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
}
