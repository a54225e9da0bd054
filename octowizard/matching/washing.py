"""The texts of one list in one notation, value by value: all of cleaning that needs no other list.

Nothing is judged here either: what proves nothing becomes "" (`clean.py` numbers what is left).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, repeat
from operator import methodcaller

import numpy as np

from octowizard.matching.belgian import belgian_keys
from octowizard.matching.by_column import ByColumn, CodedLots, Washed, texts
from octowizard.matching.by_column import several as lots
from octowizard.matching.columns import coded, folded, letters_and_digits, lines, mapped, taken_apart
from octowizard.matching.countries import country_code, vat_letters
from octowizard.matching.ibans import iban_key
from octowizard.matching.phones import phone_reader
from octowizard.matching.record import Customer
from octowizard.matching.tokens import names_in_words, words_of
from octowizard.matching.vat_numbers import firm_key, is_one_stop_shop, vat_key

_NO_DIGIT = re.compile(r"[^0-9]")
_BETWEEN = re.compile(r"\s*[;,|]\s*|\s+/\s+|\s+")
_BETWEEN_PHONES = re.compile(r"\s*[;,|]\s*|\s+(?:/|of|ou|or)\s+")
_ATS = methodcaller("count", "@")


def washed(customers: Sequence[Customer], vats: Sequence[str] | None = None) -> Washed:
    """The texts of a list. `vats`: the VAT numbers of its rows, where they are not those of the field alone."""
    if vats is None and isinstance(customers, ByColumn) and customers.washed is not None:
        kept = customers.washed
        customers.washed = None  # it is as large as the list, and hardly ever asked for again
        return kept
    country = mapped(texts(customers, "country"), country_code)
    countries = [country.values[i] for i in country.ids.tolist()]
    vat, vat_written = _vat(vats if vats is not None else texts(customers, "vat"), countries)
    called, first = texts(customers, "name"), texts(customers, "first_name")
    if any(first):
        called = [n if f in n else f"{f} {n}" for n, f in zip(called, first, strict=True)]
    street, number = (folded(texts(customers, field)) for field in ("street", "number"))
    return Washed(
        vat=coded(vat),
        vat_written=coded(vat_written),
        emails=_lots(*taken_apart(*lots(customers, "emails"), _ATS, 1, _two_mails, _BETWEEN), _emails),
        phones=_lots(
            *taken_apart(*lots(customers, "phones"), len, 20, _two_phones, _BETWEEN_PHONES),
            _phones(countries),
        ),
        ibans=_lots(*lots(customers, "ibans"), _ibans),
        name=names_in_words(folded(called)),
        street=words_of([f"{s} {n}" if n else s for s, n in zip(street, number, strict=True)]),
    )


def wash(customers: Sequence[Customer]) -> None:
    """Keep the texts of a long list with it until it is compared."""
    if isinstance(customers, ByColumn) and customers.washed is None:
        customers.washed = washed(customers)


def _lots(
    values: list[str], many: list[int], clean: Callable[[list[str], list[int]], list[str]]
) -> CodedLots:
    """The values of each row, of which row after row has so `many`; `clean` is given all, and how many each row has."""
    return CodedLots(coded(clean(values, many)), np.array(many, dtype=np.int32))


def _vat(values: Sequence[str], countries: Sequence[str]) -> tuple[list[str], list[str]]:
    """VAT numbers of firms in one notation, and the digits of those that fail their check."""
    good, bad = [""] * len(values), [""] * len(values)
    plain = belgian_keys(values)
    homes = {country for country in set(countries) if not country or vat_letters(country) == "BE"}
    for row, (written, country) in enumerate(zip(values, countries, strict=True)):
        if not written:
            continue
        if plain[row] and country in homes:
            good[row] = plain[row]
        elif key := vat_key(written, country):
            good[row] = firm_key(key)
        elif len(digits := _NO_DIGIT.sub("", written)) >= 6 and not is_one_stop_shop(written):
            bad[row] = digits.zfill(10) if country in ("BE", "") else digits
    return good, bad


def _emails(values: list[str], _many: list[int]) -> list[str]:
    text = lines(values).lower().replace("mailto:", "") if values else ""
    parts = (v.strip(" \t<>.,;") for v in text.split("\n")) if values else ()
    return [v if "@" in v[1:-3] and " " not in v else "" for v in parts]


def _phones(countries: Sequence[str]) -> Callable[[list[str], list[int]], list[str]]:
    """Phones with the calling code of their country; `countries` is that of each row."""

    def clean(values: list[str], many: list[int]) -> list[str]:
        if not values:  # the library takes its time to load
            return []
        key = phone_reader()
        of_each = chain.from_iterable(map(repeat, countries, many))
        return [key(v, country) for v, country in zip(values, of_each, strict=True)]

    return clean


def _ibans(values: list[str], _many: list[int]) -> list[str]:
    if not values:
        return []
    return [iban_key(text) for text in letters_and_digits(values).upper().split("\n")]


def _two_mails(text: str) -> bool:
    return text.count("@") > 1


def _two_phones(text: str) -> bool:
    return len(text) > 20 and sum(c.isdigit() for c in text) > 15
