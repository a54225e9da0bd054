"""From one document to its place in the books and its booking, or to what blocks it. Pure functions of a Snapshot.

`plan.py` asks these questions in their order. VAT is what the document says, per line; where a discount on the whole
document changes it, the difference that the document itself states per rate is booked on the account for discounts.
"""

from __future__ import annotations

from collections import abc, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from octowizard.books.accounts import DISCOUNTS, account_numbers
from octowizard.books.fiscal import (
    Barrier,
    FiscalYear,
    JournalState,
    Period,
    barrier,
    barriers,
    gap_around,
    year_of,
)
from octowizard.books.money import CENT, ZERO, allocate
from octowizard.books.vat import Regime
from octowizard.locale import _
from octowizard.octopus.bookings import BuySellBooking, BuySellBookingLine
from octowizard.octopus.models import Key, RelationIdentification
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.snapshot.matching_bookings import comment_for
from octowizard.snapshot.model import (
    AccountFacts,
    DocumentDetail,
    DocumentHead,
    Kind,
    LineFacts,
    Snapshot,
    TaxRateFacts,
    VatCodeFacts,
)
from octowizard.workspace.profiles import Mapping

Chart = abc.Mapping[int, AccountFacts]

MANDATORY = 1  # cost centre type of an account (Octopus' contract: 0 none, 1 mandatory, 2 optional)
_COMMENT_LENGTH = 100  # Octopus names no maximum; the widest of its screens shows about this much


class Place(NamedTuple):
    """Where a document belongs: journal, fiscal year, period and the journal's state there; `wall` bars bookings."""

    journal: str
    year: FiscalYear | None
    period: Period | None
    state: JournalState | None
    wall: Barrier | None

    @property
    def series(self) -> tuple[int, str]:
        """The numbers that its booking takes one of: (year id, journal); year 0 where nothing can be booked."""
        return (0 if self.wall is not None or self.year is None else self.year.id, self.journal)


def place_of(
    years: tuple[FiscalYear, ...],
    journals: abc.Mapping[tuple[int, str], JournalState],
    day: date,
    journal: str,
) -> Place:
    """Fiscal year and period of a day, with the journal's state there."""
    year = year_of(years, day)
    period = year.period_of(day) if year else None
    state = journals.get((year.id, journal)) if year else None
    return Place(journal, year, period, state, barrier(year, period, state))


