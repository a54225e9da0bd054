"""Which pairs are worth a look: those that share something rare, and of those the best few of every row.

Blocking with weights: each shared value (a number, a rare word, two words, a house, a word with a postcode, a word one
letter away) is worth the logarithm of how few pairs share it; a pair is worth the sum. The rarest values go first until
the budget of pairs per row is spent, so the work grows with the rows and not with their square, at any size.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.clean import Table
from octowizard.matching.columns import Bag, Bools, Ints, numbered

Longs = NDArray[np.int64]

BUDGET = 2  # pairs per row that one kind of key may bring
KEPT = 3  # candidates of a row that are compared in full
BARRED = 4  # the same of those that two VAT numbers forbid, to learn from
KEPT_IN_ONE = 12  # the same in one list, where a customer may stand ten times
ALL = 2_500  # pairs up to which every one is compared
CROWD = 2_500  # pairs that share one value: beyond this it tells nothing
FEW = 4  # pairs that share a number of their own, at most, for all of them to be compared
ALWAYS = 600.0  # more than all other kinds of keys together are worth
ROWS = 32  # bits of a row's number in a pair
LOW = (1 << ROWS) - 1
# A pair and what it is worth in one number of 63 bits: two rows of 24 bits (16 million), worth in tenths.
PLACE_BITS, WORTH_BITS, WORTH_STEPS = 24, 15, 10


@dataclass(frozen=True, slots=True)
class Keys:
    """One kind of key: each value with its row. What few share of a `strong` one is always compared."""

    values: Longs
    rows: Longs
    budget: float = BUDGET
    strong: bool = False


def _of(ids: Ints, budget: float = BUDGET, strong: bool = False) -> Keys:
    """The keys of a column of ids, one or several per row."""
    if ids.ndim == 1:
        rows = np.flatnonzero(ids)
        return Keys(ids[rows].astype(np.int64), rows, budget, strong)
    rows, place = np.nonzero(ids)
    return Keys(ids[rows, place].astype(np.int64), rows, budget, strong)


def _both(first: Ints, second: Ints, budget: float = BUDGET) -> Keys:
    """Keys of two columns together, where both are there."""
    rows = np.flatnonzero((first > 0) & (second > 0))
    return Keys((first[rows].astype(np.int64) << 32) | second[rows], rows, budget)


def _joined(parts: list[Keys]) -> Keys:
    return Keys(
        np.concatenate([p.values for p in parts]), np.concatenate([p.rows for p in parts]), parts[0].budget
    )


def _prefixes(values: list[str], length: int) -> Ints:
    """Per distinct word the number of its beginning; 0 for a word that is not longer than that."""
    return numbered([v[:length] if len(v) >= length else "" for v in values]).ids


def _suffixes(values: list[str], length: int) -> Ints:
    return _prefixes([v[::-1] for v in values], length)


def similar_words(values: list[str], count: Ints, shortest: int = 5, rare: int = 3) -> tuple[Ints, Ints]:
    """Pairs of distinct words that are one letter apart (left out, added, changed or swapped), one of them rare.

    Words of at least `shortest` letters, up to 20. By leaving each letter out in turn, hashed: no word is held against
    all others.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    chosen = np.array(
        [i for i, v in enumerate(values) if shortest <= len(v) <= 20 and v.isascii() and not v[0].isdigit()],
        dtype=np.int64,
    )
    none = np.zeros(0, dtype=np.int32)
    if len(chosen) < 2:
        return none, none
    # A line per place: long lines are reckoned with many times faster than short ones.
    letters = np.ascontiguousarray(
        np.array([values[i] for i in chosen.tolist()], dtype="S20").view(np.uint8).reshape(-1, 20).T
    )
    length = (letters > 0).sum(axis=0)
    # A word without one letter is the hash of what stands before that, and then the letters behind it.
    before = np.full(len(chosen), 14_695_981_039_346_656_037, dtype=np.uint64)
    hashes, owners = [], []
    for out in range(int(length.max())):
        rows = np.flatnonzero(length > out)
        value = before.take(rows)
        for line in letters[out + 1 : length.max()]:
            value = _hashed(value, line.take(rows))
        hashes.append(value)
        owners.append(chosen[rows])
        before = _hashed(before, letters[out])
    hashes.append(before)
    owners.append(chosen)
    keys = Keys(np.concatenate(hashes).view(np.int64), np.concatenate(owners))
    pairs, _ = _pairs(keys, keys, cap=400, budget=8 * len(chosen) + 1000, one=True)
    pairs = np.unique(pairs)
    a, b = pairs >> ROWS, pairs & 0xFFFFFFFF
    kept = (np.minimum(count[a], count[b]) <= rare) & (count[a].astype(np.int64) * count[b] <= CROWD // 25)
    a, b = a[kept], b[kept]
    if not len(a):
        return none, none
    near = (
        cpdist(
            [values[i] for i in a.tolist()],
            [values[i] for i in b.tolist()],
            scorer=OSA.distance,
            score_cutoff=1,
            dtype=np.int32,
            workers=-1,
        )
        <= 1
    )
    return a[near].astype(np.int32), b[near].astype(np.int32)


def _hashed(so_far: NDArray[np.uint64], letters: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The hashes of words after one more letter of each; 0 is none."""
    prime = np.uint64(1_099_511_628_211)
    return np.where(letters > 0, (so_far ^ letters) * prime, so_far)


def _typing_errors(table: Table) -> Keys:
    """Each row under the words one letter away from its own, and under its own: one key for both spellings."""
    a, b = similar_words(table.name.values, table.name.count)
    rows, place = np.nonzero(table.name.ids[:, :3])
    word = table.name.ids[rows, place].astype(np.int64)
    if not len(a):
        return Keys(word[:0], rows[:0])
    # Both spellings of a pair under the pair's own number.
    pair = np.arange(len(a), dtype=np.int64)
    words, pairs = np.concatenate([a, b]).astype(np.int64), np.concatenate([pair, pair])
    order = np.argsort(words, kind="stable")
    words, pairs = words[order], pairs[order]
    begin, end = np.searchsorted(words, word), np.searchsorted(words, word, side="right")
    many = end - begin
    many[many > 12] = 0
    index = np.repeat(begin, many) + _within(many)
    return Keys(pairs[index], np.repeat(rows, many), budget=2)


def _within(counts: NDArray[np.int64]) -> Longs:
    """0, 1, 2 … within each group of that many."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)


def kinds_of_keys(table: Table) -> list[Callable[[], Keys]]:
    """Every kind of key, each made when it is called, so that few stand in memory at a time; what takes long first."""
    name, street = table.name, table.street

    def beginnings() -> Keys:
        begun = _prefixes(table.compact, 6)
        return _both(begun, begun)

    def words_in(column: Ints, words: Callable[[int], Ints], many: int, budget: float = BUDGET) -> Keys:
        return _joined([_both(words(k), column, budget) for k in range(many)])

    def houses() -> Keys:
        return _both(street.ids[:, 0], table.house)

    def houses_in_town() -> Keys:
        found = houses()
        return Keys(found.values * 1_000_003 + table.postcode.ids[found.rows], found.rows)

    def parts(of: Callable[[list[str], int], Ints]) -> Callable[[int], Ints]:
        numbers = of(name.values, 4)
        return lambda k: numbers[name.ids[:, k]]

    def word(k: int) -> Ints:
        return name.ids[:, k]

    strong = (table.vat, table.national, table.external, table.email, table.phone, table.iban)
    kinds: list[Callable[[], Keys]] = [
        lambda: _typing_errors(table),
        beginnings,
        *(partial(_of, column.ids, strong=True) for column in strong),
        lambda: _of(table.domain.ids),
        lambda: _of(table.born.ids),
        lambda: _of(name.ids, 2 * BUDGET),
        lambda: _joined([_pair(name, a, b) for a, b in ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3))]),
        lambda: words_in(table.postcode.ids, word, 3, 2 * BUDGET),
        lambda: words_in(table.postcode.ids, parts(_prefixes), 2),
        lambda: words_in(table.postcode.ids, parts(_suffixes), 2),
        lambda: words_in(table.city.ids, word, 2),
        lambda: words_in(street.ids[:, 0], word, 2),
        houses_in_town,
        houses,
    ]
    if table.born.present.any():
        kinds.append(lambda: words_in(table.house, word, 2))
        kinds.append(
            lambda: _joined([_both(table.born.ids, other) for other in (table.postcode.ids, table.house)])
        )
    return kinds


