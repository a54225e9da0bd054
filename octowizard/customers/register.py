"""The contacts of the enterprise register (KBO/BCE open data, `contact.csv`): a row for each mail address, telephone
number and website of an enterprise becomes a row for each enterprise.

Columns by the register's cookbook: EntityNumber, EntityContact, ContactType (EMAIL, TEL, WEB, FAX), Value.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import msgspec

from octowizard.customers.columns import plain
from octowizard.customers.tables import Table

_CONTACT = ("entitynumber", "contacttype", "value")
_SHOWN = ("Email", "Telephone", "Website")  # titles that are recognised as what they are


def side_by_side(table: Table) -> Table:
    """A table of contacts with a row for each enterprise; any other table as it is."""
    titles = [plain(title) for title in table.header]
    if not all(title in titles for title in _CONTACT):
        return table
    entity, kind, value = map(titles.index, _CONTACT)
    return msgspec.structs.replace(
        table, header=(table.header[entity], *_SHOWN), rows=_enterprises(table.rows, entity, kind, value)
    )


def _enterprises(rows: Iterator[list[str]], entity: int, kind: int, value: int) -> Iterator[list[str]]:
    """The register lists those of an enterprise together."""
    for number, those in groupby(rows, key=lambda row: row[entity]):
        contacts: dict[str, list[str]] = {}
        for row in those:
            contacts.setdefault(row[kind].upper(), []).append(row[value])
        mails, phones = ("\n".join(contacts.get(one, ())) for one in ("EMAIL", "TEL"))
        yield [number, mails, phones, contacts.get("WEB", [""])[0]]
