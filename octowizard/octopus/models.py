"""The records of the Octopus API, with the names of its contract in snake_case (`bookyearPeriodeNr` is
`bookyear_periode_nr`: its spellings are the vendor's, and differ from record to record on purpose).

Shapes only, no rules. Frozen; amounts are Decimal, dates `datetime.date`; members the contract does not know
are ignored, numbers and letters it does not list are kept as they are. Absent members are None, zero or "";
None and "" are left out when sent. Where the contract calls nothing required, what a record is useless without
is required here (keys); the rest may be missing.
"""

from datetime import date
from decimal import Decimal

from msgspec import Struct, field

# insertionType of a sales journal, as a number in the list of journals and as a word in its detail (official)
BOOKINGS, INVOICES_EXCLUSIVE, INVOICES_INCLUSIVE = 1, 2, 3
INSERTION_TYPES = {
    BOOKINGS: "BOOKING",
    INVOICES_EXCLUSIVE: "VAT_EXCLUSIVE",
    INVOICES_INCLUSIVE: "VAT_INCLUSIVE",
}
# type of a VAT code (official)
BUY, SELL, BUY_CREDIT_NOTE, SELL_CREDIT_NOTE = 1, 2, 3, 4
# journal types as numbers, in booking reports (official); -1 asks for all
JOURNAL_TYPES = {"A": 1, "V": 2, "F": 3, "D": 4, "L": 7}
# costCentreType of an account (official)
COST_CENTRE_NONE, COST_CENTRE_MANDATORY, COST_CENTRE_OPTIONAL = 0, 1, 2


class Record(Struct, frozen=True, rename="camel", omit_defaults=True, gc=False):
    """What all records share."""


class Key(Record, frozen=True, gc=False, omit_defaults=False):
    """The key of a bookyear, relation, dossier, cost centre: one integer."""

    id: int


class ErrorResult(Record, frozen=True, gc=False):
    """The body of a refusal; any member may be missing. `error_code` is negative (see errors.py)."""

    error_code: int | None = None
    error_message: str = ""
    technical_info: str = ""


class LocalizedString(Record, frozen=True, gc=False):
    """A text in one language: NL, FR, EN or DE."""

    language: str
    value: str


class Descriptions(Record, frozen=True, gc=False):
    """A text in up to four languages."""

    nl: str = field(default="", name="description_NL")
    fr: str = field(default="", name="description_FR")
    en: str = field(default="", name="description_EN")
    de: str = field(default="", name="description_DE")


class Dossier(Record, frozen=True, gc=False):
    """A company file that the login can see."""

    dossier_key: Key
    dossier_description: str = ""
    vat_nr: str = ""
    street_and_nr: str = ""
    country: str = ""
    postal_code: str = ""
    city: str = ""
    url: str = ""
    email: str = ""
    corporation_type_key: Key | None = None
    language_code: str = ""


# --- bookyears -------------------------------------------------------------------------------------------


class Period(Record, frozen=True, gc=False):
    """A period of a bookyear; its number (YYYYNN) says nothing about the month. Both dates inclusive."""

    bookyear_period: int
    start_date: date
    end_date: date


class Bookyear(Record, frozen=True, gc=False):
    """A fiscal year with its periods. Both dates inclusive."""

    bookyear_key: Key
    start_date: date
    end_date: date
    closed: bool
    bookyear_description: str = ""
    periods: tuple[Period, ...] = ()


class BookyearDetail(Record, frozen=True, gc=False):
    """A fiscal year as its own screen shows it."""

    bookyear_key: Key
    names: tuple[LocalizedString, ...]
    booking_period_type: str
    from_date: date
    to_date: date
    closed: bool
    pro_rata_temporis: bool = False
    deprecation_full_bookyear: bool = False
    declarant_type: str = "UNKNOWN"
    activate_dba_np: bool = False
    activate_dfb_np: bool = False
    declarant_intrastat_receiver: bool = False
    declarant_intrastat_sender: bool = False
    visible_fiscal_control: bool = False


