"""Sales entered in Octopus by hand, and the last booking of a journal deleted: what makes numbering drift."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    dossier_of,
    journal_meant,
    relation_name,
    relation_named,
    relation_number,
    teamleader_document,
    today,
    unmatched,
    year_meant,
)
from octowizard.sandbox.practice.booked import BY_HAND, display, key_of
from octowizard.sandbox.state import Dossier, Journal, Json, Kept, Relation, World
from octowizard.sandbox.worlds.bookings import enter_sale, sales_booking
from octowizard.sandbox.worlds.customers import add_relation, octopus_vat, printed_name, relation_of
from octowizard.sandbox.worlds.document_fields import is_credit_note, number_of
from octowizard.sandbox.worlds.settings import settings_of


def _sales_journal(world: World, arguments: Arguments) -> Journal:
    journal = journal_meant(world, arguments)
    if not journal.key.startswith("V"):
        raise BadArguments(f"{journal.key} is not a sales journal.")
    return journal


def _customer(world: World, document: Kept) -> Kept:
    reference = document.data["invoicee"]["customer"]
    side = world.teamleader
    kept = (side.companies if reference["type"] == "company" else side.contacts).get(reference["id"])
    if kept is None:
        raise BadArguments(f"The customer of {number_of(document)} is no longer in Teamleader.")
    return kept


def _known_relation(dossier: Dossier, kept: Kept) -> Relation | None:
    """The relation an accountant would pick: the same VAT number, else the same name and postcode."""
    vat = octopus_vat(kept.data["vat_number"])
    name = printed_name(kept).casefold()
    postcodes = {entry["address"]["postal_code"] for entry in kept.data["addresses"]}
    for relation in dossier.relations.values():
        if vat and relation.data.get("vatNr") == vat:
            return relation
        if relation_name(relation).casefold() == name and relation.data.get("postalCode") in postcodes:
            return relation
    return None


@action("book-by-hand")
def book_by_hand(world: World, arguments: Arguments) -> Json:
    """Enter a Teamleader document, or a sale of the accountant's own, as the journal's next number.

    An accountant looks whether a document is booked before entering it, so that look is part of the action.
    """
    journal = _sales_journal(world, arguments)
    try:
        if "document" in arguments:
            return _book_document(world, arguments, journal)
        return _book_free(world, arguments, journal)
    except ValueError as wrong:
        raise BadArguments(str(wrong)) from None


def _book_document(world: World, arguments: Arguments, journal: Journal) -> Json:
    dossier, now = dossier_of(world), world.clock.now()
    document = teamleader_document(world, arguments.text("document"))
    standing = key_of(world, document)
    if standing is not None and not ("again" in arguments and arguments.yes("again")):
        raise BadArguments(f"{number_of(document)} is booked already, as {display(standing)}.")
    settings = settings_of(world.teamleader)
    for group in document.data["grouped_lines"]:
        for line in group["line_items"]:
            category = line["product_category"]
            if category is None or category["id"] not in settings.account_of_category:
                raise BadArguments(f"A line of {number_of(document)} has no ledger account.")
    year = dossier.bookyears[journal.bookyear_id].data
    day = document.data["credit_note_date" if is_credit_note(document) else "invoice_date"]
    if not year["startDate"] <= day <= year["endDate"]:
        raise BadArguments(f"{number_of(document)} is of {day}, outside the fiscal year of {journal.key}.")
    customer = _customer(world, document)
    relation = _known_relation(dossier, customer)
    if relation is None:
        number = add_relation(dossier, relation_of(Random(printed_name(customer)), customer), now)
        relation = dossier.relations[number]
    key = sales_booking(
        settings,
        dossier,
        document,
        journal,
        relation.data["relationIdentificationServiceData"],
        f"{BY_HAND}{number_of(document)}",
        now,
        "desktop",
    )
    amount = dossier.bookings[key].data["amount"]
    return {"booking": display(key), "document": number_of(document), "amount": amount}


def _book_free(world: World, arguments: Arguments, journal: Journal) -> Json:
    dossier, day = dossier_of(world), today(world)
    if "relation" in arguments:
        relation = relation_named(dossier, arguments.text("relation"))
    else:
        clients = [entry for entry in dossier.relations.values() if entry.data.get("client")]
        if not clients:
            raise BadArguments("Octopus has no client to book a sale for.")
        relation = clients[0]
    amount = arguments.amount("amount") if "amount" in arguments else Decimal("121.00")
    reference, now = arguments.text_or("reference", "handmatig"), world.clock.now()
    key = enter_sale(dossier, journal, relation, amount, day, now, "Handmatig", reference, "Diverse verkoop")
    return {"booking": display(key), "relation": relation_number(relation), "amount": amount}


@action("delete-last-booking")
def delete_last_booking(world: World, arguments: Arguments) -> Json:
    """The program lets only the last booking of a journal go, and none that is reconciled."""
    dossier, now = dossier_of(world), world.clock.now()
    journal = journal_meant(world, arguments)
    key = (journal.bookyear_id, journal.key, journal.last_booked)
    where = dossier.bookings if key in dossier.bookings else dossier.financial_bookings
    if key not in where:
        raise BadArguments(f"Journal {journal.key} has no booking to delete.")
    unmatched(dossier, key, display(key))
    del where[key]
    dossier.deleted_bookings.append((*key, now))
    journal.next_document_number = key[2]
    journal.last_booked = max((number for *place, number in where if tuple(place) == key[:2]), default=0)
    journal.modified = now
    return {"deleted": display(key), "last_booked": journal.last_booked}


@action("void-booking")
def void_booking(world: World, arguments: Arguments) -> Json:
    """Correct a booking that should not be there: its number stays, since none may be missing, at zero."""
    dossier = dossier_of(world)
    year = year_meant(world, arguments)
    journal, _, number = arguments.text("booking").upper().partition("/")
    known = number.strip().isdecimal() and len(number) <= 10
    key = (year.id, journal.strip(), int(number) if known else 0)
    booking = dossier.bookings.get(key)
    if booking is None:
        raise BadArguments(f"There is no booking {arguments.text('booking')} in that fiscal year of Octopus.")
    unmatched(dossier, key, display(key))
    before, zero = booking.data["amount"], Decimal("0.00")
    lines = [{**line, "baseAmount": zero, "vatAmount": zero} for line in booking.data["bookingLines"]]
    booking.data |= {"amount": zero, "comment": "Vervallen", "reference": "", "bookingLines": lines}
    booking.modified = world.clock.now()
    return {"booking": display(key), "before": before, "amount": zero}
