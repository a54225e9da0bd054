"""Which booking in Octopus is which document of Teamleader, when no link remembers it. Pure.

octowizard writes the document's number into the booking's comment, followed by its own mark, and the structured
communication into the reference. Another connector, or a person, writes number or communication somewhere in
either: such a booking is recognised too, and never made a second time. Where another connector is known to book, one
that names no document at all is known by amount and date, with its own number or its relation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from octowizard.books.numbers import bare, communication_digits, sequence_of
from octowizard.snapshot.model import BookingHead, DocumentHead
from octowizard.workspace.links import BookingPlace

MARK = " · octowizard"

# Overlapping on purpose: `(INV-2026/15)` holds `(INV-2026/15`, `INV-2026/15` and `2026/15`.
_NUMBER = re.compile(r"(?=(?<!\w)([^\s/]{1,40}\s*/\s*\d+))")
_ROUNDED = Decimal("0.02")  # an electronic invoice is rounded per rate, a document of Teamleader per line
_APART = timedelta(days=3)
_COMMUNICATION = re.compile(r"\+*\d{3}/\d{4}/\d{5}\+*|\b\d{12}\b")


def comment_for(number: str) -> str:
    """The comment octowizard writes: the document's number and its own mark."""
    return f"{number}{MARK}"


def document_number(booking: BookingHead) -> str:
    """The document's number in the comment of a booking that octowizard made."""
    return booking.comment.removesuffix(MARK)


def document_key(head: DocumentHead) -> str:
    """What octowizard's own booking of this document bears: its number, signed amount and date."""
    return f"{bare(head.number)} {head.booked_amount:.2f} {head.date}"


def booking_key(booking: BookingHead) -> str | None:
    """The same of a booking that octowizard made; None for any other."""
    if not booking.comment.endswith(MARK):
        return None
    return f"{bare(booking.comment.removesuffix(MARK))} {booking.amount:.2f} {booking.date}"


class Recognised(NamedTuple):
    """What stands in Octopus already. `differing`: it bears the number, but amount or date are others."""

    ours: list[tuple[DocumentHead, BookingHead]]
    elsewhere: list[tuple[DocumentHead, BookingHead]]
    differing: list[tuple[DocumentHead, BookingHead]]


def numbers_in(booking: BookingHead) -> set[str]:
    """All that may be a document's number in comment or reference, without blanks."""
    texts = (booking.comment, booking.reference)
    return {bare(written) for text in texts for written in (text, *_NUMBER.findall(text))}


def communications_in(booking: BookingHead) -> set[str]:
    """The valid structured communications in comment or reference, as digits."""
    text = f"{booking.comment} {booking.reference}"
    return {digits for written in _COMMUNICATION.findall(text) if (digits := communication_digits(written))}


def is_still(booking: BookingHead, head: DocumentHead) -> bool:
    """Whether the booking at the number that octowizard remembers of a document still is that document.

    Another amount is another content (a voided booking has none), and so is another date without the document's
    number: the booking was removed, and its number given to somebody else's. A comment alone may have been rewritten.
    """
    return booking.amount == head.booked_amount and (booking.date == head.date or _bears(booking, head))


def _bears(booking: BookingHead, head: DocumentHead) -> bool:
    """Whether comment or reference is the document's number or communication, and not only mentions it."""
    texts = (booking.comment.removesuffix(MARK), booking.reference)
    if any(bare(text) == bare(head.number) for text in texts):
        return True
    bare_communications = (communication_digits(text) for text in texts if not any(map(str.isalpha, text)))
    return head.communication is not None and head.communication in bare_communications


