"""Documents in Teamleader: pay, repair a line's account, book a draft, make new invoices and credit notes."""

from __future__ import annotations

from random import Random

from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    customer_named,
    invoice_named,
    teamleader_document,
    today,
    touched,
)
from octowizard.sandbox.state import Json, Kept, World
from octowizard.sandbox.teamleader import documents as rules
from octowizard.sandbox.teamleader import invoice_life
from octowizard.sandbox.teamleader.checks import Refused
from octowizard.sandbox.teamleader.money import as_input
from octowizard.sandbox.worlds.customers import printed_name
from octowizard.sandbox.worlds.document_fields import number_of
from octowizard.sandbox.worlds.documents import draft
from octowizard.sandbox.worlds.settings import settings_of

MOST_INVOICES = 50  # at once


@action("teamleader-pay")
def pay(world: World, arguments: Arguments) -> Json:
    """Register a payment of an amount, or of all that is due."""
    invoice = invoice_named(world, arguments.text("invoice"))
    due, currency = invoice.data["total"]["due"]["amount"], invoice.data["currency"]
    amount = arguments.amount("amount") if "amount" in arguments else due
    if amount <= 0:
        raise BadArguments(f"Nothing is due on {number_of(invoice)}.")
    invoice_life.register_payment(world, invoice.data["id"], amount, currency, world.clock.now())
    left = invoice.data["total"]["due"]["amount"]
    return {"invoice": number_of(invoice), "paid": amount, "due": left, "status": invoice.data["status"]}


@action("teamleader-set-line-account")
def set_line_account(world: World, arguments: Arguments) -> Json:
    """Choose the ledger account of a line: the number of an account, the name of a category, or `none`."""
    document = teamleader_document(world, arguments.text("document"))
    items = [line for group in document.data["grouped_lines"] for line in group["line_items"]]
    place = arguments.number("line", at_least=1)
    if place > len(items):
        raise BadArguments(f"{number_of(document)} has {len(items)} lines; there is no line {place}.")
    wanted = arguments.text("category")
    category = None if wanted == "none" else _category(world, wanted)
    items[place - 1]["product_category"] = {"type": "productCategory", "id": category} if category else None
    touched(world, document)
    return {"document": number_of(document), "line": place, "category": wanted}


def _category(world: World, wanted: str) -> str:
    for identity, kept in world.teamleader.product_categories.items():
        accounts = [ledger["ledger_account_number"] for ledger in kept.data["ledgers"]]
        if wanted == identity or wanted in accounts or kept.data["name"].casefold() == wanted.casefold():
            return identity
    raise BadArguments(f"There is no ledger account or category {wanted!r} in Teamleader.")


@action("teamleader-book-draft")
def book_draft(world: World, arguments: Arguments) -> Json:
    """Book a draft on the practice day: by id, or the first, second, ... of the drafts."""
    drafts = [kept for kept in world.teamleader.invoices.values() if kept.data["status"] == "draft"]
    if arguments.text_or("draft", "1") in world.teamleader.invoices:
        identity = arguments.text("draft")
    else:
        place = arguments.number("draft", fallback=1, at_least=1)
        if place > len(drafts):
            raise BadArguments(f"There are {len(drafts)} drafts in Teamleader; there is no draft {place}.")
        identity = drafts[place - 1].data["id"]
    return _booked(world, identity)


def _booked(world: World, identity: str) -> Json:
    number = invoice_life.book(world, identity, today(world).isoformat())
    data = world.teamleader.invoices[identity].data
    return {"invoice": number, "id": identity, "payable": data["total"]["payable"]["amount"]}


@action("teamleader-new-invoice")
def new_invoice(world: World, arguments: Arguments) -> Json:
    """Make and book invoices, dated the practice day, for one customer or for customers drawn by lot."""
    side = world.teamleader
    chosen = customer_named(world, arguments.text("customer")) if "customer" in arguments else None
    customers = [chosen] if chosen else [*side.companies.values(), *side.contacts.values()]
    if not customers:
        raise BadArguments("Teamleader has no customer to invoice.")
    settings = settings_of(side)
    made = []
    for _ in range(arguments.number("n", fallback=1, at_least=1, at_most=MOST_INVOICES)):
        chance = Random(f"{world.scenario}/{world.seed}/new/{len(side.invoices)}")
        customer = chance.choice(customers)
        kept = draft(chance, settings, customer, world.clock.now())
        side.invoices[kept.data["id"]] = kept
        try:
            made.append({**_booked(world, kept.data["id"]), "customer": printed_name(customer)})
        except Refused:
            del side.invoices[kept.data["id"]]
            raise
    return {"invoices": made}


@action("teamleader-new-credit-note")
def new_credit_note(world: World, arguments: Arguments) -> Json:
    """Credit an invoice on the practice day: whole, or one of its lines."""
    invoice = invoice_named(world, arguments.text("invoice"))
    identity, on = invoice.data["id"], today(world).isoformat()
    if "line" in arguments:
        note = _credit_line(world, invoice, arguments.number("line", at_least=1), on)
    else:
        note = invoice_life.credit(world, identity, on)
    data = world.teamleader.credit_notes[note].data
    return {
        "credit_note": data["credit_note_number"],
        "id": note,
        "invoice": number_of(invoice),
        "payable": data["total"]["payable"]["amount"],
        "not_credited": invoice.data["total"]["payable"]["amount"] - rules.credited(world, identity),
    }


def _credit_line(world: World, invoice: Kept, place: int, on: str) -> str:
    items = [line for group in as_input(invoice.data["grouped_lines"]) for line in group["line_items"]]
    if place > len(items):
        raise BadArguments(f"{number_of(invoice)} has {len(items)} lines; there is no line {place}.")
    lines = [{"line_items": [items[place - 1]]}]
    return invoice_life.credit_partially(world, invoice.data["id"], lines, invoice.data["discounts"], on)
