"""A customer as the matching sees it, whichever side, file or list it came from: the raw texts, nothing normalised."""

from __future__ import annotations

from typing import Literal

import msgspec


class Customer(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One row of a list of customers. Every text as its source writes it; "" is absent.

    `key` names it within its list: a vendor's id, or the number of the row. `kind` "" is not known. `name` is the whole
    name; of a person, `first_name` is the part of it that is the first name, where the source keeps it apart.
    `number` is a house number that stands in a column of its own. `company` is the key of the company that a contact
    belongs to. `born` is a date as written. `national` is a number of the person or firm that its country gave it
    and that is no VAT number. `external` is the number by which Octopus knows the customer.
    """

    key: str
    name: str = ""
    first_name: str = ""
    kind: Literal["company", "person", ""] = ""
    vat: str = ""
    national: str = ""
    external: str = ""
    street: str = ""
    number: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    website: str = ""
    born: str = ""
    company: str = ""
    tags: tuple[str, ...] = ()
