"""The records of the Octopus API about bookings, matches and reports; the rest, and how they all behave, is in
models.py.

In a sales booking the header is negative for a credit note, and its lines positive (official).
"""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import field

from octowizard.octopus.models import Key, Record, RelationIdentification


class CostSpread(Record, frozen=True, gc=False):
    """Spreads an amount over bookyears (0) or periods (1)."""

    begin_date: date | None = None
    end_date: date | None = None
    overflow_booking_period_type: int | None = None
    account_nr: int | None = None


class BuySellBookingLine(Record, frozen=True, gc=False):
    """A line of a booking; `account_key` is the account number itself. Amounts in the booking's currency."""

    account_key: int = 0
    base_amount: Decimal = field(default_factory=Decimal)
    vat_code_key: str = ""
    vat_amount: Decimal = field(default_factory=Decimal)
    comment: str = ""
    cost_centre_key: Key | None = None
    vat_recup_percentage: Decimal | None = None
    intrastat_service_data: dict[str, Any] | None = None  # passed on unread: a PUT replaces the whole booking
    overflow_booking_service_data: CostSpread | None = None


class BuySellBooking(Record, frozen=True, gc=False):
    """A purchase or sales booking. `amount` includes VAT; `exchange_rate` 1 for the dossier's own currency.

    The document number is the caller's: the journal's last one plus one, without a gap (recorded).
    """

    bookyear_key: Key
    journal_key: str
    document_sequence_nr: int
    relation_identification_service_data: RelationIdentification
    bookyear_periode_nr: int
    document_date: date
    expiry_date: date
    amount: Decimal
    currency_code: str
    exchange_rate: Decimal
    comment: str = ""
    order_reference: str = ""
    reference: str = ""
    booking_lines: tuple[BuySellBookingLine, ...] = ()
    payment_method: int | None = None


class BuySellBookingRequest(Record, frozen=True, gc=False):
    """What a new booking is sent in."""

    buy_sell_booking_service_data: BuySellBooking


class FinancialDiversBookingLine(Record, frozen=True, gc=False):
    """A line of a bank, cash or various booking; `type` A account, C client, S supplier. A receipt is positive."""

    type: str
    amount: Decimal
    account_key: int | None = None
    external_relation_id: int | None = None
    relation_id: int | None = None
    reference: str = ""
    cost_centre_key: Key | None = None


class FinancialDiversBooking(Record, frozen=True, gc=False):
    """A booking in an F or D journal."""

    bookyear_key: Key
    journal_key: str
    document_sequence_nr: int
    bookyear_periode_nr: int
    document_date: date
    exchange_rate: Decimal
    booking_lines: tuple[FinancialDiversBookingLine, ...] = ()


class FinancialDiversBookingRequest(Record, frozen=True, gc=False):
    """What a new financial or various booking is sent in."""

    financial_divers_booking_service_data: FinancialDiversBooking


class BookingRow(Record, frozen=True, gc=False):
    """One ledger line of a changed booking (BookingReportData). `journal_type`: see models.JOURNAL_TYPES."""

    bookyear_key: Key
    journal_type: int
    journal_nr: int
    document_sequence_nr: int
    line_sequence_nr: int = 0
    bookyear_periode_nr: int = 0
    document_date: date | None = None
    expiry_date: date | None = None
    currency_code: str = ""
    exchange_rate: Decimal | None = None
    relation_key: Key | None = None
    comment: str = ""
    reference: str = ""
    account_key: int = 0
    booking_amount: Decimal = field(default_factory=Decimal)
    document_amount: Decimal = field(default_factory=Decimal)
    vat_section_code: str = ""
    vat_recuperation_percentage: Decimal | None = None
    cost_centre_key: Key | None = None


class DeletedDocument(Record, frozen=True, gc=False):
    """The key of a booking that was removed (DocumentKey)."""

    bookyear_key: Key
    journal_type: int
    journal_sequence_nr: int
    document_sequence_nr: int


class SyncBookings(Record, frozen=True, gc=False):
    """Ledger lines of changed bookings, and removed documents."""

    modified_bookings: tuple[BookingRow, ...] = ()
    deleted_bookings: tuple[DeletedDocument, ...] = ()


# --- balancings (matches) --------------------------------------------------------------------------------


