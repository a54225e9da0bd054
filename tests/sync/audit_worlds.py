"""Practice companies for the audit: one in which all is in order, and everything that can be wrong, planted by name.

A plant changes the company as people and programs do, and says what the audit must call it: the kinds of differences,
each with its document, its booking or its number. `totals` adds up what `/control/world` shows, in the plainest way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from octowizard.sandbox.practice import perform
from octowizard.sandbox.practice.sales import known_relation
from octowizard.sandbox.state import Booking, DocumentKey, Dossier, Kept, World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sandbox.worlds.bookings import sales_booking
from octowizard.sandbox.worlds.books import year_of
from octowizard.sandbox.worlds.customers import add_relation, relation_of
from octowizard.sandbox.worlds.documents import pay
from octowizard.sandbox.worlds.settings import settings_of
from tests.sync.audited import dossier_of

Json = dict[str, Any]
Expected = set[tuple[str, str]]  # kind, and the document, booking or number that it is about

MARK = " · octowizard"
MOMENT = datetime(2026, 11, 19, 12, tzinfo=UTC)
CENT = Decimal("0.01")
JOURNALS = {False: "V1", True: "V2"}


# --- in order -------------------------------------------------------------------------------------------------


def in_order(seed: int, scenario: str = "healthy") -> World:
    """The company after a sync that went well: all is booked, all payments are on both sides."""
    world = SCENARIOS[scenario].build(seed)
    settle(world)
    return world


def settle(world: World) -> None:
    """Book what waits, and register in Teamleader what the bank has paid."""
    dossier = dossier_of(world)
    booked = {booking.data["comment"].removesuffix(MARK): key for key, booking in dossier.bookings.items()}
    for document in world.teamleader.documents:
        if document.number is not None and document.number not in booked:
            booked[document.number] = book(world, document, JOURNALS[document.is_credit_note])
    by_key = {key: number for number, key in booked.items()}
    invoices = {kept.number: kept for kept in world.teamleader.invoices.values()}
    matched: dict[str, Decimal] = defaultdict(Decimal)
    for balancing in dossier.balancings:
        sale, counter = balancing.lines
        if counter[1].startswith("F"):
            matched[by_key[sale[:3]]] += balancing.amount
    for number, amount in matched.items():
        invoice = invoices[number]
        paid = sum((one["payment"]["amount"] for one in invoice.data["payments"]), Decimal(0))
        if amount > paid:
            pay(invoice, amount - paid, date(2026, 11, 18), MOMENT)


def book(world: World, document: Kept, journal: str, comment: str = "") -> DocumentKey:
    """Book a document as octowizard does."""
    dossier, side = dossier_of(world), world.teamleader
    customer = side.customer(document.data["invoicee"]["customer"])
    assert customer is not None
    relation = known_relation(dossier, customer)
    if relation is None:
        number = add_relation(dossier, relation_of(Random(customer.name), customer), MOMENT)
        relation = dossier.relations[number]
    year = year_of(dossier, date.fromisoformat(document.date))
    assert year is not None
    return sales_booking(
        settings_of(side),
        dossier,
        document,
        dossier.journals[year.id, journal],
        relation,
        comment or f"{document.number}{MARK}",
        MOMENT,
        "api",
    )


# --- what is planted ------------------------------------------------------------------------------------------


class Ground:
    """Where something can be planted: documents in euro that are booked and not matched, each used once."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.dossier: Dossier = dossier_of(world)
        self.documents = {kept.number: kept for kept in world.teamleader.documents if kept.number}
        self._used: set[str] = set()

    def keys(self, *, matched: bool, journal: str = "V1", plain: bool = True) -> list[DocumentKey]:
        """Bookings of documents that nothing was planted on."""
        settled = {line[:3] for one in self.dossier.balancings for line in one.lines}
        return [
            key
            for key, booking in sorted(self.dossier.bookings.items())
            if key[1] == journal
            and (key in settled) is matched
            and booking.data["comment"].endswith(MARK)
            and booking.data["currencyCode"] == "EUR"
            and self.number_of(key) not in self._used
            and (not plain or all(line["baseAmount"] > 20 for line in booking.data["bookingLines"]))
        ]

    def number_of(self, key: DocumentKey) -> str:
        """The document of a booking."""
        return str(self.dossier.bookings[key].data["comment"]).removesuffix(MARK)

    def take(self, *, matched: bool = False) -> tuple[str, Booking]:
        """A document, and its booking."""
        key = self.random.choice(self.keys(matched=matched))
        number = self.number_of(key)
        self._used.add(number)
        return number, self.dossier.bookings[key]

    def take_last(self) -> tuple[str, DocumentKey]:
        """The document of the last booking of V1."""
        key = max(key for key in self.dossier.bookings if key[1] == "V1")
        number = self.number_of(key)
        self._used.add(number)
        return number, key

    def remove(self, key: DocumentKey) -> Booking:
        """Take a booking away, as `delete-last-booking` does with the last."""
        booking = self.dossier.bookings.pop(key)
        journal = self.dossier.journals[key[:2]]
        numbers = [one[2] for one in self.dossier.bookings if one[:2] == key[:2]]
        journal.last_booked = max(numbers, default=0)
        journal.next_document_number = journal.last_booked + 1
        return booking


