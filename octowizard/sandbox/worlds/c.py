"""`c`: both sides hold customers and were never linked; who is who has to be found out first.

Relations and companies overlap with noise: the same VAT number in another notation, the same name and postcode
without VAT number, similar names of different firms, sister companies at one address.
"""

from __future__ import annotations

from random import Random

from octowizard.sandbox.state import Dossier, Kept, World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.company import Making, add_customers, add_waiting, begin
from octowizard.sandbox.worlds.customers import (
    add_relation,
    belgian_number,
    relation_moment,
    relation_of,
    strangers,
)
from octowizard.sandbox.worlds.numbers import dotted

CUSTOMERS, WAITING = 60, 30


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """`customers` counts those in Teamleader, `documents` those waiting there."""
    making = begin("c", seed, books.ready_dossier())
    add_customers(making, CUSTOMERS if customers is None else customers)
    _overlap(making)
    add_waiting(making, (WAITING if making.customers else 0) if documents is None else documents)
    return making.world


def _overlap(making: Making) -> None:
    """Of every ten customers: five typed in again, two without VAT number, one namesake, one sister, one alone."""
    chance, dossier = making.chance("relations"), making.dossier
    for place, kept in enumerate(making.customers):
        person = "last_name" in kept.data
        kind = place % 10
        if kind < 5:
            _add(chance, dossier, relation_of(chance, kept))
        elif kind < 7:
            _add(
                chance,
                dossier,
                relation_of(chance, kept, name=kept.data.get("name"), vatNr=None, vatType=0)
                if not person
                else relation_of(chance, kept, email=None),
            )
        elif person:
            _add(
                chance,
                dossier,
                relation_of(
                    chance,
                    kept,
                    streetAndNr="Oude Molenweg 1",
                    postalCode="9990",
                    city="Maldegem",
                    email=None,
                    telephone=None,
                ),
            )
        elif kind == 7:
            _add(chance, dossier, _namesake(making, chance, kept))
        elif kind == 8:
            _add(chance, dossier, relation_of(chance, kept))
            _add(chance, dossier, _sister(making, chance, kept))
    strangers(chance, making.settings, making.taken, dossier, max(6, len(making.customers) // 10))


def _add(chance: Random, dossier: Dossier, record: dict[str, object]) -> None:
    add_relation(dossier, record, relation_moment(chance))


def _namesake(making: Making, chance: Random, kept: Kept) -> dict[str, object]:
    """Another firm of nearly the same name, in another place, with a number of its own."""
    return relation_of(
        chance,
        kept,
        name=kept.data["name"].rsplit(" ", 1)[0] + " Group NV",
        vatNr=dotted(belgian_number(chance, making.taken)),
        vatType=1,
        country="BE",
        streetAndNr="Kouterbaan 88",
        postalCode="9970",
        city="Kaprijke",
        email=None,
        telephone=None,
        ibanAccountNr=None,
        bicCode=None,
    )


def _sister(making: Making, chance: Random, kept: Kept) -> dict[str, object]:
    """The holding of the same people, at the same address and mailbox, with a number of its own."""
    return relation_of(
        chance,
        kept,
        name=kept.data["name"].rsplit(" ", 1)[0] + " Holding NV",
        vatNr=dotted(belgian_number(chance, making.taken)),
        vatType=1,
        country="BE",
        ibanAccountNr=None,
        bicCode=None,
    )
