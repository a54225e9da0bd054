"""Documents whose booking says the same in everything, told without making both sides of each. Pure.

Nearly all are. What is not plain (a foreign currency, a share of nothing, a code that only the booking tells) is None
here, and `sides` looks at it: None says nothing of whether they are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from octowizard.books.money import ZERO
from octowizard.snapshot.model import DocumentLines, ListedDocument, SalesBooking, SalesLine, Snapshot
from octowizard.sync.audit.sides import ONE, AccountAndCode, Share, Sides

_NOT_ASKED = (0, "")
_NOTHING = (ZERO, ZERO)


class Alike(NamedTuple):
    """What both sides say of a document, in the own currency, above zero on a credit note too.

    `by_line`: None where its lines were not read; `by_rate` is told there only.
    """

    by_rate: Mapping[str, Share]
    by_line: Mapping[AccountAndCode, Share] | None


class Comparing:
    """Looks at one document and its booking after the other, of one Snapshot."""

    def __init__(self, snapshot: Snapshot, sides: Sides) -> None:
        self._sides = sides
        self._lines = snapshot.lines
        self._own_currency = snapshot.own_currency
        self._fractions = {one.code: one.percentage / 100 for one in snapshot.vat_codes}
        self._stands: dict[tuple[str | None, str | None, int], AccountAndCode | None] = {}

    def alike(self, document: ListedDocument, booking: SalesBooking) -> Alike | None:
        """What both say alike; None where they do not, or where it takes more to tell."""
        head, detail = booking
        day, amount, base, rates = document.date, document.amount, document.base, document.rates
        is_credit_note = document.kind == "credit_note"
        if (
            detail is None
            or base is None
            or amount <= ZERO
            or head.date != day
            or head.amount != (-amount if is_credit_note else amount)
            or detail.currency != document.currency
            or document.currency != self._own_currency
            or document.rate_to_own != ONE
            or (detail.rate_to_own or ONE) != ONE
            or head.journal != self._sides.journal(document)
        ):
            return None
        year, period, _return = self._sides.place(day)
        if head.bookyear != year or detail.period != period:
            return None
        booked, whole, taxes = _added(detail.lines)
        if whole != base or (is_credit_note and whole + taxes <= ZERO):
            return None
        if len(booked) == len(rates) == 1:  # most stand on one account with one code
            ((_account, code),) = booked
            (at,) = rates
            if at.rate != self._fractions.get(code) or at.base != whole or at.vat != taxes:
                return None
        elif not self._is_at(self._sides.by_rate(document), booked):
            return None
        lines = self._lines.get(document.id)
        if lines is None:
            return None if _NOTHING in booked.values() else Alike(self._sides.by_rate(document), None)
        by_line = self._by_line(lines, year)
        if by_line is None or by_line != booked or _NOTHING in by_line.values():
            return None
        return Alike({}, by_line)

    def _is_at(self, by_rate: Mapping[str, Share], booked: Mapping[AccountAndCode, Share]) -> bool:
        """Whether the booking has the same base and VAT at each rate, none of them zero."""
        percentages = self._sides.percentages
        known: dict[str, Share] = {}
        for (_account, code), share in booked.items():
            rate = percentages.get(code, "")
            if rate in known:
                base, vat = known[rate]
                share = (base + share[0], vat + share[1])
            known[rate] = share
        return known == by_rate and _NOTHING not in known.values()

    def _by_line(self, lines: DocumentLines, year: int) -> dict[AccountAndCode, Share] | None:
        """Base and VAT by account and code; None where a line does not tell both."""
        shares: dict[AccountAndCode, Share] = {}
        stands = self._stands
        for line in lines.lines:
            where = line.category_id, line.tax_rate_id, year
            key = stands.get(where, _NOT_ASKED)
            if key is _NOT_ASKED:
                key = stands[where] = self._sides.account_and_code(*where)
            if key is None:
                return None
            if key in shares:
                base, vat = shares[key]
                shares[key] = (base + line.base, vat + line.vat)
            else:
                shares[key] = (line.base, line.vat)
        if lines.has_discount:
            for key, (off, tax) in self._sides.discounts(lines):
                base, vat = shares.get(key, _NOTHING)
                shares[key] = (base + off, vat + tax)
        return shares


def _added(lines: tuple[SalesLine, ...]) -> tuple[dict[AccountAndCode, Share], Decimal, Decimal]:
    """The lines of a booking: base and VAT by account and code, and of all."""
    if len(lines) == 1:
        ((account, code, base, vat),) = lines
        return {(account, code): (base, vat)}, base, vat
    shares: dict[AccountAndCode, Share] = {}
    whole, taxes = ZERO, ZERO
    for account, code, base, vat in lines:
        whole += base
        taxes += vat
        key = account, code
        if key in shares:
            before, tax = shares[key]
            shares[key] = (before + base, tax + vat)
        else:
            shares[key] = (base, vat)
    return shares, whole, taxes
