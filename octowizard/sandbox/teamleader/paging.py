"""What every list has in common: its shape of request, the order, the page, and text search.

Lists are computed afresh at each call, in one pass over the records: the practice actions change records behind
the API's back, so nothing may be kept between calls. 20,000 records take a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from octowizard.sandbox.state import Json, Kept, Switches, words
from octowizard.sandbox.teamleader.call import Desk, Result, Work, find, shown
from octowizard.sandbox.teamleader.checks import Refused, iso, parse_moment

DEFAULT_SIZE = 20  # official
LARGEST_SIZE = 100  # from clients; the description names no bound

Key = Callable[[Json], Any]
Sieve = Callable[[list[Json]], list[Json]]
"""One filter over all records: a comprehension in each, since a call per record would cost most of the time."""
Filter = Callable[[Json], list[Sieve]]
"""The sieve that a body's `filter` asks for, or none."""
Shape = Callable[[Json, frozenset[str]], Json]
"""A record as it is shown, given what `includes` names."""


def fields(text: str) -> Shape:
    """The shape of these fields."""
    keys = words(text)
    return lambda data, _: only(data, keys)


def listing(
    collection: str,
    shape: Shape,
    *filters: Filter,
    keys: Mapping[str, Key] | None = None,
    default: tuple[str, str] | None = None,
    paged: bool = True,
    with_meta: bool = False,
) -> Work:
    """A `.list` operation over a collection of the Teamleader side.

    `keys`: what it can be sorted by; `default` (field, order): how it is sorted unless asked otherwise.
    `with_meta`: whether `includes=pagination` is honoured.
    """

    def work(desk: Desk, body: Json) -> Result:
        asked = body.get("filter") or {}
        sieves = [sieve for applies in filters for sieve in applies(asked)]
        records = select(getattr(desk.side, collection).values(), sieves)
        if keys:
            records = ordered(records, body, keys, default)
        includes, meta = included(body), None
        if paged:
            records, meta = page_of(records, body, desk.switches)
        lean = [shape(data, includes) for data in records]
        return shown(lean, meta if with_meta and "pagination" in includes else None)

    return work


def info(collection: str, kind: str, shape: Shape) -> Work:
    """An `.info` operation: one record of a collection by its id."""

    def work(desk: Desk, body: Json) -> Result:
        data = find(getattr(desk.side, collection), body["id"], kind).data
        return shown(shape(data, included(body)))

    return work


def select(collection: Iterable[Kept], sieves: Sequence[Sieve]) -> list[Json]:
    """The records that pass all sieves, in the order they were made.

    Some hundred records at a time: they stay in the processor's cache from one sieve to the next.
    """
    rest = iter(collection)
    records: list[Json] = []
    while some := [kept.data for kept in islice(rest, 256)]:
        for sieve in sieves:
            some = sieve(some)
        records += some
    return records


def ordered(
    records: list[Json], body: Json, keys: Mapping[str, Key], default: tuple[str, str] | None
) -> list[Json]:
    """Sorted as the body asks, else as `default` (field, order). Ties stay in the order they were made.

    What asks in another shape, or for a field that is not sorted by, is passed over (seen by one client).
    """
    entries = body["sort"] if isinstance(body.get("sort"), list) else ()
    asked = [
        (entry["field"], entry.get("order", "asc"))
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("field"), str) and entry["field"] in keys
    ]
    for field, order in reversed(asked or ([default] if default else [])):
        records = sorted(records, key=keys[field], reverse=order == "desc")
    return records


def page_of(records: Sequence[Any], body: Json, switches: Switches) -> tuple[list[Any], Json]:
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
    return list(records[start : start + size]), {
        "page": {"size": size, "number": number},
        "matches": len(records),
    }


def included(body: Json) -> frozenset[str]:
    """What `includes` names; the vendor ignores what it does not know."""
    return frozenset(part.strip() for part in (body.get("includes") or "").split(","))


