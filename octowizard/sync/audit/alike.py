"""Documents whose booking says the same in everything, told without making both sides of each. Pure.

Nearly all are. What is not plain (a foreign currency, a discount on the whole, a share of nothing, a code that only
the booking tells) is None here, and `sides` looks at it: None says nothing of whether they are the same.
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

    `by_line`: None where its lines were not read.
    """

    by_rate: Mapping[str, Share]
    by_line: Mapping[AccountAndCode, Share] | None


class _Booked(NamedTuple):
    """The lines of a booking, added up."""

    shares: Mapping[AccountAndCode, Share]
    base: Decimal
    vat: Decimal


class Comparing:
    """Looks at one document and its booking after the other, of one Snapshot."""

    def __init__(self, snapshot: Snapshot, sides: Sides) -> None:
        self._sides = sides
        self._lines = snapshot.lines
        self._own_currency = snapshot.own_currency
        self._stands: dict[tuple[str | None, str | None, int], AccountAndCode | None] = {}

    def alike(self, document: ListedDocument, booking: SalesBooking) -> Alike | None:
        """What both say alike; None where they do not, or where it takes more to tell."""
        head, detail = booking
        if (
            detail is None
            or document.base is None
            or document.amount <= 0
            or head.date != document.date
            or head.amount != document.booked_amount
            or detail.currency != document.currency
            or document.currency != self._own_currency
            or document.rate_to_own != ONE
            or (detail.rate_to_own or ONE) != ONE
            or head.journal != self._sides.journal(document)
        ):
            return None
        year, period, _return = self._sides.place(document.date)
        if head.bookyear != year or detail.period != period:
            return None
        booked = _added(detail.lines)
        if document.kind == "credit_note" and booked.base + booked.vat <= 0:
            return None
        by_rate = self._sides.by_rate(document)
        if booked.base != document.base or not self._is_at(by_rate, booked):
            return None
        lines = self._lines.get(document.id)
        if lines is None:
            return Alike(by_rate, None)
        if lines.has_discount:
            return None
        by_line = self._by_line(lines, year)
        if by_line is None or by_line != booked.shares or _NOTHING in by_line.values():
            return None
        return Alike(by_rate, by_line)

    def _is_at(self, by_rate: Mapping[str, Share], booked: _Booked) -> bool:
        """Whether the booking has the same base and VAT at each rate, none of them zero."""
        percentage = self._sides.percentages.get
        if len(by_rate) == 1:
            ((rate, share),) = by_rate.items()
            for _account, code in booked.shares:
                if percentage(code, "") != rate:
                    return False
            return share == (booked.base, booked.vat) != _NOTHING
        known: dict[str, Share] = {}
        for (_account, code), (base, vat) in booked.shares.items():
            rate = percentage(code, "")
            before = known.get(rate)
            known[rate] = (base, vat) if before is None else (before[0] + base, before[1] + vat)
        return known == by_rate and _NOTHING not in by_rate.values()

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
            known = shares.get(key)
            shares[key] = (
                (line.base, line.vat) if known is None else (known[0] + line.base, known[1] + line.vat)
            )
        return shares


def _added(lines: tuple[SalesLine, ...]) -> _Booked:
    if len(lines) == 1:
        ((account, code, base, vat),) = lines
        return _Booked({(account, code): (base, vat)}, base, vat)
    shares: dict[AccountAndCode, Share] = {}
    whole, taxes = ZERO, ZERO
    for account, code, base, vat in lines:
        whole += base
        taxes += vat
        key = account, code
        known = shares.get(key)
        shares[key] = (base, vat) if known is None else (known[0] + base, known[1] + vat)
    return _Booked(shares, whole, taxes)
