"""Which pairs to ask the user about first: those whose answer says most about the others.

Pairs that agree and differ in the same things stand or fall together, so a question is worth the more, the more pairs
it speaks for and the less is known about them; after some answers about one sort of pair the next sort is asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.compare import Compared, located
from octowizard.matching.zones import identified, reached

Longs = NDArray[np.int64]
Doubles = NDArray[np.float64]

SURPRISE = 0.02  # how much is open about a sort of pairs that seems certain, as long as nobody was asked


def sorts(compared: Compared) -> Longs:
    """The sort of each pair: by name, structural words, date of birth, numbers, house, town and ways to be reached."""
    parts = [compared.level(field).astype(np.int64) for field in ("name", "structure", "born", "postcode")]
    parts += [test(compared).astype(np.int64) for test in (identified, located, reached)]
    code = np.zeros(len(compared.left), dtype=np.int64)
    for part in parts:
        code = code * 8 + part
    return code


def choose(compared: Compared, score: Doubles, answered: NDArray[np.bool_], count: int) -> list[int]:
    """The numbers of `count` pairs to ask about, the most telling first; of each sort the least certain first."""
    sort = sorts(compared)
    chance = 1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0)))
    names, index = np.unique(sort, return_inverse=True)
    size = np.bincount(index, minlength=len(names))
    open_ = (
        np.bincount(index, weights=chance * (1.0 - chance), minlength=len(names)) / np.maximum(size, 1)
        + SURPRISE
    )
    asked = np.bincount(index[answered], minlength=len(names)).astype(np.float64)
    waiting: list[list[int]] = [[] for _ in names]
    order = np.lexsort((compared.right, compared.left, -np.abs(score)))
    for k in order[~answered[order]].tolist():
        waiting[index[k]].append(k)  # the least certain last, to be taken first
    chosen: list[int] = []
    value = np.sqrt(size) * open_
    alive = np.array([bool(w) for w in waiting])
    while len(chosen) < count and alive.any():
        g = int(np.argmax(np.where(alive, value / (1.0 + asked), -1.0)))
        chosen.append(waiting[g].pop())
        asked[g] += 1.0
        alive[g] = bool(waiting[g])
    return chosen
