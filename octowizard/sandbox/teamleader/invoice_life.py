"""The life of an invoice: booked, paid in parts, matched, credited.

Works on a World, without HTTP, so that the practice actions can use it too. Raises Refused where the vendor
refuses; what is not documented is marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from octowizard.sandbox.state import Json, Kept, World
from octowizard.sandbox.teamleader import documents, money
from octowizard.sandbox.teamleader.call import find, new_id
from octowizard.sandbox.teamleader.checks import bad, iso
from octowizard.sandbox.teamleader.records import new_credit_note


def booked(world: World, identity: str) -> Json:
    """The data of a booked invoice. Refused 404 unknown, 400 for a draft."""
    data = find(world.teamleader.invoices, identity, "invoice").data
    if data["status"] == "draft":
        raise bad("Invoice is a draft", "id")
    return data


def book(world: World, identity: str, on: str) -> str:
    """Book a draft on a date (YYYY-MM-DD) and return its number, e.g. "2026 / 15".

    Numbers run per department and fiscal year, dates may not go back (help centre). The payment reference is a
    structured communication for customers in Belgium, else none (help centre).
    """
    data = find(world.teamleader.invoices, identity, "invoice").data
    if data["status"] != "draft":
        raise bad("Invoice is already booked", "id")
    if not any(group["line_items"] for group in data["grouped_lines"]):
        raise bad("grouped_lines must not be empty", "grouped_lines")  # inferred
    prefix = documents.fiscal_year(world, on)
    department = data["department"]["id"]
    others = world.teamleader.invoices.values()
    last, when = documents.last_number(others, department, prefix, "invoice_number", "invoice_date")
    if on < when:
        raise bad("Invoice date must not be before the date of the last booked invoice", "on")
    data["invoice_number"] = f"{prefix} / {last + 1}"
    data["invoice_date"] = on
    data["due_on"] = documents.due_on(on, data.get("payment_term"))
    if not data.get("payment_reference") and _belgian(world, data["invoicee"]["customer"]):
        data["payment_reference"] = documents.structured_communication(int(identity.replace("-", ""), 16))
    documents.settle(world, data)
    data["updated_at"] = iso(world.clock.now())
    return str(data["invoice_number"])


def register_payment(world: World, identity: str, amount: Decimal, currency: str, paid_at: datetime) -> None:
    """Add a payment, of a part or of more than is due. Refused: drafts, another currency, nothing (inferred)."""
    data = booked(world, identity)
    if currency != data["total"]["payable"]["currency"]:
        raise bad("payment.currency must be the currency of the invoice", "payment.currency")
    if amount <= 0:
        raise bad("payment.amount must be positive", "payment.amount")
    payment = {"paid_at": iso(paid_at), "payment": money.money(amount, currency)}
    data["payments"] = [*data["payments"], payment]
    _settle_payments(world, data)


def remove_payments(world: World, identity: str) -> None:
    """Take all payments away; a single one cannot be removed (official)."""
    data = booked(world, identity)
    data["payments"] = []
    _settle_payments(world, data)


def credit(world: World, identity: str, on: str | None = None) -> str:
    """Credit an invoice in full; returns the credit note's id. Refused when some is credited already (inferred)."""
    data = booked(world, identity)
    if documents.credited(world, identity) > 0:
        raise bad("Invoice is already credited", "id")
    # the invoice's own lines, not priced anew: the credit note comes to the same cent
    total = money.credit_note_total(data["total"])
    return _credit_note(world, data, data["grouped_lines"], total, data.get("discounts") or [], on)


def credit_partially(
    world: World,
    identity: str,
    grouped_lines: Sequence[Mapping[str, Any]],
    discounts: Sequence[Mapping[str, Any]] = (),
    on: str | None = None,
) -> str:
    """Credit lines of one's own choice; returns the credit note's id. The invoice's own total stays (help centre).

    Refused when all credit notes together would come to more than the invoice (inferred).
    """
    data = booked(world, identity)
    currency = data["total"]["payable"]["currency"]
    groups, total = documents.price(world, data["department"]["id"], grouped_lines, discounts, currency)
    left = money.decimal(data["total"]["payable"]["amount"]) - documents.credited(world, identity)
    if total["payable"]["amount"] > left:
        raise bad("Credited amount must not exceed the amount of the invoice", "grouped_lines")
    return _credit_note(world, data, groups, money.credit_note_total(total), discounts, on)


def _credit_note(
    world: World,
    invoice: Json,
    groups: Sequence[Mapping[str, Any]],
    total: Json,
    discounts: Sequence[Mapping[str, Any]],
    on: str | None,
) -> str:
    """The next credit note on an invoice. Returns its id."""
    notes = world.teamleader.credit_notes
    now = iso(world.clock.now())
    day = on or now[:10]
    prefix = documents.fiscal_year(world, day)
    department = invoice["department"]["id"]
    last, when = documents.last_number(
        notes.values(), department, prefix, "credit_note_number", "credit_note_date"
    )
    if day < max(when, invoice["invoice_date"]):
        why = "Credit note date must not be before the invoice or the last credit note"
        raise bad(why, "credit_note_date")
    identity, number = new_id(), f"{prefix}/{last + 1}"
    notes[identity] = Kept(new_credit_note(identity, number, day, invoice, groups, discounts, total, now))
    documents.settle(world, invoice)
    if invoice["status"] == "matched":
        invoice["updated_at"] = now
    return identity


def _settle_payments(world: World, data: Json) -> None:
    documents.settle(world, data)
    if world.switches.payment_bumps_updated_at:
        data["updated_at"] = iso(world.clock.now())


def _belgian(world: World, customer: Mapping[str, str]) -> bool:
    """Whether the customer's primary address lies in Belgium; one without an address counts as Belgian."""
    kept = world.teamleader.customer(customer)
    return kept is None or kept.country == "BE"