def _plant_missing(ground: Ground) -> Expected:
    number, key = ground.take_last()
    ground.remove(key)
    return {("missing", number)}


def _plant_own_sale(ground: Ground) -> Expected:
    made = perform(ground.world, "book-by-hand", {"journal": "V1"}, None)
    return {("by-hand", made["booking"])}


def _plant_by_hand(ground: Ground) -> Expected:
    number, booking = ground.take()
    booking.data["comment"] = f"Factuur {number}"
    return {("by-hand", number)}


def _plant_by_hand_without_a_word(ground: Ground) -> Expected:
    number, booking = ground.take()
    booking.data |= {"comment": "Verkoop [x] volgens bon", "reference": "", "amount": booking.data["amount"]}
    return {("by-hand", number)}


def _plant_twice(ground: Ground) -> Expected:
    number, _booking = ground.take()
    again = {"journal": "V1", "document": number, "again": "yes"}
    perform(ground.world, "book-by-hand", again, None)
    return {("twice", number)}


def _changed(booking: Booking, base: Decimal, vat: Decimal) -> None:
    line = booking.data["bookingLines"][0]
    line["baseAmount"] += base
    line["vatAmount"] += vat
    booking.data["amount"] += base + vat


def _plant_cent(ground: Ground) -> Expected:
    number, booking = ground.take()
    _changed(booking, Decimal(0), ground.random.choice((CENT, -CENT)))
    return {("rounding", number)}


def _plant_amount(ground: Ground) -> Expected:
    number, booking = ground.take()
    _changed(booking, Decimal(ground.random.choice((1, 5, 300, -7))), Decimal(0))
    return {("amount", number)}


def _plant_split(ground: Ground) -> Expected:
    number, booking = ground.take()
    _changed(booking, Decimal(5), Decimal(-5))
    return {("split", number)}


def _plant_period(ground: Ground) -> Expected:
    number, booking = ground.take()
    at = booking.data["bookyearPeriodeNr"]
    booking.data["bookyearPeriodeNr"] = at - 1 if at % 100 > 1 else at + 1
    return {("period", number)}


def _plant_date(ground: Ground) -> Expected:
    number, booking = ground.take()
    day = date.fromisoformat(booking.data["documentDate"])
    booking.data["documentDate"] = day.replace(day=day.day - 1 if day.day > 1 else 2).isoformat()
    return {("date", number)}


def _plant_vat_code(ground: Ground) -> Expected:
    number, booking = ground.take()
    line = booking.data["bookingLines"][0]
    used = {one["vatCodeKey"] for one in booking.data["bookingLines"]}
    line["vatCodeKey"] = next(code for code in ("ICD", "EX", "06", "12") if code not in used)
    return {("vat-code", number)}


