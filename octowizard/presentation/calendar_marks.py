"""Whether a place of the calendar takes bookings: its mark and its name. `?` is none: it means “not known”."""

from __future__ import annotations

from collections.abc import Container, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from octowizard.books.money import ZERO
from octowizard.locale import _, pgettext
from octowizard.locale.counted import so_many
from octowizard.locale.formats import amount

if TYPE_CHECKING:
    from octowizard.checks.calendar import Cell
    from octowizard.snapshot.model import DocumentHead

MARKS = {"open": "·", "future": "–", "secured": "▒", "closed": "█", "missing": "_", "wrong-type": "!"}


def state_name(state: str) -> str:
    """A state in a word or two."""
    return {
        "open": pgettext("a period", "open"),
        "future": _("later"),
        "secured": _("secured"),
        "closed": pgettext("a period", "closed"),
        "missing": _("missing"),
        "wrong-type": _("wrong type"),
    }[state]


def legend(states: Container[str] = MARKS) -> str:
    """The marks of these states with what they mean."""
    return "  ".join(f"{mark} {state_name(state)}" for state, mark in MARKS.items() if state in states)


def sums(cell: Cell, documents: Mapping[str, DocumentHead]) -> dict[str, Decimal]:
    """What the documents that wait at a place come to, by currency; a credit note counts below zero."""
    by_state: dict[str, Decimal] = {}
    for id in cell.documents:
        if (head := documents.get(id)) is not None:
            by_state[head.currency] = by_state.get(head.currency, ZERO) + head.booked_amount
    return by_state


def sums_in_words(cell: Cell, documents: Mapping[str, DocumentHead]) -> str:
    """`1.942,30 · 12,00 USD`; empty where nothing waits."""
    return " · ".join(amount(value, currency) for currency, value in sums(cell, documents).items())


def in_words(cell: Cell, documents: Mapping[str, DocumentHead]) -> str:
    """A place as the command line shows it: its mark, what waits and what it comes to, what is booked."""
    parts = [MARKS[cell.state]]
    if cell.waiting:
        parts += [so_many("waiting", cell.waiting), sums_in_words(cell, documents)]
    if cell.booked:
        parts.append(so_many("booked", cell.booked))
    return " ".join(filter(None, parts))
