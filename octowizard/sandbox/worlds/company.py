"""The practice company put together: an empty one, its customers, what waits to be booked, what already is.

The scenarios choose among these parts and break one thing each. Every part draws from its own stream of chance,
so that more customers do not change what is sold to the first ones' settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from random import Random

from octowizard.sandbox.state import Clock, Dossier, Kept, World
from octowizard.sandbox.worlds import books, settings
from octowizard.sandbox.worlds.customers import (
    Register,
    add_relation,
    relation_moment,
    relation_of,
    strangers,
)
from octowizard.sandbox.worlds.documents import book, credit, creditable_lines, draft, noon
from octowizard.sandbox.worlds.numbers import uuid

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PREFIX = "2026"
WAITING_SINCE, WAITING_UNTIL = date(2026, 10, 1), date(2026, 11, 19)
DRAFTS = 3
begun: ContextVar[Callable[[World], None]] = ContextVar("begun", default=lambda _world: None)
"""Gets each world as its making begins: for whoever wants to see how far it is."""


@dataclass(frozen=True)
class Making:
    """A world in the making: what its parts have in common."""

    world: World
    dossier: Dossier
    register: Register
    linked: dict[str, int] = field(default_factory=dict)  # customer -> the relation that it is

    @property
    def settings(self) -> settings.Settings:
        """What documents are made with."""
        return self.register.settings

    def chance(self, part: str) -> Random:
        """The stream of chance of one part; the same for the same scenario, seed and part."""
        return Random(f"{self.world.scenario}/{self.world.seed}/{part}")

    @property
    def customers(self) -> list[Kept]:
        """Companies and contacts of the Teamleader side, in the order they were made."""
        return self.world.teamleader.customers


def begin(scenario: str, seed: int, dossier: Dossier) -> Making:
    """The company with its settings on both sides; no customers, no documents."""
    side = settings.side(Random(f"{scenario}/{seed}/settings"))
    world = World(scenario, seed, Clock(START), books.side(dossier), side)
    begun.get()(world)
    company = {str(books.COMPANY["name"]).casefold()}, {str(books.COMPANY["vat"])}
    return Making(world, dossier, Register(settings.settings_of(side), *company))


def add_customers(making: Making, count: int) -> None:
    """`count` customers in Teamleader: four companies to one contact."""
    chance, side = making.chance("customers"), making.world.teamleader
    firms = making.register.companies(chance, count - count // 5)
    side.companies |= {kept.data["id"]: kept for kept in firms}
    people = making.register.contacts(chance, count // 5, firms)
    side.contacts |= {kept.data["id"]: kept for kept in people}


def add_relations(making: Making) -> dict[str, int]:
    """In Octopus: three of five companies and half of the contacts, and some that Teamleader does not know.

    Returns customer id -> relation number. Companies without a VAT number stay out: nothing sure would tell
    that both are the same.
    """
    chance, side, dossier = making.chance("relations"), making.world.teamleader, making.dossier
    firms = [kept for kept in side.companies.values() if kept.data["vat_number"]]
    people = list(side.contacts.values())
    known = chance.sample(firms, -(-len(firms) * 3 // 5)) + chance.sample(people, len(people) // 2)
    chance.shuffle(known)
    linked = making.linked
    for kept in known:
        linked[kept.data["id"]] = add_relation(dossier, relation_of(chance, kept), relation_moment(chance))
    count = len(side.companies) + len(people)
    strangers(chance, making.register, dossier, max(6, count // 10), client=False, supplier=True)
    strangers(chance, making.register, dossier, max(6, count // 10), supplier=False)
    strangers(chance, making.register, dossier, max(3, count // 20), active=False)
    return linked


def add_waiting(making: Making, count: int) -> None:
    """`count` booked documents that Octopus does not have: a fifth credit notes, the rest invoices.

    Every customer gets an invoice before any gets a second. Besides these, a few drafts.
    """
    chance, side = making.chance("waiting"), making.world.teamleader
    sell(making, chance, making.customers, count, WAITING_SINCE, WAITING_UNTIL)
    if making.customers:
        for _ in range(DRAFTS):
            kept = draft(chance, making.settings, chance.choice(making.customers), START - timedelta(days=1))
            side.invoices[kept.data["id"]] = kept


def sell(
    making: Making, chance: Random, customers: list[Kept], count: int, since: date, until: date
) -> tuple[list[Kept], list[Kept]]:
    """`count` documents for these customers, dated between two days (inclusive): invoices and credit notes.

    Numbers go on where the last ones of the year stopped. Each credit note is of an invoice made here.
    """
    credits = count // 5
    invoices = _invoices(making, chance, customers, _days(chance, count - credits, since, until))
    targets = sorted(chance.sample(range(len(invoices)), credits))
    return invoices, _credit_notes(making, chance, [invoices[place] for place in targets], until)


def _days(chance: Random, count: int, since: date, until: date) -> list[date]:
    span = (until - since).days + 1
    return [since + timedelta(days=day) for day in sorted(chance.randrange(span) for _ in range(count))]


def _in_turn(chance: Random, customers: list[Kept]) -> Iterator[Kept]:
    while True:
        round_ = customers[:]
        chance.shuffle(round_)
        yield from round_


def _invoices(making: Making, chance: Random, customers: list[Kept], days: list[date]) -> list[Kept]:
    side, made = making.world.teamleader, []
    orders = zip(days, _in_turn(chance, customers), strict=False)
    for number, (day, customer) in enumerate(orders, last_number(side.invoices) + 1):
        kept = draft(chance, making.settings, customer, noon(day))
        book(kept, PREFIX, number, day, customer.country == "BE")
        side.invoices[kept.data["id"]] = kept
        made.append(kept)
    return made


def last_number(collection: dict[str, Kept], prefix: str = PREFIX) -> int:
    """The last number given to a document of one fiscal year; 0 before the first."""
    booked = (kept.number for kept in collection.values())
    return max((int(one.rpartition("/")[2]) for one in booked if one and one.startswith(prefix)), default=0)


def _credit_notes(making: Making, chance: Random, invoices: list[Kept], until: date) -> list[Kept]:
    """Credit the invoices, by turns whole and in part where they have lines to choose from."""
    side, made = making.world.teamleader, []
    dated = []
    for invoice in invoices:
        day = date.fromisoformat(invoice.data["invoice_date"])
        dated.append((min(until, day + timedelta(days=chance.randint(0, 14))), invoice))
    first = last_number(side.credit_notes) + 1
    for place, (day, invoice) in enumerate(sorted(dated, key=itemgetter(0))):
        lines, total = creditable_lines(invoice), len(invoice.lines)
        # With a negative line among them, one line alone may be more than the whole.
        in_part = place % 2 == 1 and len(lines) == total > 1
        chosen = [chance.choice(lines)] if in_part else None
        kept = credit(making.settings, uuid(chance), invoice, PREFIX, first + place, day, chosen)
        side.credit_notes[kept.data["id"]] = kept
        made.append(kept)
    return made