def barred(
    years: tuple[FiscalYear, ...], place: Place, wall: Barrier, day: date, *, payment: bool = False
) -> Blocker:
    """Why a document, or a payment, of that day can't be booked at its place."""
    apart = gap_around(years, day)
    if apart is not None:
        return blockers.between_years(day, *apart, payment=payment)
    return blockers.not_bookable(
        wall,
        day=day,
        journal_key=place.journal,
        year=place.year,
        period=place.period,
        journal=place.state,
        payment=payment,
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A booking without its number and relation: these are given when it is sent."""

    head: DocumentHead
    year: FiscalYear
    period: Period
    journal: str
    amount: Decimal  # header: negative for a credit note
    exchange_rate: Decimal
    reference: str
    order_reference: str
    lines: tuple[BuySellBookingLine, ...]

    def booking(self, number: int, relation: int) -> BuySellBooking:
        """The booking as it is sent."""
        return BuySellBooking(
            bookyear_key=Key(self.year.id),
            journal_key=self.journal,
            document_sequence_nr=number,
            relation_identification_service_data=RelationIdentification(relation_key=Key(relation)),
            bookyear_periode_nr=self.period.number,
            document_date=self.head.date,
            expiry_date=self.head.due_on or self.head.date,
            amount=self.amount,
            currency_code=self.head.currency,
            exchange_rate=self.exchange_rate,
            comment=comment_for(self.head.number),
            order_reference=self.order_reference,
            reference=self.reference,
            booking_lines=self.lines,
        )


class Unread(Exception):
    """The chart of accounts of this year was not read, so the document's booking can't be planned."""

    def __init__(self, year: FiscalYear) -> None:
        self.year = year
        super().__init__(year.name)


class Planner:
    """The rules by which the documents of one Snapshot become bookings; keeps only what follows from the Snapshot."""

    def __init__(
        self, snapshot: Snapshot, mapping: Mapping, invoice_journal: str, credit_note_journal: str
    ) -> None:
        self._snapshot = snapshot
        self._mapping = mapping
        self._journals = {"invoice": invoice_journal, "credit_note": credit_note_journal}
        self._differing = {head.id: booking for head, booking in snapshot.differing}
        self._places: dict[tuple[date, Kind], Place] = {}
        self._codes: dict[tuple[str | None, str], VatCodeFacts | Blocker] = {}

    def journal_of(self, head: DocumentHead) -> str:
        """The journal that takes this kind of document."""
        return self._journals[head.kind]

    def place(self, head: DocumentHead) -> Place:
        """Fiscal year, period and journal that the document's date and kind lead to."""
        key = (head.date, head.kind)
        place = self._places.get(key)
        if place is None:
            place = place_of(
                self._snapshot.years, self._snapshot.journals, head.date, self._journals[head.kind]
            )
            self._places[key] = place
        return place

    def head_blocker(self, head: DocumentHead) -> Blocker | None:
        """What blocks the document as far as its head tells: what stands in Octopus, place and currency."""
        return next(self.head_blockers(head), None)

    def head_blockers(self, head: DocumentHead) -> abc.Iterator[Blocker]:
        """All that blocks the document as far as its head tells, in the order in which a sync meets it."""
        booking = self._differing.get(head.id)
        if booking is not None:
            where = f"{booking.journal}/{booking.number}"
            yield blockers.booked_differently(where, abs(booking.amount), head.amount)
        place = self.place(head)
        if place.wall is not None:
            for wall in barriers(place.year, place.period, place.state):
                yield barred(self._snapshot.years, place, wall, head.date)
        if head.currency not in self._snapshot.currencies and head.currency != self._snapshot.own_currency:
            yield blockers.unknown_currency(head.currency, self._snapshot.currencies)

    def draft(self, head: DocumentHead, detail: DocumentDetail) -> Draft | Blocker:
        """The booking of a document, or why it cannot be made. Unread when a chart is missing today."""
        return next(self._judged(head, detail))

    def line_blockers(self, head: DocumentHead, detail: DocumentDetail) -> abc.Iterator[Blocker]:
        """All that blocks the document once its lines are read, in the order in which a sync meets it.

        What cannot be judged before another is mended is left out. Raises Unread.
        """
        return (met for met in self._judged(head, detail) if isinstance(met, Blocker))

    def _judged(self, head: DocumentHead, detail: DocumentDetail) -> abc.Iterator[Blocker | Draft]:
        """All that blocks the document; its booking where nothing does. Raises Unread."""
        place = self.place(head)
        year, period = place.year, place.period
        if place.wall is not None:
            yield barred(self._snapshot.years, place, place.wall, head.date)
        if not detail.rate_to_own:
            yield blockers.missing_rate(head.currency)
        unassigned = [line.description for line in detail.lines if line.category_id is None]
        if unassigned:
            yield blockers.missing_account(unassigned)
        if year is None or period is None:
            return
        chart = self._snapshot.accounts.get(year.id)
        if chart is None:
            raise Unread(year)
        lines: list[BuySellBookingLine] = []
        for line in detail.lines:
            made = self._line(line, head, chart, year) if line.category_id is not None else None
            if isinstance(made, Blocker):
                yield made
            elif made is not None:
                lines.append(made)
        if len(lines) < len(detail.lines):
            return
        discounts = self._discounts(detail, lines, chart, year)
        if isinstance(discounts, Blocker):
            yield discounts
            return
        lines += discounts
        total = sum((line.base_amount + line.vat_amount for line in lines), ZERO)
        for stated in (detail.total, head.amount):
            if total != stated:
                yield blockers.totals_differ(total, stated)
                return
        yield Draft(
            head=head,
            year=year,
            period=period,
            journal=place.journal,
            amount=-detail.total if head.kind == "credit_note" else detail.total,
            exchange_rate=detail.rate_to_own,
            reference=detail.payment_reference or head.number,
            order_reference=detail.purchase_order or "",
            lines=tuple(lines),
        )

    def account_of(self, category_id: str, year: FiscalYear) -> AccountFacts | Blocker:
        """The account that a product category leads to in a year whose chart was read."""
        return self._account(category_id, self._snapshot.accounts[year.id], year)

    def vat_code_of(self, tax_rate_id: str, kind: Kind) -> VatCodeFacts | Blocker:
        """The VAT code that a tax rate leads to on documents of this kind."""
        return self._find_vat_code(tax_rate_id, kind)

    # --- lines -----------------------------------------------------------------------------------------

    def _line(
        self, line: LineFacts, head: DocumentHead, chart: Chart, year: FiscalYear
    ) -> BuySellBookingLine | Blocker:
        account = self._account(line.category_id, chart, year)
        if isinstance(account, Blocker):
            return account
        code = self._vat_code(line.tax_rate_id, head)
        if isinstance(code, Blocker):
            return code
        if line.base * line.vat < 0:
            return blockers.mixed_signs(line.description)
        return _booking_line(account, line.base, line.vat, code.code, line.description)

    def _account(self, category_id: str | None, chart: Chart, year: FiscalYear) -> AccountFacts | Blocker:
        category = self._snapshot.categories.get(category_id or "")
        if category is None:
            return blockers.unmapped_category(
                category_id or "?", _("Teamleader shows no such category for this department.")
            )
        chosen = self._mapping.accounts.get(category.id)
        text = str(chosen) if chosen is not None else (category.account or "").strip()
        if not text:
            return blockers.unmapped_category(
                category.name, _("It has no ledger account for this department in Teamleader.")
            )
        number = next((one for one in account_numbers(text) if one in chart), None)
        if number is None:
            return blockers.unknown_account(text, year.name)
        return _with_cost_centre(chart[number], year)

    def _vat_code(self, tax_rate_id: str | None, head: DocumentHead) -> VatCodeFacts | Blocker:
        key = (tax_rate_id, head.kind)
        if key not in self._codes:
            self._codes[key] = self._find_vat_code(*key)
        return self._codes[key]

    def _find_vat_code(self, tax_rate_id: str | None, kind: str) -> VatCodeFacts | Blocker:
        rate = self._snapshot.tax_rates.get(tax_rate_id or "")
        if rate is None:
            return blockers.unmapped_vat(
                tax_rate_id or "?", ZERO, _("Teamleader shows no such tax rate for this department.")
            )
        chosen = self._mapping.vat.get(rate.id)
        codes = [c for c in self._snapshot.vat_codes if c.code == chosen] if chosen else self._fitting(rate)
        usable = [c for c in codes if (c.sale_credit if kind == "credit_note" else c.sale)]
        if codes and not usable:
            return blockers.vat_code_wrong_type(codes[0].code, credit_note=kind == "credit_note")
        if len(usable) == 1:
            return usable[0]
        if usable:
            why = _("Several codes fit: {codes}. Choose one.").format(codes=", ".join(c.code for c in usable))
        else:
            why = _("No sales code of {percentage} % of that kind was found.").format(
                percentage=f"{(rate.rate * 100).normalize():f}"
            )
        return blockers.unmapped_vat(rate.description, rate.rate, why)

    def _fitting(self, rate: TaxRateFacts) -> list[VatCodeFacts]:
        """Codes of the same percentage and kind; the plainly named one where several fit."""
        percentage = rate.rate * 100
        same = [c for c in self._snapshot.vat_codes if c.percentage == percentage and c.regime is rate.regime]
        if len(same) > 1 and rate.regime in (Regime.NATIONAL, Regime.ZERO):
            plain = [c for c in same if c.code.isdigit() and int(c.code) == percentage]
            return plain or same
        return same

    # --- discounts on the whole document ---------------------------------------------------------------

    def _discounts(
        self, detail: DocumentDetail, lines: list[BuySellBookingLine], chart: Chart, year: FiscalYear
    ) -> list[BuySellBookingLine] | Blocker:
        """One line per VAT code with what the document's discount takes off; [] without one."""
        if not detail.has_discount:
            return []
        named = self._discount_account(chart)
        if named is None:
            return blockers.missing_discount_account()
        account = _with_cost_centre(named, year)
        if isinstance(account, Blocker):
            return account
        made: list[BuySellBookingLine] = []
        for rate in detail.totals:
            group = [
                (line, booked)
                for line, booked in zip(detail.lines, lines, strict=True)
                if self._snapshot.tax_rates[line.tax_rate_id or ""].rate == rate.rate
            ]
            base = rate.base - sum((line.base for line, _ in group), ZERO)
            vat = rate.vat - sum((line.vat for line, _ in group), ZERO)
            weights: dict[str, Decimal] = defaultdict(lambda: ZERO)
            for line, booked in group:
                weights[booked.vat_code_key] += line.base
            bases = allocate(base, list(weights.values()))
            vats = allocate(vat, list(weights.values()))
            for code, part, tax in zip(weights, bases, vats, strict=True):
                if part * tax < 0:
                    return blockers.mixed_signs(_("Discount"))
                if part or tax:
                    made.append(_booking_line(account, part, tax, code, _("Discount")))
        return made

    def _discount_account(self, chart: Chart) -> AccountFacts | None:
        chosen = self._mapping.discount_account
        return chart.get(chosen if chosen is not None else DISCOUNTS)


def _with_cost_centre(account: AccountFacts, year: FiscalYear) -> AccountFacts | Blocker:
    """The account, unless it demands a cost centre and proposes none: a document of Teamleader names none either.

    Octopus then refuses (its codes -40 and -41; that a line without one is refused: inferred).
    """
    if account.cost_centre == MANDATORY and account.default_cost_centre is None:
        return blockers.cost_centre_missing(account.number, year.name)
    return account


def _booking_line(
    account: AccountFacts, base: Decimal, vat: Decimal, code: str, comment: str
) -> BuySellBookingLine:
    centre = account.default_cost_centre if account.cost_centre else None
    return BuySellBookingLine(
        account_key=account.number,
        base_amount=base.quantize(CENT),
        vat_code_key=code,
        vat_amount=vat.quantize(CENT),
        comment=" ".join(comment.split())[:_COMMENT_LENGTH],
        cost_centre_key=Key(centre) if centre is not None else None,
    )
