"""Belgian VAT numbers, plainly written as nearly all of a list are: read a whole column at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from octowizard.matching.pieces import octets

_ZERO, _B, _E, _END = map(ord, "0BE\n")


def belgian_keys(values: Sequence[str]) -> list[str]:
    """The keys of the numbers that are Belgian and plainly written, whether BE stands before them or not; "" of others.

    What is "" here may be a number all the same: `vat_key` tells.
    """
    keys = [""] * len(values)
    text = "\n".join(values)
    if not text or text.count("\n") != len(values) - 1:
        return keys
    plain = text.upper().replace(".", "").replace(" ", "")
    signs = octets(plain.encode("ascii", "replace") + b"\n\n")
    ends = np.flatnonzero(signs == _END)[:-1]
    begins = np.concatenate([[0], ends[:-1] + 1])
    begins += 2 * ((signs[begins] == _B) & (signs[begins + 1] == _E))
    sizes = ends - begins
    for size in (9, 10):  # nine have lost their zero
        rows = np.flatnonzero(sizes == size)
        digits = signs[begins[rows][:, None] + np.arange(size)] - np.uint8(_ZERO)
        number = digits.astype(np.int64) @ (10 ** np.arange(size - 1, -1, -1))
        good = (digits <= 9).all(axis=1) & (number > 0) & (number < 2_000_000_000)
        good &= 97 - number // 100 % 97 == number % 100
        for row, one in zip(rows[good].tolist(), number[good].tolist(), strict=True):
            keys[row] = f"BE{one:010}"
    return keys
