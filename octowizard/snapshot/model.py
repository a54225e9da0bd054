"""The Snapshot: all that was read of both sides at one moment, immutable, in the words of bookkeeping.

Checks and plan are pure functions of it: no clock, no network, no disk. The vendors' wire shapes end here.
Amounts are Decimal in the document's own currency; dates are calendar days; a document's amounts are positive
whether it is an invoice or a credit note.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Literal, NamedTuple

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState
from octowizard.books.vat import Regime
from octowizard.workspace.declared import DeclaredCustomer
from octowizard.workspace.links import BookingPlace

Kind = Literal["invoice", "credit_note"]


class AccountFacts(msgspec.Struct, frozen=True, gc=False):
    """A ledger account of one fiscal year. `cost_centre`: 0 none, 1 mandatory, 2 optional.

    `name`: its description in the first language that has one (NL, FR, EN, DE); `vat_code`: what sales on it get.
    """

    number: int
    cost_centre: int
    default_cost_centre: int | None
    name: str = ""
    vat_code: str = ""


class VatCodeFacts(msgspec.Struct, frozen=True, gc=False):
    """A VAT code as sales see it. `percentage` 0-100; whether it has a card for sales and for credit notes.

    `account`: the one that Octopus proposes for sales with this code.
    """

    code: str
    description: str
    percentage: Decimal
    regime: Regime
    sale: bool
    sale_credit: bool
    account: int | None = None


class TaxRateFacts(msgspec.Struct, frozen=True, gc=False):
    """A Teamleader tax rate of the department. `rate` is a fraction."""

    id: str
    description: str
    rate: Decimal
    regime: Regime


class CategoryFacts(msgspec.Struct, frozen=True, gc=False):
    """A product category: the ledger account it has for the department, as text, or None.

    `elsewhere`: it has none here, and one for another department.
    """

    id: str
    name: str
    account: str | None
    elsewhere: bool = False


class RelationFacts(msgspec.Struct, frozen=True, gc=False):
    """An Octopus relation, as far as it helps to recognise a customer. Keys as in `matching.keys`.

    `vat_type` as Octopus numbers it, None where it was not read; `country` and `currency` as it shows them.
    """

    id: int
    external_number: int
    name: str
    vat_key: str | None
    address_key: tuple[str, str, str] | None
    client: bool
    active: bool
    vat_type: int | None = None
    country: str = ""
    currency: str = ""


class CustomerFacts(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A Teamleader company or contact, with all that a relation takes over."""

    id: str
    type: Literal["company", "contact"]
    name: str
    first_name: str | None = None
    vat_number: str | None = None
    enterprise_number: str | None = None  # as written; only companies have one
    electronic_address: str | None = None  # where electronic invoices go instead of what the numbers tell
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    email: str | None = None
    telephone: str | None = None
    mobile: str | None = None
    website: str | None = None
    iban: str | None = None
    bic: str | None = None
    language: str | None = None
    currency: str | None = None
    term_type: str | None = None
    term_days: int | None = None
    web_url: str | None = None


