"""Reads a long list of customers by column, so many rows at a time; the outcome is that of reading it row by row.

A column is looked through as one text for what may be wrong with any of its values; only rows in which something may be
are looked at one by one. For lists whose columns hold one thing each, as nearly all long ones do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from octowizard.customers import spoilt
from octowizard.customers.cells import MAILS, PHONES, several, unguarded
from octowizard.customers.columns import Columns, kind_of
from octowizard.customers.noticed import Noticed
from octowizard.customers.tables import Table

if TYPE_CHECKING:
    from octowizard.matching.by_column import ByColumn

LONG: Final = 5_000
"""A list of fewer rows is read row by row."""

_AT_ONCE = (
    500  # rows that are looked through at a time: more would be worth a round of the collector each time
)

USUAL: Final = frozenset(
    {"id", "name", "kind", "vat", "street", "postcode", "city", "country", "email", "phone", "iban"}
)
"""The fields that such a list may have, each of them in one column, or mails, phones and accounts in several."""

_LISTS: Final = {"email": ("emails", MAILS), "phone": ("phones", PHONES), "iban": ("ibans", PHONES)}
_DIGITS, _LONGER = r"[0-9]*", r"[A-Za-z]{2}[0-9A-Za-z]{8,}"
_GROUPED = r"(?:BE ?)?[01]?[0-9]{3}\.[0-9]{3}\.[0-9]{3}|[A-Z]{2}[0-9]{2}(?: [0-9A-Z]{4})+(?: [0-9A-Z]{1,3})?"


# All of these look at values that stand below each other, each behind the end of the line before it.
def _unlike(*patterns: str) -> re.Pattern[str]:
    """Finds the lines that none of these patterns fits."""
    return re.compile(rf"\n(?!(?:{'|'.join(patterns)})(?:\n|\Z))")


# What is plain, or stays as it is: of all others `spoilt` is asked, so these only must let nothing spoilt through.
_ODD_NUMBERS: Final = {
    "id": _unlike(r"[0-9A-Za-z]*"),
    "vat": _unlike(_DIGITS, _LONGER, _GROUPED, r"(?:[A-Z]{2} ?)?[0-9]{3,4}(?:[. ][0-9]{3}){2}"),
    "iban": _unlike(_GROUPED, _DIGITS, _LONGER),
    "phone": _unlike(r"\+?[0-9 ()/]*", r"\+?[0-9 ()]*[0-9][./][0-9]+[./][0-9./ ]*", _LONGER),
    "postcode": _unlike(_DIGITS, _LONGER, r"[A-Z]{1,2}-[0-9]{4,5}|[0-9]{4} ?[A-Z]{2}"),
}
_ODD_TEXT: Final = re.compile(r"\n['#E0-9]")  # how a text begins that a spreadsheet may have spoilt
_FEW: Final = frozenset({"postcode", "city", "country", "kind"})  # fields whose values stand in many rows
_ODD_NAME: Final = re.compile(r"[^\n -%'->@-~]")  # `spoilt.worth_a_look`
_GUARDED: Final = re.compile(r"\n'")
# What may part several values: any sign of MAILS, of PHONES; line ends are looked for apart from these.
_MORE: Final = {MAILS: re.compile(r"[;, :]"), PHONES: re.compile(r"[;,|:]|(?<= )/ ")}


def by_column(table: Table, columns: Columns, noticed: Noticed) -> ByColumn:
    """The customers of a list whose columns are all USUAL. What is strange goes into `noticed`."""
    return _Reader(table, columns, noticed).read()


class _Reader:
    def __init__(self, table: Table, columns: Columns, noticed: Noticed) -> None:
        self._table, self._noticed = table, noticed
        self._places = {field: places[0] for field, places in columns.fields.items() if field not in _LISTS}
        self._lists = {field: places for field, places in columns.fields.items() if field in _LISTS}
        self._numbers = [
            (place, field) for place, field in columns.taken().items() if field in spoilt.NUMBERS
        ]
        self._texts = [
            (place, field) for place, field in columns.taken().items() if field not in spoilt.NUMBERS
        ]
        self._kinds: dict[str, str] = {"": ""}
        self._known: dict[
            int, tuple[set[str], set[str]]
        ] = {}  # of a column: values looked at, and the odd ones
        self._titles = list(table.header)
        self._lots: dict[str, list[Sequence[str]]] = {"key": [], **{field: [] for field in self._places}}
        self._lots.pop("id", None)
        self._values: dict[str, list[Sequence[str]]] = {field: [] for field in self._lists}
        self._many: dict[str, list[Sequence[int]]] = {field: [] for field in self._lists}

    def read(self) -> ByColumn:
        from octowizard.matching.by_column import (
            ByColumn,
            Lots,
            Texts,
        )  # brings numpy, which short lists do without

        number, kept = 1, 0
        while rows := list(islice(self._table.rows, _AT_ONCE)):
            kept += self._read(rows, number)
            number += len(rows)
        return ByColumn(
            kept,
            {field: Texts(lots) for field, lots in self._lots.items()},
            {_LISTS[field][0]: Lots(Texts(lots), self._many[field]) for field, lots in self._values.items()},
        )

    def _read(self, rows: list[list[str]], first: int) -> int:
        """Takes in so many rows, of which the first has this number. How many customers they are."""
        columns = list(zip(*rows, strict=True))
        numbers: Sequence[int] = range(first, first + len(rows))
        if odd := self._odd(columns):
            skipped: set[int] = set()
            changed = False
            for at in sorted(odd):
                row = rows[at]
                if self._noticed.is_no_customer(first + at, row):
                    skipped.add(at)
                else:
                    before = row.copy()
                    self._noticed.look(first + at, row)
                    changed |= row != before
            if skipped:
                rows = [row for at, row in enumerate(rows) if at not in skipped]
                numbers = [number for at, number in enumerate(numbers, 0) if at not in skipped]
                if not rows:
                    return 0
            if skipped or changed:
                columns = list(zip(*rows, strict=True))
        for field, place in self._places.items():
            if field == "name":
                self._lots[field].append(self._names(columns[place], numbers))
            elif field == "kind":
                self._lots[field].append(self._kind(columns[place]))
            elif field != "id":
                self._lots[field].append(columns[place])
        self._lots["key"].append(self._keys(columns, numbers))
        for field, places in self._lists.items():
            self._several(field, places, rows, columns)
        return len(rows)

    def _keys(self, columns: list[tuple[str, ...]], numbers: Sequence[int]) -> Sequence[str]:
        if "id" not in self._places:
            return list(map(str, numbers))
        keys = columns[self._places["id"]]
        return keys if all(keys) else [key or str(number) for key, number in zip(keys, numbers, strict=True)]

    # --- what may be wrong --------------------------------------------------------------------------------

    def _odd(self, columns: list[tuple[str, ...]]) -> set[int]:
        """The rows in which something may be wrong."""
        odd = self._perhaps_no_customers(columns)
        for place, field in self._numbers:
            odd.update(self._odd_values(place, field, _ODD_NUMBERS[field], columns[place]))
        for place, field in self._texts:
            odd.update(self._odd_values(place, field, _ODD_TEXT, columns[place]))
        return odd

    def _odd_values(
        self, place: int, field: str, pattern: re.Pattern[str], values: Sequence[str]
    ) -> Iterable[int]:
        """The rows whose value in a column may be wrong."""
        if field not in _FEW:
            return [at for at in _found(pattern, values) if _is_odd(field, values[at])]
        known, odd = self._known.setdefault(place, (set(), set()))
        if fresh := [value for value in set(values) if value not in known]:
            known.update(fresh)
            odd.update(fresh[at] for at in _found(pattern, fresh) if _is_odd(field, fresh[at]))
        if odd.isdisjoint(values):
            return ()
        return [at for at, value in enumerate(values) if value in odd]

    def _perhaps_no_customers(self, columns: list[tuple[str, ...]]) -> set[int]:
        """The rows that may be a total or the titles once more: no total holds two texts that are no number."""
        texts = sorted((columns[place] for place, _field in self._texts), key=lambda column: column.count(""))
        if len(texts) < 2:
            return set(range(len(columns[0])))
        odd: set[int] = set()
        for column in texts[:2]:
            if "" in column or any(map(str.isdecimal, column)):
                odd.update(at for at, text in enumerate(column) if not text or text.isdecimal())
        title = self._titles[self._texts[0][0]]
        column = columns[self._texts[0][0]]
        if title in column:
            odd.update(at for at, text in enumerate(column) if text == title)
        return odd

    # --- the fields ---------------------------------------------------------------------------------------

    def _names(self, values: Sequence[str], numbers: Sequence[int]) -> Sequence[str]:
        for at in _found(_ODD_NAME, values):
            self._noticed.name(numbers[at], values[at])
        guarded = _found(_GUARDED, values)
        if not guarded:
            return values
        names = list(values)
        for at in guarded:
            names[at] = unguarded(names[at])
        return names

    def _kind(self, values: Sequence[str]) -> Sequence[str]:
        for written in set(values).difference(self._kinds):
            self._kinds[written] = kind_of(written)
        return list(map(self._kinds.__getitem__, values))

    def _several(
        self, field: str, places: list[int], rows: list[list[str]], columns: list[tuple[str, ...]]
    ) -> None:
        between = _LISTS[field][1]
        if len(places) > 1:
            lots = [several(row, places, between) for row in rows]
            self._values[field].append(list(chain.from_iterable(lots)))
            self._many[field].append(list(map(len, lots)))
            return
        place = places[0]
        values = columns[place]
        many: list[int] = list(map(bool, values))
        flat: list[str] = []
        done = 0
        for at in _found(_MORE[between], values):
            parts = several(rows[at], places, between)
            flat += filter(None, values[done:at])
            flat += parts
            many[at] = len(parts)
            done = at + 1
        flat += filter(None, values[done:])
        self._values[field].append(flat)
        self._many[field].append(many)


def _is_odd(field: str, value: str) -> bool:
    """Whether a value may be wrong, of those that are not plain."""
    if field in spoilt.NUMBERS:
        return bool(value) and not spoilt.plain_number(field, value)
    return spoilt.failed(value) or (field == "name" and spoilt.no_name(value))


def _found(pattern: re.Pattern[str], values: Sequence[str]) -> list[int]:
    """The places of the values in which a pattern is found, rising."""
    text = "\n".join(("", *values))
    if text.count("\n") != len(values):
        return [at for at, value in enumerate(values) if pattern.search(f"\n{value}") or "\n" in value]
    places: list[int] = []
    place, begin = -1, 0
    for match in pattern.finditer(text):
        at = match.start() + 1
        place += text.count("\n", begin, at)
        begin = at
        if not places or places[-1] != place:
            places.append(place)
    return places
