"""How far each field of many pairs agrees: a level per field, and how rare the value is that they share.

Whole columns of pairs at a time; letters are compared by rapidfuzz, once per distinct pair of values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.carried import sorts
from octowizard.matching.clean import Table
from octowizard.matching.columns import Bag, Column, Ints, Several
from octowizard.matching.fields import FIELDS, INDEX
from octowizard.matching.letters import Letters

Levels = NDArray[np.int8]
COMPACT = (
    0.86  # how far two names without blanks are the same, at least, to be taken for one name written apart
)
ALIKE = 0.7  # how far two words are the same, at least, to be taken for one mistyped
Longs = NDArray[np.int64]
Rows = NDArray[np.intp] | Longs


class _Texts(Protocol):
    """Distinct texts by number."""

    @property
    def values(self) -> list[str]: ...
    @property
    def letters(self) -> Letters: ...


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs with their levels, (pairs, fields), and what a full agreement is worth by the rarity of the value.

    The levels of a field stand side by side in memory, and so do their rarities: nearly all goes field by field.

    `rarity` is, per pair and field, the natural logarithm of one row in so many that has the value; 0 where none is
    shared.
    """

    left: Longs
    right: Longs
    levels: Levels
    rarity: NDArray[np.float32]
    words: NDArray[np.float32]  # the name's rarity by its words, as if they fell together by chance
    carried: Levels  # the sort of the two rows, by what they carry: `carried.sorts`

    def level(self, field: str) -> Levels:
        """One field's levels."""
        return self.levels[:, INDEX[field]]

    @staticmethod
    def joined(parts: Sequence[Compared]) -> Compared:
        """Several lots of pairs as one."""
        return Compared(
            np.concatenate([p.left for p in parts]),
            np.concatenate([p.right for p in parts]),
            np.concatenate([p.levels for p in parts]),
            np.concatenate([p.rarity for p in parts]),
            np.concatenate([p.words for p in parts]),
            np.concatenate([p.carried for p in parts]),
        )

    def take(self, chosen: NDArray[np.bool_] | Longs) -> Compared:
        """Some of the pairs."""
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return Compared(
            self.left[places],
            self.right[places],
            self.levels.T.take(places, axis=1).T,
            self.rarity.T.take(places, axis=1).T,
            self.words[places],
            self.carried[places],
        )


def located(compared: Compared) -> NDArray[np.bool_]:
    """Pairs at the same house in the same street and town."""
    town = (compared.level("postcode") >= 2) | (compared.level("city") >= 2)
    return np.asarray((compared.level("street") == 3) & (compared.level("house") == 2) & town)


def _distinct(a: Ints, b: Ints) -> tuple[Longs, Longs, Longs]:
    """The distinct pairs of two columns of numbers, and for each row which of them it is."""
    code = (a.astype(np.int64) << 32) | b
    unique, inverse = np.unique(code, return_inverse=True)
    return unique >> 32, unique & 0xFFFFFFFF, inverse


