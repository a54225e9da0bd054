"""Sales entered in Octopus by hand, and the last booking of a journal deleted: what makes numbering drift."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from octowizard.sandbox.practice.action import BadArguments, Task, action, relation_name, unmatched
from octowizard.sandbox.practice.booked import BY_HAND, display, key_of
from octowizard.sandbox.state import Dossier, Journal, Json, Kept, Relation
from octowizard.sandbox.worlds.bookings import enter_sale, sales_booking
from octowizard.sandbox.worlds.customers import add_relation, octopus_vat, relation_of
from octowizard.sandbox.worlds.settings import settings_of


def _sales_journal(task: Task) -> Journal:
    journal = task.journal()
    if not journal.key.startswith("V"):
        raise BadArguments(f"{journal.key} is not a sales journal.")
    return journal


def known_relation(dossier: Dossier, kept: Kept) -> Relation | None:
    """The relation an accountant would pick: the same VAT number, else the same name and postcode."""
    vat = octopus_vat(kept.data["vat_number"])
    name = kept.name.casefold()
    postcodes = {entry["address"]["postal_code"] for entry in kept.data["addresses"]}
    for relation in dossier.relations.values():
        if vat and relation.data.get("vatNr") == vat:
            return relation
        if relation_name(relation).casefold() == name and relation.data.get("postalCode") in postcodes:
            return relation
    return None


@action("book-by-hand")
def book_by_hand(task: Task) -> Json:
    """Enter a Teamleader document, or a sale of the accountant's own, as the journal's next number.

    An accountant looks whether a document is booked before entering it, so that look is part of the action.
    """
    journal = _sales_journal(task)
    try:
        if "document" in task:
            document = task.document()
            standing = key_of(task, document)
            if standing is not None and not task.yes("again"):
                raise BadArguments(f"{document.number} is booked already, as {display(standing)}.")
            return _book_document(task, journal, BY_HAND)
        return _book_free(task, journal)
    except ValueError as wrong:
        raise BadArguments(str(wrong)) from None


def _book_document(task: Task, journal: Journal, before: str) -> Json:
    """Book a Teamleader document; `before` its number in the comment."""
    dossier, now = task.dossier, task.now
    document = task.document()
    settings = settings_of(task.side)
    for line in document.lines:
        category = line["product_category"]
        if category is None or category["id"] not in settings.account_of_category:
            raise BadArguments(f"A line of {document.number} has no ledger account.")
    year = dossier.bookyears[journal.bookyear_id].data
    day = document.date
    if not year["startDate"] <= day <= year["endDate"]:
        raise BadArguments(f"{document.number} is of {day}, outside the fiscal year of {journal.key}.")
    customer = task.side.customer(document.data["invoicee"]["customer"])
    if customer is None:
        raise BadArguments(f"The customer of {document.number} is no longer in Teamleader.")
    relation = known_relation(dossier, customer)
    if relation is None:
        number = add_relation(dossier, relation_of(Random(customer.name), customer), now)
        relation = dossier.relations[number]
    key = sales_booking(
        settings,
        dossier,
        document,
        journal,
        relation,
        f"{before}{document.number}",
        now,
        "desktop",
    )
    amount = dossier.bookings[key].data["amount"]
    return {"booking": display(key), "document": document.number, "amount": amount}


def _book_free(task: Task, journal: Journal) -> Json:
    dossier, day = task.dossier, task.today
    if "relation" in task:
        relation = task.relation()
    else:
        clients = [entry for entry in dossier.relations.values() if entry.data.get("client")]
        if not clients:
            raise BadArguments("Octopus has no client to book a sale for.")
        relation = clients[0]
    amount = task.amount() if "amount" in task else Decimal("121.00")
    reference, now = task.text("reference", "handmatig"), task.now
    key = enter_sale(dossier, journal, relation, amount, day, now, "Handmatig", reference, "Diverse verkoop")
    return {"booking": display(key), "relation": relation.id, "amount": amount}


@action("import-ubl")
def import_ubl(task: Task) -> Json:
    """The document import, or a feed such as VOICI: an electronic sales invoice is booked without a look at the rest.

    What Octopus keeps of its number is not documented: here it stands in the comment, as the reference its
    communication.
    """
    try:
        return _book_document(task, _sales_journal(task), "UBL ")
    except ValueError as wrong:
        raise BadArguments(str(wrong)) from None


@action("delete-last-booking")
def delete_last_booking(task: Task) -> Json:
    """The program lets only the last booking of a journal go, and none that is reconciled."""
    dossier, now = task.dossier, task.now
    journal = task.journal()
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
def void_booking(task: Task) -> Json:
    """Correct a booking that should not be there: its number stays, since none may be missing, at zero."""
    dossier = task.dossier
    year = task.year(default_today=True)
    journal, _, number = task.text("booking").upper().partition("/")
    known = number.strip().isdecimal() and len(number) <= 10
    key = (year.id, journal.strip(), int(number) if known else 0)
    booking = dossier.bookings.get(key)
    if booking is None:
        raise BadArguments(f"There is no booking {task.text('booking')} in that fiscal year of Octopus.")
    unmatched(dossier, key, display(key))
    before, zero = booking.data["amount"], Decimal("0.00")
    lines = [{**line, "baseAmount": zero, "vatAmount": zero} for line in booking.data["bookingLines"]]
    booking.data |= {"amount": zero, "comment": "Vervallen", "reference": "", "bookingLines": lines}
    booking.modified = task.now
    return {"booking": display(key), "before": before, "amount": zero}
