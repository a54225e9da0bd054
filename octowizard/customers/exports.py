"""What the columns of a list of customers mean, by their titles in three languages (`titles.toml`).

Gives each row as the matching sees it (`Customer`), and what the vendors' screens show and their APIs do not
(`Declared`). Not here: the reading of files (`tables.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from octowizard.customers.tables import BadTable, Table, open_table
from octowizard.locale import _
from octowizard.matching.record import Customer

K = TypeVar("K")
VatType = Literal[
    "", "vat_liable", "intra_community_eu", "outside_eu", "private_person", "exempted_from_vat", "contractor"
]


class Declared(msgspec.Struct, frozen=True, gc=False):
    """What one row of an export shows that no API does.

    `key` as that of the row's customer; `id` its Teamleader ID, "" where there is no such column. `external`: the
    accounting package's customer number, digits as written. `vat_type`: Teamleader's text code; "" is empty or unknown.
    """

    key: str
    id: str
    name: str
    external: str
    vat_type: VatType


class Export(msgspec.Struct, frozen=True):
    """A list of customers as a file holds it.

    `fields`: what its columns were recognised as. `has_ids`: the customers' keys are those of a column of ids; else
    they are the numbers of the rows below the titles, from 1, empty rows not counted. `declared` is in the order of
    `customers`; empty where the file declares nothing.
    """

    name: str
    header: tuple[str, ...]
    fields: frozenset[str]
    has_ids: bool
    customers: list[Customer]
    declared: list[Declared]


class _Titles(msgspec.Struct, frozen=True):
    """`titles.toml`: what columns are called by field, and the words that stand for VAT types and kinds in them."""

    numbers: tuple[str, ...]
    remarks: tuple[str, ...]
    filling: frozenset[str]
    fields: dict[str, tuple[str, ...]]
    vat_types: dict[VatType, tuple[str, ...]]
    kinds: dict[Literal["company", "person"], tuple[str, ...]]


_TITLES = msgspec.toml.decode((files("octowizard.customers") / "titles.toml").read_bytes(), type=_Titles)
# Words that qualify a title and do not change what it means; others (invoicing, delivery) make it another thing.
_QUALIFIERS = re.compile(
    r"^(?:primary|main|hoofd|principale?|company|bedrijf|entreprise|societe|contact|customer|klant|client|relation"
    r"|relatie|octopus|teamleader|src|source|left|right|general|algemeen|address|adresse|adres)+"
    r"|(?:primary|principale?|customer|klant|client|relation|relatie|company|bedrijf)$"
)


def _plain(title: str) -> str:
    decomposed = unicodedata.normalize("NFKD", title.replace("°", "o").casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def _named_by(words: Mapping[K, Iterable[str]]) -> dict[str, K]:
    """What each word stands for."""
    return {_plain(word): meant for meant, those in words.items() for word in those}


def _by_words(title: str) -> str:
    signs = unicodedata.normalize("NFKD", re.sub(r"\bn[°º]", "no ", title.casefold()))
    words = re.findall(r"[^\W_]+", "".join(sign for sign in signs if not unicodedata.combining(sign)))
    return " ".join(
        "no" if word in ("no", "nr", "num", "numero", "number", "nummer") else word
        for word in words
        if word not in _TITLES.filling
    )


_FIELD_OF = _named_by(_TITLES.fields)
_BY_WORDS = {_by_words(title): field for field, titles in _TITLES.fields.items() for title in titles}
_VAT_TYPE_OF = _named_by(_TITLES.vat_types)
_KIND_OF = _named_by(_TITLES.kinds)
_NUMBER_WORDS = frozenset(map(_plain, _TITLES.numbers))
_REMARKS = frozenset(map(_plain, _TITLES.remarks))
# At least one of these makes a table a list of customers.
_TELLING = frozenset({"name", "last_name", "first_name", "vat", "national", "email", "phone", "iban"})
# What stands between several values in one cell.
_MAILS = (";", ",", " ", "\n")
_PHONES = (";", ",", " / ", "|", "\n")


def field_of(title: str) -> str | None:
    """What a title means (`vat`, `postcode`, ...); None when it is not known.

    "Stad/Gemeente", "Straat + nr", "Land (ISO)": titles of several words that mean one thing mean that.
    """
    parts = [part for part in _BETWEEN.split(title) if _plain(part)]
    if len(parts) > 1:
        meant = [_field_of(part) for part in parts]
        if meant[0] == "street" and all(
            field in ("street", "number", "box") or _plain(part) in _NUMBER_WORDS
            for field, part in zip(meant, parts, strict=True)
        ):
            return "street"
        if meant[0] is not None and all(
            field == meant[0] or _plain(part) in _REMARKS for field, part in zip(meant, parts, strict=True)
        ):
            return meant[0]
    return _field_of(title)


# What joins the words of a title of several.
_BETWEEN = re.compile(r"[/+&()\[\]|]|\b(?:en|et|and)\b", re.IGNORECASE)


def _field_of(title: str) -> str | None:
    plain = _plain(title)
    bare = plain.rstrip("0123456789")
    for written in (plain, bare, _QUALIFIERS.sub("", bare)):
        if written in _FIELD_OF:
            return _FIELD_OF[written]
    return _BY_WORDS.get(_by_words(title))


def recognised(header: tuple[str, ...]) -> dict[str, list[int]]:
    """The places of the columns that each field has; fields without a column are left out."""
    found: dict[str, list[int]] = {}
    before = None
    for place, title in enumerate(header):
        field = field_of(title)
        if field is None and before == "street" and _plain(title) in _NUMBER_WORDS:
            field = "number"
        if field is not None:
            found.setdefault(field, []).append(place)
        before = field
    if "company_id" in found and "id" not in found:
        found["id"] = found.pop("company_id")
    if "company" in found and not found.keys() & {"name", "last_name"}:
        found["name"] = found.pop("company")
    party = found.pop("party", None)
    if party is not None and not found.keys() & {"name", "last_name"}:
        found["name"] = party
    if "name" in found and "first_name" in found and "last_name" not in found and "company" not in found:
        # Of persons, "Naam" or "Nom" beside a first name is the last name (Octopus' relation card does the same).
        found["last_name_or_name"] = found.pop("name")
    return found


def vat_type_of(written: str) -> VatType:
    """The VAT type that a code, a number or a label stands for; "" when it is none that is known."""
    return _VAT_TYPE_OF.get(_plain(written), "")


def read(path: Path, sheet: str = "", *, declared: bool = False) -> Export:
    """The customers of a file, with what it declares when that is asked for. BadTable in one sentence."""
    table = open_table(path, sheet)
    columns = recognised(table.header)
    if not columns.keys() & _TELLING and "last_name_or_name" not in columns:
        raise _unknown(table)
    customers: list[Customer] = []
    facts: list[Declared] = []
    wanted = declared and bool(columns.keys() & {"vat_type", "external"})
    rows = _customers(table, columns)
    for customer, written in rows:
        customers.append(customer)
        if wanted:
            facts.append(
                Declared(
                    key=customer.key,
                    id=customer.key if "id" in columns else "",
                    name=customer.name,
                    external=customer.external,
                    vat_type=vat_type_of(written),
                )
            )
    if "company" in columns:
        customers = _employed(customers)
    fields = frozenset("name" if field == "last_name_or_name" else field for field in columns)
    return Export(
        table.name, table.header, fields, bool(columns.keys() & {"id", "relation"}), customers, facts
    )


def _unknown(table: Table) -> BadTable:
    titles = ", ".join(title for title in table.header if title)
    shown = titles if len(titles) <= 120 else f"{titles[:120]}…"
    if len(table.sheets) > 1:
        return BadTable(
            _(
                "{file}, sheet “{sheet}”, has no column such as Name, VAT number or Email in its first row, but: "
                "{titles}; say which of its sheets holds the customers ({sheets})."
            ).format(file=table.name, sheet=table.sheet, titles=shown, sheets=", ".join(table.sheets))
        )
    return BadTable(
        _(
            "{file} has no column such as Name, VAT number or Email in its first row, but: {titles}; put the titles "
            "of the columns there."
        ).format(file=table.name, titles=shown)
    )


def _customers(table: Table, columns: dict[str, list[int]]) -> Iterator[tuple[Customer, str]]:
    """Each row as a customer, with its VAT type as written. Texts that occur often are held once."""
    nowhere = len(table.header)

    def at(field: str) -> int:
        return columns[field][0] if field in columns else nowhere

    def others(field: str) -> list[int]:
        return columns.get(field, [])[1:]

    ids, external, name, kinds = at("id"), at("external"), at("name"), at("kind")
    relation = at("relation")
    first, last, either = at("first_name"), at("last_name"), at("last_name_or_name")
    vat, national, street, more = at("vat"), at("national"), at("street"), at("street_more")
    house, box, postcode, city = at("number"), at("box"), at("postcode"), at("city")
    region, country, website, born = at("region"), at("country"), at("website"), at("born")
    company, company_id, tags, vat_type = at("company"), at("company_id"), at("tags"), at("vat_type")
    emails, phones, ibans = (columns.get(field, []) for field in ("email", "phone", "iban"))
    spare = [(columns[field][0], others(field)) for field in columns if field not in _LISTS and others(field)]
    held: dict[str, str] = {}
    once = held.setdefault
    said: dict[str, Literal["company", "person", ""]] = {"": ""}
    lean = not spare and not columns.keys() - _USUAL
    for number, row in enumerate(table.rows, 1):
        row.append("")
        written = row[kinds]
        if written not in said:
            said[written] = _KIND_OF.get(_plain(written), "")
        if lean:
            # Hardly any list has all columns, and those that are not given cost more than those that are.
            yield (
                Customer(
                    key=row[ids] or str(number),
                    name=_unguarded(row[name]),
                    kind=said[written],
                    vat=row[vat],
                    street=once(row[street], row[street]),
                    postcode=once(row[postcode], row[postcode]),
                    city=once(row[city], row[city]),
                    country=once(row[country], row[country]),
                    emails=_several(row, emails, _MAILS) if emails else (),
                    phones=_several(row, phones, _PHONES) if phones else (),
                    ibans=_several(row, ibans, _PHONES) if ibans else (),
                ),
                "",
            )
            continue
        for place, more_places in spare:
            if not row[place]:
                row[place] = next((row[other] for other in more_places if row[other]), "")
        whole, given = row[name], row[first]
        family = row[last] or row[either]
        if given or row[last]:
            person: Literal["company", "person", ""] = "" if whole and not family else "person"
            whole = whole or (f"{given} {family}" if given and family else given or family)
        else:
            whole = whole or family
            person = ""
        yield (
            Customer(
                key=row[ids] or row[relation] or str(number),
                name=_unguarded(whole),
                first_name=given,
                kind=said[written] or person,
                vat=row[vat],
                national=row[national],
                external=row[relation] or row[external],
                street=once(row[street], row[street]) or row[more],
                number=f"{row[house]} {row[box]}" if row[box] else row[house],
                postcode=once(row[postcode], row[postcode]),
                city=once(row[city], row[city]),
                region=once(row[region], row[region]),
                country=once(row[country], row[country]),
                emails=_several(row, emails, _MAILS) if emails else (),
                phones=_several(row, phones, _PHONES) if phones else (),
                ibans=_several(row, ibans, _PHONES) if ibans else (),
                website=row[website],
                born=row[born],
                company=row[company_id] or row[company],
                tags=tuple(tag.strip() for tag in row[tags].split(",") if tag.strip()) if row[tags] else (),
            ),
            row[vat_type],
        )


_LISTS = frozenset({"email", "phone", "iban"})
_USUAL = _LISTS | {"id", "name", "kind", "vat", "street", "postcode", "city", "country"}


def _several(row: list[str], places: list[int], between: tuple[str, ...]) -> tuple[str, ...]:
    """The values of columns of which there may be several, each of which may hold several."""
    if len(places) == 1:
        text = row[places[0]]
        if not text:
            return ()
        if text.isalnum():
            return (text,)
        for sign in between:
            if sign in text:
                break
        else:
            return (text,)
    else:
        text = between[0].join(row[place] for place in places if row[place])
    for sign in between[1:]:
        text = text.replace(sign, between[0])
    return tuple(dict.fromkeys(part.strip() for part in text.split(between[0]) if part.strip()))


def _unguarded(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a name for a formula (`route.py` sets it)."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def _employed(customers: list[Customer]) -> list[Customer]:
    """Contacts with the key of their company, where exactly one company in the list bears the name they give."""
    seen = Counter(customer.name for customer in customers if customer.kind != "person" and customer.name)
    key_of = {customer.name: customer.key for customer in customers if seen[customer.name] == 1}
    return [
        msgspec.structs.replace(customer, company=key_of[customer.company])
        if customer.company in key_of and customer.company != customer.name
        else customer
        for customer in customers
    ]