def _pair(bag: Bag, a: int, b: int) -> Keys:
    ids = bag.ids
    low, high = np.minimum(ids[:, a], ids[:, b]), np.maximum(ids[:, a], ids[:, b])
    return _both(low, high)


def _runs(values: Longs) -> tuple[Longs, Longs, Longs]:
    """Distinct values of a sorted column, where each begins, and how often it stands there."""
    if not len(values):
        empty = np.zeros(0, dtype=np.int64)
        return values, empty, empty
    begin = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    return values[begin], begin, np.diff(np.append(begin, len(values)))


def _sorted(keys: Keys) -> tuple[Longs, Longs]:
    """Values and rows by value."""
    order = np.argsort(keys.values)
    return keys.values[order], keys.rows[order]


def _pairs(
    left: Keys, right: Keys, *, cap: int, budget: float, one: bool
) -> tuple[Longs, NDArray[np.float32]]:
    """Pairs (left row << ROWS | right row) that share a value, the rarest first, and what sharing it is worth.

    Worth is the logarithm of one pair in so many, as if there were e^40 of them.
    """
    left_values, left_rows = _sorted(left)
    right_values, right_rows = (left_values, left_rows) if right is left else _sorted(right)
    left_values, left_begin, left_count = _runs(left_values)
    right_values, right_begin, right_count = _runs(right_values)
    if not len(right_values):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    at = np.searchsorted(right_values, left_values)
    at[at == len(right_values)] = 0
    shared = np.flatnonzero(right_values[at] == left_values)
    at = at[shared]
    left_begin, left_count = left_begin[shared], left_count[shared]
    right_begin, right_count = right_begin[at], right_count[at]
    product = left_count * right_count
    if one:
        product = np.where(left_count > 1, product, 0)
    order = np.argsort(product, kind="stable")
    order = order[(product[order] > 0) & (product[order] <= cap)]
    order = order[np.cumsum(product[order]) <= budget]
    product, left_begin, right_begin = product[order], left_begin[order], right_begin[order]
    within = _within(product).astype(np.int32)
    width = np.repeat(right_count[order].astype(np.int32), product)
    step = within // width
    within -= step * width
    del width
    pairs = left_rows[np.repeat(left_begin, product) + step] << ROWS
    del step
    pairs |= right_rows[np.repeat(right_begin, product) + within]
    worth = np.repeat((40.0 - np.log(np.maximum(product, 1))).astype(np.float32), product)
    if one:
        kept = (pairs >> ROWS) < (pairs & LOW)
        pairs, worth = pairs[kept], worth[kept]
    return pairs, worth


