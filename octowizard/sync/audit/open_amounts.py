"""What is open: invoices paid in Teamleader against invoices matched in Octopus, with their ages. Pure.

Payments are compared, not what is left to pay: an amount that differs is named as that. A credit note may count as a
payment or not on either side (Teamleader takes a fully credited invoice for paid; an accountant may match the two or
leave it): what is open in Octopus is told the way in which both sides agree, where there is one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from octowizard.books.money import CENT, ZERO
from octowizard.snapshot.model import ListedDocument, SalesBooking, Snapshot
from octowizard.sync.audit.model import AGES, Aged, Difference, Entry
from octowizard.sync.audit.sides import ONE, Side
from octowizard.workspace.links import BookingPlace

_NOTHING = (ZERO, ZERO)


class Ageing:
    """Sums by age."""

    def __init__(self) -> None:
        self._numbers, self._amounts = [0] * (len(AGES) + 1), [ZERO] * (len(AGES) + 1)

    def add(self, amount: Decimal, days: int) -> None:
        """An invoice of which this is open, due so many days ago."""
        if amount:
            column = bisect_left(AGES, days)
            self._numbers[column] += 1
            self._amounts[column] += amount

    def total(self) -> Aged:
        """The columns."""
        return Aged(tuple(self._numbers), tuple(self._amounts))  # type: ignore[arg-type] # four of each


def _matched(snapshot: Snapshot) -> Mapping[BookingPlace, tuple[Decimal, Decimal]]:
    """How much of each sales document is matched, in the dossier's currency: all of it, and with credit notes."""
    matched: dict[BookingPlace, tuple[Decimal, Decimal]] = {}
    for match in snapshot.matches:
        place, amount = (match.bookyear, match.journal, match.number), match.amount
        everything, credited = matched.get(place, _NOTHING)
        if match.counter_journal.startswith("V"):
            credited += amount
        matched[place] = everything + amount, credited
    return matched


class OpenAmounts:
    """What is open on both sides, and which payments only one of them has; entry by entry."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self.teamleader, self.octopus = Ageing(), Ageing()
        self.untold = 0  # credit notes, of which Teamleader tells no open amount
        self._today = today
        self._matched = _matched(snapshot)
        self._credited: dict[str, Decimal] = {}  # by invoice, its credit notes in Teamleader
        for one in snapshot.listed:
            if one.credits:
                self._credited[one.credits] = self._credited.get(one.credits, ZERO) + one.amount

    def add(self, index: int, entry: Entry, mine: Side | None, its: Side | None) -> Difference | None:
        """Count it; the payment that only one side has."""
        document, booking, _twin = entry
        if document is not None and document.kind == "credit_note":
            self.untold += 1
            return None
        total = its.own(its.total) if its is not None else ZERO
        due = document.due_on or document.date if document is not None else None
        if due is None and booking is not None:
            due = booking.detail.due_on if booking.detail else booking.head.date
        assert due is not None  # an entry has one of both
        days = (self._today - due).days
        if document is None or mine is None or document.open_amount is None:
            matched, _by_notes = self._matched_with(booking)
            self.octopus.add(max(ZERO, total - matched), days)
            return None
        left = mine.own(document.open_amount)
        if its is None or booking is None:
            self.teamleader.add(left, days)
            return None
        return self._compared(
            index,
            booking,
            days,
            invoiced=mine.own(mine.total),
            left=left,
            credited=mine.own(self._credited.get(document.id, ZERO)),
            booked=total,
            slack=ZERO if mine.rate_to_own == ONE else CENT,
        )

    def add_alike(self, index: int, document: ListedDocument, booking: SalesBooking) -> Difference | None:
        """As `add`, of a document in the own currency whose booking is the same."""
        if document.kind == "credit_note":
            self.untold += 1
            return None
        if not document.open_amount and document.open_amount is not None:
            matched, _by_notes = self._matched_with(booking)
            if matched == document.amount:
                return None  # paid on both sides, as most are: nothing is open
        days = (self._today - (document.due_on or document.date)).days
        if document.open_amount is None:
            matched, _by_notes = self._matched_with(booking)
            self.octopus.add(max(ZERO, document.amount - matched), days)
            return None
        return self._compared(
            index,
            booking,
            days,
            invoiced=document.amount,
            left=document.open_amount,
            credited=self._credited.get(document.id, ZERO),
            booked=document.amount,
            slack=ZERO,
        )

    def _matched_with(self, booking: SalesBooking | None) -> tuple[Decimal, Decimal]:
        """How much of it is matched, and how much of that with credit notes."""
        return self._matched.get(booking.head[:3], _NOTHING) if booking is not None else _NOTHING

    def _compared(
        self,
        index: int,
        booking: SalesBooking,
        days: int,
        *,
        invoiced: Decimal,
        left: Decimal,
        credited: Decimal,
        booked: Decimal,
        slack: Decimal,
    ) -> Difference | None:
        """Count an invoice that both sides have, and compare what is paid of it with what is matched."""
        self.teamleader.add(left, days)
        matched, by_notes = self._matched_with(booking)
        paid, without_notes = invoiced - left, matched - by_notes
        if (
            abs(paid - matched) <= slack
            or abs(paid - without_notes) <= slack
            or abs(paid - without_notes - credited) <= slack
        ):
            self.octopus.add(booked - paid, days)
            return None
        self.octopus.add(booked - matched, days)
        return Difference(
            kind="paid" if paid > matched else "matched",
            entry=index,
            teamleader=str(paid),
            octopus=str(matched),
            amount=matched - paid,
            days=max(0, days),
        )