class BookyearInsert(Record, frozen=True, gc=False):
    """A fiscal year to create: MONTH, QUARTER or YEAR periods; VAT return MONTHLY, QUARTERLY or YEARLY."""

    names: tuple[LocalizedString, ...]
    booking_period_type: str
    from_date: date
    to_date: date
    pro_rata_temporis: bool
    declarant_type: str
    deprecation_full_bookyear: bool | None = None
    activate_dba_np: bool | None = None
    activate_dfb_np: bool | None = None
    declarant_intrastat_receiver: bool | None = None
    declarant_intrastat_sender: bool | None = None
    visible_fiscal_control: bool | None = None


class BookyearUpdate(Record, frozen=True, gc=False):
    """Changes of a fiscal year; what is None stays. A closed year cannot be re-opened through the API."""

    bookyear_key: Key
    names: tuple[LocalizedString, ...] = ()
    booking_period_type: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    pro_rata_temporis: bool | None = None
    declarant_type: str | None = None
    deprecation_full_bookyear: bool | None = None
    activate_dba_np: bool | None = None
    activate_dfb_np: bool | None = None
    declarant_intrastat_receiver: bool | None = None
    declarant_intrastat_sender: bool | None = None
    visible_fiscal_control: bool | None = None


# --- journals --------------------------------------------------------------------------------------------


class Journal(Record, frozen=True, gc=False):
    """A journal of one bookyear; its type is the first letter of the key (A purchase, V sales, F, D, L).

    Bookable are periods above both barriers; 0 is no barrier. `insertion_type` has a meaning for V only.
    """

    bookyear_key: Key
    journal_key: str
    name: str
    closed: bool
    currency_code: str = ""
    last_booked_document_nr: int = 0
    protected_period: int = 0
    closed_period: int = 0
    insertion_type: int = 0


class JournalKey(Record, frozen=True, gc=False):
    """A journal by bookyear, letter and number."""

    bookyear_key: Key
    journal_type_code: str
    sequence_number: int

    @property
    def journal_key(self) -> str:
        """As the other records write it: "V1"."""
        return f"{self.journal_type_code}{self.sequence_number}"


class CommonJournal(Record, frozen=True, gc=False):
    """Barriers and numbering of a journal."""

    journal_key_service_data: JournalKey
    names: tuple[LocalizedString, ...]
    next_document_number: int
    protected_period: int
    closed: bool
    closed_period: int


class Address(Record, frozen=True, gc=False):
    """An address on electronic invoices."""

    street_and_nr: str = ""
    postal_code: str = ""
    city: str = ""
    country_code: str = ""


class BankAccount(Record, frozen=True, gc=False):
    """The bank account that a journal prints on electronic invoices."""

    bank_account_number: str = ""
    bank_account_iban: str = ""
    bank_account_bic: str = ""
    bank_account_client_name: str = ""
    bank_account_client_firstname: str = ""
    address: Address | None = None


class SellJournal(Record, frozen=True, gc=False):
    """A sales journal in detail; `insertion_type` BOOKING takes bookings, VAT_EXCLUSIVE and VAT_INCLUSIVE do not."""

    common_journal_service_data: CommonJournal
    insertion_type: str
    bank_account_service_data: BankAccount | None = None


class CommonJournalInsert(Record, frozen=True, gc=False):
    """Number and names of a journal to create."""

    bookyear_key: Key
    sequence_number: int
    names: tuple[LocalizedString, ...]
    next_document_number: int | None = None
    protected_period: int | None = None


class SellJournalInsert(Record, frozen=True, gc=False):
    """A sales journal to create: BOOKING, VAT_EXCLUSIVE or VAT_INCLUSIVE."""

    common_journal_insert_request_data: CommonJournalInsert
    sell_journal_insertion_type: str
    bank_account_service_data: BankAccount | None = None


class FinancialJournal(Record, frozen=True, gc=False):
    """A bank or cash journal in detail, with its ledger account."""

    common_journal_service_data: CommonJournal
    account: int
    currency: str
    bank_account_service_data: BankAccount | None = None


class FinancialJournalInsert(Record, frozen=True, gc=False):
    """A bank or cash journal to create, on a ledger account of 500000 to 599999."""

    common_journal_insert_request_data: CommonJournalInsert
    account: int
    currency_code: str


