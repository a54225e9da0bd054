"""Columns: one number per distinct value, whole columns at a time; and how any text is brought to plain letters."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.by_column import Coded, CodedLots, Texts
from octowizard.matching.keys import name_key
from octowizard.matching.letters import Letters

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

SEVERAL = 3  # mails, phones, accounts of one customer that are looked at

_LETTERS = (("œ", "oe"), ("æ", "ae"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("ð", "d"), ("þ", "th"), ("ı", "i"))
_NOT_ALNUM = bytes(c for c in range(256) if not ((chr(c).isalnum() and c < 128) or c == 10))
_KEEP_WORDS = bytes(c if (chr(c).isalnum() and c < 128) or c == 10 else 32 for c in bytes(range(256)).lower())
# The point stands first in the pattern, so that only points are looked at.
_DOTTED = re.compile(r"\.(?<=\b\w\.)(?=\w\b)")
_SINGLES = re.compile(r"\b(\w)\.?\s*&\s*(?=\w\b)")


class _Numbered:
    """Values by number. What follows from them all is reckoned when it is first asked for."""

    ids: Ints
    values: list[str]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many rows have each value, or stand more than once beside it; 0 for the empty text."""
        counts = np.bincount(self.ids.ravel(), minlength=len(self.values))
        counts[0] = 0
        return counts

    @cached_property
    def letters(self) -> Letters:
        """Of each value, what tells how far it is from another one at least."""
        return Letters.of(self.values)


@dataclass(frozen=True)
class Column(_Numbered):
    """One value per row as the number of the distinct value in `values`; 0 (the empty text) is absent."""

    ids: Ints
    values: list[str]

    @property
    def present(self) -> Bools:
        """Which rows have a value."""
        return self.ids > 0


@dataclass(frozen=True)
class Several(_Numbered):
    """At most SEVERAL values per row, `ids` being (rows, SEVERAL), 0 for none."""

    ids: Ints
    values: list[str]

    @property
    def present(self) -> Bools:
        """Which rows have any value."""
        return self.ids[:, 0] > 0


@dataclass(frozen=True)
class Bag(_Numbered):
    """The words of a text per row, `ids` being (rows, at most so many words), the rarest first, 0 for none.

    `weight` is per distinct word: the natural logarithm of one row in so many that has it.
    """

    ids: Ints
    values: list[str]
    weight: Floats
    count: Ints

    @property
    def present(self) -> Bools:
        """Which rows have a word."""
        return self.ids[:, 0] > 0


def numbered(values: Sequence[str]) -> Column:
    """Distinct values numbered from 1 in order of appearance; the empty text is 0."""
    if not any(values):
        return Column(np.zeros(len(values), dtype=np.int32), [""])
    numbers = count()
    # What is not there yet gets the next number.
    index = defaultdict(numbers.__next__, {"": next(numbers)})
    ids = np.fromiter(map(index.__getitem__, values), np.int32, len(values))
    return Column(ids, list(index))


def coded(values: Sequence[str]) -> Coded:
    """The same, kept small until it is joined with that of another list."""
    column = numbered(values)
    return Coded(column.ids, Texts([column.values]))


def joined(parts: Sequence[Coded]) -> Column:
    """The columns of several lists below each other, numbered as if they had been one."""
    numbers = count()
    index = defaultdict(numbers.__next__, {"": next(numbers)})
    ids = []
    for part in parts:
        values = part.values.all()
        ids.append(np.fromiter(map(index.__getitem__, values), np.int32, len(values))[part.ids])
    return Column(np.concatenate(ids), list(index))


def _joined(raw: Column, spelled: Sequence[str]) -> Column:
    final = numbered(spelled)
    return Column(final.ids[raw.ids], final.values)


def mapped(values: Sequence[str], clean: Callable[[str], str]) -> Column:
    """A column with few distinct values: each cleaned once."""
    raw = numbered(values)
    return _joined(raw, [clean(v) if v else "" for v in raw.values])


def lines(values: Sequence[str]) -> str:
    """The column as one text, a line per value, so that whole columns can be changed at once."""
    text = "\n".join(values)
    if text.count("\n") != len(values) - 1:
        text = "\n".join([v.replace("\n", " ") for v in values])
    return text


def letters_and_digits(values: Sequence[str]) -> str:
    """A line per value, with nothing but ASCII letters and digits."""
    return lines(values).encode("ascii", "ignore").translate(None, _NOT_ALNUM).decode("ascii")


def _plain(text: str) -> bytes:
    """Small letters without accents, in ASCII; letters of other scripts are lost."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        for letter, plain in _LETTERS:
            text = text.replace(letter, plain)
        return text.encode("ascii", "ignore")
    return text.lower().encode("ascii")


def folded(values: Sequence[str]) -> list[str]:
    """Small letters without accents, words and numbers parted by blanks, how many is not said.

    `B.V.B.A.` and `H & M` become one word. A text without any Latin letter or digit keeps its own script.
    """
    if not any(values):
        return list(values)
    result = _folded_at_once([v if v.isascii() else "" for v in values])
    accented = [n for n, v in enumerate(values) if not v.isascii()]
    if accented:
        for n, text in zip(accented, _folded_at_once([values[n] for n in accented]), strict=True):
            result[n] = text if text and not text.isspace() else name_key(values[n])
    return result


def _folded_at_once(values: Sequence[str]) -> list[str]:
    text = lines([_SINGLES.sub(r"\1", v) if "&" in v else v for v in values])
    if "." in text:
        text = _DOTTED.sub("", text)
    result = _plain(text).translate(_KEEP_WORDS).decode("ascii").split("\n")
    if len(result) == len(values):
        return result
    # A compatibility form that holds a line of its own.
    return [_plain(v).translate(_KEEP_WORDS).decode("ascii").replace("\n", " ") for v in values]


def several(parts: Sequence[CodedLots]) -> Several:
    """The first SEVERAL distinct good values of each row of several lists."""
    many = np.concatenate([part.many for part in parts])
    rows = np.repeat(np.arange(len(many)), many)
    column = joined([part.column for part in parts])
    ids = np.zeros((len(many), SEVERAL), dtype=np.int32)
    if len(rows):
        spread(rows, column.ids, ids)
    return Several(ids, column.values)


def spread(rows: NDArray[np.int64], values: Ints, into: Ints) -> None:
    """Lay the values (those that are not 0), in rising rows, side by side into the table; the rest is dropped."""
    kept = values > 0
    rows, values = rows[kept], values[kept]
    if not len(rows):
        return
    first = np.searchsorted(rows, rows, side="left")
    place = np.arange(len(rows)) - first
    fits = place < into.shape[1]
    into[rows[fits], place[fits]] = values[fits]


def taken_apart(
    values: list[str],
    many: list[int],
    size: Callable[[str], int],
    usual: int,
    several: Callable[[str], bool],
    between: re.Pattern[str],
) -> tuple[list[str], list[int]]:
    """The values of all rows, of which each has so `many`, those that hold several in one field parted at `between`.

    A value whose `size` is at most `usual` is one for sure: `several` is not asked of it.
    """
    parted = [
        (at, between.split(value))
        for at, value in enumerate(values)
        if size(value) > usual and several(value)
    ]
    if not parted:
        return values, many
    row_of = np.repeat(np.arange(len(many)), np.array(many, dtype=np.int64)).tolist()
    result, counts, done = [], list(many), 0
    for at, parts in parted:
        result += values[done:at]
        result += parts
        counts[row_of[at]] += len(parts) - 1
        done = at + 1
    return result + values[done:], counts