def _edits(left: _Texts, right: _Texts, a: Ints, b: Ints) -> Ints:
    """Letters to change (left out, added, changed, swapped) per row, given each value's number; 9 for 3 or more."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    result = np.full(len(a), 9, dtype=np.int32)
    near = np.flatnonzero(left.letters.least(a, right.letters, b) <= 2)
    if not len(near):
        return result
    first, second, inverse = _distinct(a[near], b[near])
    far = cpdist(
        [left.values[x] for x in first.tolist()],
        [right.values[x] for x in second.tolist()],
        scorer=OSA.distance,
        score_cutoff=2,
        dtype=np.int32,
        workers=-1,
    )
    result[near] = np.where(far > 2, 9, far)[inverse]
    return result


def word_similarity(words: _Texts, a: Ints, b: Ints) -> NDArray[np.float32]:
    """How far two words are the same, 0 to 1: typing errors, an abbreviation, an initial; numbers must be equal."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    result = np.zeros(len(a), dtype=np.float32)
    values, known = words.values, words.letters
    size_a, size_b = known.length[a], known.length[b]
    first_a, first_b = known.first[a], known.first[b]
    number = ((first_a >= 48) & (first_a <= 57)) | ((first_b >= 48) & (first_b <= 57))
    longest, short = np.maximum(size_a, size_b), np.minimum(size_a, size_b)
    # 0.7 of three letters would be two; short words are the same or not.
    open_rows = np.flatnonzero(~number & (longest > 3))
    least = known.least(a[open_rows], known, b[open_rows])
    near = open_rows[least <= (1.0 - ALIKE) * longest[open_rows] + 1e-6]
    if len(near):
        first, second, inverse = _distinct(a[near], b[near])
        result[near] = cpdist(
            [values[v] for v in first.tolist()],
            [values[v] for v in second.tolist()],
            scorer=OSA.normalized_similarity,
            score_cutoff=ALIKE,
            dtype=np.float32,
            workers=-1,
        )[inverse]
    begins = (result == 0) & ~number & (first_a == first_b) & (size_a != size_b) & (short != 2)
    rows = np.flatnonzero(begins)
    shorter, longer = (
        np.where(size_a[rows] < size_b[rows], *both) for both in ((a[rows], b[rows]), (b[rows], a[rows]))
    )
    within = (known.letters[shorter] & ~known.letters[longer]) == 0
    for k, one, other in zip(
        rows[within].tolist(), shorter[within].tolist(), longer[within].tolist(), strict=True
    ):
        if values[other].startswith(values[one]):
            result[k] = 0.9 if short[k] >= 5 else 0.75 if short[k] >= 3 else 0.7
    return result


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Two bags of words, per pair: the share of each one's weight that the other has, and that weight itself."""

    left: NDArray[np.float32]
    right: NDArray[np.float32]
    weight: NDArray[np.float32]
    same: NDArray[np.bool_]  # every word of both, letter by letter


def _overlap(bag: Bag, i: Rows, j: Rows) -> _Overlap:
    weight_of = np.maximum(bag.weight, 0.3).astype(np.float32)
    weight_of[0] = 0.0
    a, b = (_by_place(bag.ids, rows) for rows in (i, j))
    a, b = a[: _used(a)], b[: _used(b)]
    found_a, found_b = np.zeros(a.shape, dtype=np.bool_), np.zeros(b.shape, dtype=np.bool_)
    for x in range(len(a)):
        for y in range(len(b)):
            equal = a[x] == b[y]
            found_a[x] |= equal
            found_b[y] |= equal
    here_a, here_b = a > 0, b > 0
    found_a &= here_a
    found_b &= here_b
    open_a, open_b = here_a & ~found_a, here_b & ~found_b
    some_a, some_b = open_a.any(axis=0), open_b.any(axis=0)
    same = (
        ~some_a & ~some_b & here_a[0] & here_b[0] if len(a) and len(b) else np.zeros(len(i), dtype=np.bool_)
    )
    good_a, good_b = found_a.astype(np.float32), found_b.astype(np.float32)
    # The words that stand open beside each other, two by two.
    open_pairs = [
        (x, y, row)
        for x in range(len(a))
        for y in range(len(b))
        if len(row := np.flatnonzero(open_a[x] & open_b[y]))
    ]
    if open_pairs:
        ours = np.concatenate([a[x].take(row) for x, _y, row in open_pairs])
        theirs = np.concatenate([b[y].take(row) for _x, y, row in open_pairs])
        alike = word_similarity(bag, ours, theirs)
        begin = 0
        for x, y, row in open_pairs:
            found = alike[begin : begin + len(row)]
            begin += len(row)
            hit = np.flatnonzero(found)
            row, found = row[hit], found[hit]
            good_a[x, row] = np.maximum(good_a[x, row], found)
            good_b[y, row] = np.maximum(good_b[y, row], found)
    weight_a, weight_b = weight_of[a], weight_of[b]
    have_a, have_b = (weight_a * good_a).sum(axis=0), (weight_b * good_b).sum(axis=0)
    return _Overlap(
        have_a / np.maximum(weight_a.sum(axis=0), 1e-6),
        have_b / np.maximum(weight_b.sum(axis=0), 1e-6),
        np.minimum(have_a, have_b),
        same,
    )


def _by_place(ids: Ints, rows: Rows) -> Ints:
    """Some rows of a table, a line per place: long lines compare many times faster than short ones."""
    return np.ascontiguousarray(ids.take(rows, axis=0).T)


def _used(words: Ints) -> int:
    """How many places any row has a word at."""
    return int((words > 0).any(axis=1).sum())


