"""How a request body is checked: small checks that compose, and the refusal they raise.

The vendor ignores what it does not know and refuses wrong types (official guide; seen by several clients), so a
record check looks only at the keys it names. The titles follow those seen live ("… must be present", "… must
not be empty", "… must be valid", "id invalid uuid"); they are not stable, the status is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any, str], None]
"""A check of (value, path of the field in the body); raises Refused."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})")


LARGEST_NUMBER = 10**12  # a guard of the stand-in: beyond it cents are lost in the product of two numbers


class Refused(Exception):
    """The stand-in refuses a call: HTTP status, title, and the body's field it is about."""

    def __init__(self, status: int, title: str, field: str | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.field = field


def bad(title: str, field: str | None = None) -> Refused:
    """A validation failure (400)."""
    return Refused(400, title, field)


def text(value: Any, path: str) -> None:
    if not isinstance(value, str):
        raise bad(f"{path} must be a string", path)


def filled(value: Any, path: str) -> None:
    """A text that says something."""
    text(value, path)
    if not value.strip():
        raise bad(f"{path} must not be empty", path)


def up_to(length: int, check: Check = text) -> Check:
    def limited(value: Any, path: str) -> None:
        check(value, path)
        if len(value) > length:
            raise bad(f"{path} must have a length lower than {length}", path)

    return limited


def uuid(value: Any, path: str) -> None:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise bad(f"{path} invalid uuid", path)


def number(value: Any, path: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise bad(f"{path} must be numeric", path)
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise bad(f"{path} must be numeric", path)


def positive(value: Any, path: str) -> None:
    number(value, path)
    if value <= 0:
        raise bad(f"{path} must be positive", path)


def percentage(value: Any, path: str) -> None:
    number(value, path)
    if not 0 <= value <= 100:
        raise bad(f"{path} must be between 0 and 100", path)


def integer(value: Any, path: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_NUMBER:
        raise bad(f"{path} must be an integer", path)


def boolean(value: Any, path: str) -> None:
    if not isinstance(value, bool):
        raise bad(f"{path} must be a boolean", path)


def anything(value: Any, path: str) -> None:
    """No check: the kind of value depends on a definition that is looked up later."""


def day(value: Any, path: str) -> None:
    if not isinstance(value, str) or not _DATE.fullmatch(value) or not _parses(date.fromisoformat, value):
        raise bad(f"{path} must be a valid date", path)


def moment(value: Any, path: str) -> None:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value) or not _parses(parse_moment, value):
        raise bad(f"{path} must be a valid date time", path)


def parse_moment(value: str) -> datetime:
    """An aware moment in UTC from any RFC 3339 date-time (also `+0100` without colon)."""
    return datetime.fromisoformat(value.upper()).astimezone(UTC)


def iso(value: datetime) -> str:
    """As the vendor writes it: UTC, `+00:00`, no fractions (official)."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def one_of(*values: str) -> Check:
    allowed = frozenset(values)

    def among(value: Any, path: str) -> None:
        if not isinstance(value, str) or value not in allowed:
            raise bad(f"{path} must be in `{{ {', '.join(values)} }}`", path)

    return among


def nullable(check: Check) -> Check:
    def or_null(value: Any, path: str) -> None:
        if value is not None:
            check(value, path)

    return or_null


def many(check: Check, at_least: int = 0, at_most: int | None = None) -> Check:
    def each(value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise bad(f"{path} must be an array", path)
        if len(value) < at_least:
            raise bad(f"{path} must not be empty", path)
        if at_most is not None and len(value) > at_most:
            raise bad(f"{path} must have at most {at_most} entries", path)
        for index, entry in enumerate(value):
            check(entry, f"{path}.{index}")

    return each


def record(required: Mapping[str, Check] | None = None, optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys; others are ignored."""
    must, may = dict(required or {}), dict(optional or {})

    def matches(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise bad(f"{path or 'body'} must be an object", path or None)
        prefix = f"{path}." if path else ""
        for key, check in must.items():
            if key not in value:
                raise bad(f"{prefix}{key} must be present", f"{prefix}{key}")
            check(value[key], f"{prefix}{key}")
        for key, check in may.items():
            if key in value:
                check(value[key], f"{prefix}{key}")

    return matches


def either(*checks: Check) -> Check:
    """At least one of the checks passes; the vendor's title for this is known."""

    def any_of(value: Any, path: str) -> None:
        for check in checks:
            try:
                check(value, path)
            except Refused:
                continue
            return
        raise bad("oneOf rule failed", path)

    return any_of


def known(identity: str, collection: Collection[str], path: str) -> None:
    """An id inside a body must exist: 400, not 404 (official guide)."""
    if identity not in collection:
        raise bad(f"{path} does not exist", path)


def _parses(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except (ValueError, OverflowError):
        return False
    return "1000" <= value[:4] <= "9000"  # a guard: sums with other years leave the calendar
