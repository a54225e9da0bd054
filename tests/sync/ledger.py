"""What both sides must hold after a sync, whatever happened on the way: each thing once, right to the cent.

Knows the worlds' JSON and the workspace's intents, and nothing of how octowizard comes to its results.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.sync.company import POST_BOOKING, PUT_RELATION, REGISTER_PAYMENT

Json = dict[str, Any]

MARK = " · octowizard"
BY_HAND = "Factuur "  # how the bookkeeper's comment on a document begins
JOURNALS = {"invoice": "V1", "credit_note": "V2"}
VAT_CODES_AT = {"21": Decimal("0.21"), "12": Decimal("0.12"), "06": Decimal("0.06")}  # other codes: no VAT


@dataclass(frozen=True)
class Figures:
    """What was counted on the way to the verdict."""

    documents: int
    relations: int
    payments: int
    parked: int
    found_done: int
    found_not_done: int
    writes: dict[str, int]

    def __str__(self) -> str:
        calls = ", ".join(f"{count} x {name}" for name, count in self.writes.items())
        return (
            f"{self.documents} documents, {self.relations} new relations, {self.payments} payments registered, "
            f"{self.parked} parked; in doubt: {self.found_done} settled done, {self.found_not_done} not done; "
            f"write calls that reached the vendors: {calls}; duplicates 0, missing 0"
        )


def documents_of(world: Json) -> list[tuple[str, Json]]:
    """Every booked Teamleader document with its kind."""
    side = world["teamleader"]
    invoices = [("invoice", record) for record in side["invoices"] if record["invoice_number"]]
    return invoices + [("credit_note", record) for record in side["credit_notes"]]


def number_of(kind: str, document: Json) -> str:
    """The number as Teamleader shows it."""
    return str(document["invoice_number" if kind == "invoice" else "credit_note_number"])


def document_in(booking: Json) -> tuple[str, str] | None:
    """Kind and number of the document that a sales booking is, whoever made it; None for another sale."""
    comment = booking["comment"]
    if not (comment.endswith(MARK) or comment.startswith(BY_HAND)):
        return None
    kind = "credit_note" if booking["amount"] < 0 else "invoice"
    return kind, comment.removesuffix(MARK).removeprefix(BY_HAND)


def numbers_booked(world: Json) -> set[tuple[str, str]]:
    """Kinds and numbers of the documents that stand in Octopus."""
    return {found for booking in world["octopus"]["bookings"] if (found := document_in(booking))}


def check_bookings(world: Json) -> None:
    """Each document is booked exactly once, and right, whoever booked it; numbers have no gap."""
    bookings: dict[tuple[str, str], list[Json]] = defaultdict(list)
    numbers: dict[tuple[int, str], list[int]] = defaultdict(list)
    for booking in world["octopus"]["bookings"]:
        numbers[booking["bookyearKey"]["id"], booking["journalKey"]].append(booking["documentSequenceNr"])
        if found := document_in(booking):
            bookings[found].append(booking)
    documents = documents_of(world)
    missing = [number_of(*one) for one in documents if not bookings[one[0], number_of(*one)]]
    twice = [(key, [_where(one) for one in found]) for key, found in bookings.items() if len(found) > 1]
    assert (missing, twice) == ([], []), f"missing {missing}, twice {twice}"
    assert len(bookings) == len(documents)
    for kind, document in documents:
        [booking] = bookings[kind, number_of(kind, document)]
        check_booking(kind, document, booking, world["octopus"]["bookyears"])
    for place, taken in numbers.items():
        assert sorted(taken) == list(range(1, len(taken) + 1)), place


def _where(booking: Json) -> str:
    """A booking as a violation names it: its place, and whose comment it bears."""
    names = ("journalKey", "documentSequenceNr", "comment", "reference", "documentDate")
    return ", ".join(str(booking.get(name)) for name in names)


def check_booking(kind: str, document: Json, booking: Json, years: list[Json]) -> None:
    """Amount and sign, date and period, journal, lines, VAT per line and per rate."""
    total = Decimal(document["total"]["tax_inclusive"]["amount"])
    day = document[f"{kind}_date"]
    assert booking["journalKey"] == JOURNALS[kind]
    assert Decimal(booking["amount"]) == (-total if kind == "credit_note" else total)
    assert booking["documentDate"] == day
    assert booking["currencyCode"] == document["currency"]
    [year] = [y for y in years if y["bookyearKey"] == booking["bookyearKey"]]
    [period] = [p for p in year["periods"] if p["startDate"] <= day <= p["endDate"]]
    assert booking["bookyearPeriodeNr"] == period["bookyearPeriod"]
    lines = booking["bookingLines"]
    assert sum(Decimal(line["baseAmount"]) + Decimal(line["vatAmount"]) for line in lines) == total
    per_rate: dict[Decimal, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in lines:
        rate = VAT_CODES_AT.get(line["vatCodeKey"], Decimal(0))
        per_rate[rate][0] += Decimal(line["baseAmount"])
        per_rate[rate][1] += Decimal(line["vatAmount"])
    said: dict[Decimal, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for tax in document["total"]["taxes"]:
        said[Decimal(tax["rate"])][0] += Decimal(tax["taxable"]["amount"])
        said[Decimal(tax["rate"])][1] += Decimal(tax["tax"]["amount"])
    assert dict(per_rate) == dict(said), (number_of(kind, document), lines)
    items = [item for group in document["grouped_lines"] for item in group["line_items"]]
    for item, line in zip(items, lines, strict=False):  # what follows is the document's discount
        base = Decimal(item["total"]["tax_exclusive"]["amount"])
        assert Decimal(line["baseAmount"]) == base
        assert Decimal(line["vatAmount"]) == Decimal(item["total"]["tax_inclusive"]["amount"]) - base


def check_relations(before: Json, world: Json) -> int:
    """Each customer with documents is exactly one relation; how many are new."""
    relations = world["octopus"]["relations"]
    external = Counter(r["relationIdentificationServiceData"]["externalRelationId"] for r in relations)
    del external[0]
    assert [number for number, times in external.items() if times > 1] == []
    vat = Counter(r["vatNr"] for r in relations if r.get("vatNr"))
    assert [number for number, times in vat.items() if times > 1] == []
    relation_of: dict[str, int] = {}
    for booking in world["octopus"]["bookings"]:
        if key := document_in(booking):
            relation_of["/".join(key)] = booking["relationIdentificationServiceData"]["relationKey"]["id"]
    used: dict[str, set[int]] = defaultdict(set)
    for kind, document in documents_of(world):
        used[document["invoicee"]["customer"]["id"]].add(relation_of[f"{kind}/{number_of(kind, document)}"])
    assert [customer for customer, found in used.items() if len(found) != 1] == []
    keys = {
        r["relationIdentificationServiceData"]["relationKey"]["id"] for r in before["octopus"]["relations"]
    }
    new = {r["relationIdentificationServiceData"]["relationKey"]["id"] for r in relations} - keys
    assert new == {found for customer in used.values() for found in customer} - keys  # none for nothing
    return len(new)


def check_payments(world: Json, parked: int) -> int:
    """Each match is one payment with the bank's day and amount, but for `parked` ones; how many there are."""
    matches: Counter[tuple[str, str, Decimal]] = Counter()
    days = {
        (b["bookyearKey"]["id"], b["journalKey"], b["documentSequenceNr"]): b["documentDate"]
        for b in world["octopus"]["financial_bookings"]
    }
    document_at = {
        (b["bookyearKey"]["id"], b["journalKey"], b["documentSequenceNr"]): found[1]
        for b in world["octopus"]["bookings"]
        if (found := document_in(b))
    }
    for match in world["octopus"]["balancings"]:
        sale, bank = match["debetKey"], match["creditKey"]
        place = (sale["bookyearKey"]["id"], sale["journalKey"], sale["documentSequenceNr"])
        counter = (bank["bookyearKey"]["id"], bank["journalKey"], bank["documentSequenceNr"])
        if place in document_at and counter in days:
            matches[document_at[place], days[counter], Decimal(match["balanceAmount"])] += 1
    payments: Counter[tuple[str, str, Decimal]] = Counter()
    for invoice in world["teamleader"]["invoices"]:
        for payment in invoice["payments"]:
            amount = Decimal(payment["payment"]["amount"])
            payments[str(invoice["invoice_number"]), payment["paid_at"][:10], amount] += 1
        paid = sum(Decimal(payment["payment"]["amount"]) for payment in invoice["payments"])
        assert paid <= Decimal(invoice["total"]["payable"]["amount"]), invoice["invoice_number"]
    assert payments - matches == Counter(), "paid in Teamleader, and not, or not so often, matched in Octopus"
    missing = matches - payments
    assert missing.total() == parked, missing
    return payments.total()


