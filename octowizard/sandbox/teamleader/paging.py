"""What every list has in common: its shape of request, the order, the page, and text search.

Lists are computed afresh at each call, in one pass over the records: the practice actions change records behind
the API's back, so nothing may be kept between calls. 20,000 records take a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from octowizard.sandbox.state import Kept, Switches
from octowizard.sandbox.teamleader.shapes import (
    Check,
    Json,
    Refused,
    integer,
    many,
    one_of,
    parse_moment,
    record,
    text,
)

DEFAULT_SIZE = 20  # official
LARGEST_SIZE = 100  # from clients; the description names no bound

Key = Callable[[Json], Any]
Test = Callable[[Json], bool]

PAGE: Check = record(optional={"size": integer, "number": integer})


def list_request(filters: Mapping[str, Check], sorts: Sequence[str] = (), *, paged: bool = True) -> Check:
    """The check of a list's body. A list that has no sorting or paging ignores what it does not know."""
    optional: dict[str, Check] = {"filter": record(optional=filters), "includes": text}
    if sorts:
        order = record({"field": one_of(*sorts)}, {"order": one_of("asc", "desc")})
        optional["sort"] = many(order)
    if paged:
        optional["page"] = PAGE
    return record(optional=optional)


def select(collection: Iterable[Kept], tests: Sequence[Test]) -> list[Json]:
    """The records that pass all tests, in the order they were made."""
    found = [kept.data for kept in collection]
    for test in tests:
        found = [data for data in found if test(data)]
    return found


def ordered(found: list[Json], body: Json, keys: Mapping[str, Key], default: tuple[str, str]) -> list[Json]:
    """Sorted as the body asks, else as `default` (field, order). Ties stay in the order they were made."""
    asked = [(entry["field"], entry.get("order", "asc")) for entry in body.get("sort") or ()] or [default]
    for field, order in reversed(asked):
        found = sorted(found, key=keys[field], reverse=order == "desc")
    return found


def page_of(found: Sequence[Any], body: Json, switches: Switches) -> tuple[list[Any], Json]:
    """The page asked for, and the `meta` that says so. Beyond the end it is empty."""
    page = body.get("page") or {}
    size, number = page.get("size", DEFAULT_SIZE), page.get("number", 1)
    if size < 1:
        raise Refused(400, "page.size must be positive", "page.size")
    if number < 1:
        raise Refused(400, "page.number must be positive", "page.number")
    if size > LARGEST_SIZE:
        if switches.page_size_over_100 == "refuse":
            raise Refused(400, f"page.size must be lower than or equal to {LARGEST_SIZE}", "page.size")
        size = LARGEST_SIZE
    start = (number - 1) * size
    return list(found[start : start + size]), {
        "page": {"size": size, "number": number},
        "matches": len(found),
    }


def included(body: Json) -> frozenset[str]:
    """What `includes` names; the vendor ignores what it does not know."""
    return frozenset(part.strip() for part in (body.get("includes") or "").split(","))


def since(filters: Json) -> list[Test]:
    """`updated_since`, inclusive: the vendor does not say (inferred)."""
    if "updated_since" not in filters:
        return []
    moment = parse_moment(filters["updated_since"])
    return [lambda data: moment_of(data["updated_at"]) >= moment]


moment_of = lru_cache(maxsize=65_536)(parse_moment)
"""A stored date-time as a moment; stored ones repeat at every list, so they are remembered."""


def ids(filters: Json) -> list[Test]:
    if "ids" not in filters:
        return []
    wanted = frozenset(filters["ids"])
    return [lambda data: data["id"] in wanted]


def status_in(filters: Json) -> list[Test]:
    """A filter on several statuses; an empty list is no filter."""
    wanted = frozenset(filters.get("status") or ())
    return [lambda data: data["status"] in wanted] if wanted else []


def equal(filters: Json, *fields: str) -> list[Test]:
    """Plain equality for each of the fields the filter names."""
    return [_equals(field, filters[field]) for field in fields if field in filters]


def refers(filters: Json, name: str, field: str) -> list[Test]:
    """The filter `name` holds the id of the record's reference `field`."""
    if name not in filters:
        return []
    identity = filters[name]
    return [lambda data: (data.get(field) or {}).get("id") == identity]


def customer(filters: Json) -> list[Test]:
    if "customer" not in filters:
        return []
    wanted = (filters["customer"]["type"], filters["customer"]["id"])

    def bought(data: Json) -> bool:
        who = data["invoicee"]["customer"]
        return (who["type"], who["id"]) == wanted

    return [bought]


def dated(field: str, after: str | None, before: str | None, *, before_included: bool) -> list[Test]:
    """Between two dates; `after` is inclusive. Records without a date never match."""
    tests: list[Test] = []
    if after is not None:
        tests.append(lambda data: (data[field] or "") >= after)
    if before is not None and before_included:
        tests.append(lambda data: data[field] is not None and data[field] <= before)
    elif before is not None:
        tests.append(lambda data: data[field] is not None and data[field] < before)
    return tests


def mentions(filters: Json, texts: Callable[[Json], Iterable[str | None]]) -> list[Test]:
    """`term`: one of the texts contains it, in any case."""
    term = (filters.get("term") or "").strip().casefold()
    if not term:
        return []
    return [lambda data: any(term in (text or "").casefold() for text in texts(data))]


def carries(filters: Json) -> list[Test]:
    """`tags`: the record carries all of them."""
    wanted = frozenset(filters.get("tags") or ())
    return [lambda data: wanted.issubset(data.get("tags") or ())] if wanted else []


def primary_email(filters: Json) -> list[Test]:
    if "email" not in filters:
        return []
    wanted = filters["email"]["email"].casefold()

    def has(data: Json) -> bool:
        emails = data.get("emails") or ()
        return any(e["type"] == "primary" and e["email"].casefold() == wanted for e in emails)

    return [has]


@lru_cache(maxsize=65_536)
def number_key(number: str | None) -> tuple[str, int]:
    """Order of document numbers: "2026 / 15" and "2026/3" by prefix, then by the number behind the slash."""
    prefix, _, last = (number or "").rpartition("/")
    digits = re.sub(r"\D", "", last)
    return prefix.strip(), int(digits) if digits else -1


def only(data: Json, keys: Iterable[str]) -> Json:
    """The part of a record that is shown: what is not named never leaves."""
    return {key: data[key] for key in keys if key in data}


def _equals(field: str, wanted: Any) -> Test:
    return lambda data: data.get(field) == wanted
