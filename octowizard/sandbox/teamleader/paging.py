"""What every list has in common: its shape of request, the order, the page, and text search.

Lists are computed afresh at each call, in one pass over the records: the practice actions change records behind
the API's back, so nothing may be kept between calls. 20,000 records take a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from octowizard.sandbox.state import Kept, Switches
from octowizard.sandbox.teamleader.checks import (
    Json,
    Refused,
    iso,
    parse_moment,
)

DEFAULT_SIZE = 20  # official
LARGEST_SIZE = 100  # from clients; the description names no bound

Key = Callable[[Json], Any]
Sieve = Callable[[list[Json]], list[Json]]
"""One filter over all records: a comprehension in each, since a call per record would cost most of the time."""


def select(collection: Iterable[Kept], sieves: Sequence[Sieve]) -> list[Json]:
    """The records that pass all sieves, in the order they were made.

    Some hundred records at a time: they stay in the processor's cache from one sieve to the next.
    """
    rest = iter(collection)
    found: list[Json] = []
    while some := [kept.data for kept in islice(rest, 256)]:
        for sieve in sieves:
            some = sieve(some)
        found += some
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


def since(filters: Json) -> list[Sieve]:
    """`updated_since`, inclusive: the vendor does not say (inferred).

    Records hold their moments as `iso` writes them, all in one form, so the texts are in the order of time.
    """
    if "updated_since" not in filters:
        return []
    moment = parse_moment(filters["updated_since"])
    if moment.microsecond:
        moment += timedelta(microseconds=1_000_000 - moment.microsecond)
    first = iso(moment)
    return [lambda found: [data for data in found if data["updated_at"] >= first]]


def ids(filters: Json) -> list[Sieve]:
    if "ids" not in filters:
        return []
    wanted = frozenset(filters["ids"])
    return [lambda found: [data for data in found if data["id"] in wanted]]


def status_in(filters: Json) -> list[Sieve]:
    """A filter on several statuses; an empty list is no filter."""
    wanted = frozenset(filters.get("status") or ())
    return [lambda found: [data for data in found if data["status"] in wanted]] if wanted else []


def equal(filters: Json, *fields: str) -> list[Sieve]:
    """Plain equality for each of the fields the filter names."""
    return [_equals(field, filters[field]) for field in fields if field in filters]


def refers(filters: Json, name: str, field: str) -> list[Sieve]:
    """The filter `name` holds the id of the record's reference `field`."""
    if name not in filters:
        return []
    identity = filters[name]
    return [lambda found: [d for d in found if (of := d.get(field)) and of["id"] == identity]]


def department(filters: Json) -> list[Sieve]:
    """`department_id` of a document, which always has a department."""
    if "department_id" not in filters:
        return []
    identity = filters["department_id"]
    return [lambda found: [data for data in found if data["department"]["id"] == identity]]


def customer(filters: Json) -> list[Sieve]:
    if "customer" not in filters:
        return []
    wanted = filters["customer"]["id"]
    kind = filters["customer"]["type"]

    def bought(found: list[Json]) -> list[Json]:
        ours = [data for data in found if data["invoicee"]["customer"]["id"] == wanted]
        return [data for data in ours if data["invoicee"]["customer"]["type"] == kind]

    return [bought]


def dated(field: str, after: str | None, before: str | None, *, before_included: bool) -> list[Sieve]:
    """Between two dates; `after` is inclusive. Records without a date never match."""
    if after is None and before is None:
        return []
    low, high = after or "0", before or "~"  # "0" and "~" sort before and after every date
    if before is None or before_included:
        return [lambda found: [data for data in found if low <= (data[field] or "") <= high]]
    return [lambda found: [data for data in found if low <= (data[field] or "") < high]]


def mentions(filters: Json, texts: Callable[[Json], Iterable[str | None]]) -> list[Sieve]:
    """`term`: one of the texts contains it, in any case."""
    term = (filters.get("term") or "").strip().casefold()
    if not term:
        return []
    # one text of all texts, with a character between them that no term holds
    return [lambda found: [data for data in found if term in "\0".join(filter(None, texts(data))).casefold()]]


def carries(filters: Json) -> list[Sieve]:
    """`tags`: the record carries all of them."""
    wanted = frozenset(filters.get("tags") or ())
    return [lambda found: [d for d in found if wanted.issubset(d.get("tags") or ())]] if wanted else []


def primary_email(filters: Json) -> list[Sieve]:
    if "email" not in filters:
        return []
    wanted = filters["email"]["email"].casefold()

    def has(data: Json) -> bool:
        emails = data.get("emails") or ()
        return any(e["type"] == "primary" and e["email"].casefold() == wanted for e in emails)

    return [lambda found: [data for data in found if has(data)]]


@lru_cache(maxsize=65_536)
def number_key(number: str | None) -> tuple[str, int]:
    """Order of document numbers: "2026 / 15" and "2026/3" by prefix, then by the number behind the slash."""
    prefix, _, last = (number or "").rpartition("/")
    digits = re.sub(r"\D", "", last)
    return prefix.strip(), int(digits) if digits else -1


def only(data: Json, keys: Iterable[str]) -> Json:
    """The part of a record that is shown: what is not named never leaves."""
    return {key: data[key] for key in keys if key in data}


def _equals(field: str, wanted: Any) -> Sieve:
    return lambda found: [data for data in found if data.get(field) == wanted]
