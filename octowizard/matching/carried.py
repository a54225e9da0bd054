"""How likely two rows are one customer before anything is compared, by what they carry.

Whoever has a VAT number in one list has one in the other; of the contacts of one list the other may hold none. So the
share of the same is measured for each sort of two rows apart. What one of them is counts only where the other list does
not say it too: where both say it, that is compared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.clean import Table
from octowizard.matching.columns import Column

Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]

KINDS = ("", "company", "person")
SORTS = 20  # VAT numbers on either side (4), what one of them alone is (5)
TRUST = 20.0  # pairs of all sorts that are taken to be the same before any is seen, spread as the rows are
MOST = 5.0  # log-odds that a sort adds or takes at most


def _sort(kind: tuple[Longs, Longs], vat: tuple[Longs, Longs]) -> Longs:
    left, right = kind
    alone = np.where((left > 0) & (right > 0), 0, np.where(left > 0, left, np.where(right > 0, 2 + right, 0)))
    return np.asarray(alone * 4 + vat[0] * 2 + vat[1])


def _kinds(column: Column) -> Longs:
    return np.array([KINDS.index(value) for value in column.values], dtype=np.int64)


def sorts(table: Table, i: Longs, j: Longs) -> NDArray[np.int8]:
    """The sort of the two rows of each pair."""
    number, vat = _kinds(table.kind), table.vat.present.astype(np.int64)
    kinds = (number[table.kind.ids[i]], number[table.kind.ids[j]])
    return _sort(kinds, (vat[i], vat[j])).astype(np.int8)


def sizes(table: Table) -> Doubles:
    """How many pairs of each sort there are between the two lists."""
    vat = table.vat.present.astype(np.int64)
    code = _kinds(table.kind)[table.kind.ids] * 2 + vat
    many = len(KINDS) * 2
    left, right = (np.bincount(part, minlength=many) for part in (code[: table.left], code[table.left :]))
    a, b = np.divmod(np.arange(many * many), many)
    sort = _sort((a // 2, b // 2), (a % 2, b % 2))
    pairs = left[a].astype(np.float64) * right[b]
    return np.asarray(np.bincount(sort, weights=pairs, minlength=SORTS), dtype=np.float64)


def added(size: Doubles, sort: NDArray[np.int8], chance: Doubles) -> Doubles:
    """What each sort adds to the log-odds of any pair, given the probability of each pair that was found."""
    seen = np.bincount(sort, weights=chance, minlength=SORTS)
    share = size / max(size.sum(), 1.0)
    expected = share * seen.sum() + TRUST * share
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.log((seen + TRUST * share) / expected)
    return np.asarray(np.where(size > 0, np.clip(more, -MOST, MOST), 0.0))
