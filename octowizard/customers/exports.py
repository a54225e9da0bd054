"""A list of customers in a file: each row as the matching sees it, and what it declares that no API shows.

`read` gives customers (`Customer`) and what the vendors' screens show and their APIs do not (`Declared`); `preview` the
first rows, with how they are understood. Not here: the reading of files (`tables.py`), what the columns mean
(`columns.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Literal

import msgspec

from octowizard.customers import spoilt
from octowizard.customers.by_hand import BadTable, ByHand, letter
from octowizard.customers.cells import MAILS, PHONES, several, unguarded
from octowizard.customers.columns import (
    ADDRESS,
    TELLING,
    Columns,
    VatType,
    by_hand_places,
    denied_by,
    kind_of,
    postcode_and_town,
    recognised,
    vat_type_of,
)
from octowizard.customers.long_lists import LONG, USUAL, by_column
from octowizard.customers.noticed import Noticed
from octowizard.customers.register import side_by_side
from octowizard.customers.tables import Table, open_table
from octowizard.locale import _
from octowizard.matching.record import Customer

_SAMPLE = 200  # rows whose values may deny what a title says


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


class Reading(msgspec.Struct, frozen=True):
    """How a list was understood, to be shown before anything is built on it.

    `encoding` (a codec) and `separator`: "" of a workbook. `titles_row`: 0 when there are no titles. `taken`: columns
    with the fields they were read as; `left_out`: the others; `denied`: those among them whose values are not what the
    title says. `notes`: what was mended, or could not be read for certain, one sentence each.
    """

    name: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    titles_row: int = 1
    taken: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Export(msgspec.Struct, frozen=True):
    """A list of customers as a file holds it.

    `fields`: what its columns were recognised as. `has_ids`: the customers' keys are those of a column of ids; else
    they are the numbers of the rows below the titles, from 1, empty rows not counted. `declared` is in the order of
    `customers`; empty where the file declares nothing. `spoilt`: rows with a value that a spreadsheet spoilt, which is
    left out; `unreadable`: rows whose name is spoilt, or may be read wrongly; `skipped`: rows that are no customer.
    """

    name: str
    header: tuple[str, ...]
    fields: frozenset[str]
    has_ids: bool
    customers: Sequence[Customer]
    declared: list[Declared]
    reading: Reading = Reading()
    spoilt: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()


class Preview(msgspec.Struct, frozen=True):
    """The first rows of a list, and how it is understood; `why`: the sentence that refuses it, "" where none does."""

    reading: Reading
    header: tuple[str, ...]
    rows: list[list[str]]
    why: str = ""
    letters: tuple[str, ...] = ()


def read(path: Path, by_hand: ByHand = ByHand(), *, declared: bool = False) -> Export:  # noqa: B008  (frozen)
    """The customers of a file, with what it declares when that is asked for. BadTable in one sentence."""
    table, columns, first = _understood(open_table(path, by_hand), by_hand)
    if not _tells(columns):
        raise _unknown(table, columns)
    fields = frozenset("name" if field == "last_name_or_name" else field for field in columns.fields)
    facts: list[Declared] = []
    noticed = Noticed(table, columns)
    rows = list(islice(table.rows, LONG))
    rest = msgspec.structs.replace(table, rows=chain(rows, table.rows))
    customers: Sequence[Customer]
    if len(rows) == LONG and columns.fields.keys() <= USUAL and not columns.others:
        customers = by_column(rest, columns, noticed)
    else:
        customers = _one_by_one(rest, columns, noticed, facts if declared else None)
    if "company" in fields:
        customers = _employed(customers)
    notes = noticed.notes()
    if not customers:
        notes = (
            *notes,
            _("{file} holds titles, and no customers below them: is it the right file?").format(
                file=table.name
            ),
        )
    return Export(
        table.name,
        table.header,
        fields,
        bool(fields & {"id", "relation"}),
        customers,
        facts,
        _reading(table, columns, first, notes),
        tuple(dict.fromkeys(row for row, _column, _value in noticed.lost)),
        tuple(noticed.misread()),
        tuple(row for row, _place, _value in noticed.skipped),
    )


def _one_by_one(
    table: Table, columns: Columns, noticed: Noticed, facts: list[Declared] | None
) -> list[Customer]:
    """Row after row; what each declares goes into `facts`, where those are asked for."""
    customers: list[Customer] = []
    if facts is not None and not columns.fields.keys() & {"vat_type", "external"}:
        facts = None
    for customer, written in _customers(table, columns, noticed):
        customers.append(customer)
        vat_type = vat_type_of(written) if written else ""
        if written and not vat_type:
            noticed.vat_type(len(customers) + len(noticed.skipped), written)
        if facts is not None:
            facts.append(
                Declared(
                    key=customer.key,
                    id=customer.key if "id" in columns.fields else "",
                    name=customer.name,
                    external=customer.external,
                    vat_type=vat_type,
                )
            )
    return customers


def preview(path: Path, by_hand: ByHand = ByHand(), most: int = 5) -> Preview:  # noqa: B008  (frozen)
    """How a file would be understood, and its first rows. BadTable where not even those can be read."""
    table, columns, first = _understood(open_table(path, by_hand), by_hand)
    why = "" if _tells(columns) else str(_unknown(table, columns))
    letters = tuple(letter(place + table.shift) for place in range(len(table.header)))
    return Preview(_reading(table, columns, first, ()), table.header, first[:most], why, letters)


def _understood(table: Table, by_hand: ByHand) -> tuple[Table, Columns, list[list[str]]]:
    """What the columns hold, by their titles and the values of the first rows; with the rows not begun."""
    table = side_by_side(table)
    places = by_hand_places(table.name, table.header, table.shift, by_hand.columns)
    first = list(islice(table.rows, _SAMPLE))
    columns = recognised(table.header, places)
    denied = denied_by(columns, first) - {place for _field, place in places}
    if denied:
        columns = recognised(table.header, places, denied)
    rows = chain((list(row) for row in first), table.rows)
    return msgspec.structs.replace(table, rows=rows), columns, first


def _tells(columns: Columns) -> bool:
    """Does any column say who somebody is?"""
    return bool(columns.fields.keys() & TELLING) or "last_name_or_name" in columns.fields


def reading_of(
    table: Table,
    taken: Mapping[int, str],
    left_out: Iterable[str],
    notes: Iterable[str],
    denied: Iterable[int] = (),
) -> Reading:
    """How a table was read. `taken`: the field of each place that was; `left_out`: titles of those that were not."""
    return Reading(
        name=table.name,
        encoding=table.encoding,
        separator=table.separator,
        sheet=table.sheet,
        sheets=table.sheets,
        titles_row=table.titles_row,
        taken=tuple((table.column(place), taken[place]) for place in sorted(taken)),
        left_out=tuple(left_out),
        denied=tuple(table.column(place) for place in sorted(denied)),
        notes=(*table.notes, *notes),
    )


def _reading(table: Table, columns: Columns, first: list[list[str]], notes: tuple[str, ...]) -> Reading:
    taken = columns.taken()
    left_out = (
        table.column(place)
        for place, title in enumerate(table.header)
        if place not in taken and (title or any(row[place] for row in first))
    )
    return reading_of(table, taken, left_out, notes, columns.denied)


def _unknown(table: Table, columns: Columns) -> BadTable:
    titles = ", ".join(title for title in table.header if title)
    shown = titles if len(titles) <= 120 else f"{titles[:120]}…"
    if columns.denied:
        names = ", ".join(table.column(place) for place in sorted(columns.denied))
        return BadTable(
            _(
                "{file} has titles such as {titles}, but the values below them are something else: say what the "
                "columns hold with --column, such as --column name=B."
            ).format(file=table.name, titles=names)
        )
    if len(table.sheets) > 1:
        return BadTable(
            _(
                "{file}, sheet “{sheet}”, has no column such as Name, VAT number or Email in its titles, but: "
                "{titles}; say which of its sheets holds the customers ({sheets}), or what a column holds with "
                "--column."
            ).format(file=table.name, sheet=table.sheet, titles=shown, sheets=", ".join(table.sheets))
        )
    return BadTable(
        _(
            "{file} has no column such as Name, VAT number or Email in its titles, but: {titles}; say on which row "
            "the titles are with --header-row, or what a column holds with --column."
        ).format(file=table.name, titles=shown)
    )


# --- the rows ----------------------------------------------------------------------------------------------


def _customers(table: Table, read_as: Columns, noticed: Noticed) -> Iterator[tuple[Customer, str]]:
    """Each row as a customer, with its VAT type as written. Texts that occur often are held once."""
    nowhere = len(table.header)
    columns = read_as.fields
    if read_as.others:  # of several addresses, each row's own comes to stand behind the row
        columns = {field: places for field, places in columns.items() if field not in ADDRESS}
        columns |= {field: [nowhere + 1 + place] for place, field in enumerate(ADDRESS)}

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
    both = at("postcode_and_town")
    emails, phones, ibans = (columns.get(field, []) for field in ("email", "phone", "iban"))
    spare = [(columns[field][0], others(field)) for field in columns if field not in _LISTS and others(field)]
    held: dict[str, str] = {}
    once = held.setdefault
    kind_by_word: dict[str, Literal["company", "person", ""]] = {"": ""}
    lean = not spare and not columns.keys() - USUAL
    for number, row in enumerate(table.rows, 1):
        if noticed.is_no_customer(number, row):
            continue
        noticed.look(number, row)
        row.append("")
        if read_as.others:
            row.extend(_address(row, read_as))
        written = row[kinds]
        if written not in kind_by_word:
            kind_by_word[written] = kind_of(written)
        if lean:
            # Hardly any list has all columns, and those that are not given cost more than those that are.
            if spoilt.worth_a_look(row[name]):
                noticed.name(number, row[name])
            yield (
                Customer(
                    key=row[ids] or str(number),
                    name=unguarded(row[name]),
                    kind=kind_by_word[written],
                    vat=row[vat],
                    street=once(row[street], row[street]),
                    postcode=once(row[postcode], row[postcode]),
                    city=once(row[city], row[city]),
                    country=once(row[country], row[country]),
                    emails=several(row, emails, MAILS) if emails else (),
                    phones=several(row, phones, PHONES) if phones else (),
                    ibans=several(row, ibans, PHONES) if ibans else (),
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
        employer = row[company_id] or row[company]
        if not whole and not row[company_id]:  # a row that has only a company is that company
            whole, employer = employer, ""
            person = "company" if whole else ""
        if spoilt.worth_a_look(whole):
            noticed.name(number, whole)
        code, town = postcode_and_town(row[both])
        yield (
            Customer(
                key=row[ids] or row[relation] or str(number),
                name=unguarded(whole),
                first_name=given,
                kind=kind_by_word[written] or person,
                vat=row[vat],
                national=row[national],
                external=row[relation] or row[external],
                street=once(row[street], row[street]) or row[more],
                number=f"{row[house]} {row[box]}" if row[box] else row[house],
                postcode=once(row[postcode], row[postcode]) or code,
                city=once(row[city], row[city]) or town,
                region=once(row[region], row[region]),
                country=once(row[country], row[country]),
                emails=several(row, emails, MAILS) if emails else (),
                phones=several(row, phones, PHONES) if phones else (),
                ibans=several(row, ibans, PHONES) if ibans else (),
                website=row[website],
                born=row[born],
                company=employer,
                tags=tuple(tag.strip() for tag in row[tags].split(",") if tag.strip()) if row[tags] else (),
            ),
            row[vat_type],
        )


def _address(row: list[str], columns: Columns) -> list[str]:
    """The first address of a row that holds more than a country, its parts in the order of ADDRESS."""
    own: list[str] = []
    for places in (columns.fields, *columns.others):
        parts = [
            _first_line(next((row[at] for at in places.get(field, ()) if row[at]), "")) for field in ADDRESS
        ]
        if any(parts[:-1]):
            return parts
        own = own or parts
    return own


def _first_line(value: str) -> str:
    """The first of several addresses that Google writes into one cell."""
    return value.split(":::")[0].strip() if ":::" in value else value


_LISTS = frozenset({"email", "phone", "iban"})


def _employed(customers: Sequence[Customer]) -> list[Customer]:
    """Contacts with the key of their company, where exactly one company in the list bears the name they give."""
    seen = Counter(customer.name for customer in customers if customer.kind != "person" and customer.name)
    key_of = {customer.name: customer.key for customer in customers if seen[customer.name] == 1}
    return [
        msgspec.structs.replace(customer, company=key_of[customer.company])
        if customer.company in key_of and customer.company != customer.name
        else customer
        for customer in customers
    ]
