"""What invoices and credit notes share: pricing checked lines, the printed customer, numbers, settling.

Works on a World, without HTTP, so that the practice actions can use it too. Raises Refused where the vendor
refuses.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from octowizard.sandbox.state import Json, Kept, World
from octowizard.sandbox.teamleader import money, paging
from octowizard.sandbox.teamleader.checks import bad, known

MOST_LINES = 250  # per document (help centre)


def price(
    world: World,
    department: str,
    groups: Sequence[Mapping[str, Any]],
    discounts: Sequence[Mapping[str, Any]],
    currency: str,
) -> tuple[list[Json], Json]:
    """`money.totals` of sent lines, after looking up all they refer to.

    The VAT rate must belong to the document's department (seen by one client); 250 lines at most (help centre).
    """
    side = world.teamleader
    rates = {
        identity: Decimal(kept.data["rate"])
        for identity, kept in side.tax_rates.items()
        if kept.data["department"]["id"] == department
    }
    for g, group in enumerate(groups):
        for n, line in enumerate(group["line_items"]):
            path = f"grouped_lines.{g}.line_items.{n}"
            known(line["tax_rate_id"], rates, f"{path}.tax_rate_id")
            if line.get("product_category_id"):
                known(line["product_category_id"], side.product_categories, f"{path}.product_category_id")
            if line.get("product_id"):
                known(line["product_id"], side.products, f"{path}.product_id")
    if sum(len(group["line_items"]) for group in groups) > MOST_LINES:
        raise bad(f"grouped_lines must have at most {MOST_LINES} line items", "grouped_lines")
    return money.totals(groups, rates, discounts, currency)


def invoicee(world: World, given: Mapping[str, Any]) -> Json:
    """The customer as printed on a document: copied now, later changes of the customer leave it (help centre)."""
    side = world.teamleader
    customer = given["customer"]
    kept = side.customer(customer)
    if kept is None:
        raise bad("invoicee.customer.id does not exist", "invoicee.customer.id")
    data = kept.data
    emails = {entry["type"]: entry["email"] for entry in data.get("emails") or ()}
    attention = given.get("for_attention_of")
    if attention and "contact_id" in attention:
        known(attention["contact_id"], side.contacts, "invoicee.for_attention_of.contact_id")
        attention = {
            "name": side.contacts[attention["contact_id"]].name,
            "contact": {"type": "contact", "id": attention["contact_id"]},
        }
    elif attention:
        attention = {"name": attention["name"], "contact": None}
    return {
        "name": kept.name,
        "vat_number": data.get("vat_number"),
        "customer": {"type": customer["type"], "id": customer["id"]},
        "for_attention_of": attention or None,
        "email": emails.get("invoicing") or emails.get("primary"),
        "national_identification_number": data.get("national_identification_number"),
    }


def fiscal_year(world: World, on: str) -> str:
    """The prefix of numbers for a date: the free-text name of its fiscal year (official)."""
    return world.teamleader.fiscal_year_names.get(on[:4], on[:4])


def last_number(
    documents: Iterable[Kept], department: str, prefix: str, number: str, day: str
) -> tuple[int, str]:
    """Number and date of the last booked document of a department and fiscal year; (0, "") before the first.

    `number` and `day` name the fields. Each department and fiscal year counts from 1 (help centre).
    """
    last, when = 0, ""
    for kept in documents:
        data = kept.data
        if data[number] is None or data["department"]["id"] != department:
            continue
        year, count = paging.number_key(data[number])
        if year == prefix and count > last:
            last, when = count, data[day]
    return last, when


def due_on(on: str, term: Mapping[str, Any] | None) -> str:
    """The day a document is to be paid by: days after its date, or the end of the month these days lead to."""
    day = date.fromisoformat(on) + timedelta(days=int((term or {}).get("days") or 0))
    if term and term["type"] == "end_of_month":
        day = day.replace(day=monthrange(day.year, day.month)[1])
    return day.isoformat()


def structured_communication(number: int) -> str:
    """The Belgian payment reference of a number below 10^10: ten digits and their remainder by 97."""
    digits = f"{number % 10**10:010d}"
    digits += f"{int(digits) % 97 or 97:02d}"
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def credited(world: World, invoice: str) -> Decimal:
    """What all credit notes of an invoice come to."""
    return sum(
        (
            money.decimal(kept.data["total"]["payable"]["amount"])
            for kept in world.teamleader.credit_notes.values()
            if (kept.data.get("invoice") or {}).get("id") == invoice
        ),
        money.ZERO,
    )


def settle(world: World, invoice: Json) -> None:
    """Bring `status`, `paid`, `paid_at` and `total.due` of a booked invoice up to its payments and credit notes.

    `matched` when the payments reach the payable amount, or when it is credited in full; `due` is what is
    payable less what was paid, below zero when too much was (official statuses, the rest inferred).
    """
    payable = money.decimal(invoice["total"]["payable"]["amount"])
    paid, reached = money.ZERO, None
    for payment in invoice["payments"]:
        paid += money.decimal(payment["payment"]["amount"])
        if reached is None and paid >= payable:
            reached = payment["paid_at"]
    currency = invoice["total"]["payable"]["currency"]
    invoice["total"] = {**invoice["total"], "due": money.money(payable - paid, currency)}
    invoice["paid"] = paid >= payable
    invoice["paid_at"] = reached if invoice["paid"] else None
    in_full = invoice["paid"] or credited(world, invoice["id"]) >= payable
    invoice["status"] = "matched" if in_full else "outstanding"
