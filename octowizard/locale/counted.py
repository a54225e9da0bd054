"""How many of a thing there are, with its name: `1 document`, `20.000 documents`; and how many stand how."""

from __future__ import annotations

from typing import Literal

from octowizard.locale import ngettext
from octowizard.locale.formats import count

Thing = Literal[
    "document", "customer", "company", "contact", "relation", "journal", "fiscal year", "payment",
    "sales booking", "record",
]  # fmt: skip


Standing = Literal["booked", "waiting", "ready", "blocked", "excluded", "failed"]


def counted(thing: Thing, number: int) -> str:
    """The number and the name, in the chosen language."""
    match thing:
        case "document":
            text = ngettext("{count} document", "{count} documents", number)
        case "customer":
            text = ngettext("{count} customer", "{count} customers", number)
        case "company":
            text = ngettext("{count} company", "{count} companies", number)
        case "contact":
            text = ngettext("{count} contact", "{count} contacts", number)
        case "relation":
            text = ngettext("{count} relation", "{count} relations", number)
        case "journal":
            text = ngettext("{count} journal", "{count} journals", number)
        case "fiscal year":
            text = ngettext("{count} fiscal year", "{count} fiscal years", number)
        case "payment":
            text = ngettext("{count} payment", "{count} payments", number)
        case "sales booking":
            text = ngettext("{count} sales booking", "{count} sales bookings", number)
        case "record":
            text = ngettext("{count} record", "{count} records", number)
    return text.format(count=count(number))


def so_many(how: Standing, number: int) -> str:
    """How many documents stand so: `40 booked`."""
    match how:
        case "booked":
            text = ngettext("{count} booked", "{count} booked", number)
        case "waiting":
            text = ngettext("{count} waiting", "{count} waiting", number)
        case "ready":
            text = ngettext("{count} ready", "{count} ready", number)
        case "blocked":
            text = ngettext("{count} blocked", "{count} blocked", number)
        case "excluded":
            text = ngettext("{count} excluded", "{count} excluded", number)
        case "failed":
            text = ngettext("{count} failed", "{count} failed", number)
    return text.format(count=count(number))