def _names(table: Table, i: Rows, j: Rows) -> tuple[Levels, NDArray[np.float32]]:
    """The name's level and the weight of the words that both have."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    both = table.name.present[i] & table.name.present[j]
    overlap = _overlap(table.name, i, j)
    low, high = np.minimum(overlap.left, overlap.right), np.maximum(overlap.left, overlap.right)
    level = np.full(len(i), 1, dtype=np.int8)
    level[overlap.weight > 0] = 2
    level[low >= 0.4] = 3
    level[(high >= 0.93) & (low >= 0.15)] = 4
    level[low >= 0.84] = 5
    weight = overlap.weight.copy()
    # Blanks set elsewhere: `Bouw Werken`, `Bouwwerken`. Only where the words did not settle it.
    long, other = table.length[i], table.length[j]
    open_rows = np.flatnonzero(
        both
        & (level < 5)
        & (np.minimum(long, other) >= 6)
        & (np.abs(long - other) <= (1.0 - COMPACT) * np.maximum(long, other))
    )
    letters = table.letters
    least = letters.least(i[open_rows], letters, j[open_rows])
    open_rows = open_rows[least <= (1.0 - COMPACT) * np.maximum(long[open_rows], other[open_rows]) + 1e-6]
    if len(open_rows):
        a = [table.compact[r] for r in i[open_rows].tolist()]
        b = [table.compact[r] for r in j[open_rows].tolist()]
        alike = cpdist(
            a, b, scorer=OSA.normalized_similarity, score_cutoff=COMPACT, dtype=np.float32, workers=-1
        )
        kept = [k for k in np.flatnonzero(alike > 0).tolist() if _digits(a[k]) == _digits(b[k])]
        rows = open_rows[kept]
        level[rows] = 5
        weight_of = np.maximum(table.name.weight, 0.3)
        weight_of[0] = 0.0
        one, two = (weight_of[table.name.ids[side[rows]]].sum(axis=1) for side in (i, j))
        weight[rows] = np.minimum(one, two)
    level[overlap.same] = 6
    level[~both] = 0
    return level, weight


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _simple(column: Column, i: Rows, j: Rows, top: int = 2) -> Levels:
    return _alike(column.ids.take(i), column.ids.take(j), top)


def _alike(a: Ints, b: Ints, top: int) -> Levels:
    """0 where one has no value, 1 another, `top` the same."""
    level: Levels = (a == b).astype(np.int8)
    level *= top - 1
    level += 1
    level *= (a > 0) & (b > 0)
    return level


def _near(column: Column, i: Rows, j: Rows, edits: int = 1) -> Levels:
    """1 another, 2 so many letters apart, 3 the same."""
    level = _simple(column, i, j, 3)
    other = np.flatnonzero(level == 1)
    far = _edits(column, column, column.ids[i[other]], column.ids[j[other]])
    level[other[far <= edits]] = 2
    return level


class _Shared(NamedTuple):
    """Two rows that may have several values: 3 when any is shared, 1 when none is; and the number of the shared one.

    `first`: the first value of each.
    """

    level: Levels
    value: Ints
    first: tuple[Ints, Ints]


def _any(several: Several, i: Rows, j: Rows) -> _Shared:
    a, b = (_by_place(several.ids, rows) for rows in (i, j))
    shared = np.zeros(len(i), dtype=np.int32)
    for x in range(_used(a)):
        for y in range(_used(b)):
            np.maximum(shared, np.where(a[x] == b[y], a[x], 0), out=shared)
    level = _alike(a[0], b[0], 1)
    level[shared > 0] = 3
    return _Shared(level, shared, (a[0], b[0]))


def _near_first(several: Several, shared: _Shared, edits: int) -> Levels:
    """The level, 2 where the first values are no more than so many letters apart."""
    other = np.flatnonzero(shared.level == 1)
    far = _edits(several, several, *(first.take(other) for first in shared.first))
    shared.level[other[far <= edits]] = 2
    return shared.level


def _vat(table: Table, i: Rows, j: Rows) -> Levels:
    """1 two numbers that are both valid and differ, 2 another but one fails its check, 3 nearly, 4 the same."""
    level = _simple(table.vat, i, j, 4)
    written = table.vat_written
    if len(written.values) == 1:
        return level
    for a, b, x, y in ((table.vat, written, i, j), (written, table.vat, i, j), (written, written, i, j)):
        rows = np.flatnonzero((a.ids[x] > 0) & (b.ids[y] > 0) & (level == 0))
        if not len(rows):
            continue
        left = table.vat_digits if a is table.vat else a
        right = table.vat_digits if b is table.vat else b
        far = _edits(left, right, a.ids[x[rows]], b.ids[y[rows]])
        level[rows] = np.where(far <= 2, 3, 2)
    return level


def _log_rarity(counts: Ints | Longs, rows: int) -> NDArray[np.float32]:
    return np.log(rows / np.maximum(counts, 1)).astype(np.float32)


def _shared_rarity(counts: Longs, shared: Ints, rows: int) -> NDArray[np.float32]:
    """The rarity of what is shared, by how many rows have each value; 0 where nothing is."""
    result = np.zeros(len(shared), dtype=np.float32)
    some = np.flatnonzero(shared)
    result[some] = _log_rarity(counts[shared[some]], rows)
    return result


def compare(table: Table, i: Rows, j: Rows) -> Compared:
    """All fields of these pairs of rows."""
    i, j = i.astype(np.int64), j.astype(np.int64)
    levels = np.zeros((len(i), len(FIELDS)), dtype=np.int8, order="F")
    rarity = np.zeros((len(i), len(FIELDS)), dtype=np.float32, order="F")
    carried = sorts(table, i, j)
    if not len(i):
        return Compared(i, j, levels, rarity, np.zeros(0, dtype=np.float32), carried)

    def shared_of(column: Column) -> NDArray[np.float32]:
        a = column.ids.take(i)
        return _shared_rarity(column.counts, np.where(a == column.ids.take(j), a, 0), rows)

    def put(field: str, level: Levels, rare: NDArray[np.float32] | None = None) -> None:
        levels[:, INDEX[field]] = level
        if rare is not None:
            rarity[:, INDEX[field]] = rare

    rows = table.population
    name, words = _names(table, i, j)
    counts = table.namesakes
    alike = np.maximum(counts[table.whole[i]], counts[table.whole[j]])
    whole = _log_rarity(alike, rows)
    most = np.minimum(words, np.float32(np.log(rows)))
    put("name", name, np.where(name == 6, whole, most))
    a, b = table.structure[i], table.structure[j]
    put("structure", np.where((name == 0) | (a | b == 0), 0, np.where(a == b, 2, 1)).astype(np.int8))
    put("legal", _simple(table.legal, i, j))
    for field, column in (
        ("external", table.external),
        ("kind", table.kind),
        ("country", table.country),
        ("region", table.region),
    ):
        put(field, _simple(column, i, j), shared_of(column))
    put("vat", _vat(table, i, j), shared_of(table.vat))
    for field, column, edits in (
        ("national", table.national, 2),
        ("born", table.born, 2),
        ("postcode", table.postcode, 1),
        ("city", table.city, 2),
    ):
        put(field, _near(column, i, j, edits), shared_of(column))
    both = table.street.present[i] & table.street.present[j]
    overlap = _overlap(table.street, i, j)
    high = np.maximum(overlap.left, overlap.right)
    street = np.where(high >= 0.8, 3, np.where(high >= 0.45, 2, 1)).astype(np.int8)
    types = (
        (table.street_type[i] > 0)
        & (table.street_type[j] > 0)
        & (table.street_type[i] != table.street_type[j])
    )
    street[types & (street == 3)] = 2
    put(
        "street",
        np.where(both, street, 0).astype(np.int8),
        np.where(street == 3, overlap.weight, 0).astype(np.float32),
    )
    put("house", _simple(table.house_column, i, j), shared_of(table.house_column))
    email, phone, iban = (_any(several, i, j) for several in (table.email, table.phone, table.iban))
    put(
        "email",
        _near_first(table.email, email, 2),
        _shared_rarity(table.email.counts, email.value, rows),
    )
    domain = _simple(table.domain, i, j)
    domain[email.level == 3] = 0
    put(
        "domain",
        domain,
        _shared_rarity(table.domain.counts, np.where(domain == 2, table.domain.ids[i], 0), rows),
    )
    put(
        "phone",
        _near_first(table.phone, phone, 1),
        _shared_rarity(table.phone.counts, phone.value, rows),
    )
    account = np.where(iban.level == 3, 2, iban.level).astype(np.int8)
    put("iban", account, _shared_rarity(table.iban.counts, iban.value, rows))
    return Compared(i, j, levels, rarity, words, carried)
