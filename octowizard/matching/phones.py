"""Phone numbers in one notation, the calling code of the country first, by the plans of python-phonenumbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

_ODD = re.compile(r"\(0\)|[^\W\d_]|[#*]|[^\x00-\x7f]")  # a trunk zero in brackets, an extension, other digits
_NO_DIGIT = re.compile(r"[^0-9]")
_DIFFERENT_DIGITS: Final = 3  # fewer, and it is one that somebody made up
_SHORTEST, _LONGEST = 7, 15  # digits of one that fits no plan


class _Plan(NamedTuple):
    """How the numbers of a country are written."""

    code: str
    trunk: str  # what stands before a number that is dialled within the country; "" for nothing
    lengths: frozenset[int]  # of a number without either


def phone_key(number: str, country: str) -> str:
    """The digits of a number as it is dialled from abroad (`3292201122`), or "" when it is none.

    `country`: two letters (ISO), of one that is written without its calling code; "" is Belgium.
    """
    return phone_reader()(number, country)


@cache
def phone_reader() -> Callable[[str, str], str]:
    """`phone_key`, for many: what is written plainly is read by its country's plan, the rest by the library.

    The library takes twenty times as long, and is loaded here and not before.
    """
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    @cache
    def plan(country: str) -> _Plan | None:
        known = PhoneMetadata.metadata_for_region(country)
        if known is None or known.national_prefix_transform_rule or known.international_prefix != "00":
            return None
        lengths = frozenset(known.general_desc.possible_length)
        return _Plan(str(known.country_code), known.national_prefix or "", lengths)

    @cache
    def plan_of_code(code: str) -> _Plan | None:
        return plan(COUNTRY_CODE_TO_REGION_CODE.get(int(code), ("",))[0])

    def abroad(digits: str) -> str:
        """Of digits that begin with a calling code; "" when they do not fit its plan."""
        for size in (2, 3, 1):
            found = plan_of_code(digits[:size])
            if found is None:
                continue
            own = digits[size:]
            fits = len(own) in found.lengths and not (found.trunk and own.startswith(found.trunk))
            return digits if fits and len(set(own)) >= _DIFFERENT_DIGITS else ""
        return ""

    def key(number: str, country: str) -> str:
        digits = _NO_DIGIT.sub("", number)
        if len(set(digits)) < _DIFFERENT_DIGITS:
            return ""
        home = plan(country or "BE")
        if home is not None and not _ODD.search(number):
            if number.lstrip(" (").startswith("+"):
                read = abroad(digits)
            elif digits.startswith("00"):
                read = abroad(digits[2:])
            elif digits.startswith(home.trunk) and (home.trunk or not digits.startswith(home.code)):
                own = digits[len(home.trunk) :]
                read = f"{home.code}{own}" if len(own) in home.lengths else ""
            else:
                read = ""
            if read:
                return read
        return _by_library(number, country) or _of_no_plan(digits)

    return key


def _by_library(number: str, country: str) -> str:
    import phonenumbers

    try:
        found = phonenumbers.parse(number, country or "BE")
    except phonenumbers.NumberParseException:
        return ""
    own = phonenumbers.national_significant_number(found)
    if not phonenumbers.is_possible_number(found) or len(set(own)) < _DIFFERENT_DIGITS:
        return ""
    return f"{found.country_code}{own}"


def _of_no_plan(digits: str) -> str:
    """One that is none of its country, or of a country nobody tells: its digits behind 0, which begins no calling code."""
    own = digits.lstrip("0")
    return f"0{own}" if _SHORTEST <= len(own) <= _LONGEST else ""
