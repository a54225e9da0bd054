"""The records of Teamleader Focus, named and shaped as the wire carries them (decoded by msgspec).

A list record is lean, an info record full; both share a base. Fields the vendor adds later are ignored.
Enumerations are plain text, because values have turned up that no list names. Nearly every scalar may be
null (recorded): only what nothing can be done without is required. Fields the user behind the token may not
see are left out (official), so a list that is absent reads as empty.

Amounts are `Decimal`, in the currency beside them; rates are fractions (0.21), discounts percentages (0-100).
Dates are calendar days, moments aware date-times. Not here: requests, and what octowizard makes of them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True)]
"""An aware date-time; offsets with and without a colon, fractions and `Z` have all been recorded."""


IMPORT_TAG = "Octopus Import"
"""The tag that Teamleader's own import gives (its help centre), so that its recipes work on ours too."""


# gc=False is sound: a decoded record is a tree, and a frozen struct can never be made part of a cycle.
class Record(Struct, frozen=True, gc=False):
    """What every struct below is: frozen, and tolerant of unknown fields."""


class Ref(Record, frozen=True, gc=False):
    """A reference to another record: `type` in singular camelCase (`company`, `taxRate`), `id` a UUID."""

    type: str
    id: str


class Money(Record, frozen=True, gc=False):
    """An amount in a currency (ISO 4217); a JSON number on the wire, never a float here."""

    amount: Decimal
    currency: str


class Email(Record, frozen=True, gc=False):
    """An address and its `type`: `primary` or `invoicing`."""

    type: str
    email: str


class Telephone(Record, frozen=True, gc=False):
    """A number and its `type`: `phone`, `mobile` (contacts only) or `fax`."""

    type: str
    number: str


class Area(Record, frozen=True, gc=False):
    """A province or the like; not used in Belgium."""

    id: str | None = None


class Address(Record, frozen=True, gc=False):
    """A postal address; `country` is ISO 3166 alpha-2. A primary address has no addressee (official)."""

    line_1: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    addressee: str | None = None
    area_level_two: Area | None = None


class TypedAddress(Record, frozen=True, gc=False):
    """An address with its use: `primary`, `invoicing`, `delivery` or `visiting`."""

    type: str
    address: Address


class PaymentTerm(Record, frozen=True, gc=False):
    """`type` is `cash`, `end_of_month` or `after_invoice_date`; `days` is absent for cash."""

    type: str
    days: int | None = None


class PaymentTermRecord(Record, frozen=True, gc=False):
    """A payment term of the account, with the id the list's `meta.default` points to."""

    id: str
    type: str
    days: int | None = None


class InvoicingPreferences(Record, frozen=True, gc=False):
    """Where electronic invoices go (read-only in the API)."""

    electronic_invoicing_address: str | None = None


class CustomFieldValue(Record, frozen=True, gc=False):
    """A custom field as read; what `value` is depends on the definition (text, number, list, record)."""

    definition: Ref
    value: Any = None


# --- the account and its settings -------------------------------------------------------


class Me(Record, frozen=True, gc=False):
    """The user who approved the integration; `account.id` names the Teamleader account (the tenant)."""

    id: str
    account: Ref
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    language: str | None = None
    time_zone: str | None = None


class Department(Record, frozen=True, gc=False):
    """A department; its screens call it a company entity. `status` is `active` or `archived`."""

    id: str
    name: str
    vat_number: str | None = None
    currency: str | None = None
    emails: tuple[Email, ...] = ()
    status: str | None = None


class DepartmentInfo(Department, frozen=True, gc=False):
    """A department as its own screen shows it."""

    address: Address | None = None


class TaxRate(Record, frozen=True, gc=False):
    """A VAT rate of one department. There is no code: zero rates differ by `description` alone (official)."""

    id: str
    description: str
    rate: Decimal
    department: Ref


class Ledger(Record, frozen=True, gc=False):
    """The ledger account of a product category in one department; the number is text (`"70100"`)."""

    department: Ref
    ledger_account_number: str | None = None


class ProductCategory(Record, frozen=True, gc=False):
    """A product category: the only place where the API shows ledger accounts (official); may have none."""

    id: str
    name: str | None = None
    ledgers: tuple[Ledger, ...] = ()

    def account_in(self, department_id: str) -> str | None:
        """The ledger account number for a department, or None when the category has none there."""
        for ledger in self.ledgers:
            if ledger.department.id == department_id:
                return ledger.ledger_account_number
        return None


# --- customers --------------------------------------------------------------------------