def recognise(
    documents: Iterable[DocumentHead],
    bookings: Iterable[BookingHead],
    relations_of: Callable[[DocumentHead], Container[int]] | None = None,
) -> Recognised:
    """Pair documents with bookings, one to one; a booking's sign tells invoices from credit notes.

    An invoice whose lines take more than they give is booked below zero, and looked for there. `relations_of`: the
    relations that a document's customer may be; with it, bookings that name no document are paired too.
    """
    nameless: list[BookingHead] = []
    left: list[DocumentHead] = []
    by_number: dict[tuple[bool, str], list[BookingHead]] = defaultdict(list)
    by_communication: dict[tuple[bool, str], list[BookingHead]] = defaultdict(list)
    for booking in bookings:
        below = booking.amount < 0
        if booking.comment.endswith(MARK):
            by_number[below, bare(booking.comment.removesuffix(MARK))].append(booking)
            continue
        for number in numbers_in(booking):
            by_number[below, number].append(booking)
        communications = communications_in(booking)
        for digits in communications:
            by_communication[below, digits].append(booking)
        if not communications and not any(map(_NUMBER.search, (booking.comment, booking.reference))):
            nameless.append(booking)
    ours: list[tuple[DocumentHead, BookingHead]] = []
    elsewhere: list[tuple[DocumentHead, BookingHead]] = []
    differing: list[tuple[DocumentHead, BookingHead]] = []
    taken: set[BookingPlace] = set()
    for head in documents:
        amount = head.booked_amount
        below = amount < 0
        candidates = list(by_number.get((below, bare(head.number)), ()))
        if head.communication:
            candidates += by_communication.get((below, head.communication), ())
        free = [b for b in candidates if b.place not in taken]
        if not free:
            left.append(head)
            continue
        same = [b for b in free if b.amount == amount and b.date == head.date]
        # Ours before anybody else's: a document booked twice shows in the audit, not here.
        same.sort(key=lambda b: not b.comment.endswith(MARK))
        if same:
            booking = same[0]
            taken.add(booking.place)
            (ours if booking.comment.endswith(MARK) else elsewhere).append((head, booking))
        else:
            differing += [(head, b) for b in free if _bears(b, head)][:1]
    if relations_of is not None:
        free = [booking for booking in nameless if booking.place not in taken]
        elsewhere += _of_equal_sales(left, free, relations_of)
    return Recognised(ours, elsewhere, differing)


def _of_equal_sales(
    documents: Iterable[DocumentHead],
    bookings: Iterable[BookingHead],
    relations_of: Callable[[DocumentHead], Container[int]],
) -> Iterator[tuple[DocumentHead, BookingHead]]:
    """Pairs of equal amount and date: by number, else by relation where nobody else could be meant."""
    alike: dict[tuple[Decimal, date], list[BookingHead]] = defaultdict(list)
    for booking in bookings:
        alike[booking.amount, booking.date].append(booking)
    waiting: dict[tuple[Decimal, date], list[DocumentHead]] = defaultdict(list)
    for head in documents:
        waiting[head.booked_amount, head.date].append(head)
    for sale, heads in waiting.items():
        there = alike.get(sale, [])
        for head in list(heads):
            numbered = [booking for booking in there if booking.number == sequence_of(head.number)]
            if len(numbered) == 1:
                heads.remove(head)
                there.remove(numbered[0])
                yield head, numbered[0]
        for booking in there:
            meant = [head for head in heads if booking.relation in relations_of(head)]
            if len(meant) == 1 and sum(other.relation in relations_of(meant[0]) for other in there) == 1:
                yield meant[0], booking


def imported_twice(bookings: Iterable[BookingHead]) -> Iterator[tuple[BookingHead, BookingHead]]:
    """Octowizard's booking and another of the same sale, for the same relation: what its electronic invoice makes.

    Number or structured communication are the same, the amount but for `_ROUNDED`, the date within `_APART` (inferred:
    what Octopus keeps of an electronic invoice is not documented).
    """
    ours: dict[int, list[BookingHead]] = defaultdict(list)
    others: list[BookingHead] = []
    for booking in bookings:
        if not booking.comment.endswith(MARK):
            others.append(booking)
        elif booking.relation:
            ours[booking.relation].append(booking)
    for (
        other
    ) in others:  # texts are read last: for most of twenty thousand bookings relation and amount decide
        alike = [own for own in ours.get(other.relation, ()) if _same_sale(own, other)]
        signs = numbers_in(other) | communications_in(other) if alike else set()
        same = (own for own in alike if bare(document_number(own)) in signs or communications_in(own) & signs)
        first = min(same, key=lambda own: own.place, default=None)
        if first is not None:
            yield first, other


def _same_sale(own: BookingHead, other: BookingHead) -> bool:
    return (
        own.amount * other.amount > 0
        and abs(own.amount - other.amount) <= _ROUNDED
        and abs(own.date - other.date) <= _APART
    )
