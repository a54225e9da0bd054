"""Invoices and credit notes on the Teamleader side: drafted, booked, credited.

Records are complete in the shape of `.info`. Amounts come from the stand-in's own arithmetic, so a document made
here and one made through the API cost the same. Nothing here knows Octopus.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random

from octowizard.sandbox.state import Json, Kept
from octowizard.sandbox.teamleader.checks import iso
from octowizard.sandbox.teamleader.documents import due_on, structured_communication
from octowizard.sandbox.teamleader.money import as_input, cents, credit_note_total, exchange_rate, totals
from octowizard.sandbox.teamleader.records import new_credit_note, new_invoice
from octowizard.sandbox.worlds.names import EUROPEAN_UNION, SOLD
from octowizard.sandbox.worlds.numbers import uuid
from octowizard.sandbox.worlds.settings import REGIMES, Settings

DOLLAR_IN_EURO = Decimal("0.8621")

_DOMESTIC_ACCOUNTS = ("700000", "700100", "700300", "701000")
_REGIME_ACCOUNT = {code: account for account, code in REGIMES.items()}
_DOMESTIC_CODES = ("21", "6", "12", "0")
_DOMESTIC_SHARES = (70, 16, 8, 6)


def regime_of(rng: Random, customer: Kept) -> str | None:
    """The zero-rate regime of a document for this customer (MC, CM, VCMD, EX), or None: domestic rates."""
    if customer.country in EUROPEAN_UNION:
        return rng.choice(("CM", "VCMD"))
    if customer.country != "BE":
        return "EX"
    if customer.hidden.get("vat_type") == "vat_liable" and rng.random() < 0.08:
        return "MC"
    return None


def lines_for(rng: Random, settings: Settings, regime: str | None) -> list[Json]:
    """One to five lines as they are sent to the API, all of one regime; their sum is above zero."""
    made = []
    for _ in range(rng.choices((1, 2, 3, 4, 5), (30, 30, 20, 12, 8))[0]):
        account = _REGIME_ACCOUNT[regime] if regime else rng.choice(_DOMESTIC_ACCOUNTS)
        code = regime or rng.choices(_DOMESTIC_CODES, _DOMESTIC_SHARES)[0]
        made.append(_line(rng, settings, account, code))
    if rng.random() < 0.06:
        made.append(_return_of(rng, made[0]))
    return made


def _line(rng: Random, settings: Settings, account: str, code: str) -> Json:
    category = settings.category_of_account[account]
    quantity = Decimal(rng.randint(1, 12))
    if rng.random() < 0.2:
        quantity += rng.choice((Decimal("0.5"), Decimal("0.25")))
    line: Json = {
        "quantity": quantity,
        "description": rng.choice(SOLD[account]),
        "unit_price": {"amount": Decimal(rng.randint(500, 60_000)) / 100, "tax": "excluding"},
        "tax_rate_id": settings.rate_of_code[code],
        "product_category_id": category,
    }
    if rng.random() < 0.15:
        line["product_id"] = settings.product_of_category[category]
    if rng.random() < 0.12:
        line["discount"] = {"type": "percentage", "value": Decimal(rng.choice((5, 10, 12.5, 20)))}
    return line


def _return_of(rng: Random, line: Json) -> Json:
    """A negative line of at most a fifth of `line`, at its rate and on its account."""
    back = cents(line["unit_price"]["amount"] * Decimal(rng.randint(5, 20)) / 100)
    return {
        "quantity": Decimal(-1),
        "description": "Teruggave emballage",
        "unit_price": {"amount": max(back, Decimal("0.01")), "tax": "excluding"},
        "tax_rate_id": line["tax_rate_id"],
        "product_category_id": line["product_category_id"],
    }


def draft(rng: Random, settings: Settings, customer: Kept, at: datetime) -> Kept:
    """A draft invoice for `customer`, made at `at`. Customers in the United States are billed in dollars."""
    regime = regime_of(rng, customer)
    currency = "USD" if customer.country == "US" else settings.own_currency
    discounts = []
    if rng.random() < 1 / 12:
        value = Decimal(rng.choice((2, 3, 5, 10)))
        discounts = [{"type": "percentage", "value": value, "description": "Handelskorting"}]
    lines = [{"line_items": lines_for(rng, settings, regime)}]
    groups, total = totals(lines, settings.fractions, discounts, currency)
    data = new_invoice(uuid(rng), settings.department, currency, iso(at)) | {
        "purchase_order_number": f"PO-{rng.randint(1000, 9999)}" if rng.random() < 0.15 else None,
        "invoicee": _invoicee(rng, customer),
        "discounts": discounts,
        "grouped_lines": groups,
        "total": total,
        "payment_term": dict(customer.data["payment_term"] or {"type": "after_invoice_date", "days": 30}),
    }
    if currency != settings.own_currency:
        data["currency_exchange_rate"] = exchange_rate(settings.own_currency, currency, DOLLAR_IN_EURO)
    return Kept(data)


def _invoicee(rng: Random, customer: Kept) -> Json:
    attention = None
    if not customer.is_person and rng.random() < 0.15:
        name = rng.choice(("Dienst Boekhouding", "An [AP] De Smet", "M. Noël"))
        attention = {"name": name, "contact": None}
    return {
        "name": customer.name,
        "vat_number": customer.data["vat_number"],
        "customer": {"type": "contact" if customer.is_person else "company", "id": customer.data["id"]},
        "for_attention_of": attention,
        "email": next((entry["email"] for entry in customer.data["emails"]), None),
        "national_identification_number": customer.data["national_identification_number"],
    }


def noon(day: date) -> datetime:
    """The middle of a day, UTC: when documents of the past were booked."""
    return datetime.combine(day, time(12, 0), UTC)


def book(kept: Kept, prefix: str, number: int, day: date, belgian: bool, at: datetime | None = None) -> None:
    """Make a draft an invoice: number `prefix / number`, date, due date, structured communication.

    A customer abroad gets no structured communication: it means nothing to a foreign bank.
    """
    data = kept.data
    data["invoice_number"] = f"{prefix} / {number}"
    data["invoice_date"] = day.isoformat()
    data["due_on"] = due_on(day.isoformat(), data["payment_term"])
    data["payment_reference"] = structured_communication(day.year * 10**6 + number) if belgian else None
    data["status"] = "outstanding"
    data["sent"] = True
    data["updated_at"] = iso(at or noon(day))


def credit(
    settings: Settings,
    identity: str,
    invoice: Kept,
    prefix: str,
    number: int,
    day: date,
    lines: Iterable[int] | None = None,
    at: datetime | None = None,
) -> Kept:
    """A credit note on `invoice`: whole, or only the lines named by their place. Amounts are positive.

    A whole one closes the invoice, whose `due` stays what is not paid; a partial one leaves it (help centre).
    """
    source = invoice.data
    given = as_input(source["grouped_lines"])
    if lines is not None:
        items = [line for group in given for line in group["line_items"]]
        given = [{"line_items": [items[place] for place in lines]}]
    groups, total = totals(given, settings.fractions, source["discounts"], source["currency"])
    moment = iso(at or noon(day))
    if lines is None:
        source["status"] = "matched"
        source["updated_at"] = moment
    number_text, total = f"{prefix}/{number}", credit_note_total(total)
    discounts = [dict(entry) for entry in source["discounts"]]
    on = day.isoformat()
    return Kept(new_credit_note(identity, number_text, on, source, groups, discounts, total, moment))


def creditable_lines(invoice: Kept) -> list[int]:
    """Places of the lines above zero: each alone can be credited."""
    return [place for place, line in enumerate(invoice.lines) if line["total"]["tax_exclusive"]["amount"] > 0]


def pay(invoice: Kept, amount: Decimal, day: date, at: datetime) -> None:
    """Note a payment of `amount` (currency of the invoice) received on `day`; `matched` once nothing is due."""
    data = invoice.data
    paid_at = f"{day.isoformat()}T00:00:00+00:00"
    data["payments"].append({"paid_at": paid_at, "payment": {"amount": amount, "currency": data["currency"]}})
    due = data["total"]["due"]
    due["amount"] -= amount
    if due["amount"] <= 0:
        data["status"], data["paid"], data["paid_at"] = "matched", True, paid_at
    data["updated_at"] = iso(at)