class CompanyBase(Record, frozen=True, gc=False, kw_only=True):
    """What the list and the full record of a company share. `status` is `active` or `deactivated`."""

    id: str
    name: str
    status: str | None = None
    business_type: Ref | None = None
    vat_number: str | None = None
    national_identification_number: str | None = None
    emails: tuple[Email, ...] = ()
    telephones: tuple[Telephone, ...] = ()
    website: str | None = None
    iban: str | None = None
    bic: str | None = None
    language: str | None = None
    preferred_currency: str | None = None
    payment_term: PaymentTerm | None = None
    invoicing_preferences: InvoicingPreferences | None = None
    added_at: Moment | None = None
    updated_at: Moment | None = None
    web_url: str | None = None
    tags: tuple[str, ...] = ()
    custom_fields: tuple[CustomFieldValue, ...] = ()


class CompanyListItem(CompanyBase, frozen=True, gc=False, kw_only=True):
    """A company as `companies.list` gives it: one address, custom fields only when asked for."""

    primary_address: Address | None = None


class RelatedContact(Record, frozen=True, gc=False):
    """A contact linked to a company."""

    id: str
    position: str | None = None
    is_decision_maker: bool | None = None


class Company(CompanyBase, frozen=True, gc=False, kw_only=True):
    """A company as `companies.info` gives it. The related records are there only when asked for."""

    addresses: tuple[TypedAddress, ...] = ()
    remarks: str | None = None
    related_companies: tuple[Ref, ...] = ()
    related_contacts: tuple[RelatedContact, ...] = ()


class ContactBase(Record, frozen=True, gc=False, kw_only=True):
    """What the list and the full record of a contact share. `status` is `active` or `deactivated`."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    status: str | None = None
    salutation: str | None = None
    emails: tuple[Email, ...] = ()
    telephones: tuple[Telephone, ...] = ()
    website: str | None = None
    gender: str | None = None
    birthdate: date | None = None
    iban: str | None = None
    bic: str | None = None
    national_identification_number: str | None = None
    language: str | None = None
    payment_term: PaymentTerm | None = None
    invoicing_preferences: InvoicingPreferences | None = None
    added_at: Moment | None = None
    updated_at: Moment | None = None
    web_url: str | None = None
    tags: tuple[str, ...] = ()
    custom_fields: tuple[CustomFieldValue, ...] = ()

    @property
    def name(self) -> str:
        """First and last name as one line; empty when the record has neither."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


class ContactListItem(ContactBase, frozen=True, gc=False, kw_only=True):
    """A contact as `contacts.list` gives it: one address, and never its companies (official)."""

    primary_address: Address | None = None


class ContactCompany(Record, frozen=True, gc=False):
    """A company a contact is linked to."""

    company: Ref
    position: str | None = None
    decision_maker: bool | None = None


class Contact(ContactBase, frozen=True, gc=False, kw_only=True):
    """A contact as `contacts.info` gives it; `vat_number` is read-only."""

    vat_number: str | None = None
    addresses: tuple[TypedAddress, ...] = ()
    remarks: str | None = None
    companies: tuple[ContactCompany, ...] = ()


# --- documents --------------------------------------------------------------------------


class ForAttentionOf(Record, frozen=True, gc=False):
    """The person a document is addressed to: a free name or a contact."""

    name: str | None = None
    contact: Ref | None = None


class Invoicee(Record, frozen=True, gc=False):
    """The customer as printed; later changes to the customer do not change it (official help).

    `customer.type` is `company` or `contact`. E-mail and national number come with the full record only.
    """

    customer: Ref
    name: str | None = None
    vat_number: str | None = None
    for_attention_of: ForAttentionOf | None = None
    email: str | None = None
    national_identification_number: str | None = None


class TaxTotal(Record, frozen=True, gc=False):
    """VAT per rate NUMBER (a fraction): all zero-rate codes fall together here; the lines keep them apart."""

    rate: Decimal
    taxable: Money
    tax: Money


class Total(Record, frozen=True, gc=False, kw_only=True):
    """The totals of a document; positive on a credit note too. `due` (still to be paid): invoices only."""

    tax_exclusive: Money
    tax_inclusive: Money
    payable: Money | None = None
    due: Money | None = None
    taxes: tuple[TaxTotal, ...] = ()
    tax_exclusive_before_discount: Money | None = None
    tax_inclusive_before_discount: Money | None = None


class ExchangeRate(Record, frozen=True, gc=False, rename={"from_": "from"}):
    """The rate between the document's currency and the account's."""

    from_: str | None = None
    to: str | None = None
    rate: Decimal | None = None


