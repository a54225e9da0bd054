"""Repairs of documents and settings in Teamleader: content saved anew, rates, payments, accounts of categories."""

from __future__ import annotations

from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    invoice_named,
    teamleader_document,
    touched,
)
from octowizard.sandbox.state import Json, World
from octowizard.sandbox.teamleader import invoice_life
from octowizard.sandbox.teamleader.money import as_input, credit_note_total, totals, with_price_currency
from octowizard.sandbox.worlds.document_fields import is_credit_note, number_of
from octowizard.sandbox.worlds.settings import settings_of


@action("teamleader-save-content")
def save_content(world: World, arguments: Arguments) -> Json:
    """Open the pencil next to the content and save: lines and totals are priced anew."""
    document = teamleader_document(world, arguments.text("document"))
    data = document.data
    if data.get("payments"):
        raise BadArguments(f"{number_of(document)} is paid in part; its content stays as it is.")
    fractions = settings_of(world.teamleader).fractions
    groups, total = totals(as_input(data["grouped_lines"]), fractions, data["discounts"], data["currency"])
    before = data["total"]["payable"]["amount"]
    if is_credit_note(document):
        groups, total = with_price_currency(groups, data["currency"]), credit_note_total(total)
    data["grouped_lines"], data["total"] = groups, total
    touched(world, document)
    return {"document": number_of(document), "before": before, "after": total["payable"]["amount"]}


@action("teamleader-set-exchange-rate")
def set_exchange_rate(world: World, arguments: Arguments) -> Json:
    document = teamleader_document(world, arguments.text("document"))
    own = settings_of(world.teamleader).own_currency
    if document.data["currency"] == own:
        raise BadArguments(f"{number_of(document)} is in {own}; it needs no exchange rate.")
    rate = arguments.decimal("rate")
    if rate is None or rate <= 0:
        raise BadArguments(f"rate must be above zero, such as 0.8621, not {arguments.text('rate')!r}.")
    document.data["currency_exchange_rate"] = {"from": document.data["currency"], "to": own, "rate": rate}
    touched(world, document)
    return {"document": number_of(document), "rate": rate}


@action("teamleader-set-due-date")
def set_due_date(world: World, arguments: Arguments) -> Json:
    """The pencil next to the details: the payment term, as the day it comes to. Any day is taken."""
    invoice = invoice_named(world, arguments.text("invoice"))
    day = arguments.day("day")
    before, invoice.data["due_on"] = invoice.data["due_on"], day.isoformat()
    touched(world, invoice)
    return {"invoice": number_of(invoice), "before": before, "after": day.isoformat()}


@action("teamleader-remove-payments")
def remove_payments(world: World, arguments: Arguments) -> Json:
    invoice = invoice_named(world, arguments.text("invoice"))
    removed = len(invoice.data["payments"])
    invoice_life.remove_payments(world, invoice.data["id"])
    return {"invoice": number_of(invoice), "removed": removed, "due": invoice.data["total"]["due"]["amount"]}


@action("teamleader-set-category-account")
def set_category_account(world: World, arguments: Arguments) -> Json:
    """Settings > Ledger accounts: the account of a product category, for the department of the practice company."""
    wanted, account = arguments.text("category"), arguments.text("account")
    side = world.teamleader
    for identity, kept in side.product_categories.items():
        if wanted == identity or kept.data["name"].casefold() == wanted.casefold():
            department = {"type": "department", "id": next(iter(side.departments))}
            before = [entry["ledger_account_number"] for entry in kept.data["ledgers"]]
            kept.data["ledgers"] = [{"department": department, "ledger_account_number": account}]
            return {"category": kept.data["name"], "before": before, "after": account}
    raise BadArguments(f"There is no category {wanted!r} in Teamleader.")
