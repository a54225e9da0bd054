"""Raw texts to columns that compare.

Nothing is judged here. A value that proves nothing (a VAT number that fails its check, a phone of four digits, a
mail domain anyone can have) becomes 0, which means absent everywhere after this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import methodcaller

import numpy as np
from numpy.typing import NDArray

from octowizard.matching import lexicon
from octowizard.matching.by_column import several as lots
from octowizard.matching.by_column import texts
from octowizard.matching.columns import (
    SEVERAL,
    Bag,
    Column,
    Ints,
    Several,
    folded,
    lines,
    mapped,
    numbered,
    several,
    taken_apart,
)
from octowizard.matching.countries import country_code
from octowizard.matching.ibans import iban_key
from octowizard.matching.keys import name_key
from octowizard.matching.letters import Letters
from octowizard.matching.phones import phone_reader
from octowizard.matching.record import Customer
from octowizard.matching.tokens import POPULATION, names, streets, whole_names
from octowizard.matching.vat_numbers import firm_key, is_one_stop_shop, vat_key

_NOT_ALNUM = bytes(c for c in range(256) if not ((chr(c).isalnum() and c < 128) or c == 10))
_NO_DIGIT = re.compile(r"[^0-9]")
_BETWEEN = re.compile(r"\s*[;,|]\s*|\s+/\s+|\s+")
_BETWEEN_PHONES = re.compile(r"\s*[;,|]\s*|\s+(?:/|of|ou|or)\s+")


@dataclass(frozen=True)
class Table:
    """All rows of both lists, the left ones first, column by column."""

    rows: int
    left: int  # how many rows are of the left list
    name: Bag
    structure: NDArray[np.int64]  # one bit per structural word, lexicon.STRUCTURE
    legal: Column
    compact: list[str]  # the name's letters without blanks, legal form and small words
    length: Ints  # of `compact`
    whole: Ints  # the number of the whole name, its words in any order; 0 for none
    vat: Column
    vat_written: Column  # digits of a VAT number that fails its check
    national: Column
    external: Column
    born: Column
    email: Several
    domain: Column
    phone: Several
    iban: Several
    street: Bag
    street_type: Ints
    house: Ints  # house number, 0 for none
    postcode: Column
    city: Column
    region: Column
    country: Column
    kind: Column
    belongs: Ints  # the number of the key of the company that a contact belongs to; 0 for none
    own: Ints  # the number of the row's own key, 0 for one that no contact belongs to

    @property
    def population(self) -> int:
        """How many rows it is reckoned against when it is said how rare something is."""
        return max(self.rows, POPULATION)

    @cached_property
    def letters(self) -> Letters:
        """Of `compact`, what tells how far two names are apart at least."""
        return Letters.of(self.compact)

    @cached_property
    def namesakes(self) -> NDArray[np.int64]:
        """How many rows have each whole name."""
        return np.bincount(self.whole)

    @cached_property
    def vat_digits(self) -> Column:
        """VAT numbers without their country, by the same numbers as `vat`."""
        return Column(self.vat.ids, [v[2:] for v in self.vat.values])

    @cached_property
    def house_column(self) -> Column:
        """House numbers as a column, that has no texts."""
        return Column(self.house, [])


def _vat(values: Sequence[str], countries: Sequence[str]) -> tuple[Column, Column]:
    """VAT numbers of firms in one notation, and the digits of those that fail their check."""
    good, bad = [""] * len(values), [""] * len(values)
    for row, (written, country) in enumerate(zip(values, countries, strict=True)):
        if not written:
            continue
        if key := vat_key(written, country):
            good[row] = firm_key(key)
        elif len(digits := _NO_DIGIT.sub("", written)) >= 6 and not is_one_stop_shop(written):
            bad[row] = digits.zfill(10) if country in ("BE", "") else digits
    return numbered(good), numbered(bad)


def _letters_and_digits(values: Sequence[str]) -> str:
    """A line per value, with nothing but ASCII letters and digits."""
    return lines(values).encode("ascii", "ignore").translate(None, _NOT_ALNUM).decode("ascii")


def _codes(values: Sequence[str]) -> list[str]:
    """Letters and digits of a number, without the leading zeros that a spreadsheet drops."""
    if not any(values):
        return list(values)
    return [v.lstrip("0") for v in _letters_and_digits(values).lower().split("\n")]


def _born(values: Sequence[str]) -> Column:
    """Dates as yyyymmdd, whichever way round and with or without a time; digits as they are when it is no date."""
    result = []
    if not any(values):
        return numbered(values)
    for value in values:
        parts = re.findall(r"\d+", value)[:3]
        text = "".join(parts)
        if len(parts) == 3 and len(parts[0]) <= 2 and len(parts[2]) == 4:
            text = f"{parts[2]}{parts[1]:0>2}{parts[0]:0>2}"
        elif len(parts) == 3 and len(parts[0]) == 4:
            text = f"{parts[0]}{parts[1]:0>2}{parts[2][:2]:0>2}"
        result.append(text if len(text) >= 6 else "")
    return numbered(result)


def _emails(values: list[str], _rows: list[int]) -> list[str]:
    text = lines(values).lower().replace("mailto:", "") if values else ""
    parts = (v.strip(" \t<>.,;") for v in text.split("\n")) if values else ()
    return [v if "@" in v[1:-3] and " " not in v else "" for v in parts]


def _phones(countries: Sequence[str]) -> Callable[[list[str], list[int]], list[str]]:
    """Phones with the calling code of their country; `countries` is that of each row."""

    def clean(values: list[str], rows: list[int]) -> list[str]:
        if not values:  # the library takes its time to load
            return []
        key = phone_reader()
        return [key(v, countries[row]) for v, row in zip(values, rows, strict=True)]

    return clean


def _ibans(values: list[str], _rows: list[int]) -> list[str]:
    if not values:
        return []
    return [iban_key(text) for text in _letters_and_digits(values).upper().split("\n")]


def _anyone(domain: str) -> bool:
    """Whether anyone can have an address there, under whichever top-level domain."""
    return domain in lexicon.FREE_MAIL or domain.split(".")[0] in lexicon.FREE_MAIL_NAMES


def _site(text: str) -> str:
    domain = re.sub(r"^(?:https?:)?/*(?:www\d?\.)?", "", text.strip().lower()).split("/")[0].split("?")[0]
    return domain if "." in domain and not _anyone(domain) else ""


def _domains(emails: Several, websites: Sequence[str]) -> Column:
    """The firm's own domain, of its website or else of its mail; none for a mail provider that anyone can have."""
    domains = numbered([v.rpartition("@")[2] for v in emails.values])
    own = ["" if _anyone(d) else d for d in domains.values]
    sites = numbered(websites)
    both = numbered([*own, *(_site(v) if v else "" for v in sites.values)])
    of_mail, of_site = both.ids[: len(own)][domains.ids], both.ids[len(own) :]
    result = of_site[sites.ids]
    for place in range(SEVERAL):
        result = np.where(result > 0, result, of_mail[emails.ids[:, place]])
    return Column(result.astype(np.int32), [])


