"""Customers kept by column, for lists of hundreds of thousands: a column is one text, and a row is made when asked for.

To whoever reads it, it is a sequence of `Customer` like any other; `texts` and `several` give whole columns of both.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import NamedTuple, overload

import numpy as np

from octowizard.matching.evidence import in_a_row, places_of
from octowizard.matching.evidence import written as written_by
from octowizard.matching.record import Customer

_AT_ONCE = 1_000  # customers that are made at a time
_FIELDS = ("key", "name", "kind", "vat", "street", "postcode", "city", "country")
_LOTS = ("emails", "phones", "ibans")


class Texts:
    """Texts end to end, a line each: a fifth of the memory that they take one by one."""

    __slots__ = ("_begins", "_joined")

    def __init__(self, lots: Iterable[Sequence[str]]) -> None:
        """`lots`: the texts in order, so many at a time."""
        pieces: list[str] = []
        lengths = [np.zeros(1, dtype=np.int32)]
        for lot in lots:
            if lot:
                pieces.append("\n".join(lot))
                lengths.append(np.fromiter(map(len, lot), np.int32, len(lot)))
        self._joined = "\n".join(pieces)
        # Where each begins, and where one more would: with the ends of lines between them.
        begins = np.concatenate(lengths)
        begins[1:] += 1
        self._begins = array("i", np.cumsum(begins, dtype=np.intc).tobytes())

    def __len__(self) -> int:
        return len(self._begins) - 1

    def at(self, places: Iterable[int]) -> list[str]:
        """Those at some places."""
        joined = self._joined
        begins, some = np.frombuffer(self._begins, dtype=np.intc), np.fromiter(places, dtype=np.intp)
        return [
            joined[begin:end]
            for begin, end in zip(begins[some].tolist(), (begins[some + 1] - 1).tolist(), strict=True)
        ]

    def all(self) -> list[str]:
        """Each of them."""
        if not len(self):
            return []
        lines = self._joined.split("\n")
        return lines if len(lines) == len(self) else self.at(range(len(self)))


class Lots:
    """A column of which a row may have several values: all of them end to end, and how many each row has."""

    __slots__ = ("_begins", "values")

    def __init__(self, values: Texts, many: Iterable[Sequence[int]]) -> None:
        """`many`: how many values each row has, so many rows at a time."""
        self.values = values
        counts = [np.array(lot, dtype=np.int32) for lot in many]
        begins = np.cumsum(np.concatenate([np.zeros(1, dtype=np.int32), *counts]), dtype=np.intc)
        self._begins = array("i", begins.tobytes())

    def at(self, places: Sequence[int]) -> list[tuple[str, ...]]:
        """The values of some rows."""
        begins = self._begins
        firsts, ends = [begins[at] for at in places], [begins[at + 1] for at in places]
        values = iter(self.values.at(chain.from_iterable(map(range, firsts, ends))))
        return [
            ()
            if first == end
            else (next(values),)
            if first + 1 == end
            else tuple(islice(values, end - first))
            for first, end in zip(firsts, ends, strict=True)
        ]

    def many(self) -> list[int]:
        """How many values each row has."""
        many: list[int] = np.diff(self._begins).tolist()
        return many


class Washed(NamedTuple):
    """The texts of the customers of a list in one notation, by column (`washing.py`); "" where there is none."""

    vat: Texts
    vat_written: Texts  # digits of a VAT number that fails its check
    emails: Lots
    phones: Lots
    ibans: Lots
    name: Texts
    street: Texts  # with its house number


class ByColumn(Sequence[Customer]):
    """Customers by column, of the fields that long lists mostly have; a field without a column is empty throughout.

    `washed`: their texts in one notation, from when somebody brought them to it until they are compared.
    """

    __slots__ = ("_rows", "_several", "_texts", "washed")

    def __init__(self, rows: int, texts: Mapping[str, Texts], several: Mapping[str, Lots]) -> None:
        if unknown := (texts.keys() - set(_FIELDS)) | (several.keys() - set(_LOTS)):
            raise ValueError(f"no such columns: {sorted(unknown)}")
        self.washed: Washed | None = None
        self._rows = rows
        self._texts = dict(texts)
        self._several = dict(several)

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, index: int) -> Customer: ...
    @overload
    def __getitem__(self, index: slice) -> list[Customer]: ...
    def __getitem__(self, index: int | slice) -> Customer | list[Customer]:
        if isinstance(index, slice):
            return self.at(range(*index.indices(self._rows)))
        if index < 0:
            index += self._rows
        if not 0 <= index < self._rows:
            raise IndexError(index)
        return self.at([index])[0]

    def __iter__(self) -> Iterator[Customer]:
        for start in range(0, self._rows, _AT_ONCE):
            yield from self[start : start + _AT_ONCE]

    def at(self, places: Sequence[int]) -> list[Customer]:
        """Some of the customers."""
        columns = [self._texts[field].at(places) if field in self._texts else repeat("") for field in _FIELDS]
        lots = [self._several[field].at(places) if field in self._several else repeat(()) for field in _LOTS]
        # By name, as a line of arguments costs less than a mapping of them.
        return [
            Customer(
                key=key,
                name=name,
                kind=kind,
                vat=vat,
                street=street,
                postcode=postcode,
                city=city,
                country=country,
                emails=emails,
                phones=phones,
                ibans=ibans,
            )
            for _, key, name, kind, vat, street, postcode, city, country, emails, phones, ibans in zip(
                places, *columns, *lots, strict=False
            )
        ]

    def written(self, field: str, places: Sequence[int]) -> list[str]:
        """What the source wrote in a field of `fields.FIELDS`, of some of the customers: `evidence.written`."""
        result = [""] * len(places)
        for name in places_of(field):
            if name in self._texts:
                found = self._texts[name].at(places)
            elif name in self._several:
                found = list(map(in_a_row, self._several[name].at(places)))
            else:
                continue
            result = (
                [one or other for one, other in zip(result, found, strict=True)] if any(result) else found
            )
        return result

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # like a list, which it may equal

    def texts(self, field: str) -> list[str]:
        """A field of each customer."""
        column = self._texts.get(field)
        return [""] * self._rows if column is None else column.all()

    def several(self, field: str) -> tuple[list[str], list[int]]:
        """A field of which there may be several: all values end to end, and how many each customer has."""
        column = self._several.get(field)
        return ([], [0] * self._rows) if column is None else (column.values.all(), column.many())


def some(customers: Sequence[Customer], places: Sequence[int]) -> list[Customer]:
    """The customers at some places, however they are kept."""
    if isinstance(customers, ByColumn):
        return customers.at(places)
    return [customers[at] for at in places]


def written(customers: Sequence[Customer], field: str, places: Sequence[int]) -> list[str]:
    """What the source wrote in a field of `fields.FIELDS`, of the customers at some places, however they are kept."""
    if isinstance(customers, ByColumn):
        return customers.written(field, places)
    return [written_by(customers[at], field) for at in places]


def texts(customers: Sequence[Customer], field: str) -> list[str]:
    """A field of each customer, however they are kept."""
    if isinstance(customers, ByColumn):
        return customers.texts(field)
    return list(map(attrgetter(field), customers))


def several(customers: Sequence[Customer], field: str) -> tuple[list[str], list[int]]:
    """A field of which there may be several: all values end to end, and how many each customer has."""
    if isinstance(customers, ByColumn):
        return customers.several(field)
    lots: list[tuple[str, ...]] = list(map(attrgetter(field), customers))
    return list(chain.from_iterable(lots)), list(map(len, lots))
