"""VAT and enterprise numbers: the one reading, for matching, checks and relations alike.

A number counts when it passes the check of its country (python-stdnum; the EU, the United Kingdom and Switzerland);
a raw text never does. What is written around it (`BTW-nummer: …`, `… - RPR Kortrijk`) is left out, what it lacks of
its country's letters is completed from the country of the address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from octowizard.matching.countries import EU, country_code, country_of_letters, vat_letters

_NOT_ALNUM = re.compile(r"[^A-Z0-9]")
_PIECE = re.compile(r"[A-Z0-9]+")
_WORDS_BEFORE = re.compile(r"^(BTWNR|BTW|TVA|VAT|UST|MWST|IVA|ONDNR|KBO|BCE|RPR|RPM)+")
# Where something else than the number may begin.
_PARTS = re.compile(r"[,;|()\n:]|\s[-–—/]+\s|\b(?:[A-Z]{4,}|BTW|TVA|VAT|TEL|GSM|FAX|RPR|RPM|RCS|KVK|HRB)\b")
_LETTERS = re.compile(
    rf"(CHE?(?=\d)|UK|{'|'.join(sorted({vat_letters(code) for code in EU} | {'GR', 'GB', 'XI'}))})"
)
_SPELLED = {"GR": "EL", "UK": "GB", "CH": "CHE"}
_ONE_STOP_SHOP = re.compile(r"(EU|IM)\d{9,10}")
_UNION: Final = frozenset(vat_letters(code) for code in EU) | {"XI"}


def vat_key(number: str | None, country: str | None = None) -> str | None:
    """The VAT number in one notation (`BE0456789123`), or None when it proves nothing.

    `country` is that of the address, a code or a name. A number with its own country's letters is of that country;
    one without is completed from `country`, bare digits without one are Belgian. Each must pass its country's check.
    """
    if not number:
        return None
    home = vat_letters(country) if country else "BE"
    if home == "BE":  # nearly all are, and plainly written: told at once
        digits = number.upper().replace(".", "").replace(" ", "").removeprefix("BE")
        if len(digits) in (9, 10) and digits.isascii() and digits.isdigit():
            return _belgian(digits)
    return _read(number, home)


def is_intra_community(key: str, *, services: bool = False) -> bool:
    """Whether it is a number by which a firm elsewhere in the EU buys without VAT; in Northern Ireland goods only."""
    if key.startswith("XI"):
        return not services
    return not key.startswith("BE") and key[:2] in _UNION


def country_of_key(key: str) -> str:
    """The country (ISO, two letters) whose VAT number a key of `vat_key` is."""
    return country_of_letters("CHE" if key.startswith("CHE") else key[:2])


def is_used_in(key: str, country: str) -> bool:
    """Whether firms with an address in this country have such numbers: French ones in Monaco, for instance."""
    return country_of_letters(vat_letters(country) or country_code(country)) == country_of_key(key)


def firm_key(key: str) -> str:
    """What all numbers of one firm have in common: a British one keeps its digits in Northern Ireland and branches."""
    return f"GB{key[2:11]}" if key.startswith(("XI", "GB")) else key


def is_one_stop_shop(number: str) -> bool:
    """Whether it is one of the EU's one-stop shops: sellers to private persons have those, and no buyer."""
    return bool(_ONE_STOP_SHOP.fullmatch(_bare(number)))


def can_be_checked(number: str, country: str | None) -> bool:
    """Whether a number that is no key was held against a check: its letters or the country say of which country."""
    text = _bare(number)
    letters = _LETTERS.match(text)
    code = country_code(country)
    return bool(text) and (
        bool(letters) or code in EU or code in ("GB", "CH", "MC") or (not code and text.isdigit())
    )


def _plain(number: str) -> str:
    """Capitals without accents, in ASCII: `№` and full-width digits too."""
    if number.isascii():
        return number.upper()
    plain = unicodedata.normalize("NFKD", number).upper()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _bare(number: str) -> str:
    """Its letters and digits, without the words that stand before."""
    return _WORDS_BEFORE.sub("", _NOT_ALNUM.sub("", _plain(number)))


