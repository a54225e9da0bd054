"""What a document is in the books, and what a booking is: the two sides that are compared. Pure.

A side's amounts are in the document's own currency, below zero for a credit note. What Teamleader's side should be is
worked out here from the document, the fiscal years and the user's mapping; the plan is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from octowizard.books.accounts import DISCOUNTS, account_numbers
from octowizard.books.fiscal import FiscalYear, year_of
from octowizard.books.money import ZERO, allocate, cents
from octowizard.books.vat import Regime
from octowizard.books.vat_return import RHYTHMS, VatReturn, return_of
from octowizard.snapshot.model import (
    BookingDetail,
    DocumentLines,
    ListedDocument,
    SalesBooking,
    Snapshot,
    SpreadLine,
    VatCodeFacts,
)
from octowizard.sync.audit.model import Obstacle
from octowizard.workspace.profiles import Profile

ONE = Decimal(1)
_TOLD_BY_HEAD = 10  # the members of a side up to its rates

Share = tuple[Decimal, Decimal]
AccountAndCode = tuple[int, str]
Discounts = Sequence[tuple[Decimal, Decimal, Decimal]]  # rate, base, VAT: below zero
Shares = Mapping[str, Share]  # base and VAT by rate, code or account; what is zero is left out


class Side(NamedTuple):
    """One side. `year` 0, `period` 0: there is none. `rates`: by percentage as text.

    `codes`, `accounts` None: not known, as `obstacle` says.
    """

    year: int
    period: int
    journal: str
    day: date
    to_return: VatReturn | None
    base: Decimal
    total: Decimal
    currency: str
    rate_to_own: Decimal
    rates: Shares
    codes: Shares | None
    accounts: Shares | None
    obstacle: Obstacle | None = None

    def agrees(self, other: Side) -> bool:
        """Whether the two are the same in all but codes and accounts, which only the lines of a document tell."""
        return self[:_TOLD_BY_HEAD] == other[:_TOLD_BY_HEAD]

    def own(self, amount: Decimal) -> Decimal:
        """The amount in the dossier's currency, to the cent."""
        return amount if self.rate_to_own == ONE else cents(amount * self.rate_to_own)


class Unknown(NamedTuple):
    """Why there is no side to compare."""

    obstacle: Obstacle


def percentage(value: Decimal) -> str:
    """`21`, `6`, `0`."""
    return f"{value.normalize():f}"


def _add(shares: dict[str, Share], key: str, base: Decimal, vat: Decimal) -> None:
    known = shares.get(key)
    shares[key] = (base, vat) if known is None else (known[0] + base, known[1] + vat)


def _signed(shares: dict[str, Share], negative: bool) -> Shares:
    """The shares with their sign; what is zero is left out."""
    if negative:
        return {key: (-base, -vat) for key, (base, vat) in shares.items() if base or vat}
    for base, vat in shares.values():
        if not base and not vat:
            return {key: share for key, share in shares.items() if any(share)}
    return shares