def _plant_account(ground: Ground) -> Expected:
    number, booking = ground.take()
    used = {one["accountKey"] for one in booking.data["bookingLines"]}
    booking.data["bookingLines"][0]["accountKey"] = next(
        account for account in (700000, 700100, 700300, 700600) if account not in used
    )
    return {("account", number)}


def _plant_customer(ground: Ground) -> Expected:
    number, booking = ground.take()
    own = booking.data["relationIdentificationServiceData"]["relationKey"]["id"]
    used = {
        one.data["relationIdentificationServiceData"]["relationKey"]["id"]
        for one in ground.dossier.bookings.values()
    }
    other = ground.random.choice(sorted(used - {own}))
    relation = ground.dossier.relations[other]
    booking.data["relationIdentificationServiceData"] = dict(
        relation.data["relationIdentificationServiceData"]
    )
    return {("customer", number)}


def _plant_currency(ground: Ground) -> Expected:
    number, booking = ground.take()
    booking.data |= {"currencyCode": "USD", "exchangeRate": Decimal("0.9")}
    return {("currency", number)}


def _plant_journal(ground: Ground) -> Expected:
    number, key = ground.take_last()
    ground.remove(key)
    book(ground.world, ground.documents[number], "V2")
    return {("journal", number)}


def _plant_gap(ground: Ground) -> Expected:
    ground.take_last()  # not the last: what is removed before it leaves a gap
    free = ground.keys(matched=False)
    key = ground.random.choice(free)
    number = ground.number_of(key)
    ground._used.add(number)
    ground.remove(key)
    book(ground.world, ground.documents[number], "V1")
    return {("gap", f"V1/{key[2]}")}


def _plant_lost_document(ground: Ground) -> Expected:
    side = ground.world.teamleader
    last = max(
        (kept for kept in side.invoices.values() if kept.number and kept.number.startswith("2026")),
        key=lambda kept: int(kept.number.rpartition("/")[2]) if kept.number else 0,
    )
    assert last.number is not None
    ground._used.add(last.number)
    key = next(key for key in ground.dossier.bookings if ground.number_of(key) == last.number)
    del side.invoices[last.data["id"]]
    return {("not-in-teamleader", f"V1/{key[2]}")}


def _payable(ground: Ground) -> tuple[str, Booking]:
    """An invoice that the bank paid and no credit note touches."""
    paid = {one.lines[0][:3] for one in ground.dossier.balancings if one.lines[1][1].startswith("F")} - {
        line[:3] for one in ground.dossier.balancings if one.lines[1][1] == "V2" for line in one.lines
    }
    key = ground.random.choice([key for key in ground.keys(matched=True, plain=False) if key in paid])
    number = ground.number_of(key)
    ground._used.add(number)
    return number, ground.dossier.bookings[key]


def _plant_unmatched(ground: Ground) -> Expected:
    number, booking = _payable(ground)
    key = (booking.data["bookyearKey"]["id"], "V1", booking.data["documentSequenceNr"])
    ground.dossier.balancings[:] = [
        one for one in ground.dossier.balancings if one.lines[0][:3] != key and one.lines[1][:3] != key
    ]
    return {("paid", number)}


def _plant_unpaid(ground: Ground) -> Expected:
    number, _booking = _payable(ground)
    perform(ground.world, "teamleader-remove-payments", {"invoice": number}, None)
    return {("matched", number)}


PLANTS: dict[str, Callable[[Ground], Expected]] = {
    name.removeprefix("_plant_").replace("_", " "): plant
    for name, plant in sorted(globals().items())
    if name.startswith("_plant_")
}
# What takes the last booking or document away, or counts on which is the last: one of them in a company.
AT_THE_END = frozenset({"missing", "own sale", "twice", "journal", "gap", "lost document"})