class DocumentHead(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An invoice or credit note as the list shows it. `stamp`: when it last changed, as the vendor wrote it.

    `rate_to_own`: units of the own currency for one of the document's; None where the list names none.
    """

    id: str
    kind: Kind
    number: str
    date: dt.date
    due_on: dt.date | None
    customer_id: str
    customer_type: str
    customer_name: str
    amount: Decimal
    currency: str
    open_amount: Decimal | None  # invoices: what is still due
    communication: str | None  # twelve digits of the structured communication
    stamp: str
    web_url: str | None = None
    rate_to_own: Decimal | None = None

    @property
    def booked_amount(self) -> Decimal:
        """The amount with the sign that it is booked with: below zero for a credit note."""
        return -self.amount if self.kind == "credit_note" else self.amount


class RateTotal(msgspec.Struct, frozen=True, gc=False):
    """What the document says per rate number (fraction), after its discounts."""

    rate: Decimal
    base: Decimal
    vat: Decimal


class ListedDocument(DocumentHead, frozen=True, gc=False, kw_only=True):
    """A document with all that the list shows of it, for the audit. Amounts are positive on a credit note too.

    `base` None: it was kept before octowizard asked for it. `credits`: the invoice that a credit note belongs to.
    """

    base: Decimal | None = None
    rates: tuple[RateTotal, ...] = ()
    customer_vat: str | None = None
    credits: str | None = None


class LineFacts(msgspec.Struct, frozen=True, gc=False):
    """One line of a document, as the document says it: VAT is not recomputed."""

    description: str
    category_id: str | None
    tax_rate_id: str | None
    base: Decimal
    vat: Decimal


class SpreadLine(msgspec.Struct, frozen=True, gc=False):
    """Of a line, what says where it goes in the books."""

    category_id: str | None
    tax_rate_id: str | None
    base: Decimal
    vat: Decimal


class DocumentLines(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What an audit needs of a `DocumentDetail`: twenty thousand are held at once."""

    lines: tuple[SpreadLine, ...]
    totals: tuple[RateTotal, ...]
    has_discount: bool
    rate_to_own: Decimal


class PaymentFacts(msgspec.Struct, frozen=True, gc=False):
    """A payment registered in Teamleader."""

    amount: Decimal
    paid_at: datetime


class DocumentDetail(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The rest of a document. `rate_to_own`: units of the dossier's currency for one of the document's."""

    lines: tuple[LineFacts, ...]
    totals: tuple[RateTotal, ...]
    total_base: Decimal
    total: Decimal
    has_discount: bool
    payment_reference: str | None
    purchase_order: str | None
    rate_to_own: Decimal
    payments: tuple[PaymentFacts, ...] = ()
    open_amount: Decimal | None = None
    invoice_id: str | None = ""  # credit notes: what they credit, None without an invoice; "" not known
    peppol_status: str | None = ""  # how its electronic invoice fares, in Teamleader's words; "" not known
    paid_by: str | None = None  # how the customer is expected to pay it, in Teamleader's words


class BookingHead(NamedTuple):
    """A sales booking as far as it helps to recognise the document behind it. `amount`: sign as booked."""

    bookyear: int
    journal: str
    number: int
    relation: int
    date: dt.date
    amount: Decimal
    comment: str
    reference: str

    @property
    def place(self) -> BookingPlace:
        """Where it stands."""
        return self.bookyear, self.journal, self.number


class SalesLine(NamedTuple):
    """A line of a sales booking, in its currency, with the sign that it has there."""

    account: int
    vat_code: str
    base: Decimal
    vat: Decimal


class BookingDetail(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The rest of a sales booking. `rate_to_own`: as in `DocumentDetail`."""

    period: int
    due_on: date
    currency: str
    rate_to_own: Decimal
    lines: tuple[SalesLine, ...]


class SalesBooking(NamedTuple):
    """A sales booking whole; `detail` None: it was kept before octowizard kept that."""

    head: BookingHead
    detail: BookingDetail | None


class Match(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A balancing in Octopus between a sales document and another. `key` names it for good."""

    key: str
    bookyear: int
    journal: str
    number: int
    amount: Decimal
    counter_journal: str  # F1 bank, D1 correction, V2 credit note
    counter_date: date
    counter_text: str

    @property
    def place(self) -> BookingPlace:
        """Where the sales document stands."""
        return self.bookyear, self.journal, self.number


class Linked(NamedTuple):
    """The relation that a customer is known to be, and its external number at that time."""

    relation: int
    external_number: int


class Booked(NamedTuple):
    """A document of the list and the booking that it is."""

    head: DocumentHead
    bookyear: int
    journal: str
    number: int

    @property
    def place(self) -> BookingPlace:
        """Where it stands."""
        return self.bookyear, self.journal, self.number


class PaymentMade(NamedTuple):
    """A payment in Teamleader that stands for a match in Octopus. `how`: registered | found | mirrored."""

    document: str
    amount: Decimal
    paid_on: str
    how: str


class DossierFacts(msgspec.Struct, frozen=True):
    """A dossier that the Octopus login can open. `vat_key` as in `matching.vat_numbers`."""

    id: int
    name: str
    vat_key: str | None


class DepartmentFacts(msgspec.Struct, frozen=True):
    """The Teamleader department (company entity). `vat_key` as in `matching.vat_numbers`."""

    id: str
    name: str
    vat_key: str | None
    active: bool


class Trouble(msgspec.Struct, frozen=True):
    """What a vendor refused while both sides were read. `problem` is the id of a card of the catalogue.

    `said`: what happened, plainly. `text`, `request`: the vendor's own words and the operation, for whoever asks.
    """

    vendor: str
    problem: str
    said: str
    text: str = ""
    request: str = ""


class Origin(NamedTuple):
    """Where a part comes from that was not measured. `source`: the file that tells it, "" for the user's own word."""

    source: str
    since: datetime


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides at one moment.

    `years` in order of their start. `journals` by (year id, key). `accounts` by year id: the years that were
    read. `customers` those of documents still to be booked that have no relation yet.
    """

    taken_at: datetime
    start_date: date
    own_currency: str
    years: tuple[FiscalYear, ...]
    journals: Mapping[tuple[int, str], JournalState]
    accounts: Mapping[int, Mapping[int, AccountFacts]]
    vat_codes: tuple[VatCodeFacts, ...]
    currencies: frozenset[str]
    tax_rates: Mapping[str, TaxRateFacts]
    categories: Mapping[str, CategoryFacts]
    relations: tuple[RelationFacts, ...]
    pending: tuple[DocumentHead, ...]
    customers: Mapping[str, CustomerFacts]
    matches: tuple[Match, ...]
    in_sync: int
    elsewhere: tuple[tuple[DocumentHead, BookingHead], ...]  # booked, and not by octowizard
    differing: tuple[tuple[DocumentHead, BookingHead], ...]  # a booking bears its number, with other content
    excluded: tuple[DocumentHead, ...] = ()  # by the user
    details: Mapping[str, DocumentDetail] = {}  # by document id; of those that were read
    unread: Mapping[str, str] = {}  # part (see planning.problems.Part) -> why it could not be had
    # What only the checks need; a sync leaves these empty.
    ages: Mapping[str, datetime] = {}  # part -> when it was read; `taken_at` is as of when all of it is
    journal_years: frozenset[int] | None = None  # ids of the years whose journals were read; None: of all
    partial: Mapping[str, str] = {}  # part -> what of it could not be had, and why
    customers_asked: frozenset[str] | None = (
        None  # ids that Teamleader was asked for; None: all that are needed
    )
    missing_details: Mapping[str, str] = {}  # document id -> why its lines could not be read
    linked: Mapping[str, Linked] = {}  # by customer id
    booked: tuple[Booked, ...] = ()
    payments: Mapping[str, PaymentMade] = {}  # by the key of the match
    undone: tuple[Match, ...] = ()  # matches that were taken back in Octopus
    parked: tuple[str, ...] = ()  # payments in doubt that a person must look at
    twice: tuple[
        tuple[BookingHead, ...], ...
    ] = ()  # bookings that bear one document's number, date and amount
    earlier: tuple[BookingHead, ...] = ()  # by octowizard, of documents before the start date
    imported: tuple[CustomerFacts, ...] = ()  # companies that Teamleader's import of relations has made
    # bookings that are the same sale once more: octowizard's, and one of another origin
    imported_twice: tuple[tuple[BookingHead, BookingHead], ...] = ()
    returns: Mapping[int, str] = {}  # by year id: the rhythm of its VAT returns, in Octopus' words; "" none
    dossiers: tuple[DossierFacts, ...] = ()
    department: DepartmentFacts | None = None
    declared: Mapping[str, DeclaredCustomer] = {}  # by customer id, as an export of Teamleader declares them
    declared_at: datetime | None = None
    troubles: tuple[Trouble, ...] = ()
    bookings_left: int | None = None  # that Octopus takes today, by our own count; None without a limit
    kept: tuple[tuple[str, datetime], ...] = ()  # what could not be refreshed today, and when it was read
    # What only the audit looks at; everybody else leaves these empty.
    listed: tuple[ListedDocument, ...] = ()  # all documents from the start date on
    lines: Mapping[
        str, DocumentLines
    ] = {}  # by document id; of those whose lines were read since they last changed
    sales: tuple[SalesBooking, ...] = ()  # all bookings that were read
    sales_read: frozenset[tuple[int, str]] = frozenset()  # year ids and journals whose bookings were read
    kept_out: frozenset[str] = frozenset()  # ids and bare numbers of documents that the user excludes
    unconnected: frozenset[str] = frozenset()  # vendors that nobody signed in to
    origins: Mapping[str, Origin] = {}  # part -> where it comes from, where that is no vendor

    @property
    def documents(self) -> Iterator[DocumentHead]:
        """All documents that were read, each once: those that wait, the booked, the excluded ones."""
        booked = (document.head for document in self.booked)
        every = chain(self.pending, booked, (head for head, _booking in self.elsewhere), self.excluded)
        return iter({head.id: head for head in every}.values())