class Sides:
    """Makes the sides of one Snapshot. `percentages`: as text, by VAT code."""

    def __init__(self, snapshot: Snapshot, profile: Profile) -> None:
        self._snapshot = snapshot
        self._mapping = profile.mapping
        self._discount_account = profile.mapping.discount_account or DISCOUNTS
        self._journals = {"invoice": profile.invoice_journal, "credit_note": profile.credit_note_journal}
        self._years = {year.id: year for year in snapshot.years}
        self._days: dict[date, tuple[int, int, VatReturn | None]] = {}
        self.percentages = {code.code: percentage(code.percentage) for code in snapshot.vat_codes}
        self._rates: dict[Decimal, str] = {}
        self._codes: dict[str, tuple[str, ...]] = {}
        self._account_names: dict[int, str] = {}
        self._accounts: dict[tuple[str, int], str | None] = {}

    # --- Teamleader -----------------------------------------------------------------------------------------

    def place(self, day: date) -> tuple[int, int, VatReturn | None]:
        """Fiscal year, period and VAT return of a day."""
        known = self._days.get(day)
        if known is None:
            year = year_of(self._snapshot.years, day)
            period = year.period_of(day) if year else None
            known = self._days[day] = (
                year.id if year else 0,
                period.number if period else 0,
                self._return(year, day),
            )
        return known

    def _return(self, year: FiscalYear | None, day: date) -> VatReturn | None:
        rhythm = self._snapshot.returns.get(year.id) if year else None
        return next((return_of(day, one) for one in RHYTHMS if one == rhythm), None)

    def journal(self, document: ListedDocument) -> str:
        """The journal that takes this kind of document."""
        return self._journals[document.kind]

    def of_document(self, document: ListedDocument, booking: SalesBooking | None) -> Side | Unknown:
        """What the document is. `booking`: where several VAT codes will do, the one that it has counts."""
        detail = self._snapshot.lines.get(document.id)
        if document.base is None:
            return Unknown("documents-of-before")
        rate = document.rate_to_own or (detail.rate_to_own if detail else None)
        if not rate:
            return Unknown("no-rate")
        negative = document.kind == "credit_note"
        year, period, to_return = self.place(document.date)
        codes: Shares | None = None
        accounts: Shares | None = None
        obstacle: Obstacle | None = "no-lines"
        if detail is not None:
            discounts = _discounts(detail, self._snapshot)
            codes = self._codes_of(detail, discounts, booking, negative)
            accounts = self._accounts_of(detail, discounts, negative, year)
            obstacle = "no-code" if codes is None else "no-account" if accounts is None else None
        return Side(
            year,
            period,
            self._journals[document.kind],
            document.date,
            to_return,
            -document.base if negative else document.base,
            document.booked_amount,
            document.currency,
            rate,
            _signed(self.by_rate(document), negative),
            codes,
            accounts,
            obstacle,
        )

    def by_rate(self, document: ListedDocument) -> dict[str, Share]:
        """Base and VAT at each rate, by percentage as text, as the list of documents shows them."""
        shares: dict[str, Share] = {}
        for one in document.rates:
            name = self._rates.get(one.rate)
            if name is None:
                name = self._rates[one.rate] = percentage(one.rate * 100)
            _add(shares, name, one.base, one.vat)
        return shares

    def account_and_code(
        self, category_id: str | None, rate_id: str | None, year: int
    ) -> AccountAndCode | None:
        """Where a line goes, whatever it is booked with; None where that does not tell, or not alone."""
        fitting, account = self._codes_for(rate_id or ""), self._account(category_id or "", year)
        return (int(account), fitting[0]) if account is not None and len(fitting) == 1 else None

    def _codes_of(
        self, detail: DocumentLines, discounts: Discounts, booking: SalesBooking | None, negative: bool
    ) -> Shares | None:
        shares: dict[str, Share] = {}
        for line in detail.lines:
            code = self._code(line, booking)
            if code is None:
                return None
            _add(shares, code, line.base, line.vat)
        for code, base, vat in self._discounts_by_code(detail, discounts, booking):
            _add(shares, code, base, vat)
        return _signed(shares, negative)

    def _discounts_by_code(
        self, detail: DocumentLines, discounts: Discounts, booking: SalesBooking | None
    ) -> Iterator[tuple[str, Decimal, Decimal]]:
        """What the discounts take off at each VAT code, in the proportion of the lines that are booked with it."""
        for rate, base, vat in discounts:
            weights: dict[str, Decimal] = {}
            for line in detail.lines:
                known = self._snapshot.tax_rates.get(line.tax_rate_id or "")
                if known is not None and known.rate == rate and (code := self._code(line, booking)):
                    weights[code] = weights.get(code, ZERO) + line.base
            parts, taxes = (allocate(amount, list(weights.values())) for amount in (base, vat))
            yield from zip(weights, parts, taxes, strict=True)

    def discounts(self, detail: DocumentLines) -> Iterator[tuple[AccountAndCode, Share]]:
        """Where the discounts of a document go whose lines all tell their VAT code; below zero."""
        for code, base, vat in self._discounts_by_code(detail, _discounts(detail, self._snapshot), None):
            yield (self._discount_account, code), (base, vat)

    def _code(self, line: SpreadLine, booking: SalesBooking | None) -> str | None:
        fitting = self._codes_for(line.tax_rate_id or "")
        if len(fitting) == 1:
            return fitting[0]
        used = {line.vat_code for line in booking.detail.lines} if booking and booking.detail else set()
        usual = [code for code in fitting if code in used]
        return usual[0] if len(usual) == 1 else None

    def _codes_for(self, rate_id: str) -> tuple[str, ...]:
        if rate_id not in self._codes:
            self._codes[rate_id] = self._fitting(rate_id)
        return self._codes[rate_id]

    def _fitting(self, rate_id: str) -> tuple[str, ...]:
        """The VAT codes that a tax rate may be booked with: the mapped one, or those of its percentage and kind."""
        rate = self._snapshot.tax_rates.get(rate_id)
        if chosen := self._mapping.vat.get(rate_id):
            return (chosen,)
        if rate is None:
            return ()

        def fits(code: VatCodeFacts) -> bool:
            return code.percentage == rate.rate * 100 and code.regime is rate.regime

        same = [code.code for code in self._snapshot.vat_codes if fits(code)]
        plain = [code for code in same if code.isdigit() and int(code) == rate.rate * 100]
        if len(plain) == 1 and rate.regime in (Regime.NATIONAL, Regime.ZERO):
            return (plain[0],)
        return tuple(same)

    def _accounts_of(
        self, detail: DocumentLines, discounts: Discounts, negative: bool, year: int
    ) -> Shares | None:
        shares: dict[str, Share] = {}
        for line in detail.lines:
            account = self._account(line.category_id or "", year)
            if account is None:
                return None
            _add(shares, account, line.base, line.vat)
        for _rate, base, vat in discounts:
            _add(shares, str(self._discount_account), base, vat)
        return _signed(shares, negative)

    def _account(self, category_id: str, year: int) -> str | None:
        """The number that a product category leads to: six digits, unless the chart has it as it is written."""
        key = (category_id, year)
        if key not in self._accounts:
            category = self._snapshot.categories.get(category_id)
            chosen = self._mapping.accounts.get(category_id)
            written = str(chosen) if chosen is not None else (category and category.account) or ""
            numbers, chart = account_numbers(written), self._snapshot.accounts.get(year, {})
            meant = next((one for one in numbers if one in chart), numbers[-1] if numbers else None)
            self._accounts[key] = str(meant) if meant is not None else None
        return self._accounts[key]

    # --- Octopus --------------------------------------------------------------------------------------------

    def of_booking(self, booking: SalesBooking) -> Side | Unknown:
        """What the booking is."""
        head, detail = booking.head, booking.detail
        if detail is None:
            return Unknown("bookings-of-before")
        base = ZERO
        rates: dict[str, Share] = {}
        codes: dict[str, Share] = {}
        accounts: dict[str, Share] = {}
        for account, code, part, tax in detail.lines:
            base += part
            _add(codes, code, part, tax)
            _add(accounts, self._account_names.setdefault(account, str(account)), part, tax)
        for code, (part, tax) in codes.items():
            _add(rates, self.percentages.get(code, ""), part, tax)
        turned = head.amount < 0 and _are_positive(detail)
        return Side(
            head.bookyear,
            detail.period,
            head.journal,
            head.date,
            self._return_of(head.bookyear, detail.period, head.date),
            -base if turned else base,
            head.amount,
            detail.currency,
            detail.rate_to_own or ONE,
            _signed(rates, turned),
            _signed(codes, turned),
            _signed(accounts, turned),
        )

    def _return_of(self, year_id: int, number: int, day: date) -> VatReturn | None:
        """The VAT return of a booking: that of its period, whatever its own date is."""
        usual_year, usual_period, usual = self.place(day)
        if (usual_year, usual_period) == (year_id, number):
            return usual
        year = self._years.get(year_id)
        period = next((one for one in year.periods if one.number == number), None) if year else None
        inside = period is None or period.start <= day <= period.end
        return self._return(year, day if inside or period is None else period.start)


def _are_positive(detail: BookingDetail) -> bool:
    """Whether the lines of a booking come to more than zero, as those of a credit note do (its header is below)."""
    return sum((line.base + line.vat for line in detail.lines), ZERO) > 0


def _discounts(detail: DocumentLines, snapshot: Snapshot) -> Discounts:
    """By rate (fraction), what the discounts on the whole document take off base and VAT: below zero."""
    if not detail.has_discount:
        return ()
    discounts = []
    for total in detail.totals:
        lines = [
            line
            for line in detail.lines
            if (rate := snapshot.tax_rates.get(line.tax_rate_id or "")) and rate.rate == total.rate
        ]
        base = total.base - sum((line.base for line in lines), ZERO)
        vat = total.vat - sum((line.vat for line in lines), ZERO)
        if base or vat:
            discounts.append((total.rate, base, vat))
    return discounts