def check_intents(workspace: Path, world: Json, *, all_here: bool = True) -> tuple[int, int]:
    """Every write had its intent first, and one outcome; how many doubts turned out done, and not done.

    `all_here`: False when another workspace wrote too, or an older copy of this one was put back.
    """
    with closing(sqlite3.connect(workspace)) as db:
        rows = db.execute("SELECT kind, subject, natural_key, state, outcome FROM intent").fetchall()
    made = Counter(kind for kind, *_rest in rows)
    calls = write_calls(world)
    for kind, operation in (
        ("booking", POST_BOOKING),
        ("relation", PUT_RELATION),
        ("payment", REGISTER_PAYMENT),
    ):
        assert not all_here or calls.get(operation, 0) <= made[kind], (kind, calls, made)
    assert [row for row in rows if row[3] == "open"] == []
    done = Counter(
        (kind, subject if kind != "payment" else key)
        for kind, subject, key, state, _ in rows
        if state == "done"
    )
    assert [key for key, times in done.items() if times > 1] == []
    found = sum(state == "done" and outcome == "found" for *_row, state, outcome in rows)
    return found, sum(state == "not_done" for *_row, state, _ in rows)


def write_calls(world: Json) -> dict[str, int]:
    """How often each write reached a vendor."""
    calls = world["octopus"]["calls"] | world["teamleader"]["calls"]
    return {name: calls[name] for name in (POST_BOOKING, PUT_RELATION, REGISTER_PAYMENT) if name in calls}


def check_all(
    workspace: Path, before: Json, world: Json, *, parked: int = 0, all_here: bool = True
) -> Figures:
    """All of it; `all_here` as in `check_intents`."""
    check_bookings(world)
    relations = check_relations(before, world)
    payments = check_payments(world, parked)
    done, not_done = check_intents(workspace, world, all_here=all_here)
    return Figures(
        documents=len(documents_of(world)),
        relations=relations,
        payments=payments,
        parked=parked,
        found_done=done,
        found_not_done=not_done,
        writes=write_calls(world),
    )
