"""Sure keys of a customer: what may link two records without a person looking, and only that.

A VAT number counts when it is well formed for its country (Belgian ones by checksum); a raw string never does.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum import exceptions
from stdnum.eu import vat as eu_vat

_NOT_ALNUM = re.compile(r"[^A-Z0-9]")
_WORDS_BEFORE = re.compile(r"^(BTWNR|BTW|TVA|VAT|UST|MWST|IVA|ONDNR|KBO|BCE|RPR|RPM)+")
_SPACES = re.compile(r"\s+")


def _eu_key(number: str) -> str | None:
    """The number as its country writes it (leading zeros included), or None when its own check fails."""
    try:
        return str(eu_vat.validate(number))
    except exceptions.ValidationError:
        return None


def vat_key(number: str | None, country: str | None = None) -> str | None:
    """The VAT number in one notation (`BE0456789123`), or None when it proves nothing.

    Belgian numbers: ten digits, the first 0 or 1, checksum right; nine digits get their leading zero back. Bare
    digits are taken as Belgian only when `country` is BE or unknown and the checksum agrees. Numbers of other
    EU countries must pass their own check; of other countries nothing can be checked, so none is a key.
    """
    if not number:
        return None
    text = _NOT_ALNUM.sub("", number.upper())
    text = _WORDS_BEFORE.sub("", text)
    if text.isdigit() and (country or "BE").upper() == "BE":
        text = f"BE{text}"
    elif text.isdigit() and country:
        text = f"{country.upper()}{text}"
    if text.startswith("BE"):
        digits = text[2:]
        if not digits.isdigit() or len(digits) not in (9, 10):
            return None
        digits = digits.zfill(10)
        if digits[0] not in "01" or 97 - int(digits[:8]) % 97 != int(digits[8:]):
            return None
        return f"BE{digits}"
    if text.startswith("GR"):
        text = f"EL{text[2:]}"
    return _eu_key(text)


def country_of_key(key: str) -> str:
    """The country (ISO, two letters) whose VAT number a key of `vat_key` is."""
    return {"EL": "GR", "XI": "GB"}.get(key[:2], key[:2])


def name_key(name: str | None) -> str:
    """A name without case, accents, punctuation or double blanks; never a key on its own."""
    if not name:
        return ""
    # Letters such as 𝘈 have a small form only once they are decomposed.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", kept).strip()


def address_key(name: str | None, street: str | None, postcode: str | None) -> tuple[str, str, str] | None:
    """Name (its words in any order), street with number and postcode; None unless all three are there."""
    words = " ".join(sorted(name_key(name).split()))
    key = (words, name_key(street), name_key(postcode).replace(" ", ""))
    return key if all(key) else None
