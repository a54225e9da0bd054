"""Bank accounts (IBAN) in one notation."""

from __future__ import annotations

import re

from stdnum import iban

_BETWEEN = re.compile(r"[\W_]")
_BELGIAN = re.compile(r"BE(\d\d)(\d{12})")


def iban_key(number: str) -> str:
    """The account without what stands between its letters, or "" when it fails its check."""
    text = _BETWEEN.sub("", number).upper()
    if belgian := _BELGIAN.fullmatch(text):
        # Nearly all are: not by python-stdnum, which takes a hundred times as long.
        return text if int(f"{belgian[2]}1114{belgian[1]}") % 97 == 1 else ""
    return text if iban.is_valid(text) else ""
