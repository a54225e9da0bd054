"""Document numbers and structured communications, as people and vendors write them."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"^(?P<prefix>.*?)\s*/\s*(?P<sequence>\d+)$")
_NOT_DIGIT = re.compile(r"[^0-9]")
# Also one that breaks off, or that its Dutch or French name stands before.
_STRUCTURED = re.compile(
    r"(?:(?:ogm|vcs)[: ]*)?(?:[+*]{3}[\d/ .]+[+*]{0,3}|\d{3}[/ .]\d{4}[/ .]\d{5}|\d{12})", re.IGNORECASE
)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_id(text: str) -> bool:
    """Whether this is an id of Teamleader's (a UUID), and no number."""
    return _ID.fullmatch(text) is not None


def sequence_of(number: str) -> int | None:
    """The sequence in a document number: 15 in `2026 / 15` and in `2026/15`; None where there is none."""
    match = _NUMBER.match(number.strip())
    return int(match["sequence"]) if match else None


def bare(number: str) -> str:
    """The number without blanks, to compare `2026 / 15` with `2026/15`."""
    return "".join(number.split())


def communication_digits(text: str | None) -> str | None:
    """The twelve digits of a Belgian structured communication, or None if `text` is not a valid one.

    Whatever stands between the digits is left out (`+++123/4567/89095+++`, `***…***`).
    """
    digits = _NOT_DIGIT.sub("", text or "")
    if len(digits) != 12:
        return None
    from stdnum.be import ogm_vcs  # the app's first frame does without it

    return digits if ogm_vcs.is_valid(digits) else None


def is_structured(text: str) -> bool:
    """Whether `text` is written as a Belgian structured communication, valid or not."""
    return _STRUCTURED.fullmatch(text.strip()) is not None
