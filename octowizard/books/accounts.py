"""Numbers of ledger accounts, as people write them and as the Belgian standard chart has them."""

from __future__ import annotations

import re

DISCOUNTS = 708000  # account for discounts granted in the Belgian standard chart
_WRITTEN = re.compile(r"\s*([0-9]{1,10})(?!\s*[0-9])(?=\s|$)")


def account_numbers(text: str) -> tuple[int, ...]:
    """What `70100`, `700100` or `7000 (BE)` may mean: the number as it is written, then filled up with zeros.

    Digits that go on after a blank (`700 100`) are no account: half of a number is another account.
    """
    match = _WRITTEN.match(text)
    return (int(match[1]), int(match[1].ljust(6, "0"))) if match is not None else ()