def _best(group: Longs, worth: Longs, many: int) -> Bools:
    """Which pairs are among the `many` worthiest of their group."""
    # Sorting one number per pair is many times faster than sorting by two columns.
    code = group << WORTH_BITS
    code |= (1 << WORTH_BITS) - 1 - worth
    code <<= PLACE_BITS
    code |= np.arange(len(group))
    code.sort()
    place = code & ((1 << PLACE_BITS) - 1)
    code >>= WORTH_BITS + PLACE_BITS
    # Sorted, one is among the first so many of its group when so many places before it another group stands.
    first = np.ones(len(code), dtype=np.bool_)
    first[many:] = code[many:] != code[:-many]
    kept = np.zeros(len(group), dtype=np.bool_)
    kept[place[first]] = True
    return kept


def candidates(table: Table, one: bool, kept: int, shown: Bools | None = None) -> tuple[Longs, Longs]:
    """Left and right rows (numbers in the table) of the pairs to compare, sorted, each pair once.

    With `one` list both are of the same list, the left number being the smaller. Of the pairs of two lists
    that two VAT numbers forbid only the best of the `shown` rows, which take no place from the others; without `shown`
    all are alike.
    """
    number = table.vat.ids

    def barred(i: Longs, j: Longs) -> Bools:
        a, b = number[i], number[j]
        return np.asarray((a > 0) & (b > 0) & (a != b))

    size = table.left if one else max(table.left, table.rows - table.left)
    scale = np.float32(40.0 - 2.0 * np.log(max(size, 2)))
    alone = np.float32(2.0 * np.log(max(size, 2)) - np.log(FEW))

    def pairs_of(kind: Callable[[], Keys]) -> Longs:
        keys = kind()
        if not len(keys.values):
            return np.zeros(0, dtype=np.int64)
        if one:
            left = right = keys
        else:
            is_left = keys.rows < table.left
            left = Keys(keys.values[is_left], keys.rows[is_left])
            right = Keys(keys.values[~is_left], keys.rows[~is_left])
        pairs, worth = _pairs(left, right, cap=CROWD, budget=keys.budget * size + 2_000, one=one)
        worth = np.maximum(worth - scale, np.float32(0.5))
        if keys.strong:
            worth[worth >= alone] += ALWAYS
        i, j = pairs >> ROWS, pairs & LOW
        if shown is not None:
            kept = ~barred(i, j) | shown[i]
            i, j, worth = i[kept], j[kept], worth[kept]
        pairs = (i << PLACE_BITS) | j
        codes: Longs = (pairs << WORTH_BITS) | (worth * WORTH_STEPS).astype(np.int64)
        return codes

    # Two at a time: numpy lets go of the interpreter while it sorts. No more, for the sake of memory.
    with ThreadPoolExecutor(2) as pool:
        everything = [found for found in pool.map(pairs_of, kinds_of_keys(table)) if len(found)]
    if not everything:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty
    code = np.concatenate(everything)
    everything.clear()
    code.sort()
    if not len(code):
        return code, code
    pairs = code >> WORTH_BITS
    begin = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
    pairs = pairs[begin]
    code &= (1 << WORTH_BITS) - 1
    total: Longs = np.minimum(np.add.reduceat(code, begin), (1 << WORTH_BITS) - 1)
    del code, begin
    i, j = pairs >> PLACE_BITS, pairs & ((1 << PLACE_BITS) - 1)
    del pairs
    if len(i) <= ALL:  # nothing to save, and among equals the order of the rows would choose
        return i, j
    if one:
        chosen = _best(np.concatenate([i, j]), np.concatenate([total, total]), kept)
        good = chosen[: len(i)] | chosen[len(i) :]
    else:
        good = np.zeros(len(i), dtype=np.bool_)
        apart = barred(i, j) if shown is not None else good
        for some, many in ((np.flatnonzero(~apart), kept), (np.flatnonzero(apart), BARRED)):
            part = total[some]
            good[some] = _best(i[some], part, many) | _best(j[some], part, many)
    good |= total >= ALWAYS * WORTH_STEPS
    return i[good], j[good]
