"""The broken practice companies: a small healthy one, and what its scenario needs to break one thing.

The scenarios stand in `broken/`, by topic. Each gets a `BrokenCompany`, changes it, and says with `broken` which
documents that keeps from being booked and which practice actions put it right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from octowizard.sandbox.state import Balancing, Bookyear, DocumentKey, Json, Kept, Plant, Relation, World
from octowizard.sandbox.teamleader.money import exchange_rate, totals
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.bookings import enter_sale, sales_booking
from octowizard.sandbox.worlds.company import (
    PREFIX,
    START,
    WAITING_UNTIL,
    Making,
    add_customers,
    add_relations,
    add_waiting,
    begin,
    last_number,
)
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of
from octowizard.sandbox.worlds.documents import DOLLAR_IN_EURO, book, credit, draft, noon
from octowizard.sandbox.worlds.history import add_earlier
from octowizard.sandbox.worlds.numbers import uuid
from octowizard.sandbox.worlds.scenarios import THIS_YEAR, Breaks, Step

CUSTOMERS, WAITING = 20, 20


def build(breaks: Breaks, seed: int, customers: int | None, documents: int | None) -> World:
    """The company that a scenario of `broken/` starts from, broken by it."""
    count = CUSTOMERS if customers is None else customers
    waiting = (WAITING if count else 0) if documents is None else documents
    start = books.ready_dossier() if breaks.set_up else books.empty_dossier()
    own = breaks.own if documents is None else min(breaks.own, documents)
    company = BrokenCompany(**vars(begin(breaks.name, seed, start)), own=own)
    add_customers(company, count)
    if breaks.set_up:
        add_earlier(company, add_relations(company), breaks.earlier)
    add_waiting(company, max(0, waiting - breaks.own))
    breaks.breaker(company)
    return company.world


@dataclass(frozen=True)
class BrokenCompany(Making):
    """A healthy company in the making, with the means to break it."""

    own: int = 0  # how many of the waiting documents the scenario makes itself

    def broken(self, documents: Iterable[Kept], *cure: Step) -> None:
        """Note what the scenario is named after: the documents that it keeps from being booked, and its cure."""
        self.plant(self.world.scenario, documents, *cure)

    def plant(self, problem: str, documents: Iterable[Kept], *cure: Step) -> None:
        """Note one thing that is wrong. The documents are given as they are found in Teamleader."""
        numbers = tuple(str(kept.number) for kept in documents)
        self.world.plants.append(Plant(problem, numbers, cure))

    def waiting(self) -> list[Kept]:
        """Documents with a number that no booking of octowizard's bears: invoices, then credit notes."""
        booked = {booking.data["comment"].partition(" · ")[0] for booking in self.dossier.bookings.values()}
        documents = self.world.teamleader.documents
        return [kept for kept in documents if kept.number and kept.number not in booked]

    def waiting_invoices(self) -> list[Kept]:
        """Those of them that are invoices."""
        return [kept for kept in self.waiting() if not kept.is_credit_note]

    def waiting_notes(self) -> list[Kept]:
        """Those of them that are credit notes."""
        return [kept for kept in self.waiting() if kept.is_credit_note]

    def uncredited(self) -> list[Kept]:
        """Waiting invoices that no credit note is about: they can be changed without contradicting anything."""
        credited = {kept.data["invoice"]["id"] for kept in self.world.teamleader.credit_notes.values()}
        return [kept for kept in self.waiting_invoices() if kept.data["id"] not in credited]

    def waiting_with_line(self, wanted: Callable[[Json], bool]) -> list[Kept]:
        """Waiting documents with a line of this kind."""
        return [kept for kept in self.waiting() if any(map(wanted, kept.lines))]

    def booked_invoices(self) -> dict[str, DocumentKey]:
        """Invoices that octowizard has booked: id -> where."""
        comments = {booking.data["comment"]: key for key, booking in self.dossier.bookings.items()}
        invoices = self.world.teamleader.invoices
        numbers = {identity: f"{kept.number} · octowizard" for identity, kept in invoices.items()}
        return {identity: comments[number] for identity, number in numbers.items() if number in comments}

    def paid_invoices(self) -> list[Kept]:
        """Booked invoices that are paid on both sides."""
        invoices = self.world.teamleader.invoices
        return [invoices[identity] for identity in self.booked_invoices() if invoices[identity].data["paid"]]

    def untold_invoices(self) -> list[Kept]:
        """Booked invoices that are matched with the bank, which Teamleader does not know yet."""
        invoices, matches = self.world.teamleader.invoices, self.dossier.balancings
        booked = [(invoices[identity], key) for identity, key in self.booked_invoices().items()]
        unpaid = [(invoice, key) for invoice, key in booked if not invoice.data["payments"]]
        return [invoice for invoice, key in unpaid if any(self._on_bank(entry, key) for entry in matches)]

    @staticmethod
    def _on_bank(match: Balancing, key: DocumentKey) -> bool:
        """Whether a match is of this document with the bank."""
        debet, credit = match.lines
        return debet[:3] == key and credit[1] == "F1"

    def undo_matches(self, invoice: Kept, *, with_receipts: bool) -> None:
        """Undo the bank matches of a booked invoice two days ago, or make as if it had never been received."""
        dossier, key = self.dossier, self.booked_invoices()[invoice.data["id"]]
        for entry in list(dossier.balancings):
            if not self._on_bank(entry, key):
                continue
            dossier.balancings.remove(entry)
            if with_receipts:
                del dossier.financial_bookings[entry.lines[1][:3]]
            else:
                dossier.deleted_balancings.append((entry, START - timedelta(days=2)))

    def first_client(self) -> Relation:
        """The relation that a person picks who does not look."""
        return next(entry for entry in self.dossier.relations.values() if entry.data["client"])

    def book_by_hand(self, comment: str, amount: Decimal, day: date = WAITING_UNTIL) -> DocumentKey:
        """A sale that somebody typed into V1: of one line at 21 %, for the first client there is."""
        dossier = self.dossier
        journal = dossier.journals[THIS_YEAR, "V1"]
        return enter_sale(
            dossier, journal, self.first_client(), amount, day, noon(day), comment, comment, comment
        )

    def book_elsewhere(self, document: Kept, comment: str = "Factuur {number}") -> DocumentKey:
        """Book a waiting invoice, as Teamleader's own integration does unless another comment is given."""
        dossier, identity = self.dossier, document.data["invoicee"]["customer"]["id"]
        if identity not in self.linked:
            chance = self.chance(f"relation {identity}")
            customer = next(kept for kept in self.customers if kept.data["id"] == identity)
            self.linked[identity] = add_relation(dossier, relation_of(chance, customer), START)
        return sales_booking(
            self.settings,
            dossier,
            document,
            dossier.journals[THIS_YEAR, "V1"],
            dossier.relations[self.linked[identity]],
            comment.format(number=document.number),
            noon(date.fromisoformat(document.date)),
            "api",
        )

    def credit_whole(self, invoice: Kept, day: date = WAITING_UNTIL) -> Kept:
        """The next credit note, on all of an invoice."""
        side = self.world.teamleader
        number = last_number(side.credit_notes) + 1
        note = credit(self.settings, uuid(self.chance(f"note {number}")), invoice, PREFIX, number, day)
        side.credit_notes[note.data["id"]] = note
        return note

    def relation(self, customer: Kept, chance: Random) -> int:
        """Make a customer of Teamleader a relation in Octopus. Returns its number."""
        return add_relation(self.dossier, relation_of(chance, customer), relation_moment(chance))

    def foreigner(self, country: str, chance: Random) -> Kept:
        """One more company in Teamleader, abroad; outside the Union it is billed in dollars."""
        kept = self.register.foreign_company(chance, country)
        self.world.teamleader.companies[kept.data["id"]] = kept
        return kept

    def newcomers(self) -> list[Kept]:
        """As many more Belgian companies as there are own documents, each with an invoice that waits."""
        made = [self.newcomer() for _ in range(self.own)]
        for kept in made:
            self.bill(kept)
        return made

    def newcomer(self, **changed: Any) -> Kept:
        """One more Belgian company in Teamleader, unknown to Octopus. `changed` replaces fields of its record."""
        kept = self.register.belgian_company(self.chance(f"newcomer {len(self.customers)}"))
        kept.data.update(changed)
        self.world.teamleader.companies[kept.data["id"]] = kept
        return kept

    def line(
        self, amount: str = "250.00", code: str = "21", account: str = "700000", what: str = "Maatwerk"
    ) -> Json:
        """One line as it is sent to Teamleader. `account` may also be the id of a product category."""
        settings = self.settings
        return {
            "quantity": Decimal(1),
            "description": what,
            "unit_price": {"amount": Decimal(amount), "tax": "excluding"},
            "tax_rate_id": settings.rate_of_code[code],
            "product_category_id": settings.category_of_account.get(account, account),
        }

    def own_bills(
        self, lines: Sequence[Json] = (), customer: Kept | None = None, **details: Any
    ) -> list[Kept]:
        """The scenario's own invoices, made as by `bill`: all for `customer`, or one for each of the first ones."""
        customers = self.customers[: self.own] if customer is None else [customer] * self.own
        return [self.bill(kept, lines, **details) for kept in customers]

    def bill(
        self,
        customer: Kept,
        lines: Sequence[Json] = (),
        *,
        day: date = WAITING_UNTIL,
        prefix: str = PREFIX,
        currency: str = "EUR",
        discounts: Sequence[Json] = (),
    ) -> Kept:
        """One more booked invoice, the next of its fiscal year, with these lines (one plain line unless given)."""
        side, settings = self.world.teamleader, self.settings
        kept = draft(self.chance(f"bill {len(side.invoices)}"), settings, customer, noon(day))
        given = [{"line_items": list(lines) or [self.line()]}]
        groups, total = totals(given, settings.fractions, discounts, currency)
        kept.data |= {
            "grouped_lines": groups,
            "total": total,
            "discounts": list(discounts),
            "currency": currency,
            "currency_exchange_rate": None
            if currency == "EUR"
            else exchange_rate("EUR", currency, DOLLAR_IN_EURO),
        }
        book(
            kept,
            prefix,
            last_number(side.invoices, prefix) + 1,
            day,
            customer.country == "BE",
        )
        side.invoices[kept.data["id"]] = kept
        return kept

    def credited_bills(self, day: date = WAITING_UNTIL) -> None:
        """The scenario's own documents in pairs: an invoice, and a credit note on all of it."""
        for kept in self.customers[: self.own // 2]:
            self.credit_whole(self.bill(kept, day=day))

    def uuid(self, chance: Random) -> str:
        """An id as Teamleader gives them."""
        return uuid(chance)

    def without_account(self, documents: Iterable[Kept]) -> list[Step]:
        """Take the ledger account off the first line of each document. Returns the cure."""
        cure: list[Step] = []
        for kept in documents:
            first = kept.lines[0]
            account = str(self.settings.account_of_category[first["product_category"]["id"]])
            first["product_category"] = None
            step = {"document": kept.number, "line": 1, "category": account}
            cure.append(("teamleader-set-line-account", step))
        return cure

    def contractors(self, customers: Iterable[Kept]) -> list[Step]:
        """Give customers the VAT type Contractor. Returns the cure."""
        cure: list[Step] = []
        for kept in customers:
            kept.hidden["vat_type"] = "contractor"
            cure.append(("teamleader-change-vat-type", {"customer": kept.data["id"], "type": "vat_liable"}))
        return cure

    def same_customer(self, first: Kept, second: Kept) -> Step:
        """Make the second customer the first one over again. Returns the cure."""
        second.data["name"] = str(first.data["name"]).upper()
        second.data |= {name: first.data[name] for name in ("vat_number", "addresses")}
        return ("teamleader-merge", {"survivor": first.data["id"], "loser": second.data["id"]})

    def category(self, name: str, account: str | None) -> str:
        """One more product category, on this ledger account or on none. Returns its id."""
        identity = uuid(self.chance(f"category {name}"))
        department = {"type": "department", "id": self.settings.department}
        ledgers = [] if account is None else [{"department": department, "ledger_account_number": account}]
        category = Kept({"id": identity, "name": name, "ledgers": ledgers})
        self.world.teamleader.product_categories[identity] = category
        return identity

    def drop_year(self, year: int) -> Bookyear:
        """Take a fiscal year out of Octopus, with its journals and chart. Returns it."""
        dossier = self.dossier
        dossier.journals = {key: journal for key, journal in dossier.journals.items() if key[0] != year}
        dossier.accounts = {key: account for key, account in dossier.accounts.items() if key[0] != year}
        return dossier.bookyears.pop(year)

    def drop_journal(self, key: str, year: int = THIS_YEAR) -> None:
        """Take a journal out of one fiscal year, with what is booked in it."""
        dossier = self.dossier
        del dossier.journals[year, key]
        bookings = dossier.bookings.items()
        dossier.bookings = {place: booking for place, booking in bookings if place[:2] != (year, key)}
        left = [entry for entry in dossier.balancings if all(line[:2] != (year, key) for line in entry.lines)]
        dossier.balancings = left
