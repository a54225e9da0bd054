"""Which booking is which document: by what stands in its comment and reference, else by amount, day and customer.

No link is looked at: what octowizard remembers of its own work proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from octowizard.books.numbers import bare, communication_digits
from octowizard.snapshot.matching_bookings import MARK, communications_in, numbers_in
from octowizard.snapshot.model import BookingHead, ListedDocument, SalesBooking
from octowizard.sync.audit.model import Entry

# How surely a booking is a document: its comment is the number, its reference is, a text only mentions it.
COMMENT, REFERENCE, MENTION = 3, 2, 1


class _Bearing(NamedTuple):
    booking: SalesBooking
    strength: int


Agrees = Callable[[BookingHead, ListedDocument], bool]


def is_void(booking: SalesBooking) -> bool:
    """Whether it was set to zero so that its number stays: it is no sale any more."""
    lines = booking.detail.lines if booking.detail else ()
    return not booking.head.amount and not any(line.base or line.vat for line in lines)


def is_comment_of(comment: str, number: str) -> bool:
    """Whether the comment is what a connector writes, and nobody else: this number, perhaps with octowizard's mark."""
    written = comment.removesuffix(MARK)
    return written == number or bare(written) == bare(number)


def is_of_connector(booking: BookingHead) -> bool:
    """The same where no document is known: octowizard's mark tells."""
    return booking.comment.endswith(MARK)


def pair(
    documents: Sequence[ListedDocument], bookings: Iterable[SalesBooking], same_customer: Agrees
) -> list[Entry]:
    """Every document and every booking once; of several bookings of a document the surest is its own.

    `same_customer`: whether the relation of a booking is the document's customer.
    """
    # Those booked above zero, and those booked below it.
    every_number: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
    every_communication: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
    for index, document in enumerate(documents):
        below = document.booked_amount < 0
        every_number[below][bare(document.number)].append(index)
        if document.communication:
            every_communication[below][document.communication].append(index)

    def candidates(head: BookingHead) -> tuple[int, list[int]]:
        below = head.amount < 0
        numbers, communications = every_number[below], every_communication[below]
        if fitting := numbers.get(bare(head.comment.removesuffix(MARK))):
            return COMMENT, fitting
        if fitting := numbers.get(bare(head.reference)):
            return REFERENCE, fitting
        digits = communication_digits(head.reference) if communications else None
        if digits and (fitting := communications.get(digits)):
            return REFERENCE, fitting
        for number in numbers_in(head):
            if fitting := numbers.get(number):
                return MENTION, fitting
        for digits in communications_in(head):
            if fitting := communications.get(digits):
                return MENTION, fitting
        return 0, []

    borne: dict[int, list[_Bearing]] = defaultdict(list)
    alone: list[SalesBooking] = []
    for booking in bookings:
        strength, entries_found = candidates(booking.head)
        if not strength:
            alone.append(booking)
            continue
        index = (
            entries_found[0]
            if len(entries_found) == 1
            else min(entries_found, key=lambda i: _unlike(booking.head, documents[i]))
        )
        borne[index].append(_Bearing(booking, strength))
    entries: list[Entry] = []
    missing: list[int] = []
    for index, document in enumerate(documents):
        if index not in borne:
            missing.append(index)
            continue
        bearings = borne[index]
        if len(bearings) > 1:
            bearings.sort(key=lambda one: _order(one, document))
        own, *others = bearings
        entries.append(booked := Entry(document, own.booking))
        for other in others:
            again = other.strength > MENTION or other.booking.head.amount == document.booked_amount
            if again:
                entries.append(Entry(None, other.booking, booked))
            else:
                alone.append(other.booking)
    entries += _unnamed([documents[index] for index in missing], alone, same_customer)
    return entries


def _unlike(head: BookingHead, document: ListedDocument) -> tuple[bool, bool]:
    return head.amount != document.booked_amount, head.date != document.date


def _order(bearing: _Bearing, document: ListedDocument) -> tuple[object, ...]:
    head = bearing.booking.head
    marked = head.comment.endswith(MARK)
    return (-bearing.strength, not marked, *_unlike(head, document), head.place)


def _unnamed(
    missing: list[ListedDocument], alone: list[SalesBooking], same_customer: Agrees
) -> Iterable[Entry]:
    """Documents and bookings that no text brings together: the same amount, day and customer do, where nothing else
    is like them."""
    alike: dict[tuple[object, object], tuple[list[ListedDocument], list[SalesBooking]]] = {}
    for document in missing:
        alike.setdefault((document.booked_amount, document.date), ([], []))[0].append(document)
    apart: list[SalesBooking] = []
    for booking in alone:
        group = alike.get((booking.head.amount, booking.head.date))
        (apart if group is None else group[1]).append(booking)
    for documents, bookings in alike.values():
        if (
            len(documents) == len(bookings) == 1
            and not is_of_connector(bookings[0].head)
            and same_customer(bookings[0].head, documents[0])
        ):
            yield Entry(documents[0], bookings[0])
            continue
        yield from (Entry(document, None) for document in documents)
        apart += bookings
    yield from (Entry(None, booking) for booking in apart)
