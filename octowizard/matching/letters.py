"""How many letters two texts differ by at least, told of whole columns at once: most pairs are not worth a closer look.

An edit (a letter left out, added, changed, or swapped with the next) changes a text's length by one at most, takes one
letter from the set of its letters at most, and three from the set of its pairs of letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sets = NDArray[np.uint64]
_LOT = 50_000  # texts that are taken apart at a time, for the sake of memory
_OF_A_PAIR = 3  # pairs of letters that one edit may take away


@dataclass(frozen=True, slots=True)
class Letters:
    """Per text: its length, the set of its letters, that of its pairs of letters (a bit each), and the first one."""

    length: NDArray[np.int32]
    letters: Sets
    pairs: Sets
    first: NDArray[np.uint8]

    @staticmethod
    def of(texts: Sequence[str]) -> Letters:
        """Those of all texts. What is not ASCII is one letter: that brings two texts nearer and never apart."""
        lots = [_lot(texts[start : start + _LOT]) for start in range(0, max(len(texts), 1), _LOT)]
        return Letters(*(np.concatenate(parts) for parts in zip(*lots, strict=True)))

    def least(self, a: NDArray[np.integer], other: Letters, b: NDArray[np.integer]) -> NDArray[np.int32]:
        """How many edits at least lie between these texts and those of the other column, by their numbers."""
        result: NDArray[np.int32] = np.abs(self.length[a] - other.length[b])
        for ours, theirs, of_one in (
            (self.letters[a], other.letters[b], 1),
            (self.pairs[a], other.pairs[b], _OF_A_PAIR),
        ):
            gone = np.bitwise_count(ours & ~theirs)
            new = np.bitwise_count(theirs & ~ours)
            np.maximum(result, (np.maximum(gone, new) + (of_one - 1)) // of_one, out=result)
        return result


def _lot(
    texts: Sequence[str],
) -> tuple[NDArray[np.int32], Sets, Sets, NDArray[np.uint8]]:
    if not len(texts):
        none = np.zeros(0, dtype=np.uint64)
        return np.zeros(0, dtype=np.int32), none, none, np.zeros(0, dtype=np.uint8)
    length = np.fromiter(map(len, texts), np.int32, len(texts))
    # One more behind each text, so that the empty ones have a place as well.
    raw = np.frombuffer(("\n".join(texts) + "\n").encode("ascii", "replace"), dtype=np.uint8)
    start = np.zeros(len(texts), dtype=np.int64)
    np.cumsum(length[:-1] + 1, out=start[1:])
    end = start + length
    bit = np.left_shift(np.uint64(1), raw.astype(np.uint64) & np.uint64(63))
    bit[end] = 0
    letters = np.bitwise_or.reduceat(bit, start)
    pair = raw.astype(np.uint16)
    pair[:-1] = pair[:-1] * 31 + raw[1:]
    np.left_shift(np.uint64(1), (pair & 63).astype(np.uint64), out=bit)
    bit[end] = 0
    bit[np.maximum(end - 1, 0)] = 0  # the last letter with what stands behind it
    return length, letters, np.bitwise_or.reduceat(bit, start), raw[start]