def _postcode(text: str) -> str:
    code = "".join(c for c in text.upper() if c.isalnum() and c.isascii())
    for country in ("BE", "B", "F", "L", "D"):
        if code.startswith(country) and code[len(country) :].isdigit():
            return code[len(country) :]
    return code[:4] if re.fullmatch(r"\d{4}[A-Z]{2}", code) else code


def _city(text: str) -> str:
    words = name_key(text)
    words = re.sub(r"\b(?:cedex.*|\d+)", "", words).strip()
    if words in lexicon.CITIES:
        return lexicon.CITIES[words]
    parts = words.split()
    if parts and parts[0] in ("sint", "saint", "st", "sankt"):
        words = " ".join(["sint", *parts[1:]])
    return lexicon.CITIES.get(words, words)


def _national_is_vat(values: Sequence[str]) -> bool:
    """Whether the column of national numbers holds enterprise numbers: most of a sample pass the VAT check."""
    sample = [v for v in values if v][:400]
    return bool(sample) and sum(vat_key(v, "BE") is not None for v in sample) > 0.6 * len(sample)


def _belonging(keys: Sequence[str], of: Sequence[str]) -> tuple[Ints, Ints]:
    """The own key of each row and the key of the company it belongs to, in one numbering."""
    companies = numbered(of)
    index = {key: number for number, key in enumerate(companies.values)}
    if len(index) == 1:
        return companies.ids, companies.ids
    own = np.fromiter((index.get(key, 0) for key in keys), np.int32, len(keys))
    return own, companies.ids


_ATS = methodcaller("count", "@")


def _two_mails(text: str) -> bool:
    return text.count("@") > 1


def _two_phones(text: str) -> bool:
    return len(text) > 20 and sum(c.isdigit() for c in text) > 15


def clean(left: Sequence[Customer], right: Sequence[Customer] = ()) -> Table:
    """The columns of the customers of two lists, or of one."""
    rows = len(left) + len(right)

    def column(field: str) -> list[str]:
        return [*texts(left, field), *texts(right, field)]

    def bundles(field: str) -> tuple[list[str], list[int]]:
        (values, many), (others, of_others) = lots(left, field), lots(right, field)
        return [*values, *others], [*many, *of_others]

    country = mapped(column("country"), country_code)
    countries = [country.values[i] for i in country.ids.tolist()]
    national = column("national")
    vats = column("vat")
    if _national_is_vat(national):
        vats = [v or n for v, n in zip(vats, national, strict=True)]
        national = [""] * rows
    vat, vat_written = _vat(vats, countries)
    del vats
    email = several(*taken_apart(*bundles("emails"), _ATS, 1, _two_mails, _BETWEEN), _emails)
    phone = several(
        *taken_apart(*bundles("phones"), len, 20, _two_phones, _BETWEEN_PHONES), _phones(countries)
    )
    iban = Several(several(*bundles("ibans"), _ibans).ids, [])
    own, belongs = _belonging(column("key"), column("company"))
    called, first = column("name"), column("first_name")
    if any(first):
        called = [n if f in n else f"{f} {n}" for n, f in zip(called, first, strict=True)]
    bag, structure, legal, compact = names(folded(called), rows, len(left))
    del called, first
    street, street_type, house = streets(folded(column("street")), folded(column("number")), rows)
    return Table(
        rows=rows,
        left=len(left),
        name=bag,
        structure=structure,
        legal=legal,
        compact=compact,
        length=np.fromiter(map(len, compact), np.int32, rows),
        whole=whole_names(bag),
        vat=vat,
        vat_written=vat_written,
        national=numbered(_codes(national)),
        external=numbered(_codes(column("external"))),
        born=_born(column("born")),
        email=email,
        domain=_domains(email, column("website")),
        phone=phone,
        iban=iban,
        street=street,
        street_type=street_type,
        house=house,
        postcode=mapped(column("postcode"), _postcode),
        city=mapped(column("city"), _city),
        region=mapped(column("region"), name_key),
        country=country,
        kind=numbered(column("kind")),
        belongs=belongs,
        own=own,
    )