# --- the plainest totals --------------------------------------------------------------------------------------


Totals = dict[str, dict[str, tuple[int, Decimal, Decimal, Decimal]]]  # side and dimension -> key -> sums


def rate_of(code: str) -> str:
    """The percentage of a VAT code of the practice company."""
    return str(int(code)) if code.isdigit() else "0"


def totals(shown: Json) -> Totals:
    """Number, base, VAT and total by dimension, from what `/control/world` shows; in euro, to the cent."""
    sums: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    years = shown["octopus"]["bookyears"]

    def add(where: str, key: str, base: Decimal, total: Decimal) -> None:
        row = sums[where][key]
        for at, value in enumerate((1, base, total - base, total)):
            row[at] += value

    for sign, kind in ((1, "invoice"), (-1, "credit_note")):
        for one in shown["teamleader"][f"{kind}s"]:
            if not one[f"{kind}_number"]:
                continue
            day = one[f"{kind}_date"]
            year = next(year for year in years if year["startDate"] <= day <= year["endDate"])
            period = next(p for p in year["periods"] if p["startDate"] <= day <= p["endDate"])
            rate = (one["currency_exchange_rate"] or {"rate": Decimal(1)})["rate"]
            base = _euro(sign * one["total"]["tax_exclusive"]["amount"], rate)
            total = _euro(sign * one["total"]["tax_inclusive"]["amount"], rate)
            add("teamleader/year", str(year["bookyearKey"]["id"]), base, total)
            add("teamleader/journal", JOURNALS[sign < 0], base, total)
            add("teamleader/period", f"{year['bookyearKey']['id']}/{period['bookyearPeriod']}", base, total)
            add("teamleader/month", day[:7], base, total)
            add("teamleader/customer", f"c/{one['invoicee']['customer']['id']}", base, total)
            for entry in one["total"]["taxes"]:
                part, tax = entry["taxable"]["amount"], entry["tax"]["amount"]
                if part or tax:
                    euro = _euro(sign * part, rate)
                    add(
                        "teamleader/rate", f"{Decimal(entry['rate'] * 100).normalize():f}", euro,
                        euro + _euro(sign * tax, rate),
                    )  # fmt: skip
    for one in shown["octopus"]["bookings"]:
        if not one["journalKey"].startswith("V"):
            continue
        lines = one["bookingLines"]
        gross = sum(line["baseAmount"] + line["vatAmount"] for line in lines)
        sign = -1 if one["amount"] < 0 < gross else 1
        rate = one["exchangeRate"]
        base = _euro(sign * sum(line["baseAmount"] for line in lines), rate)
        total = _euro(one["amount"], rate)
        add("octopus/year", str(one["bookyearKey"]["id"]), base, total)
        add("octopus/journal", one["journalKey"], base, total)
        add("octopus/period", f"{one['bookyearKey']['id']}/{one['bookyearPeriodeNr']}", base, total)
        add("octopus/month", str(one["documentDate"])[:7], base, total)
        for where, key_of in (
            ("octopus/rate", lambda line: rate_of(line["vatCodeKey"])),
            ("octopus/vat-code", lambda line: line["vatCodeKey"]),
            ("octopus/account", lambda line: str(line["accountKey"])),
        ):
            groups: dict[str, list[Json]] = defaultdict(list)
            for line in lines:
                groups[key_of(line)].append(line)
            for key, group in groups.items():
                part = sum(line["baseAmount"] for line in group)
                tax = sum(line["vatAmount"] for line in group)
                if part or tax:
                    euro = _euro(sign * part, rate)
                    add(where, key, euro, euro + _euro(sign * tax, rate))
    return {
        where: {key: (row[0], row[1], row[2], row[3]) for key, row in rows.items()}
        for where, rows in sums.items()
    }


def _euro(amount: Decimal, rate: Decimal) -> Decimal:
    return amount if rate == 1 else (amount * rate).quantize(CENT, ROUND_HALF_UP)