class CommonJournalUpdate(Record, frozen=True, gc=False):
    """Changes of a journal; what is None stays. Closed and closed until cannot be changed through the API."""

    bookyear_key: Key
    sequence_number: int
    names: tuple[LocalizedString, ...] = ()
    next_document_number: int | None = None
    protected_period: int | None = None


class SellJournalUpdate(Record, frozen=True, gc=False):
    """Changes of a sales journal."""

    common_journal_update_request_data: CommonJournalUpdate
    sell_journal_insertion_type: str | None = None
    bank_account_service_data: BankAccount | None = None


# --- ledger ----------------------------------------------------------------------------------------------


class AccountKey(Record, frozen=True, gc=False):
    """`id` is the account number, e.g. 700000; accounts exist once per bookyear."""

    bookyear_key: Key
    id: int
    account_number_key: Key | None = None


class Account(Record, frozen=True, gc=False):
    """A ledger account. Percentages 0 to 100."""

    account_key: AccountKey
    description: Descriptions = Descriptions()
    vat_recup_percentage: Decimal | None = None
    fisc_professional_percentage: Decimal | None = None
    fisc_recup_percentage: Decimal | None = None
    purchase_vat_code: str = ""
    sales_vat_code: str = ""
    cost_centre_type: int | None = None
    default_cost_centre_key: Key | None = None


class SyncAccounts(Record, frozen=True, gc=False):
    """Accounts changed and deleted since a moment."""

    modified: tuple[Account, ...] = ()
    deleted: tuple[Account, ...] = ()


class VatCode(Record, frozen=True, gc=False):
    """A VAT code: an opaque text ("06" is not "6"); the same code occurs per `type` (1 buy .. 4 sales credit note)."""

    code: str
    description: str = ""
    type: int = 0
    base_percentage: Decimal | None = None
    default_sell_booking_account_nr: int | None = None


class CostCentre(Record, frozen=True, gc=False):
    """A cost centre."""

    cost_centre_key: Key
    description: Descriptions = Descriptions()
    closed: bool = False


# --- relations -------------------------------------------------------------------------------------------


class RelationIdentification(Record, frozen=True, gc=False):
    """Octopus' own key, the integrator's own number, or both. The number is an integer; 0 is none."""

    relation_key: Key | None = None
    external_relation_id: int | None = None


class Relation(Record, frozen=True, gc=False):
    """A customer or supplier. Sent, it is merged into what exists: None and "" leave a member as it is.

    vat_type: 0 unknown, 1 Belgian VAT payer, 4 intra-community, 6 outside EU, 7 private Belgium, 8 private EU,
    9 private outside EU, 10 not VAT-liable. expiration_type: 1 from the end of the month, 2 from the invoice.
    """

    relation_identification_service_data: RelationIdentification
    currency_code: str
    name: str = ""
    first_name: str = ""
    client: bool | None = None
    default_booking_account_client: int | None = None
    supplier: bool | None = None
    default_booking_account_supplier: int | None = None
    street_and_nr: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    delivery_street_and_nr: str = ""
    delivery_postal_code: str = ""
    delivery_city: str = ""
    delivery_country: str = ""
    telephone: str = ""
    email: str = ""
    fax: str = ""
    mobile: str = ""
    url: str = ""
    bank_account_nr: str = ""
    iban_account_nr: str = ""
    bic_code: str = ""
    financial_discount: bool | None = None
    profession: str = ""
    contact_person: str = ""
    corporation_type: int | None = None
    remarks: str = ""
    vat_nr: str = ""
    vat_type: int | None = None
    expiration_type: int | None = None
    expiration_days: int | None = None
    search_field1: str = field(default="", name="searchField1")
    search_field2: str = field(default="", name="searchField2")
    extern_customer_nr: str = ""
    fact_language: int | None = None
    active: bool | None = None
    supplier_payment_method: int | None = None
    invoice_delivery_method: int | None = None
    participant_id: str = ""


class SyncRelations(Record, frozen=True, gc=False):
    """Relations changed and deleted since a moment."""

    modified: tuple[Relation, ...] = ()
    deleted: tuple[Relation, ...] = ()
