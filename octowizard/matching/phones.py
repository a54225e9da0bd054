"""Phone numbers in one notation, the calling code of the country first, by the plans of python-phonenumbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

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
        if known is None or known.general_desc is None or known.international_prefix != "00":
            return None
        if known.national_prefix_transform_rule:
            return None
        lengths = frozenset(known.general_desc.possible_length)
        return _Plan(str(known.country_code), known.national_prefix or "", lengths)

    @cache
    def plan_of_code(code: str) -> _Plan | None:
        return plan(COUNTRY_CODE_TO_REGION_CODE.get(int(code or "0"), ("",))[0])

    def abroad(digits: str, *, bracketed: bool) -> str:
        """Of digits that begin with a calling code; "" when they do not fit its plan. `bracketed`: without a (0)."""
        for size in (2, 3, 1):
            plan = plan_of_code(digits[:size])
            if plan is None:
                continue
            own = digits[size:]
            fits = len(own) in plan.lengths and (not bracketed or plan.trunk == "0")
            fits = fits and not own.startswith(plan.trunk or "0")
            return digits if fits and len(set(own)) >= _DIFFERENT_DIGITS else ""
        return ""

    def key(number: str, country: str) -> str:
        bracketed = "(0)" in number  # the zero that is dialled at home, behind a calling code
        plain = number.replace("(0)", "") if bracketed else number
        digits = plain.replace(" ", "").replace(".", "").replace("/", "")
        home = plan(country or "BE")
        if home is not None and digits.isascii() and digits.removeprefix("+").isdigit():
            if digits.startswith(("+", "00")):
                if read := abroad(digits[1:] if digits[0] == "+" else digits[2:], bracketed=bracketed):
                    return read
            elif not bracketed and digits.startswith(home.trunk):
                own = digits[len(home.trunk) :]
                sure = len(own) in home.lengths and (home.trunk or not own.startswith(("0", home.code)))
                if sure and len(set(own)) >= _DIFFERENT_DIGITS:
                    return f"{home.code}{own}"
        number = _alone(number)
        digits = _NO_DIGIT.sub("", number)
        if len(set(digits)) < _DIFFERENT_DIGITS:
            return ""
        return _by_library(number, country) or _of_no_plan(number, digits, home)

    return key


def _alone(number: str) -> str:
    """A number in digits of ASCII, without the words behind it: `0475 12 34 56 (gsm)`.

    The library takes letters for the digits of their keys. What may be a second number stays: neither is chosen.
    """
    if not number.isascii():
        number = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in number)
    digits = 0
    for at, sign in enumerate(number):
        digits += sign.isdecimal()
        if sign.isalpha() and digits >= _SHORTEST:
            second = sum(map(str.isdecimal, number[at:])) >= _SHORTEST
            return number if second else number[:at]
    return number


def _by_library(number: str, country: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, country or "BE")
    except phonenumbers.NumberParseException:
        return ""
    own = phonenumbers.national_significant_number(parsed)
    if not phonenumbers.is_possible_number(parsed) or len(set(own)) < _DIFFERENT_DIGITS:
        return ""
    if own.startswith("0") and not phonenumbers.is_valid_number(parsed):
        # Part of a number in Italy and few other countries; elsewhere a habit from home.
        parsed.italian_leading_zero = False
        if not phonenumbers.is_valid_number(parsed):
            return ""
        own = own.lstrip("0")
    return f"{parsed.country_code}{own}"


def _of_no_plan(number: str, digits: str, home: _Plan | None) -> str:
    """One that its country does not have, as people mistype them: behind 0, which begins no calling code."""
    own = digits.lstrip("0")
    if not _SHORTEST <= len(own) <= _LONGEST:
        return ""
    if home is None or number.lstrip(" (").startswith(("+", "00")):
        return f"0{own}"
    return f"0{home.code}{own}"
