"""Raw texts to columns that compare.

Nothing is judged here. A value that proves nothing (a VAT number that fails its check, a phone of four digits, a
mail domain anyone can have) becomes 0, which means absent everywhere after this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from octowizard.matching import lexicon
from octowizard.matching.by_column import texts
from octowizard.matching.columns import (
    SEVERAL,
    Bag,
    Column,
    Ints,
    Several,
    joined,
    letters_and_digits,
    mapped,
    numbered,
    several,
)
from octowizard.matching.countries import country_code
from octowizard.matching.keys import name_key
from octowizard.matching.letters import Letters
from octowizard.matching.record import Customer
from octowizard.matching.tokens import POPULATION, names, streets, whole_names
from octowizard.matching.vat_numbers import vat_key
from octowizard.matching.washing import washed


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
    def has_more(self) -> NDArray[np.bool_]:
        """Of which rows anything is known but a name, a sort and a country."""
        known = self.house > 0
        for column in (
            *(self.vat, self.vat_written, self.national, self.external, self.born, self.email, self.domain),
            *(self.phone, self.iban, self.street, self.postcode, self.city, self.region),
        ):
            known = known | column.present
        return known

    @cached_property
    def house_column(self) -> Column:
        """House numbers as a column, that has no texts."""
        return Column(self.house, [])


def _codes(values: Sequence[str]) -> list[str]:
    """Letters and digits of a number, without the leading zeros that a spreadsheet drops."""
    if not any(values):
        return list(values)
    return [v.lstrip("0") for v in letters_and_digits(values).lower().split("\n")]


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


def _anyone(domain: str) -> bool:
    """Whether anyone can have an address there, under whichever top-level domain."""
    return domain in lexicon.FREE_MAIL or domain.split(".")[0] in lexicon.FREE_MAIL_NAMES


def _site(text: str) -> str:
    domain = re.sub(r"^(?:https?:)?/*(?:www\d?\.)?", "", text.strip().lower()).split("/")[0].split("?")[0]
    return domain if "." in domain and not _anyone(domain) else ""


def _domains(emails: Several, websites: Sequence[str]) -> Column:
    """The firm's own domain, of its website or else of its mail; none for a mail provider that anyone can have."""
    domains = numbered([v.rpartition("@")[2] for v in emails.values])
    own = [not _anyone(d) for d in domains.values]
    own[0] = False
    if not any(websites):
        # No domain stands twice among the distinct ones: each of their own has the next number.
        of_mail = (np.cumsum(own) * own)[domains.ids]
        result = np.zeros(len(emails.ids), dtype=np.int32)
    else:
        sites = numbered(websites)
        of_firms = (d if firm else "" for d, firm in zip(domains.values, own, strict=True))
        both = numbered([*of_firms, *(_site(v) if v else "" for v in sites.values)])
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


def _belonging(keys: Callable[[], Sequence[str]], of: Sequence[str]) -> tuple[Ints, Ints]:
    """The own key of each row and the key of the company it belongs to, in one numbering."""
    companies = numbered(of)
    index = {key: number for number, key in enumerate(companies.values)}
    if len(index) == 1:
        return companies.ids, companies.ids
    own = np.fromiter((index.get(key, 0) for key in keys()), np.int32, companies.ids.size)
    return own, companies.ids


def clean(left: Sequence[Customer], right: Sequence[Customer] = ()) -> Table:
    """The columns of the customers of two lists, or of one."""
    rows = len(left) + len(right)

    def column(field: str) -> list[str]:
        return [*texts(left, field), *texts(right, field)]

    country = mapped(column("country"), country_code)
    national = column("national")
    of_sides: list[Sequence[str] | None] = [None, None]
    if _national_is_vat(national):
        both = [v or n for v, n in zip(column("vat"), national, strict=True)]
        of_sides = [both[: len(left)], both[len(left) :]]
        national = [""] * rows
    clean_sides = [
        washed(side, vats if any(texts(side, "national")) else None)
        for side, vats in zip((left, right), of_sides, strict=True)
    ]

    vat = joined([side.vat for side in clean_sides])
    vat_written = joined([side.vat_written for side in clean_sides])
    email = several([side.emails for side in clean_sides])
    phone = several([side.phones for side in clean_sides])
    iban = Several(several([side.ibans for side in clean_sides]).ids, [])
    own, belongs = _belonging(lambda: column("key"), column("company"))
    bag, structure, legal, compact = names([side.name for side in clean_sides], rows, len(left))
    street, street_type, house = streets([side.street for side in clean_sides], rows)
    del clean_sides
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
