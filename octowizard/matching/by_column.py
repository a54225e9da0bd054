"""Customers kept by column, for lists of hundreds of thousands: a column is one text, and a row is made when asked for.

To whoever reads it, it is a sequence of `Customer` like any other; `texts` and `several` give whole columns of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from operator import add, attrgetter
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.evidence import in_a_row, places_of
from octowizard.matching.evidence import written as written_by
from octowizard.matching.pieces import Pieces, cut, octets, of_texts
from octowizard.matching.record import Customer

_END = ord("\n")
_AT_ONCE = 1_000  # customers that are made at a time
_FIELDS = ("key", "name", "kind", "vat", "street", "postcode", "city", "country")
_LOTS = ("emails", "phones", "ibans")


class Texts:
    """Texts end to end in UTF-8, a line each: a fifth of the memory that they take one by one."""

    __slots__ = ("_begins", "_joined", "_lines")

    def __init__(self, lots: Iterable[Sequence[str]]) -> None:
        """`lots`: the texts in order, so many at a time."""
        pieces: list[bytes] = []
        kept: list[Sequence[str]] = []
        for lot in lots:
            if lot:
                pieces.append("\n".join(lot).encode("utf-8", "surrogatepass"))
                kept.append(lot)
        many = sum(map(len, kept))
        pieces.append(b"")  # the last one has its end of line as well
        self._joined = b"\n".join(pieces)
        del pieces
        ends = np.flatnonzero(octets(self._joined) == _END)
        self._lines = len(ends) == many
        """Whether none of them holds lines of its own."""
        if not self._lines:
            sizes = (len(text.encode("utf-8", "surrogatepass")) + 1 for lot in kept for text in lot)
            ends = np.cumsum(np.fromiter(sizes, np.int64, many)) - 1
        # Where each begins, and where one more would.
        self._begins = np.concatenate([np.zeros(1, dtype=np.intc), (ends + 1).astype(np.intc)])

    def __len__(self) -> int:
        return len(self._begins) - 1

    def at(self, places: Iterable[int]) -> list[str]:
        """Those at some places."""
        some = np.fromiter(places, dtype=np.intp)
        begins, ends = self._begins[some], self._begins[some + 1]
        if self._lines:
            found = cut(octets(self._joined), begins, ends - begins).tobytes()
            lines = found.decode("utf-8", "surrogatepass").split("\n")
            lines.pop()
            return lines
        return [
            self._joined[begin:end].decode("utf-8", "surrogatepass")
            for begin, end in zip(begins.tolist(), (ends - 1).tolist(), strict=True)
        ]

    def all(self) -> list[str]:
        """Each of them."""
        if not self._lines:
            return self.at(range(len(self)))
        lines = self._joined.decode("utf-8", "surrogatepass").split("\n")
        lines.pop()
        return lines

    def pieces(self, first: NDArray[np.intp], many: NDArray[np.intp] | int = 1) -> Pieces:
        """Of each of these places the texts from there on, so many, a line each but for the last end of line."""
        begins = self._begins[first]
        lengths = (self._begins[first + many] - begins).astype(np.int64)
        lengths = np.maximum(lengths - 1, 0)
        return Pieces(cut(octets(self._joined), begins, lengths), lengths)

    @property
    def in_lines(self) -> bool:
        """Whether none of them holds lines of its own."""
        return self._lines


class Lots:
    """A column of which a row may have several values: all of them end to end, and how many each row has."""

    __slots__ = ("_begins", "values")

    def __init__(self, values: Texts, many: Iterable[Sequence[int]]) -> None:
        """`many`: how many values each row has, so many rows at a time."""
        self.values = values
        counts = [np.array(lot, dtype=np.intc) for lot in many]
        self._begins = np.cumsum(np.concatenate([np.zeros(1, dtype=np.intc), *counts]), dtype=np.intc)

    def at(self, places: Sequence[int]) -> list[tuple[str, ...]]:
        """The values of some rows."""
        firsts, many = (numbers.tolist() for numbers in self._some(places))
        values = iter(self.values.at(chain.from_iterable(map(range, firsts, map(add, firsts, many)))))
        return [
            () if not size else (next(values),) if size == 1 else tuple(islice(values, size)) for size in many
        ]

    def many(self) -> list[int]:
        """How many values each row has."""
        many: list[int] = np.diff(self._begins).tolist()
        return many

    def in_a_row(self, places: Sequence[int]) -> Pieces:
        """The values of some rows, those of a row as one text."""
        if not self.values.in_lines:
            return of_texts(list(map(in_a_row, self.at(places))))
        first, many = self._some(places)
        joined, lengths = self.values.pieces(first, many)
        if len(ends := np.flatnonzero(joined == _END)):
            joined[ends] = ord(",")
            joined = np.insert(joined, ends + 1, ord(" "))
            lengths += np.maximum(many - 1, 0)
        return Pieces(joined, lengths)

    def _some(self, places: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Of some rows, where the first value is, and how many there are."""
        some = np.array(places, dtype=np.intp)
        first = self._begins[some].astype(np.intp)
        return first, self._begins[some + 1] - first


class Coded(NamedTuple):
    """A column as the number of the distinct value in `values`, in order of appearance; 0 is the empty text."""

    ids: NDArray[np.int32]
    values: Texts


class CodedLots(NamedTuple):
    """Values of which a row may have several, row after row, and how many each row has."""

    column: Coded
    many: NDArray[np.int32]


class Washed(NamedTuple):
    """The texts of the customers of a list in one notation, by column (`washing.py`); "" where there is none."""

    vat: Coded
    vat_written: Coded  # digits of a VAT number that fails its check
    emails: CodedLots
    phones: CodedLots
    ibans: CodedLots
    name: Coded  # words end to end, 0 behind those of each row
    street: Coded  # the same, with the house number


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

    def pieces(self, field: str, places: Sequence[int]) -> Pieces:
        """What `written` gives, end to end."""
        known = [name for name in places_of(field) if name in self._texts or name in self._several]
        if not known:
            return Pieces(octets(b""), np.zeros(len(places), dtype=np.int64))
        name = known[0]
        if len(known) > 1:
            return of_texts(self.written(field, places))
        if name in self._texts:
            return self._texts[name].pieces(np.array(places, dtype=np.intp))
        return self._several[name].in_a_row(places)

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


def pieces(customers: Sequence[Customer], field: str, places: Sequence[int]) -> Pieces:
    """The same end to end."""
    if isinstance(customers, ByColumn):
        return customers.pieces(field, places)
    return of_texts(written(customers, field, places))


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
