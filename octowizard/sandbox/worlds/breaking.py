"""What the broken practice companies are made with: a small healthy company, documents of one's own, the plant.

A scenario of `broken/` builds a company with `healthy_but`, changes one thing and says with `broken` what is
wrong, which documents that keeps from being booked, and which practice actions put it right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from octowizard.sandbox.state import Bookyear, Json, Kept, Plant, World
from octowizard.sandbox.teamleader.money import cents, exchange_rate, totals
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.bookings import (
    SalesKey,
    document_of,
    enter_free,
    is_credit_note,
    number_of,
    sales_booking,
)
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
from octowizard.sandbox.worlds.customers import (
    add_relation,
    belgian_company,
    country_of,
    foreign_company,
    relation_of,
)
from octowizard.sandbox.worlds.documents import DOLLAR_IN_EURO, book, credit, draft, noon
from octowizard.sandbox.worlds.history import add_earlier
from octowizard.sandbox.worlds.numbers import uuid

CUSTOMERS, EARLIER, WAITING = 20, 12, 20
THIS_YEAR = 5  # the key of fiscal year 2026

Step = tuple[str, Json]


def healthy_but(
    scenario: str,
    seed: int,
    customers: int | None,
    documents: int | None,
    *,
    own: int = 0,
    earlier: int = EARLIER,
) -> Making:
    """A small healthy company in which room is left for `own` documents among the `documents` that wait."""
    count = CUSTOMERS if customers is None else customers
    waiting = (WAITING if count else 0) if documents is None else documents
    making = begin(scenario, seed, books.ready_dossier())
    add_customers(making, count)
    linked = add_relations(making)
    add_earlier(making, linked, earlier)
    add_waiting(making, max(0, waiting - own))
    return making


def broken(making: Making, documents: Iterable[Kept], *cure: Step, problem: str | None = None) -> World:
    """The finished world: what is wrong (named as the scenario), what it keeps from being booked, the cure."""
    plant(making, problem or making.world.scenario, documents, *cure)
    return making.world


def plant(making: Making, problem: str, documents: Iterable[Kept], *cure: Step) -> None:
    """Note one thing that is wrong. The documents are given as they are found in Teamleader."""
    numbers = tuple(str(number_of(kept)) for kept in documents)
    making.world.plants.append(Plant(problem, numbers, cure))


def waiting(making: Making) -> list[Kept]:
    """Documents with a number that no booking of octowizard's bears: invoices, then credit notes."""
    booked = {booking.data["comment"].partition(" · ")[0] for booking in making.dossier.bookings.values()}
    side = making.world.teamleader
    found = [*side.invoices.values(), *side.credit_notes.values()]
    return [kept for kept in found if number_of(kept) and number_of(kept) not in booked]


def waiting_invoices(making: Making) -> list[Kept]:
    """Those of them that are invoices."""
    return [kept for kept in waiting(making) if not is_credit_note(kept)]


def waiting_notes(making: Making) -> list[Kept]:
    """Those of them that are credit notes."""
    return [kept for kept in waiting(making) if is_credit_note(kept)]


def uncredited(making: Making) -> list[Kept]:
    """Waiting invoices that no credit note is about: they can be changed without contradicting anything."""
    credited = {kept.data["invoice"]["id"] for kept in making.world.teamleader.credit_notes.values()}
    return [kept for kept in waiting_invoices(making) if kept.data["id"] not in credited]


def dated(kept: Kept) -> str:
    """The date of an invoice or credit note, YYYY-MM-DD."""
    return str(kept.data["credit_note_date" if is_credit_note(kept) else "invoice_date"])


def lines_of(kept: Kept) -> list[Json]:
    """All lines of a document, in order."""
    return [line for group in kept.data["grouped_lines"] for line in group["line_items"]]


def number_in(kept: Kept) -> int:
    """15 of `2026 / 15`; 0 of a number without."""
    digits = str(number_of(kept)).rpartition("/")[2].strip()
    return int(digits) if digits.isdecimal() else 0


def own_of(documents: int | None, own: int = 2) -> int:
    """How many documents a scenario makes itself: `own`, unless fewer are asked for."""
    return own if documents is None else min(own, documents)


