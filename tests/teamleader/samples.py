"""Teamleader's records as its contract draws them, in plain JSON, with the fewest values that are allowed."""

from decimal import Decimal
from typing import Any

Json = dict[str, Any]


def uuid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def eur(amount: str) -> Json:
    return {"amount": Decimal(amount), "currency": "EUR"}


DEPARTMENT = uuid(0xD)
DEPARTMENT_REF = {"type": "department", "id": DEPARTMENT}


def company(number: int = 1, **changes: Any) -> Json:
    return {
        "id": uuid(number),
        "name": f"Company {number}",
        "status": "active",
        "vat_number": None,
        "emails": [],
        "primary_address": None,
        "payment_term": None,
        "updated_at": "2026-02-04T16:44:33+00:00",
        "tags": [],
    } | changes


def contact(number: int = 1, **changes: Any) -> Json:
    return {"id": uuid(number), "first_name": None, "last_name": "Janssens", "emails": []} | changes


def _total(amount: str, due: str | None) -> Json:
    total = {
        "tax_exclusive": eur(amount),
        "tax_inclusive": eur(amount),
        "payable": eur(amount),
        "taxes": [{"rate": Decimal("0.21"), "taxable": eur(amount), "tax": eur("0.07")}],
    }
    return total if due is None else total | {"due": eur(due)}


def _invoicee() -> Json:
    return {"name": "Foo [BE] bvba", "vat_number": None, "customer": {"type": "company", "id": uuid(1)}}


def _lines() -> list[Json]:
    line = {
        "product": None,
        "product_category": None,
        "quantity": Decimal("1.5"),
        "description": "Work",
        "unit_price": {"amount": Decimal("0.10"), "tax": "excluding"},
        "tax": {"type": "taxRate", "id": uuid(7)},
        "discount": None,
        "total": {"tax_exclusive": eur("0.15"), "tax_inclusive": eur("0.18")},
    }
    return [{"section": {"title": None}, "line_items": [line]}]


def invoice_item(number: int = 1, **changes: Any) -> Json:
    return {
        "id": uuid(number),
        "department": DEPARTMENT_REF,
        "invoice_number": "2026 / 15",
        "invoice_date": "2026-03-01",
        "status": "outstanding",
        "due_on": None,
        "paid": False,
        "paid_at": None,
        "invoicee": _invoicee(),
        "total": _total("123.45", "100.05"),
    } | changes


def invoice(number: int = 1, **changes: Any) -> Json:
    payments = [{"paid_at": "2026-03-05T00:00:00+00:00", "payment": eur("23.40")}]
    more = {
        "grouped_lines": _lines(),
        "payments": payments,
        "discounts": [],
        "payment_term": {"type": "cash"},
    }
    return invoice_item(number) | more | changes


def credit_note_item(number: int = 1, **changes: Any) -> Json:
    return {
        "id": uuid(number),
        "department": DEPARTMENT_REF,
        "credit_note_number": "2026/5",
        "credit_note_date": "2026-03-01",
        "status": "booked",
        "invoice": None,
        "paid": False,
        "paid_at": None,
        "invoicee": _invoicee(),
        "total": _total("10.00", None),
    } | changes


def credit_note(number: int = 1, **changes: Any) -> Json:
    return credit_note_item(number) | {"grouped_lines": _lines(), "discounts": []} | changes