def _read(number: str, home: str) -> str | None:
    text, whole = _plain(number), _bare(number)
    if _ONE_STOP_SHOP.fullmatch(whole):
        return None
    letters = _LETTERS.match(whole)
    if letters and (key := _checked(letters[1], whole[letters.end() :])):
        return key
    if home and whole.isdigit() and (key := _checked(home, whole)):
        return key  # nothing but this number, whatever stands between its digits
    keys = {key for part in (text, *_PARTS.split(text)) if (key := _key_in(part, home))}
    for piece in _PIECE.findall(text):  # with its letters, behind the number of a register
        letters = _LETTERS.match(piece)
        if letters and (key := _checked(letters[1], piece[letters.end() :])):
            keys.add(key)
    return keys.pop() if len(keys) == 1 else None


def _key_in(text: str, home: str) -> str | None:
    """The number in a text that holds one, whatever words stand around it."""
    for with_letters in _candidates(text):
        for written in with_letters:
            letters = _LETTERS.match(written)
            if letters and (key := _checked(letters[1], written[letters.end() :])):
                return key
            if home and not _ONE_STOP_SHOP.fullmatch(written) and (key := _checked(home, written)):
                return key
        if _LETTERS.match(with_letters[-1]) or _ONE_STOP_SHOP.fullmatch(with_letters[-1]):
            return None  # of another country and wrong, or none of a country: its digits alone are nobody's
    return None


def _candidates(text: str) -> Iterator[tuple[str, ...]]:
    """What may be the number: from the first piece with a digit to the last.

    With letters that stand before it, then without; each time with a letter or two behind it, then without.
    """
    pieces = _PIECE.findall(text)
    numeric = [place for place, piece in enumerate(pieces) if not piece.isalpha()]
    if not numeric:
        return
    first, last = numeric[0], numeric[-1] + 1
    core = _WORDS_BEFORE.sub("", "".join(pieces[first:last]))
    before = ("".join(pieces[start:first]) for start in range(max(first - 3, 0), first))
    after = pieces[last] if last < len(pieces) and len(pieces[last]) <= 2 else ""
    for head in (*(letters for letters in before if len(letters) <= 3), ""):
        yield tuple(dict.fromkeys((f"{head}{core}{after}", f"{head}{core}")))


def _belgian(digits: str) -> str | None:
    """Ten digits, the first 0 or 1, checksum right; nine digits get their leading zero back."""
    number = int(digits)
    # Not by python-stdnum, which takes ten times as long: lists hold hundreds of thousands of them.
    if 0 < number < 2_000_000_000 and 97 - number // 100 % 97 == number % 100:
        return f"BE{digits:0>10}"
    return None


def _checked(letters: str, rest: str) -> str | None:
    """The number as its country writes it (leading zeros included), or None when its own check fails."""
    letters = _SPELLED.get(letters, letters)
    if letters == "BE":
        return _belgian(rest) if len(rest) in (9, 10) and rest.isdigit() else None
    # Loaded for the first number from abroad: python-stdnum loads `ssl`.
    from stdnum.exceptions import ValidationError

    try:
        if letters == "GB":
            from stdnum.gb import vat as gb_vat

            return f"GB{gb_vat.validate(rest)}"
        if letters == "CHE":
            from stdnum.ch import uid

            return str(uid.validate(f"CHE{rest.removeprefix('CHE')[:9]}")) if _swiss(rest) else None
        from stdnum.eu import vat as eu_vat

        return str(eu_vat.validate(f"ATU{rest.removeprefix('U')}" if letters == "AT" else f"{letters}{rest}"))
    except ValidationError:
        return None


def _swiss(rest: str) -> bool:
    return rest.removeprefix("CHE")[9:] in ("", "MWST", "TVA", "IVA", "TPV", "VAT")