def booked_invoices(making: Making) -> dict[str, SalesKey]:
    """Invoices that octowizard has booked: id -> where."""
    keys = {
        booking.data["comment"].removesuffix(" · octowizard"): key
        for key, booking in making.dossier.bookings.items()
        if booking.data["comment"].endswith(" · octowizard")
    }
    invoices = making.world.teamleader.invoices
    return {
        identity: keys[number] for identity, kept in invoices.items() if (number := number_of(kept)) in keys
    }


def paid_invoices(making: Making) -> list[Kept]:
    """Booked invoices that are paid on both sides."""
    invoices = making.world.teamleader.invoices
    return [invoices[identity] for identity in booked_invoices(making) if invoices[identity].data["paid"]]


def untold_invoices(making: Making) -> list[Kept]:
    """Booked invoices that are matched with the bank, which Teamleader does not know yet."""
    invoices, found = making.world.teamleader.invoices, []
    for identity, key in booked_invoices(making).items():
        on_bank = any(
            document_of(entry.debet)[0] == key and document_of(entry.credit)[0][1] == "F1"
            for entry in making.dossier.balancings
        )
        if on_bank and not invoices[identity].data["payments"]:
            found.append(invoices[identity])
    return found


def undo_matches(making: Making, invoice: Kept, *, with_receipts: bool) -> None:
    """Undo the bank matches of a booked invoice two days ago, or make as if it had never been received."""
    dossier, key = making.dossier, booked_invoices(making)[invoice.data["id"]]
    for entry in list(dossier.balancings):
        receipt = document_of(entry.credit)[0]
        if document_of(entry.debet)[0] != key or receipt[1] != "F1":
            continue
        dossier.balancings.remove(entry)
        if with_receipts:
            del dossier.financial_bookings[receipt]
        else:
            dossier.deleted_balancings.append((entry, START - timedelta(days=2)))


def book_by_hand(making: Making, comment: str, amount: Decimal, day: date = WAITING_UNTIL) -> SalesKey:
    """A sale that somebody typed into V1: of one line at 21 %, for the first client there is."""
    dossier = making.dossier
    relation = next(entry for entry in dossier.relations.values() if entry.data["client"])
    base = cents(amount / Decimal("1.21"))
    typed: Json = {
        "relationIdentificationServiceData": dict(relation.data["relationIdentificationServiceData"]),
        "documentDate": day.isoformat(),
        "expiryDate": day.isoformat(),
        "comment": comment,
        "reference": comment,
        "amount": amount,
        "currencyCode": "EUR",
        "exchangeRate": Decimal(1),
        "bookingLines": [
            {
                "accountKey": 700000,
                "baseAmount": base,
                "vatCodeKey": "21",
                "vatAmount": amount - base,
                "comment": comment,
            }
        ],
        "paymentMethod": 0,
    }
    return enter_free(dossier, dossier.journals[THIS_YEAR, "V1"], typed, day, noon(day))


def book_elsewhere(making: Making, document: Kept, comment: str = "Factuur {number}") -> SalesKey:
    """Book a waiting invoice, as Teamleader's own integration does unless another comment is given."""
    dossier, identity = making.dossier, document.data["invoicee"]["customer"]["id"]
    if identity not in making.linked:
        chance = making.chance(f"relation {identity}")
        customer = next(kept for kept in making.customers if kept.data["id"] == identity)
        making.linked[identity] = add_relation(dossier, relation_of(chance, customer), START)
    return sales_booking(
        making.settings,
        dossier,
        document,
        dossier.journals[THIS_YEAR, "V1"],
        dossier.relations[making.linked[identity]].data["relationIdentificationServiceData"],
        comment.format(number=number_of(document)),
        noon(date.fromisoformat(dated(document))),
        "api",
    )


def credit_whole(making: Making, invoice: Kept, day: date = WAITING_UNTIL) -> Kept:
    """The next credit note, on all of an invoice."""
    side = making.world.teamleader
    number = last_number(side.credit_notes) + 1
    note = credit(making.settings, uuid(making.chance(f"note {number}")), invoice, PREFIX, number, day)
    side.credit_notes[note.data["id"]] = note
    return note


