"""Documents in Teamleader: pay, book a draft, make new invoices and credit notes; and what repairs them.

Repairs are content saved anew, the account of a line or a category, rates, terms, payments removed.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

from octowizard.sandbox.practice.action import NOTHING, BadArguments, Task, action
from octowizard.sandbox.state import Json, Kept, words
from octowizard.sandbox.teamleader import documents as rules
from octowizard.sandbox.teamleader import invoice_life
from octowizard.sandbox.teamleader.checks import Refused
from octowizard.sandbox.teamleader.money import (
    as_input,
    credit_note_total,
    exchange_rate,
    totals,
    with_price_currency,
)
from octowizard.sandbox.worlds.documents import draft
from octowizard.sandbox.worlds.settings import settings_of

MOST_INVOICES = 50  # at once
_PEPPOL = words(
    "sending sending_failed sent application_acknowledged application_accepted application_rejected "
    "receiver_acknowledged receiver_accepted receiver_rejected receiver_is_processing receiver_awaits_feedback "
    "receiver_conditionally_accepted receiver_paid"
)


@action("teamleader-pay")
def pay(task: Task) -> Json:
    """Register a payment of an amount, or of all that is due."""
    invoice = task.invoice()
    due, currency = invoice.data["total"]["due"]["amount"], invoice.data["currency"]
    amount = task.amount() if "amount" in task else due
    if amount <= 0:
        raise BadArguments(f"Nothing is due on {invoice.number}.")
    invoice_life.register_payment(task.world, invoice.data["id"], amount, currency, task.now)
    left = invoice.data["total"]["due"]["amount"]
    return {"invoice": invoice.number, "paid": amount, "due": left, "status": invoice.data["status"]}


@action("teamleader-set-line-account")
def set_line_account(task: Task) -> Json:
    """Choose the ledger account of a line: the number of an account, the name of a category, or `none`."""
    document = task.document()
    items = document.lines
    place = _place(task, document, len(items))
    wanted = task.text("category")
    category = None if wanted == NOTHING else _category(task, wanted)
    items[place]["product_category"] = {"type": "productCategory", "id": category} if category else None
    task.touch(document)
    return {"document": document.number, "line": place + 1, "category": wanted}


def _place(task: Task, document: Kept, count: int) -> int:
    """The place, from 0, of the line that `line` names, from 1, of a document with so many lines."""
    place = task.number("line", at_least=1)
    if place > count:
        raise BadArguments(f"{document.number} has {count} lines; there is no line {place}.")
    return place - 1


def _category(task: Task, wanted: str) -> str:
    for identity, kept in task.side.product_categories.items():
        accounts = [ledger["ledger_account_number"] for ledger in kept.data["ledgers"]]
        if wanted == identity or wanted in accounts or kept.data["name"].casefold() == wanted.casefold():
            return identity
    raise BadArguments(f"There is no ledger account or category {wanted!r} in Teamleader.")


@action("teamleader-book-draft")
def book_draft(task: Task) -> Json:
    """Book a draft on the practice day: by id, or the first, second, ... of the drafts."""
    drafts = [kept for kept in task.side.invoices.values() if kept.data["status"] == "draft"]
    if task.text("draft", "1") in task.side.invoices:
        identity = task.text("draft")
    else:
        place = task.number("draft", fallback=1, at_least=1)
        if place > len(drafts):
            raise BadArguments(f"There are {len(drafts)} drafts in Teamleader; there is no draft {place}.")
        identity = drafts[place - 1].data["id"]
    return _booked(task, identity)


def _booked(task: Task, identity: str) -> Json:
    number = invoice_life.book(task.world, identity, task.today.isoformat())
    data = task.side.invoices[identity].data
    return {"invoice": number, "id": identity, "payable": data["total"]["payable"]["amount"]}


@action("teamleader-new-invoice")
def new_invoice(task: Task) -> Json:
    """Make and book invoices, dated the practice day, for one customer or for customers drawn by lot."""
    side = task.side
    chosen = task.customer() if "customer" in task else None
    customers = [chosen] if chosen else side.customers
    if not customers:
        raise BadArguments("Teamleader has no customer to invoice.")
    settings = settings_of(side)
    made = []
    for _ in range(task.number("n", fallback=1, at_least=1, at_most=MOST_INVOICES)):
        chance = Random(f"{task.world.scenario}/{task.world.seed}/new/{len(side.invoices)}")
        customer = chance.choice(customers)
        kept = draft(chance, settings, customer, task.now)
        side.invoices[kept.data["id"]] = kept
        try:
            made.append({**_booked(task, kept.data["id"]), "customer": customer.name})
        except Refused:
            del side.invoices[kept.data["id"]]
            raise
    return {"invoices": made}


@action("teamleader-new-credit-note")
def new_credit_note(task: Task) -> Json:
    """Credit an invoice on the practice day: whole, or one of its lines."""
    invoice = task.invoice()
    identity, on = invoice.data["id"], task.today.isoformat()
    if "line" in task:
        items = [line for group in as_input(invoice.data["grouped_lines"]) for line in group["line_items"]]
        lines = [{"line_items": [items[_place(task, invoice, len(items))]]}]
        note = invoice_life.credit_partially(task.world, identity, lines, invoice.data["discounts"], on)
    else:
        note = invoice_life.credit(task.world, identity, on)
    data = task.side.credit_notes[note].data
    return {
        "credit_note": data["credit_note_number"],
        "id": note,
        "invoice": invoice.number,
        "payable": data["total"]["payable"]["amount"],
        "not_credited": invoice.data["total"]["payable"]["amount"] - rules.credited(task.world, identity),
    }


@action("teamleader-save-content")
def save_content(task: Task) -> Json:
    """Open the pencil next to the content and save: lines and totals are priced anew."""
    document = task.document()
    data = document.data
    if data.get("payments"):
        raise BadArguments(f"{document.number} is paid in part; its content stays as it is.")
    fractions = settings_of(task.side).fractions
    groups, total = totals(as_input(data["grouped_lines"]), fractions, data["discounts"], data["currency"])
    before = data["total"]["payable"]["amount"]
    if document.is_credit_note:
        groups, total = with_price_currency(groups, data["currency"]), credit_note_total(total)
    data["grouped_lines"], data["total"] = groups, total
    task.touch(document)
    return {"document": document.number, "before": before, "after": total["payable"]["amount"]}


@action("teamleader-set-exchange-rate")
def set_exchange_rate(task: Task) -> Json:
    document = task.document()
    own = settings_of(task.side).own_currency
    if document.data["currency"] == own:
        raise BadArguments(f"{document.number} is in {own}; it needs no exchange rate.")
    rate = task.decimal("rate", "be above zero, such as 0.8621", lambda rate: rate > 0)
    document.data["currency_exchange_rate"] = exchange_rate(own, document.data["currency"], rate)
    task.touch(document)
    return {"document": document.number, "rate": rate}


@action("teamleader-set-due-date")
def set_due_date(task: Task) -> Json:
    """The pencil next to the details: the payment term, as the day it comes to. Any day is taken."""
    invoice = task.invoice()
    day = task.day("day")
    before, invoice.data["due_on"] = invoice.data["due_on"], day.isoformat()
    task.touch(invoice)
    return {"invoice": invoice.number, "before": before, "after": day.isoformat()}


@action("teamleader-set-communication")
def set_communication(task: Task) -> Json:
    invoice = task.invoice()
    value = task.text("value")
    before, invoice.data["payment_reference"] = (
        invoice.data["payment_reference"],
        None if value == NOTHING else value,
    )
    task.touch(invoice)
    return {"invoice": invoice.number, "before": before, "after": invoice.data["payment_reference"]}


@action("teamleader-set-peppol-status")
def set_peppol_status(task: Task) -> Json:
    """What the network answers changes the status, and not the document: `updated_at` stays (inferred)."""
    document = task.document()
    status = task.one_of("status", *_PEPPOL, NOTHING)
    before, document.data["peppol_status"] = (
        document.data["peppol_status"],
        None if status == NOTHING else status,
    )
    if before != "sending":  # somebody sent it, or sent it again
        task.touch(document)
    return {"document": document.number, "before": before, "after": document.data["peppol_status"]}


@action("teamleader-join-lines")
def join_lines(task: Task) -> Json:
    """One line for all that have one rate and one account: VAT per line is then VAT per rate."""
    invoice = task.invoice()
    data = invoice.data
    if data["payments"]:
        raise BadArguments(f"{invoice.number} is paid in part; its content stays as it is.")
    joined: dict[tuple[str, str | None], Json] = {}
    for line in invoice.lines:
        category = line["product_category"]["id"] if line["product_category"] else None
        first = joined.setdefault(
            (line["tax"]["id"], category),
            {
                "quantity": Decimal(1),
                "description": line["description"],
                "unit_price": {"amount": Decimal(0), "tax": "excluding"},
                "tax_rate_id": line["tax"]["id"],
                "product_category_id": category,
            },
        )
        first["unit_price"]["amount"] += line["total"]["tax_exclusive"]["amount"]
    before, lines = data["total"]["payable"]["amount"], len(invoice.lines)
    fractions = settings_of(task.side).fractions
    given = [{"line_items": list(joined.values())}]
    data["grouped_lines"], data["total"] = totals(given, fractions, data["discounts"], data["currency"])
    task.touch(invoice)
    after = data["total"]["payable"]["amount"]
    return {"invoice": invoice.number, "lines": f"{lines} > {len(joined)}", "before": before, "after": after}


@action("teamleader-remove-payments")
def remove_payments(task: Task) -> Json:
    invoice = task.invoice()
    removed = len(invoice.data["payments"])
    invoice_life.remove_payments(task.world, invoice.data["id"])
    return {"invoice": invoice.number, "removed": removed, "due": invoice.data["total"]["due"]["amount"]}


@action("teamleader-set-category-account")
def set_category_account(task: Task) -> Json:
    """Settings > Ledger accounts: the account of a product category, for the department of the practice company."""
    wanted, account = task.text("category"), task.text("account")
    side = task.side
    for identity, kept in side.product_categories.items():
        if wanted == identity or kept.data["name"].casefold() == wanted.casefold():
            department = {"type": "department", "id": next(iter(side.departments))}
            before = [entry["ledger_account_number"] for entry in kept.data["ledgers"]]
            kept.data["ledgers"] = [{"department": department, "ledger_account_number": account}]
            return {"category": kept.data["name"], "before": before, "after": account}
    raise BadArguments(f"There is no category {wanted!r} in Teamleader.")
