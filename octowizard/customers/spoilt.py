"""Values that a spreadsheet or a wrong encoding spoilt: mended where that is certain, else left out and named. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from octowizard.matching.vat_numbers import vat_key

# Not three noughts: "1.000" may be a thousand.
_POINT_NOUGHT = re.compile(r"((?:[A-Za-z]{2}\s?)?\+?\d+)[.,](?:0{1,2}|0{4,})")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\s'’]\d{3})+(?:[.,]\d+)?")
_DECIMAL = re.compile(r"\d+[.,]\d+")
# How an export keeps a spreadsheet from taking a text for a number: ="0012".
_AS_TEXT = re.compile(r'="([^"]*)"')
# What programs write for nothing.
_NOTHING = frozenset(
    {"nan", "null", "none", "nil", "n/a", "na", "undefined", "inf", "true", "false", "waar", "onwaar"}
)
# With its sign, or with decimals: "12E3" is a house number.
_DIGITS = re.compile(r"\+?[0-9 ()/]*")
# A Belgian number, an IBAN, as they are printed.
_GROUPED = re.compile(r"(?:BE ?)?[01]?\d{3}\.\d{3}\.\d{3}|[A-Z]{2}\d\d(?: [0-9A-Z]{4})+(?: [0-9A-Z]{1,3})?")
_SCIENTIFIC = re.compile(r"([A-Za-z]{2}|[+-])?\s?(\d)(?:[.,](\d+))?\s?[eE]([+-]?\d{1,3})")
# What Excel writes where a formula fails, in English, Dutch, French and German, or a column is too narrow.
_FAILED = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|N/B|VERW!|WAARDE!|NAAM\?|DEEL/0!|GETAL!|LEEG!"
    r"|VALEUR!|NOM\?|NOMBRE!|NUL!|NV|BEZUG!|WERT!|ZAHL!)|Err:5\d\d|#{2,}"
)
# A house number 3-5 or a customer number 05/2024 that was taken for a date.
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?"
    r"|\d{1,2}[-/ ](?:jan|feb|mrt|mar|mars|apr|avr|mei|may|mai|mär|jun|juin|jul|juil|aug|août|aou|sep|sept|okt|oct|nov"
    r"|dec|déc|dez)\.?(?:[-/ ]\d{2,4})?"
    r"|(?:jan|feb|mrt|mar|apr|avr|mei|may|mai|jun|jul|aug|sep|okt|oct|nov|dec|dez)\.?[-/]\d{2,4}",
    re.IGNORECASE,
)
# Numbers that are counted on, so one with a decimal or a thousand's sign is one that a spreadsheet made.
_COUNTED = frozenset({"external", "relation"})
_NO_POWER = frozenset({"vat", "external", "relation", "phone", "iban", "postcode"})
_POWER = re.compile(r"\d[eE]\d+")  # as a spreadsheet writes one: "12E3" may be somebody's name
_BARE_POWER = re.compile(r"\d+[eE]\d{1,3}")
_NO_FORMULA = frozenset({"vat", "national", "external", "relation"})  # no such number begins with a sign
# Fields that hold numbers, whatever a spreadsheet makes of them; a date in one of them was something else.
NUMBERS: Final = frozenset(
    {"vat", "national", "external", "relation", "id", "phone", "iban", "postcode", "number"}
)


def mended(field: str, value: str, country: str = "") -> str | None:
    """The value as it was before a spreadsheet spoilt it; itself where nothing is wrong; None where nobody can tell.

    `field` is one of NUMBERS; `country` that of a VAT number, where it is known.
    """
    value = value.removeprefix("'")  # keeps a spreadsheet from taking it for a number
    if as_text := _AS_TEXT.fullmatch(value):
        value = as_text[1].strip()
    if value.isdigit() or not value:
        return value
    if whole := _POINT_NOUGHT.fullmatch(value):
        return whole[1]
    if field != "id" and value.casefold() in _NOTHING:
        return None
    if field == "vat" and _DECIMAL.fullmatch(value):
        whole_number, _point, decimals = value.replace(",", ".").partition(".")
        digits = whole_number if not decimals.strip("0") else value
        return digits if _passes(field, digits, country) else None
    if field in _COUNTED and (_THOUSANDS.fullmatch(value) or _DECIMAL.fullmatch(value)):
        return None
    if field == "postcode" and "." in value and _THOUSANDS.fullmatch(value):
        return None
    if field in _NO_POWER and _BARE_POWER.fullmatch(value):
        return None
    if field != "id" and (parts := _scientific(value)):
        before, ahead, behind, power = parts
        # Only with every digit there is nothing to guess, and only a checksum says that they are those that were.
        digits = ahead + behind
        return before + digits if power == len(behind) and _passes(field, before + digits, country) else None
    if not value.strip("-–—./ "):
        return ""  # nothing, as people write it
    if field in _NO_FORMULA and value[0] in "=+-@":
        return None
    if failed(value) or (field != "id" and _DATE.fullmatch(value)):
        return None
    return value


def plain_number(field: str, value: str) -> bool:
    """Is it a number with which nothing can be wrong, as nearly all are? Letters and digits, or as it is grouped."""
    if value.isalnum():
        return field == "id" or value.isdigit() or (len(value) > 9 and value[:2].isalpha())
    if field == "phone":
        return _DIGITS.fullmatch(value) is not None
    return field in ("vat", "iban") and _GROUPED.fullmatch(value) is not None


def _passes(field: str, number: str, country: str) -> bool:
    return field == "vat" and vat_key(number, country or None) is not None


def _scientific(value: str) -> tuple[str, str, str, int] | None:
    """A number such as 4,03E+08 in parts: what stands before it, the digits on both sides of the point, the power."""
    parts = _SCIENTIFIC.fullmatch(value)
    if parts is None or not (parts[3] or parts[4][0] in "+-"):
        return None
    return (parts[1] or "").upper().strip("+-"), parts[2], parts[3] or "", int(parts[4])


def failed(value: str) -> bool:
    """Is it what a spreadsheet shows instead of a value, or instead of a long number?"""
    value = value.removeprefix("'")  # keeps a spreadsheet from taking it for a number
    return _FAILED.fullmatch(value) is not None or _scientific(value) is not None


def no_name(value: str) -> bool:
    """Is it what a spreadsheet makes of a name: a date (of a name such as 3-5 nothing is left), or a power of ten?"""
    value = value.removeprefix("'")
    return " " not in value and (_DATE.fullmatch(value) or _POWER.fullmatch(value)) is not None


def worth_a_look(name: str) -> bool:
    """May a name be spoilt? Of most it can be said at once that they are not."""
    return not (name.isascii() and name.isprintable()) or "?" in name or "&" in name


def unreadable(text: str) -> bool:
    """Does a text hold what no name holds: a control character, or the mark of a letter that was lost?

    A line break or a tab is a blank.
    """
    if "?" in text and _LOST.search(text):
        return True
    if text.isprintable():
        return "\ufffd" in text
    return any(
        letter == "\ufffd" or (letter not in "\t\r\n\v\f" and unicodedata.category(letter) in ("Cc", "Cs"))
        for letter in text
    )


# What a program writes that lacks a letter: "Caf? de la For?t" shows it within a word, or before its small letters.
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]|(?<!\S)\?(?=[^\W\d_])")
# Two or three bytes of UTF-8 as Windows, a Mac and DOS show them; the first of them begins no name's letter there.
_TWICE = re.compile(r"[ÃÂÄÅâï][^\x00-\x7f»”]{1,2}|[√├┬]|‚Ä")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,6});")


def twice_encoded(text: str) -> bool:
    """Was a name once read in another encoding than its own, and written so: `CafÃ©`, `Caf√©`, `Caf&eacute;`?"""
    if "&" in text and _ENTITY.search(text) and html.unescape(text) != text:
        return True
    return not text.isascii() and any(map(_once, _TWICE.findall(text)))


def _once(signs: str) -> bool:
    """Are these signs one letter or sign of UTF-8 that was read as Windows-1252?"""
    if signs[0] in "√├┬‚":
        return True
    for length in (2, 3):
        try:
            letter = b"".join(map(_byte, signs[:length])).decode("utf-8")
        except UnicodeError:
            continue
        return letter.isalpha() or letter in "\u00a0\ufeff°²³€™«»" or "\u2010" <= letter <= "\u203a"
    return False


def _byte(sign: str) -> bytes:
    # Windows shows nothing for five bytes; they come through as control characters.
    return sign.encode("latin-1") if "\x80" <= sign <= "\x9f" else sign.encode("cp1252")
