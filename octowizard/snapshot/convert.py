"""From the vendors' wire shapes to the facts of a Snapshot. Pure; nothing is fetched or kept here."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState, Period
from octowizard.books.money import ZERO
from octowizard.books.numbers import communication_digits
from octowizard.books.vat import regime_of
from octowizard.matching.keys import address_key
from octowizard.matching.vat_numbers import vat_key
from octowizard.octopus import bookings as oc_bookings
from octowizard.octopus import models as oc
from octowizard.snapshot.model import (
    AccountFacts,
    BookingDetail,
    BookingHead,
    CategoryFacts,
    CustomerFacts,
    DocumentDetail,
    DocumentHead,
    LineFacts,
    ListedDocument,
    Match,
    PaymentFacts,
    RateTotal,
    RelationFacts,
    SalesLine,
    TaxRateFacts,
    VatCodeFacts,
)
from octowizard.teamleader import models as tl

ONE = Decimal(1)


def fiscal_year(year: oc.Bookyear) -> FiscalYear:
    """A bookyear with its periods in order."""
    periods = sorted(year.periods, key=lambda p: p.start_date)
    return FiscalYear(
        id=year.bookyear_key.id,
        name=year.bookyear_description or f"{year.start_date:%Y}",
        start=year.start_date,
        end=year.end_date,
        closed=year.closed,
        periods=tuple(Period(p.bookyear_period, p.start_date, p.end_date) for p in periods),
    )


def journal_state(journal: oc.Journal) -> JournalState:
    """A journal of one bookyear. An absent or unknown entry type counts as taking bookings: Octopus decides."""
    return JournalState(
        year_id=journal.bookyear_key.id,
        key=journal.journal_key,
        name=journal.name,
        closed=journal.closed,
        protected_period=journal.protected_period,
        closed_period=journal.closed_period,
        takes_bookings=journal.insertion_type not in (oc.INVOICES_EXCLUSIVE, oc.INVOICES_INCLUSIVE, 4, 5),
        last_number=journal.last_booked_document_nr,
    )


def account(record: oc.Account) -> AccountFacts:
    """A ledger account."""
    centre, text = record.default_cost_centre_key, record.description
    return AccountFacts(
        number=record.account_key.id,
        cost_centre=record.cost_centre_type or 0,
        default_cost_centre=centre.id if centre else None,
        name=next((name.strip() for name in (text.nl, text.fr, text.en, text.de) if name.strip()), ""),
        vat_code=record.sales_vat_code,
    )


def vat_codes(records: Iterable[oc.VatCode]) -> tuple[VatCodeFacts, ...]:
    """Sales VAT codes: a code's sales card and its credit-note card come as two records; here as one.

    The sales card speaks for the code; the other one fills in what it leaves open.
    """
    cards: dict[str, dict[int, oc.VatCode]] = {}
    for record in records:
        if record.type in (oc.SELL, oc.SELL_CREDIT_NOTE):
            cards.setdefault(record.code, {})[record.type] = record
    return tuple(_vat_code(code, card) for code, card in cards.items())


def _vat_code(code: str, cards: Mapping[int, oc.VatCode]) -> VatCodeFacts:
    ordered = [cards[kind] for kind in (oc.SELL, oc.SELL_CREDIT_NOTE) if kind in cards]
    description = next((card.description for card in ordered if card.description), "")
    percentages = (card.base_percentage for card in ordered if card.base_percentage is not None)
    percentage = next(percentages, Decimal(0))
    return VatCodeFacts(
        code=code,
        description=description,
        percentage=percentage,
        regime=regime_of(f"{code} {description}", percentage),
        sale=oc.SELL in cards,
        sale_credit=oc.SELL_CREDIT_NOTE in cards,
        account=next((nr for card in ordered if (nr := card.default_sell_booking_account_nr)), None),
    )


def tax_rate(record: tl.TaxRate) -> TaxRateFacts:
    """A tax rate with the regime its description tells of."""
    return TaxRateFacts(
        record.id, record.description, record.rate, regime_of(record.description, record.rate)
    )


def category(record: tl.ProductCategory, department_id: str) -> CategoryFacts:
    """A product category as the department sees it."""
    account = record.account_in(department_id)
    return CategoryFacts(record.id, record.name or "", account, account is None and bool(record.ledgers))


def relation(record: oc.Relation) -> RelationFacts | None:
    """A relation; None for one without a key (nothing can be linked to it)."""
    identity = record.relation_identification_service_data
    if identity.relation_key is None:
        return None
    full_name = " ".join(part for part in (record.first_name, record.name) if part)
    return RelationFacts(
        id=identity.relation_key.id,
        external_number=identity.external_relation_id or 0,
        name=full_name,
        vat_key=vat_key(record.vat_nr, record.country.strip() or None),
        address_key=address_key(full_name, record.street_and_nr, record.postal_code),
        client=record.client is not False,
        active=record.active is not False,
        vat_type=record.vat_type,
        country=sys.intern(record.country.strip().upper()),
        currency=sys.intern(record.currency_code),
    )


def _primary(emails: tuple[tl.Email, ...]) -> str | None:
    return next((e.email for e in emails if e.type == "primary"), emails[0].email if emails else None)


def _number(telephones: tuple[tl.Telephone, ...], kind: str) -> str | None:
    return next((t.number for t in telephones if t.type == kind), None)


def company(record: tl.CompanyListItem) -> CustomerFacts:
    """A company as a customer."""
    at = record.primary_address or tl.Address()
    term, preferences = record.payment_term, record.invoicing_preferences
    return CustomerFacts(
        id=record.id,
        type="company",
        name=record.name,
        vat_number=record.vat_number,
        enterprise_number=record.national_identification_number,
        electronic_address=preferences.electronic_invoicing_address if preferences else None,
        street=at.line_1,
        postcode=at.postal_code,
        city=at.city,
        country=at.country,
        email=_primary(record.emails),
        telephone=_number(record.telephones, "phone"),
        website=record.website,
        iban=record.iban,
        bic=record.bic,
        language=record.language,
        currency=record.preferred_currency,
        term_type=term.type if term else None,
        term_days=term.days if term else None,
        web_url=record.web_url,
    )


def contact(record: tl.ContactListItem) -> CustomerFacts:
    """A contact as a customer: a private person, unless a VAT number says otherwise (lists never show one)."""
    at = record.primary_address or tl.Address()
    term = record.payment_term
    return CustomerFacts(
        id=record.id,
        type="contact",
        name=record.last_name or "",
        first_name=record.first_name,
        street=at.line_1,
        postcode=at.postal_code,
        city=at.city,
        country=at.country,
        email=_primary(record.emails),
        telephone=_number(record.telephones, "phone"),
        mobile=_number(record.telephones, "mobile"),
        website=record.website,
        iban=record.iban,
        bic=record.bic,
        language=record.language,
        term_type=term.type if term else None,
        term_days=term.days if term else None,
        web_url=record.web_url,
    )


def invoice_head(record: tl.InvoiceBase) -> DocumentHead | None:
    """An invoice of the list; None for a draft (it has no number or date)."""
    if record.status == "draft" or record.invoice_number is None or record.invoice_date is None:
        return None
    due = record.total.due
    return DocumentHead(
        id=record.id,
        kind="invoice",
        number=record.invoice_number,
        date=record.invoice_date,
        due_on=record.due_on,
        customer_id=record.invoicee.customer.id,
        customer_type=record.invoicee.customer.type,
        customer_name=record.invoicee.name or "",
        amount=record.total.tax_inclusive.amount,
        currency=record.total.tax_inclusive.currency,
        open_amount=due.amount if due else None,
        communication=communication_digits(record.payment_reference),
        stamp=record.updated_at.isoformat() if record.updated_at else "",
        web_url=record.web_url,
    )


def credit_note_head(record: tl.CreditNoteBase) -> DocumentHead | None:
    """A credit note of the list; None for one without a number or date."""
    if record.credit_note_number is None or record.credit_note_date is None:
        return None
    return DocumentHead(
        id=record.id,
        kind="credit_note",
        number=record.credit_note_number,
        date=record.credit_note_date,
        due_on=None,
        customer_id=record.invoicee.customer.id,
        customer_type=record.invoicee.customer.type,
        customer_name=record.invoicee.name or "",
        amount=record.total.tax_inclusive.amount,
        currency=record.total.tax_inclusive.currency,
        open_amount=None,
        communication=None,
        stamp=record.updated_at.isoformat() if record.updated_at else "",
    )


def listed_invoice(record: tl.InvoiceBase, own_currency: str) -> ListedDocument | None:
    """An invoice with all that the list shows; None for a draft."""
    head = invoice_head(record)
    if head is None:
        return None
    rate = rate_to_own(record.currency_exchange_rate, head.currency, own_currency) or None
    return _listed(head, record.total, record.invoicee, rate=rate)


def listed_credit_note(record: tl.CreditNoteBase, own_currency: str) -> ListedDocument | None:
    """A credit note with all that the list shows, which is no exchange rate; None for one without number or date."""
    head = credit_note_head(record)
    if head is None:
        return None
    rate = ONE if head.currency == own_currency else None
    credited = record.invoice.id if record.invoice else None
    return _listed(head, record.total, record.invoicee, rate=rate, credits=credited)


def _listed(
    head: DocumentHead,
    total: tl.Total,
    customer: tl.Invoicee,
    *,
    rate: Decimal | None,
    credits: str | None = None,
) -> ListedDocument:
    known = {**msgspec.structs.asdict(head), "rate_to_own": rate}
    return ListedDocument(
        **known,
        base=total.tax_exclusive.amount,
        rates=tuple(RateTotal(one.rate, one.taxable.amount, one.tax.amount) for one in total.taxes),
        customer_vat=customer.vat_number,
        credits=credits,
    )


def rate_to_own(exchange: tl.ExchangeRate | None, currency: str, own: str) -> Decimal:
    """Units of the own currency for one of the document's; 0 when it is not told.

    The direction is in `from` and `to`; a rate given the other way round is turned over (inferred).
    """
    if currency == own:
        return ONE
    if exchange is None or not exchange.rate:
        return Decimal(0)
    if exchange.from_ == own and exchange.to == currency:
        return (ONE / exchange.rate).quantize(Decimal("0.0000000001")).normalize()
    return exchange.rate


def document_detail(record: tl.Invoice | tl.CreditNote, own_currency: str) -> DocumentDetail:
    """Lines, totals and payments of a document."""
    lines = tuple(
        LineFacts(
            description=line.description or "",
            category_id=line.product_category.id if line.product_category else None,
            tax_rate_id=line.tax.id if line.tax else None,
            base=line.total.tax_exclusive.amount,
            vat=(
                line.total.tax_inclusive.amount
                if line.total.tax_inclusive
                else line.total.tax_exclusive.amount
            )
            - line.total.tax_exclusive.amount,
        )
        for group in record.grouped_lines
        for line in group.line_items
    )
    currency = record.total.tax_inclusive.currency
    invoice = record if isinstance(record, tl.Invoice) else None
    due = record.total.due
    return DocumentDetail(
        lines=lines,
        totals=tuple(RateTotal(t.rate, t.taxable.amount, t.tax.amount) for t in record.total.taxes),
        total_base=record.total.tax_exclusive.amount,
        total=record.total.tax_inclusive.amount,
        has_discount=bool(record.discounts),
        payment_reference=invoice.payment_reference if invoice else None,
        purchase_order=invoice.purchase_order_number if invoice else None,
        rate_to_own=rate_to_own(record.currency_exchange_rate, currency, own_currency),
        payments=tuple(PaymentFacts(p.payment.amount, p.paid_at) for p in invoice.payments if p.paid_at)
        if invoice
        else (),
        open_amount=due.amount if due else None,
        invoice_id="" if isinstance(record, tl.Invoice) else record.invoice.id if record.invoice else None,
        peppol_status=record.peppol_status,
        paid_by=invoice.expected_payment_method.method
        if invoice and invoice.expected_payment_method
        else None,
    )


def booking_head(record: oc_bookings.BuySellBooking) -> BookingHead:
    """A sales booking, for recognising."""
    key = record.relation_identification_service_data.relation_key
    return BookingHead(
        record.bookyear_key.id,
        record.journal_key,
        record.document_sequence_nr,
        key.id if key else 0,
        record.document_date,
        record.amount,
        record.comment,
        record.reference,
    )


def booking_detail(record: oc_bookings.BuySellBooking) -> BookingDetail:
    """The rest of a sales booking, for the audit."""
    return BookingDetail(
        record.bookyear_periode_nr,
        record.expiry_date,
        record.currency_code,
        record.exchange_rate,
        tuple(
            SalesLine(line.account_key, line.vat_code_key, line.base_amount, line.vat_amount)
            for line in record.booking_lines
        ),
    )


def match(record: oc_bookings.BalancingDetail) -> Match | None:
    """A customer's match as seen from the invoice (its debet side); None where that is no sales document."""
    sale, counter = record.debet_document, record.credit_document
    if not sale.balancing_key.journal_key.startswith("V"):
        return None
    return Match(
        key=record.key,
        bookyear=sale.balancing_key.bookyear_key.id,
        journal=sale.balancing_key.journal_key,
        number=sale.balancing_key.document_sequence_nr,
        amount=record.matched or ZERO,
        counter_journal=counter.balancing_key.journal_key,
        counter_date=counter.document_date or sale.document_date or date.min,
        counter_text=counter.comment or counter.reference,
    )


def second_of_day(key: str) -> int:
    """A second between 08:00:00 and 17:59:59 that a key always gets: it makes equal payments tell apart."""
    return 8 * 3600 + int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % (10 * 3600)


def changed_chart(year: int, known: list[oc.Account], changes: oc.SyncAccounts) -> list[oc.Account]:
    """The chart of a fiscal year with what was changed and removed since."""
    chart = {account.account_key.id: account for account in known}
    for changed in changes.modified:
        if changed.account_key.bookyear_key.id == year:
            chart[changed.account_key.id] = changed
    for gone in changes.deleted:
        if gone.account_key.bookyear_key.id == year:
            chart.pop(gone.account_key.id, None)
    return list(chart.values())