def named(name: str, sieve: Callable[[Any], Sieve]) -> Filter:
    """The filter on a member `name`, where a body has it."""
    return lambda filters: [sieve(filters[name])] if name in filters else []


def _since(moment_given: str) -> Sieve:
    """Changed since a moment, inclusive: the vendor does not say (inferred).

    Records hold their moments as `iso` writes them, all in one form, so the texts are in the order of time.
    """
    moment = parse_moment(moment_given)
    if moment.microsecond:
        moment += timedelta(microseconds=1_000_000 - moment.microsecond)
    first = iso(moment)
    return lambda records: [data for data in records if data["updated_at"] >= first]


def _one_of(field: str, given: Iterable[str]) -> Sieve:
    wanted = frozenset(given)
    return lambda records: [data for data in records if data[field] in wanted]


def status_in(filters: Json) -> list[Sieve]:
    """A filter on several statuses; an empty list is no filter."""
    return [_one_of("status", filters["status"])] if filters.get("status") else []


def equal(*equals: str) -> Filter:
    """Plain equality for each of these fields that the filter names."""
    return lambda filters: [_equals(name, filters[name]) for name in equals if name in filters]


def refers(**references: str) -> Filter:
    """A filter `deal_id` that holds the id of the record's reference `deal`."""
    return lambda filters: [
        _refers(field, filters[name]) for name, field in references.items() if name in filters
    ]


def _department(identity: str) -> Sieve:
    """Of a document, which always has a department."""
    return lambda records: [data for data in records if data["department"]["id"] == identity]


def _customer(given: Json) -> Sieve:
    wanted, kind = given["id"], given["type"]

    def bought(records: list[Json]) -> list[Json]:
        ours = [data for data in records if data["invoicee"]["customer"]["id"] == wanted]
        return [data for data in ours if data["invoicee"]["customer"]["type"] == kind]

    return bought


def dated(field: str, *, before_included: bool) -> Filter:
    """Between the dates `<field>_after` (inclusive) and `<field>_before`. A record without a date never matches."""

    def between(filters: Json) -> list[Sieve]:
        after, before = filters.get(f"{field}_after"), filters.get(f"{field}_before")
        if after is None and before is None:
            return []
        low, high = after or "0", before or "~"  # "0" and "~" sort before and after every date
        if before is None or before_included:
            return [lambda records: [data for data in records if low <= (data[field] or "") <= high]]
        return [lambda records: [data for data in records if low <= (data[field] or "") < high]]

    return between


def mentions(texts: Callable[[Json], Iterable[str | None]]) -> Filter:
    """`term`: one of the texts contains it, in any case."""

    def containing(filters: Json) -> list[Sieve]:
        term = (filters.get("term") or "").strip().casefold()
        if not term:
            return []
        # one text of all texts, with a character between them that no term holds
        return [lambda records: [d for d in records if term in "\0".join(filter(None, texts(d))).casefold()]]

    return containing


def carries(filters: Json) -> list[Sieve]:
    """`tags`: the record carries all of them."""
    wanted = frozenset(filters.get("tags") or ())
    return [lambda records: [d for d in records if wanted.issubset(d.get("tags") or ())]] if wanted else []


def _primary_email(given: Json) -> Sieve:
    wanted = given["email"].casefold()

    def has(data: Json) -> bool:
        emails = data.get("emails") or ()
        return any(e["type"] == "primary" and e["email"].casefold() == wanted for e in emails)

    return lambda records: [data for data in records if has(data)]


ids = named("ids", partial(_one_of, "id"))
since = named("updated_since", _since)
department = named("department_id", _department)
customer = named("customer", _customer)
primary_email = named("email", _primary_email)


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
    return lambda records: [data for data in records if data.get(field) == wanted]


def _refers(field: str, identity: str) -> Sieve:
    return lambda records: [d for d in records if (reference := d.get(field)) and reference["id"] == identity]