class BalancingKey(Record, frozen=True, gc=False):
    """One side of a match: a line of a document; line -1 is a sales document as a whole (recorded)."""

    bookyear_key: Key
    journal_key: str
    document_sequence_nr: int
    line_sequence_nr: int = field(default_factory=lambda: -1)

    @property
    def text(self) -> str:
        """The key as one text: bookyear, journal, document, line."""
        return (
            f"{self.bookyear_key.id}/{self.journal_key}/{self.document_sequence_nr}/{self.line_sequence_nr}"
        )


class Balancing(Record, frozen=True, gc=False):
    """A match to make. `balance_amount` is positive, in the dossier's currency."""

    debet_key: BalancingKey
    credit_key: BalancingKey
    balance_amount: Decimal


class BalancingPair(Record, frozen=True, gc=False):
    """A match to undo (DeleteBalancingItemRequest)."""

    debet_key: BalancingKey
    credit_key: BalancingKey


class BalancingType(Record, frozen=True, gc=False):
    """Whose match it is: "C" client or "S" supplier (recorded)."""

    type: str = ""
    external_relation_id: int | None = None
    relation_key: Key | None = None
    account_nr: int | None = None


class BalancingDocument(Record, frozen=True, gc=False):
    """One of the two documents of a match."""

    balancing_key: BalancingKey
    document_date: date | None = None
    currency_code: str = ""
    exchange_rate: Decimal | None = None
    comment: str = ""
    reference: str = ""
    debet_booking_amount: Decimal = field(default_factory=Decimal)
    credit_booking_amount: Decimal = field(default_factory=Decimal)
    debet_document_amount: Decimal = field(default_factory=Decimal)
    credit_document_amount: Decimal = field(default_factory=Decimal)


class BalancingDetail(Record, frozen=True, gc=False):
    """A match that was made, changed or undone. A client's payment: debet the sale, credit the bank (recorded)."""

    debet_document: BalancingDocument
    credit_document: BalancingDocument
    type: BalancingType = BalancingType()
    debet_balanced_booking_amount: Decimal = field(default_factory=Decimal)
    credit_balanced_booking_amount: Decimal = field(default_factory=Decimal)

    @property
    def key(self) -> str:
        """What names a match for good: its two lines, debet first."""
        return f"{self.debet_document.balancing_key.text}|{self.credit_document.balancing_key.text}"

    @property
    def matched(self) -> Decimal:
        """The matched amount: recorded in one of the two members with 0 in the other, so the one that is not 0."""
        return self.credit_balanced_booking_amount or self.debet_balanced_booking_amount


class SyncBalancings(Record, frozen=True, gc=False):
    """Matches made or changed, and matches undone, since a moment."""

    modified_balancings: tuple[BalancingDetail, ...] = ()
    deleted_balancings: tuple[BalancingDetail, ...] = ()


# --- reports ---------------------------------------------------------------------------------------------


class RelationQuery(Record, frozen=True, gc=False):
    """Which items a report is about. `relation_id` -1: by the external number; both -1: all (open items only).

    From the oldest bookyear with open items to the newest: a query that starts in a year into which the old one
    was not carried over answers "nothing" though invoices are open (one client's finding).
    """

    from_bookyear_key: Key
    to_bookyear_key: Key
    from_bookyear_period_nr: int
    to_bookyear_period_nr: int
    external_relation_id: int = field(default_factory=lambda: -1)
    relation_id: int = field(default_factory=lambda: -1)


class HistoryItem(Record, frozen=True, gc=False):
    """A line of a relation's history; the relation is the one that was asked for."""

    bookyear_key: Key
    journal_key: str
    document_sequence_nr: int
    bookyear_period_nr: int = 0
    document_date: date | None = None
    currency_code: str = ""
    exchange_rate: Decimal | None = None
    debet_booking_amount: Decimal = field(default_factory=Decimal)
    credit_booking_amount: Decimal = field(default_factory=Decimal)
    debet_document_amount: Decimal = field(default_factory=Decimal)
    credit_document_amount: Decimal = field(default_factory=Decimal)
    comment: str = ""
    reference: str = ""


class OpenItem(HistoryItem, frozen=True, gc=False):
    """A line that is not fully matched; `open_booking_amount` in the dossier's currency."""

    line_sequence_nr: int = 0
    expiration_date: date | None = None
    relation_key: Key | None = None
    external_relation_id: int | None = None
    open_booking_amount: Decimal = field(default_factory=Decimal)
    open_doc_amount: Decimal = field(default_factory=Decimal)
