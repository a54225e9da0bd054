"""What the practice company holds: the state behind both stand-ins.

Records are kept in the vendor's own JSON shape (plain dicts, amounts as Decimal), so that a stand-in only
selects, filters and validates. What a vendor keeps but never shows lies beside the record, in the dataclass.
Keys, casing and shapes follow the two contracts. Nothing here knows HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any

Json = dict[str, Any]
LANGUAGES = ("NL", "FR", "EN", "DE")  # of Octopus; localeId 1..4
DocumentKey = tuple[int, str, int]  # bookyear id, journal, document number
LineKey = tuple[int, str, int, int]  # bookyear id, journal, document number, line


def words(text: str) -> tuple[str, ...]:
    """Names of fields that stand with blanks between them."""
    return tuple(text.split())


EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_BEYOND = (
    f"The practice clock runs from {EARLIEST.year} to {LATEST.year - 1} and cannot be moved beyond that."
)


class Clock:
    """The clock of the practice company: starts at a fixed moment, runs with real time, can be moved.

    Only from EARLIEST to LATEST: all that is reckoned from it (terms, tokens, fiscal years) stays a date.
    """

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, monotonic()

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return self._start + timedelta(seconds=monotonic() - self._began)

    def set(self, moment: datetime) -> None:
        """Make it `moment` now (aware). Raises ValueError beyond the bounds."""
        if not EARLIEST <= moment < LATEST:
            raise ValueError(_BEYOND)
        self._start, self._began = moment.astimezone(UTC), monotonic()

    def advance(self, by: timedelta) -> None:
        """Move forward (or, negative, back). Raises ValueError beyond the bounds."""
        try:
            moment = self.now() + by
        except OverflowError:
            raise ValueError(_BEYOND) from None
        self.set(moment)


@dataclass
class Switches:
    """Outcomes that no source settles. Each default is the likeliest; tests try the others.

    A refusal is (HTTP status, errorCode). `None` for a tolerance means: the vendor does not look.
    """

    closed_year: tuple[int, int] = (400, -15)
    closed_period: tuple[int, int] = (400, -15)
    protected_period: tuple[int, int] = (400, -15)
    journal_closed: tuple[int, int] = (403, -11)
    journal_locked: tuple[int, int] = (403, -12)
    wrong_mode: tuple[int, int] = (400, -29)
    over_limit: tuple[int, int | None] = (429, -51)  # also seen as possible: 403 and 400
    total_mismatch: tuple[int, int] | None = (400, -24)
    unbalanced: tuple[int, int] | None = (400, -24)  # lines of a various booking that do not come to zero
    missing_cost_centre: tuple[int, int] | None = None
    date_outside_year: tuple[int, int] | None = (400, -24)
    date_outside_period: tuple[int, int] | None = None  # recorded: a November sale in the first period
    other_sign: tuple[int, int] | None = (400, -23)  # of base and VAT of a line
    vat_not_by_rate: tuple[int, int] | None = None  # by a cent or more
    parts_of_cents: tuple[int, int] | None = None
    due_before_date: tuple[int, int] | None = None
    limit_day: str = "utc"  # when the day of the limits begins: utc | brussels | rolling
    limits_per_bookyear: bool = False  # whether the accounts list is counted per bookyear
    relations_list_refused: bool = False  # some dossiers answer 400 to the unfiltered list
    timestamps_zone: str = "UTC"  # zone of modifiedTimeStamp
    oauth_parameters: str = "form"  # of Octopus' token request: form | query
    oauth_refresh_once: bool = False  # whether a refresh token of Octopus works once and brings the next
    user_token_seconds: int = 600
    dossier_token_seconds: int = 600
    credit_note_info_as_list: bool = False  # official text: array; seen in practice: object
    payment_bumps_updated_at: bool = True
    rate_limit_per_minute: int = 200
    refused_calls_count: bool = True  # whether a 429 counts in the window too
    page_size_over_100: str = "refuse"  # refuse (400) | clamp
    may_edit_booked: bool = True  # Teamleader's setting on editing booked documents


@dataclass
class Bookyear:
    """One fiscal year of a dossier. `data` is BookyearServiceData (with `periods`)."""

    data: Json
    period_type: str = "MONTH"  # MONTH | QUARTER | YEAR
    desktop_only: bool = False  # made in the desktop program, not yet synchronised
    detail: Json = field(
        default_factory=dict
    )  # members of BookyearDetailServiceData that were set, with names

    @property
    def id(self) -> int:
        return int(self.data["bookyearKey"]["id"])


@dataclass
class Journal:
    """One journal in one bookyear; the same key stands once in each year."""

    bookyear_id: int
    key: str  # V1
    names: dict[str, str]  # NL, FR, EN, DE
    insertion_type: int = 1  # 1 bookings, 2 invoices excl., 3 invoices incl.
    closed: bool = False
    protected_period: int = 0
    closed_period: int = 0
    last_booked: int = 0
    next_document_number: int = 1
    currency: str | None = None  # F journals
    iban: str | None = None
    locked_by: str | None = None  # the user whose window holds it open
    desktop_only: bool = False
    pending: Json = field(default_factory=dict)  # changes made in the desktop program, not yet synchronised
    detail: Json = field(default_factory=dict)  # bankAccountServiceData, invoicingServiceData, account (F)
    modified: datetime = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Account:
    """A ledger account of one bookyear. `data` is AccountServiceData."""

    data: Json
    bookable: bool = True  # False: a heading or group account
    modified: datetime = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Relation:
    """`data` is RelationServiceData with its key."""

    data: Json
    modified: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    open_by: str | None = None  # the user whose window holds the card open

    @property
    def id(self) -> int:
        return int(self.data["relationIdentificationServiceData"]["relationKey"]["id"])

    @property
    def external_id(self) -> int:
        """The external number; 0 for none."""
        return int(self.data["relationIdentificationServiceData"].get("externalRelationId", 0))


@dataclass
class Booking:
    """A buy/sell booking (`data` BuySellBookingServiceData) or financial/divers booking."""

    data: Json
    modified: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    by: str = "desktop"  # desktop | api: who made it


@dataclass
class Balancing:
    """A match between a debit and a credit line, of a positive amount in euro. Keys are BalancingKeyServiceData."""

    debet: Json
    credit: Json
    amount: Decimal
    modified: datetime = datetime(2020, 1, 1, tzinfo=UTC)

    @property
    def lines(self) -> tuple[LineKey, LineKey]:
        """The debit line and the credit line."""
        return line_key(self.debet), line_key(self.credit)


def line_key(given: Json) -> LineKey:
    """A BalancingKeyServiceData as a plain key."""
    return (
        given["bookyearKey"]["id"],
        given["journalKey"],
        given["documentSequenceNr"],
        given["lineSequenceNr"],
    )


@dataclass
class Dossier:
    """One company file. Dicts are keyed as their comments say."""

    data: Json  # DossierServiceData
    enabled: bool = True
    modules: set[str] = field(default_factory=set)  # invoices, dms, coda
    may_write: bool = True  # rights of the user the integration signs in with
    bookyears: dict[int, Bookyear] = field(default_factory=dict)
    journals: dict[tuple[int, str], Journal] = field(default_factory=dict)  # (bookyear id, V1)
    deleted_journals: list[tuple[int, str, datetime]] = field(default_factory=list)
    accounts: dict[tuple[int, int], Account] = field(default_factory=dict)  # (bookyear id, 700000)
    vat_codes: list[Json] = field(default_factory=list)  # VatCodeServiceData, one per code and type
    currencies: list[str] = field(default_factory=lambda: ["EUR"])
    cost_centres: list[Json] = field(default_factory=list)
    relations: dict[int, Relation] = field(default_factory=dict)
    deleted_relations: list[tuple[Json, datetime]] = field(default_factory=list)
    bookings: dict[DocumentKey, Booking] = field(default_factory=dict)
    financial_bookings: dict[DocumentKey, Booking] = field(default_factory=dict)
    deleted_bookings: list[tuple[int, str, int, datetime]] = field(default_factory=list)
    balancings: list[Balancing] = field(default_factory=list)
    deleted_balancings: list[tuple[Balancing, datetime]] = field(default_factory=list)
    next_relation_id: int = 1

    @property
    def id(self) -> int:
        return int(self.data["dossierKey"]["id"])

    def relation(self, identification: Json) -> Relation | None:
        """The relation meant by key or, failing that, by external number, of which 0 means none; else None."""
        known = self.relations.get(identification.get("relationKey", {}).get("id"))
        external = identification.get("externalRelationId", 0)
        if known is None and external:
            return next((entry for entry in self.relations.values() if entry.external_id == external), None)
        return known

    def matched(self) -> dict[LineKey, Decimal]:
        """How much of each line is matched, in euro, above zero."""
        totals: dict[LineKey, Decimal] = {}
        for balancing in self.balancings:
            for key in balancing.lines:
                totals[key] = totals.get(key, Decimal(0)) + balancing.amount
        return totals


@dataclass
class OctopusSide:
    """All of Octopus that one login sees."""

    software_house: str
    user: str
    password: str
    dossiers: dict[int, Dossier] = field(default_factory=dict)
    failed_logins: int = 0
    told_software_house: str | None = None  # what a client was told, where that is no longer true
    told_password: str | None = None
    webservice: bool = True  # logins that begin with B need it switched on
    redirect_uris: list[str] = field(default_factory=lambda: ["http://localhost:8765/callback"])
    connections_left: bool = True  # whether the login may open another connection
    published: Json | None = (
        None  # the description of its API that it publishes, where that is another than ours
    )


@dataclass
class Kept:
    """A Teamleader record in its `.info` shape, and what the API never shows of it.

    `hidden` may hold: vat_type (vat_liable | intra_community_eu | outside_eu | private_person |
    exempted_from_vat | contractor), external_id, booking_number, deals (true: something hangs on it).
    """

    data: Json
    hidden: Json = field(default_factory=dict)

    @property
    def is_person(self) -> bool:
        """Whether a customer is a contact, not a company."""
        return "last_name" in self.data

    @property
    def name(self) -> str:
        """A customer's name as it stands on a document."""
        if self.is_person:
            return " ".join(filter(None, (self.data.get("first_name"), self.data["last_name"])))
        return str(self.data["name"])

    @property
    def address(self) -> Json:
        """A customer's primary address, the record itself; empty where there is none."""
        address: Json = (self.primary("addresses") or {}).get("address", {})
        return address

    @property
    def country(self) -> str | None:
        """A customer's country: Belgium where there is no address, None where the address names none."""
        country: str | None = self.address.get("country", "BE")
        return country

    @property
    def is_credit_note(self) -> bool:
        """Whether a document is a credit note, not an invoice."""
        return "credit_note_number" in self.data

    @property
    def number(self) -> str | None:
        """A document's own number, `2026 / 15` or `2026/3`; None for a draft."""
        number = self.data["credit_note_number" if self.is_credit_note else "invoice_number"]
        return None if number is None else str(number)

    @property
    def date(self) -> str:
        """A document's date, YYYY-MM-DD."""
        return str(self.data["credit_note_date" if self.is_credit_note else "invoice_date"])

    @property
    def lines(self) -> list[Json]:
        """All lines of a document, in order."""
        return [line for group in self.data["grouped_lines"] for line in group["line_items"]]

    def primary(self, entries: str) -> Json | None:
        """The primary one of a customer's `emails` or `addresses`."""
        return next((entry for entry in self.data.get(entries) or () if entry["type"] == "primary"), None)


