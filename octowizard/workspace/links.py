"""What belongs together on the two sides: customer and relation, document and booking, match and payment.

A link is the memory of a write that is known to have happened, or of a pair that was recognised. Links made by a
write are stored in the same transaction as the write's outcome (see `intents.close`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from sys import intern
from typing import Annotated, NamedTuple

from msgspec import Meta

from octowizard.workspace.broken import damaged
from octowizard.workspace.db import Connection, Workspace

Natural = Annotated[int, Meta(ge=0)]


BookingPlace = tuple[int, str, int]  # where a booking stands: bookyear id, journal key, document number


class CustomerLink(NamedTuple):
    """A Teamleader customer (company or contact id) is this relation."""

    customer: str
    relation: Natural
    external_number: Natural
    how: str  # created | vat_number | external_number | name_and_address | imported | matched


class DocumentLink(NamedTuple):
    """A document is this booking. `how`: booked (by us) | recognised (ours, found again) | elsewhere (by others,
    with the user's word that they no longer book) | watched (by others, while the profile watches)."""

    document: str
    kind: str
    bookyear: Natural
    journal: str
    number: Natural
    how: str

    @property
    def place(self) -> BookingPlace:
        """Where the booking stands."""
        return self.bookyear, self.journal, self.number


class PaymentLink(NamedTuple):
    """A match in Octopus (`key`) is a payment of the document in Teamleader. `how`: registered | found | mirrored."""

    key: str
    document: str
    amount: Decimal
    paid_on: str
    how: str


Link = CustomerLink | DocumentLink | PaymentLink


def put(db: Connection, link: Link) -> None:
    """Store a link within a transaction, in the place of any that contradicts it; again changes nothing."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    match link:
        case CustomerLink():
            db.execute("DELETE FROM customer_link WHERE customer = ?", (link.customer,))
            db.execute("INSERT INTO customer_link VALUES (?, ?, ?, ?, ?)", (*link, at))
        case DocumentLink():
            db.execute(
                "DELETE FROM document_link WHERE document = ? OR (bookyear = ? AND journal = ? AND number = ?)",
                (link.document, link.bookyear, link.journal, link.number),
            )
            db.execute("INSERT INTO document_link VALUES (?, ?, ?, ?, ?, ?, ?)", (*link, at))
        case PaymentLink():
            db.execute("DELETE FROM payment_link WHERE key = ?", (link.key,))
            db.execute(
                "INSERT INTO payment_link VALUES (?, ?, ?, ?, ?, ?)",
                (link.key, link.document, str(link.amount), link.paid_on, link.how, at),
            )


def keep(workspace: Workspace, *links: Link, at_once: bool = True) -> None:
    """Store links that were recognised; not `at_once`: on the disk with the next intent (see intents.py)."""
    if not links:
        return
    with workspace.durable() if at_once else workspace.quick() as db:
        for link in links:
            put(db, link)


def customers(workspace: Workspace) -> dict[str, CustomerLink]:
    """All customer links by customer id."""
    rows = workspace.read(CustomerLink, "SELECT customer, relation, external_number, how FROM customer_link")
    return {link.customer: link for link in rows}


def documents(workspace: Workspace) -> dict[str, DocumentLink]:
    """All document links by document id."""
    return {link.document: link for link in each_document(workspace)}


def each_document(workspace: Workspace) -> Iterator[DocumentLink]:
    """The document links one by one: twenty thousand are held by nobody who only looks through them."""
    rows = workspace.read(
        DocumentLink, "SELECT document, kind, bookyear, journal, number, how FROM document_link"
    )
    for document, kind, bookyear, journal, number, how in rows:
        yield DocumentLink(document, intern(kind), bookyear, intern(journal), number, intern(how))


def document(workspace: Workspace, identity: str) -> DocumentLink | None:
    """The link of one document; None where octowizard remembers no booking of it."""
    query = "SELECT document, kind, bookyear, journal, number, how FROM document_link WHERE document = ?"
    return next(workspace.read(DocumentLink, query, identity), None)


def is_linked(workspace: Workspace, place: BookingPlace) -> bool:
    """Whether a document is known to be the booking at this place."""
    query = "SELECT 1 FROM document_link WHERE bookyear = ? AND journal = ? AND number = ?"
    return workspace.row(query, *place) is not None


def highest_numbers(workspace: Workspace) -> dict[tuple[int, str], int]:
    """The highest number of a linked booking, by fiscal year and journal."""
    query = "SELECT bookyear, journal, max(number) FROM document_link GROUP BY bookyear, journal"
    return {(year, journal): number for year, journal, number in workspace.read(tuple[int, str, int], query)}


def document_since(workspace: Workspace, document: str) -> tuple[str, datetime] | None:
    """How and since when octowizard knows the booking of a document; None where it remembers none."""
    query = "SELECT how, at FROM document_link WHERE document = ?"
    rows = workspace.read(tuple[str, Annotated[datetime, Meta(tz=True)]], query, document)
    return next(iter(rows), None)


def drop_documents(workspace: Workspace, places: Iterable[tuple[int, str, int]]) -> int:
    """Forget the links to bookings that are no longer there; how many there were."""
    with workspace.durable() as db:
        cursor = db.executemany(
            "DELETE FROM document_link WHERE bookyear = ? AND journal = ? AND number = ?", places
        )
        return max(cursor.rowcount, 0)


def drop_customer(workspace: Workspace, customer: str) -> None:
    """Forget the link of a customer that is no longer there."""
    with workspace.durable() as db:
        db.execute("DELETE FROM customer_link WHERE customer = ?", (customer,))


def payments(workspace: Workspace) -> dict[str, PaymentLink]:
    """All payment links by the key of the match."""
    rows = workspace.read(PaymentLink, "SELECT key, document, amount, paid_on, how FROM payment_link")
    by_key = {link.key: link for link in rows}
    if not all(link.amount.is_finite() for link in by_key.values()):
        raise damaged(workspace.path, "an amount that is no number")
    return by_key
