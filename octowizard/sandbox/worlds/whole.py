"""The companies that have nothing broken: in order, grown large, or with a side that is empty or not linked.

`healthy`: all set up and in order on both sides, earlier documents booked, new ones waiting. `large`: the same grown.
`a`: Octopus was bought yesterday and is empty. `b`: Teamleader has settings and no customers. `c`: both sides hold
customers and were never linked; they overlap with noise: the same VAT number in another notation, the same name and
postcode without VAT number, similar names of different firms, sister companies at one address.
"""

from __future__ import annotations

from random import Random

from octowizard.sandbox.state import Json, Kept, World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.company import Making, add_customers, add_relations, add_waiting, begin
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of, strangers
from octowizard.sandbox.worlds.history import add_earlier
from octowizard.sandbox.worlds.numbers import dotted

# customers and waiting documents unless asked otherwise
_SIZES = {"healthy": (60, 60), "large": (10_000, 20_000), "a": (40, 30), "b": (60, 0), "c": (60, 30)}
NAMES = tuple(_SIZES)
_EARLIER, _MOST_WAITING = 40, 300


def sizes(name: str, customers: int | None, documents: int | None) -> tuple[int, int]:
    """How many customers and documents the company of this name has, where so many are asked for."""
    size, own = _SIZES[name]
    count = size if customers is None else customers
    return count, (own if count else 0) if documents is None else documents


def build(name: str, seed: int, customers: int | None, documents: int | None) -> World:
    """The company of this name. `customers` counts those in Teamleader (of `b`: the clients in Octopus).

    `documents` counts those that wait; of `healthy` there are then no earlier ones. Of `large` it is the total, of
    which at most 300 wait. `b` has nobody to bill: ValueError when documents are asked for.
    """
    if name == "b" and documents:
        raise ValueError("Scenario b has no documents: nobody is a customer in Teamleader yet.")
    count, waiting = sizes(name, customers, documents)
    making = begin(name, seed, books.empty_dossier() if name == "a" else books.ready_dossier())
    add_customers(making, count)
    if name in ("healthy", "large"):
        earlier = _EARLIER if count and documents is None else 0
        if name == "large":
            earlier, waiting = waiting - min(_MOST_WAITING, waiting), min(_MOST_WAITING, waiting)
        add_earlier(making, add_relations(making), earlier)
    if name == "c":
        _overlap(making)
    if name == "b":
        _move_to_octopus(making)
    else:
        add_waiting(making, waiting)
    if name == "a":
        strangers(making.chance("relations"), making.register, making.dossier, 1)
    return making.world


def _move_to_octopus(making: Making) -> None:
    chance, dossier = making.chance("relations"), making.dossier
    for kept in making.customers:
        _add(making, chance, kept)
    suppliers = len(making.customers) // 10
    strangers(chance, making.register, dossier, suppliers, client=False, supplier=True)
    making.world.teamleader.companies.clear()
    making.world.teamleader.contacts.clear()


def _overlap(making: Making) -> None:
    """Of every ten customers: five typed in again, two without VAT number, one namesake, one sister, one alone."""
    chance = making.chance("relations")
    for place, kept in enumerate(making.customers):
        person = "last_name" in kept.data
        kind = place % 10
        if kind < 5:
            _add(making, chance, kept)
        elif kind < 7 and person:
            _add(making, chance, kept, email=None)
        elif kind < 7:
            _add(making, chance, kept, name=kept.data.get("name"), vatNr=None, vatType=0)
        elif person:
            _add(making, chance, kept, **_elsewhere("Oude Molenweg 1", "9990", "Maldegem"))
        elif kind == 7:  # another firm of nearly the same name, in another place
            place_ = _elsewhere("Kouterbaan 88", "9970", "Kaprijke")
            _add(making, chance, kept, **_other_firm(making, chance, kept, "Group NV"), **place_)
        elif kind == 8:  # the holding of the same people, at the same address and mailbox
            _add(making, chance, kept)
            _add(making, chance, kept, **_other_firm(making, chance, kept, "Holding NV"))
    strangers(chance, making.register, making.dossier, max(6, len(making.customers) // 10))


def _add(making: Making, chance: Random, kept: Kept, **changed: object) -> None:
    record = relation_of(chance, kept, **changed)
    add_relation(making.dossier, record, relation_moment(chance))


def _elsewhere(street: str, postcode: str, city: str) -> Json:
    return {"streetAndNr": street, "postalCode": postcode, "city": city, "email": None, "telephone": None}


def _other_firm(making: Making, chance: Random, kept: Kept, ending: str) -> Json:
    """What tells a firm of nearly the same name apart: its own VAT number, and no bank account."""
    return {
        "name": f"{kept.data['name'].rsplit(' ', 1)[0]} {ending}",
        "vatNr": dotted(making.register.belgian_number(chance)),
        "vatType": 1,
        "country": "BE",
        "ibanAccountNr": None,
        "bicCode": None,
    }