def american(making: Making) -> Kept:
    """One more company in Teamleader: in the United States, so billed in dollars."""
    kept = foreign_company(making.chance("american"), making.settings, making.taken, "US")
    making.world.teamleader.companies[kept.data["id"]] = kept
    return kept


def newcomers(making: Making, documents: int | None) -> list[Kept]:
    """Two more Belgian companies (fewer where fewer documents are asked for), each with an invoice that waits."""
    made = [newcomer(making) for _ in range(own_of(documents))]
    for kept in made:
        bill(making, kept)
    return made


def newcomer(making: Making, **changed: Any) -> Kept:
    """One more Belgian company in Teamleader that Octopus does not know. `changed` replaces fields of its record."""
    kept = belgian_company(making.chance(f"newcomer {len(making.customers)}"), making.settings, making.taken)
    kept.data.update(changed)
    making.world.teamleader.companies[kept.data["id"]] = kept
    return kept


def line(
    making: Making, amount: str = "250.00", code: str = "21", account: str = "700000", what: str = "Maatwerk"
) -> Json:
    """One line as it is sent to Teamleader. `account` may also be the id of a product category."""
    settings = making.settings
    return {
        "quantity": Decimal(1),
        "description": what,
        "unit_price": {"amount": Decimal(amount), "tax": "excluding"},
        "tax_rate_id": settings.rate_of_code[code],
        "product_category_id": settings.category_of_account.get(account, account),
    }


def bill(
    making: Making,
    customer: Kept,
    lines: Sequence[Json] = (),
    *,
    day: date = WAITING_UNTIL,
    prefix: str = PREFIX,
    currency: str = "EUR",
    discounts: Sequence[Json] = (),
) -> Kept:
    """One more booked invoice, the next of its fiscal year, with these lines (one plain line unless given)."""
    side, settings = making.world.teamleader, making.settings
    kept = draft(making.chance(f"bill {len(side.invoices)}"), settings, customer, noon(day))
    shown = list(discounts)
    groups, total = totals(
        [{"line_items": list(lines) or [line(making)]}], settings.fractions, shown, currency
    )
    rate = None if currency == "EUR" else exchange_rate("EUR", currency, DOLLAR_IN_EURO)
    kept.data.update(
        grouped_lines=groups, total=total, discounts=shown, currency=currency, currency_exchange_rate=rate
    )
    book(kept, prefix, last_number(side.invoices, prefix) + 1, day, country_of(customer) == "BE")
    side.invoices[kept.data["id"]] = kept
    return kept


def category(making: Making, name: str, account: str | None) -> str:
    """One more product category, on this ledger account or on none. Returns its id."""
    identity = uuid(making.chance(f"category {name}"))
    department = {"type": "department", "id": making.settings.department}
    ledgers = [] if account is None else [{"department": department, "ledger_account_number": account}]
    making.world.teamleader.product_categories[identity] = Kept(
        {"id": identity, "name": name, "ledgers": ledgers}
    )
    return identity


def drop_year(making: Making, year: int) -> Bookyear:
    """Take a fiscal year out of Octopus, with its journals and chart. Returns it."""
    dossier = making.dossier
    for place in [place for place in dossier.journals if place[0] == year]:
        del dossier.journals[place]
    for entry in [entry for entry in dossier.accounts if entry[0] == year]:
        del dossier.accounts[entry]
    return dossier.bookyears.pop(year)


def drop_journal(making: Making, key: str, year: int = THIS_YEAR) -> None:
    """Take a journal out of one fiscal year, with what is booked in it."""
    dossier = making.dossier
    del dossier.journals[year, key]
    gone = [place for place in dossier.bookings if place[:2] == (year, key)]
    for place in gone:
        del dossier.bookings[place]
    dossier.balancings[:] = [
        entry
        for entry in dossier.balancings
        if all(
            (side["bookyearKey"]["id"], side["journalKey"]) != (year, key)
            for side in (entry.debet, entry.credit)
        )
    ]