@dataclass
class TeamleaderSide:
    """One Teamleader Focus account. Collections are keyed by UUID."""

    client_id: str
    client_secret: str
    redirect_uris: list[str]
    me: Json  # users.me
    departments: dict[str, Kept] = field(default_factory=dict)
    companies: dict[str, Kept] = field(default_factory=dict)
    contacts: dict[str, Kept] = field(default_factory=dict)  # `companies` of a contact lies in its data
    tax_rates: dict[str, Kept] = field(default_factory=dict)  # hidden: code (21, 12, 6, 0, MC, CM, VCMD, EX)
    payment_terms: dict[str, Kept] = field(default_factory=dict)
    default_payment_term: str | None = None
    payment_methods: dict[str, Kept] = field(default_factory=dict)
    commercial_discounts: list[Json] = field(default_factory=list)
    product_categories: dict[str, Kept] = field(default_factory=dict)
    products: dict[str, Kept] = field(default_factory=dict)
    business_types: dict[str, Kept] = field(default_factory=dict)
    custom_field_definitions: dict[str, Kept] = field(default_factory=dict)
    invoices: dict[str, Kept] = field(default_factory=dict)
    credit_notes: dict[str, Kept] = field(default_factory=dict)
    webhooks: dict[str, list[str]] = field(default_factory=dict)  # url -> types
    refresh_tokens: dict[str, bool] = field(default_factory=dict)  # token -> still good
    access_tokens: dict[str, datetime] = field(default_factory=dict)  # token -> good until
    codes: dict[str, tuple[datetime, str]] = field(default_factory=dict)  # code -> (good until, redirect uri)
    fiscal_year_names: dict[str, str] = field(default_factory=dict)  # "2026" -> prefix printed in the number
    recycled: dict[str, Kept] = field(default_factory=dict)  # deleted companies and contacts
    forbidden: set[str] = field(default_factory=set)  # "invoices": what the user has no right to

    @property
    def customers(self) -> list[Kept]:
        """Companies, then contacts, in the order they were made."""
        return [*self.companies.values(), *self.contacts.values()]

    @property
    def documents(self) -> list[Kept]:
        """Invoices, drafts among them, then credit notes."""
        return [*self.invoices.values(), *self.credit_notes.values()]

    def customer(self, reference: Mapping[str, str]) -> Kept | None:
        """The company or contact that a reference (type and id) names, or None."""
        return (self.companies if reference["type"] == "company" else self.contacts).get(reference["id"])