class Discount(Record, frozen=True, gc=False):
    """A discount of `value` percent (0-100); `type` is `percentage`."""

    type: str
    value: Decimal
    description: str | None = None


class UnitPrice(Record, frozen=True, gc=False):
    """The price of one unit, VAT excluded (`tax` = `excluding`), in the document's currency."""

    amount: Decimal
    tax: str | None = None
    currency: str | None = None


class LineTotal(Record, frozen=True, gc=False):
    """The totals of a line, after and before its discount."""

    tax_exclusive: Money
    tax_inclusive: Money | None = None
    tax_exclusive_before_discount: Money | None = None
    tax_inclusive_before_discount: Money | None = None


class DocumentLine(Record, frozen=True, gc=False, kw_only=True):
    """A line. It has no id. No `product_category` means no ledger account was chosen."""

    description: str | None = None
    quantity: Decimal | None = None
    unit_price: UnitPrice | None = None
    tax: Ref | None = None
    total: LineTotal
    product: Ref | None = None
    product_category: Ref | None = None
    extended_description: str | None = None
    unit: Ref | None = None
    discount: Discount | None = None
    withheld_tax: Ref | None = None


class Section(Record, frozen=True, gc=False):
    """The heading of a group of lines; no title means an untitled group (recorded)."""

    title: str | None = None


class LineGroup(Record, frozen=True, gc=False):
    """Lines under one heading."""

    line_items: tuple[DocumentLine, ...] = ()
    section: Section | None = None


class InvoicePayment(Record, frozen=True, gc=False):
    """A payment registered on an invoice. It has no id, no method and no reference (official)."""

    payment: Money
    paid_at: Moment | None = None


class ExpectedPayment(Record, frozen=True, gc=False):
    """How an invoice is expected to be paid: `bank_transfer`, `sepa_direct_debit`, `payment_card`, ..."""

    method: str
    reference: str | None = None


class InvoiceBase(Record, frozen=True, gc=False, kw_only=True):
    """What the list and the full record of an invoice share.

    `status` is `draft`, `outstanding` or `matched` (fully paid or fully credited); a draft has no number.
    `invoice_number` is `"2026 / 15"`, with spaces around the slash.
    """

    id: str
    department: Ref
    status: str
    invoicee: Invoicee
    total: Total
    invoice_number: str | None = None
    invoice_date: date | None = None
    due_on: date | None = None
    paid: bool | None = None
    paid_at: Moment | None = None
    sent: bool | None = None
    purchase_order_number: str | None = None
    payment_reference: str | None = None
    currency_exchange_rate: ExchangeRate | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    web_url: str | None = None
    delivery_date: date | None = None


class InvoiceListItem(InvoiceBase, frozen=True, gc=False, kw_only=True):
    """An invoice as `invoices.list` gives it: no lines and no payments."""


class Invoice(InvoiceBase, frozen=True, gc=False, kw_only=True):
    """An invoice as `invoices.info` gives it. `discounts` are percentages on the whole document."""

    grouped_lines: tuple[LineGroup, ...]
    payments: tuple[InvoicePayment, ...] = ()
    discounts: tuple[Discount, ...] = ()
    payment_term: PaymentTerm | None = None
    currency: str | None = None
    note: str | None = None
    expected_payment_method: ExpectedPayment | None = None
    on_hold_since: date | None = None
    custom_fields: tuple[CustomFieldValue, ...] = ()
    peppol_status: str | None = None


class CreditNoteBase(Record, frozen=True, gc=False, kw_only=True):
    """What the list and the full record of a credit note share. Amounts are positive (inferred).

    `credit_note_number` is `"2026/5"`, without spaces, in its own series; without `invoice` it stands alone.
    """

    id: str
    department: Ref
    invoicee: Invoicee
    total: Total
    status: str | None = None
    credit_note_number: str | None = None
    credit_note_date: date | None = None
    invoice: Ref | None = None
    paid: bool | None = None
    paid_at: Moment | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class CreditNoteListItem(CreditNoteBase, frozen=True, gc=False, kw_only=True):
    """A credit note as `creditNotes.list` gives it: no lines."""


class CreditNote(CreditNoteBase, frozen=True, gc=False, kw_only=True):
    """A credit note as `creditNotes.info` gives it."""

    grouped_lines: tuple[LineGroup, ...]
    discounts: tuple[Discount, ...] = ()
    currency: str | None = None
    currency_exchange_rate: ExchangeRate | None = None
    peppol_status: str | None = None