@dataclass
class Refusal:
    """One call a stand-in refused."""

    operation: str
    status: int
    code: int | None
    text: str
    at: datetime


@dataclass(frozen=True)
class Plant:
    """One thing that is wrong with a practice company, and what a person does about it.

    `affected`: numbers of the documents that cannot be booked before. `cure`: practice actions, in order, each
    with its arguments. Empty where nothing is refused, or where there is nothing to be done.
    """

    problem: str  # closed-year
    affected: tuple[str, ...] = ()
    cure: tuple[tuple[str, Json], ...] = ()


@dataclass
class World:
    """The whole practice company: both sides, their clock, and what each was called for."""

    scenario: str
    seed: int
    clock: Clock
    octopus: OctopusSide
    teamleader: TeamleaderSide
    switches: Switches = field(default_factory=Switches)
    limits: bool = True  # daily limits of Octopus and the sliding window of Teamleader
    start_date: str = "2026-01-01"  # from which day the sync takes documents
    plants: list[Plant] = field(default_factory=list)  # what is wrong here, in the order it is best cured
    # what its owner answers a connector: numbering, dossier_id, other_connector_off
    answers: Json = field(default_factory=dict)
    octopus_calls: dict[str, int] = field(default_factory=dict)  # operation -> calls since the start
    teamleader_calls: dict[str, int] = field(default_factory=dict)
    # (scope, operation, day) -> calls
    octopus_calls_today: dict[tuple[str, str, str], int] = field(default_factory=dict)
    # what does not work at present: octopus or teamleader as a whole, or one operation -> the status it answers
    out_of_order: dict[str, int] = field(default_factory=dict)
    octopus_refused: list[Refusal] = field(default_factory=list)
    teamleader_refused: list[Refusal] = field(default_factory=list)
